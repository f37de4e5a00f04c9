package claude

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"chaperone"
)

// errClosed is the cause of a call's end when its reader closed the answer.
var errClosed = errors.New("claude: door: the answer was closed")

// handlerDoor leads to an http.Handler in this process.
type handlerDoor struct {
	name      string
	handler   http.Handler
	simulated bool
}

// NewHandlerDoor returns a door behind which a handler of this process
// answers: no socket, no name lookup, no key. The answer streams while the
// handler writes, and each write waits for its reader. The handler must end
// when the request's context does; the answer's Close waits for it.
//
// A handler that panics with http.ErrAbortHandler breaks its answer off, as on
// a server; any other panic does the same, and the value it panicked with is
// shown to nobody, because it can hold what the handler was working on.
func NewHandlerDoor(name string, h http.Handler, simulated bool) Door {
	return &handlerDoor{name: name, handler: h, simulated: simulated}
}

// Name is the name the door was made with.
func (d *handlerDoor) Name() string { return d.name }

// Simulated is what the door was made with.
func (d *handlerDoor) Simulated() bool { return d.simulated }

// Send runs the handler; see Door.
func (d *handlerDoor) Send(ctx context.Context, c Call) (*Reply, error) {
	if err := sendable(c); err != nil {
		return nil, err
	}
	life, cancel := context.WithCancelCause(ctx)
	req, err := handlerRequest(life, c)
	if err != nil {
		cancel(nil)
		return nil, chaperone.NewError(chaperone.KindInternal, "door_call",
			"This request is not one that Chaperone passes on", "", err)
	}
	w := newHandlerWriter()
	stop := context.AfterFunc(life, func() { w.pipe.CloseWithError(context.Cause(life)) })
	body := &handlerBody{life: life, cancel: cancel, stop: stop, pipe: w.reader, done: make(chan struct{})}
	go func() {
		defer close(body.done)
		w.finish(d.run(w, req))
	}()
	select {
	case <-w.begun:
	case <-life.Done():
	}
	if cause := context.Cause(life); cause != nil {
		_ = body.Close()
		return nil, errEnded(cause)
	}
	if w.status == 0 {
		_ = body.Close()
		return nil, chaperone.NewError(chaperone.KindUpstream, "door_broken",
			"The connection to Claude broke before an answer came", "Try again", w.failure)
	}
	return &Reply{
		Status: w.status, Header: w.sent, Body: body,
		Door: d.name, Simulated: d.simulated, Stream: isEventStream(w.sent),
	}, nil
}

// run calls the handler and turns a panic into an error without its value.
func (d *handlerDoor) run(w http.ResponseWriter, req *http.Request) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("claude: door %s: the handler broke off: %w", d.name, io.ErrUnexpectedEOF)
		}
	}()
	d.handler.ServeHTTP(w, req)
	// A handler that ended because the caller gave up has not finished its
	// answer, and the reader must not take the end for one.
	return context.Cause(req.Context())
}

func handlerRequest(ctx context.Context, c Call) (*http.Request, error) {
	u := url.URL{Scheme: "http", Host: "in.process", Path: c.Path, RawQuery: c.Query.Encode()}
	req, err := http.NewRequestWithContext(ctx, c.Method, u.String(), bytes.NewReader(c.Body))
	if err != nil {
		return nil, fmt.Errorf("claude: door: request: %w", err)
	}
	req.Header = outbound(c.Header)
	req.RequestURI = u.RequestURI()
	req.RemoteAddr = "127.0.0.1:0"
	return req, nil
}

// handlerWriter is the handler's side of the answer.
type handlerWriter struct {
	header http.Header
	once   sync.Once
	begun  chan struct{} // closed when status and sent are final
	status int           // 0 when the handler broke off before it answered
	sent   http.Header
	pipe   *io.PipeWriter
	reader *io.PipeReader

	failure error // why the handler broke off before it answered
}

func newHandlerWriter() *handlerWriter {
	r, w := io.Pipe()
	return &handlerWriter{header: http.Header{}, begun: make(chan struct{}), pipe: w, reader: r}
}

// Header is the answer's header; changes after the first byte are not seen.
func (w *handlerWriter) Header() http.Header { return w.header }

// WriteHeader begins the answer. Informational statuses are left out.
func (w *handlerWriter) WriteHeader(status int) {
	if status < 200 {
		return
	}
	w.begin(status, nil)
}

// Write waits until the bytes were read or the answer was closed.
func (w *handlerWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK, nil)
	return w.pipe.Write(p)
}

// Flush begins the answer; nothing is buffered.
func (w *handlerWriter) Flush() { w.begin(http.StatusOK, nil) }

func (w *handlerWriter) begin(status int, failure error) {
	w.once.Do(func() {
		w.status, w.failure, w.sent = status, failure, w.header.Clone()
		close(w.begun)
	})
}

// finish ends the answer when the handler has returned.
func (w *handlerWriter) finish(err error) {
	if err != nil {
		w.begin(0, err)
		w.pipe.CloseWithError(err)
		return
	}
	w.begin(http.StatusOK, nil)
	_ = w.pipe.Close() // it never fails
}

// handlerBody is the reader's side of the answer.
type handlerBody struct {
	life   context.Context // the call's
	cancel context.CancelCauseFunc
	stop   func() bool
	pipe   *io.PipeReader
	done   chan struct{}
}

// Read waits for the handler's next bytes. Errors are *chaperone.Error, io.EOF
// apart.
func (b *handlerBody) Read(p []byte) (int, error) {
	n, err := b.pipe.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = errBody(context.Cause(b.life), err)
	}
	return n, err
}

// Close tells the handler to end and waits until it has.
func (b *handlerBody) Close() error {
	b.stop()
	b.cancel(errClosed)
	_ = b.pipe.CloseWithError(errClosed)
	<-b.done
	return nil
}
