package gateway

import "net/http"

// answer is the client's ResponseWriter, which remembers whether anything was
// written and with which status.
type answer struct {
	http.ResponseWriter
	status int  // 0 until the header is written
	cut    bool // the answer has no end, and the connection must not look as if it had
}

// WriteHeader writes the status, once.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write writes to the client, with status 200 if none was written.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController flush and set deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) begun() bool { return a.status != 0 }
