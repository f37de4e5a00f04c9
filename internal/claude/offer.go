package claude

import (
	"net/http"
	"regexp"
	"strings"
)

// The paths of what an API keeps between calls. Not every platform has them.
const (
	BatchesPath = "/v1/messages/batches"
	FilesPath   = "/v1/files"
)

// offerer is a door that may lead to more than messages.
type offerer interface{ offers(path string) bool }

// Offers reports whether an API with batches and files stands behind a door, of
// which path is BatchesPath or FilesPath. A door that does not say so has neither;
// one that wraps another says which, with a method Unwrap.
func Offers(d Door, path string) bool {
	for d != nil {
		if o, ok := d.(offerer); ok {
			return o.offers(path)
		}
		inner, ok := d.(interface{ Unwrap() Door })
		if !ok {
			return false
		}
		d = inner.Unwrap()
	}
	return false
}

func (d *handlerDoor) offers(string) bool { return true }

func (d *HTTPDoor) offers(path string) bool {
	o, ok := d.platform.(offerer)
	return ok && o.offers(path)
}

func (native) offers(string) bool { return true }

// An API with names of models of its own cannot take batches here: the names
// stand in every line.
func (p hosted) offers(path string) bool {
	return p.full && (path == FilesPath || p.name == nil)
}

// heldID is the form of the ids of batches and files.
var heldID = regexp.MustCompile(`^(msgbatch|file)_[A-Za-z0-9_-]{1,120}$`)

// BatchID and FileID report whether an id has its form.
func BatchID(id string) bool { return heldID.MatchString(id) && strings.HasPrefix(id, "msgbatch_") }

// FileID reports whether an id has the form of a file's.
func FileID(id string) bool { return heldID.MatchString(id) && strings.HasPrefix(id, "file_") }

// heldCall reports whether a call is one about batches or files in its form.
func heldCall(c Call) bool {
	if rest, ok := strings.CutPrefix(c.Path, BatchesPath); ok {
		return heldRest(c, rest, BatchID, map[string]string{"": "GET DELETE", "/cancel": "POST", "/results": "GET"})
	}
	if rest, ok := strings.CutPrefix(c.Path, FilesPath); ok {
		return heldRest(c, rest, FileID, map[string]string{"": "GET DELETE", "/content": "GET"})
	}
	return false
}

// heldPath is the path that a call about batches or files begins with.
func heldPath(path string) string {
	if strings.HasPrefix(path, BatchesPath) {
		return BatchesPath
	}
	return FilesPath
}

func heldRest(c Call, rest string, form func(string) bool, methods map[string]string) bool {
	if rest == "" {
		return c.Method == http.MethodPost && len(c.Body) > 0 || c.Method == http.MethodGet && len(c.Body) == 0
	}
	id, act := strings.TrimPrefix(rest, "/"), ""
	if at := strings.IndexByte(id, '/'); at >= 0 {
		id, act = id[:at], id[at:]
	}
	known, ok := methods[act]
	return ok && rest[0] == '/' && len(c.Body) == 0 && form(id) && strings.Contains(" "+known+" ", " "+c.Method+" ")
}
