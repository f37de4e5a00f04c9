package claude

import (
	"context"
	"errors"
	"io"
	"time"
)

// The limits of a call end it by cancelling its context; the cause says which
// limit it was.
var (
	errFirstByte = errors.New("claude: door: the answer did not begin in time")
	errIdle      = errors.New("claude: door: the answer fell silent")
)

// callWatch ends a call whose answer does not begin, or falls silent, in time.
// It stands above the transport's own limits, so that name lookup, connecting,
// writing and waiting have one limit together whatever the protocol is.
type callWatch struct {
	life   context.Context // the call's; everything that serves the call ends with it
	cancel context.CancelCauseFunc
	first  *time.Timer
	silent *time.Timer // runs only while somebody reads; nil until the answer began
	idle   time.Duration
}

func newCallWatch(parent context.Context, first time.Duration) *callWatch {
	life, cancel := context.WithCancelCause(parent)
	return &callWatch{
		life:   life,
		cancel: cancel,
		first:  time.AfterFunc(first, func() { cancel(errFirstByte) }),
	}
}

// answered ends the wait for the first byte and prepares the one for silence.
func (w *callWatch) answered(idle time.Duration) {
	w.first.Stop()
	w.idle = idle
	w.silent = time.AfterFunc(idle, func() { w.cancel(errIdle) })
	w.silent.Stop()
}

// end gives up everything the call still holds.
func (w *callWatch) end() {
	w.first.Stop()
	if w.silent != nil {
		w.silent.Stop()
	}
	w.cancel(nil)
}

// watchedBody is an answer that fails when no byte comes within the limit. Its
// errors are *chaperone.Error, io.EOF apart: KindTimeout for silence,
// KindUpstream for an answer that broke off.
type watchedBody struct {
	body  io.ReadCloser
	watch *callWatch
}

// Read waits for the next bytes. The limit runs only during the wait: a slow
// client is not a silent door.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.watch.silent.Reset(b.watch.idle)
	n, err := b.body.Read(p)
	b.watch.silent.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = errBody(context.Cause(b.watch.life), err)
	}
	return n, err
}

// Close gives the answer up, however much of it was read.
func (b *watchedBody) Close() error {
	b.watch.end()
	return b.body.Close()
}
