package claude

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"chaperone"
)

// CopyText carries the answer to the client and restores placeholders on the
// way; bytes in which nothing is restored stay as they are. Of a stream it holds
// back only an event whose text may be the first half of a live placeholder,
// what stands behind it, and the end (see CopyOptions.BeforeLast). Nothing may
// have been written to w. The body of the reply is closed.
//
// The error is nil also where the upstream reported an error of its own and that
// was passed on (Delivery.ErrorType). Otherwise it is
//   - ErrClientGone: nobody listens any more
//   - the error of BeforeLast, which the client was told
//   - a *chaperone.Error, which the client was told: KindUpstream for an answer
//     that breaks off, is not of the Messages API, or too large; KindTimeout if
//     the door gave up waiting; KindUnavailable if a tee failed
func (reply *Reply) CopyText(w http.ResponseWriter, rv Revealer, opt CopyOptions) (Delivery, error) {
	defer reply.Body.Close()
	if rv == nil {
		rv = nothing{}
	}
	c := &copier{w: w, rv: rv, opt: opt, body: reply.Body}
	c.d.Status = reply.Status
	if id := reply.Header.Get("Request-Id"); idForm(id) {
		c.d.UpstreamRequestID = id
	}
	passHeaders(w.Header(), reply)
	err := c.copy(reply)
	return c.d, err
}

// copy chooses the way by what came back.
func (c *copier) copy(reply *Reply) error {
	media, _, _ := strings.Cut(reply.Header.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	coding := reply.Header.Get("Content-Encoding")
	switch {
	case reply.Status < 200 || reply.Status >= 300 && reply.Status < 400 || reply.Status > 599:
		return c.fail(errUpstream("upstream_status", "Claude's door answered in a way that is not of the Messages API", nil))
	case coding != "" && !strings.EqualFold(coding, "identity"):
		return c.fail(errUpstream("upstream_encoding", "The answer came in a compression that was not asked for", nil))
	case reply.Status >= 400:
		return c.refusal(media)
	case media == "text/event-stream":
		return newStream(c).run()
	case media == "application/json":
		return c.answer()
	}
	return c.fail(errNotJSON(nil))
}

// copier is one answer on its way.
type copier struct {
	w     http.ResponseWriter
	rv    Revealer
	opt   CopyOptions
	body  io.ReadCloser
	d     Delivery
	begun bool   // something was written to the client
	tail  []byte // the last bytes that were
	lost  error  // the Answered tee failed
	pulse *pulse // of a stream that has not ended; else nil
}

// Read reads from the upstream and shows every byte to the Answered tee.
func (c *copier) Read(p []byte) (int, error) {
	n, err := c.fetch(p)
	c.d.Answered += int64(n)
	if n > 0 && c.opt.Answered != nil {
		if _, lost := c.opt.Answered.Write(p[:n]); lost != nil {
			c.lost = errRecord(lost)
			return 0, c.lost
		}
	}
	return n, err
}

func (c *copier) fetch(p []byte) (int, error) {
	if c.pulse != nil {
		return c.pulse.wait(p)
	}
	return c.body.Read(p)
}

// note shows bytes that the client is about to get to the Delivered tee.
func (c *copier) note(b []byte) error {
	c.d.Delivered += int64(len(b))
	if c.opt.Delivered == nil {
		return nil
	}
	if _, err := c.opt.Delivered.Write(b); err != nil {
		return errRecord(err)
	}
	return nil
}

// write gives bytes to the client.
func (c *copier) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if !c.begun {
		c.begun = true
		c.w.WriteHeader(c.d.Status)
	}
	if _, err := c.w.Write(b); err != nil {
		return fmt.Errorf("claude: copy: %w: %w", ErrClientGone, err)
	}
	c.tail = append(c.tail[:0], b[max(0, len(b)-4):]...)
	return nil
}

// flush sends on what was written.
func (c *copier) flush() error {
	if !c.begun {
		return nil
	}
	err := http.NewResponseController(c.w).Flush()
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("claude: copy: %w: %w", ErrClientGone, err)
	}
	return nil
}

// finish releases the end of the answer once BeforeLast agrees.
func (c *copier) finish(last []byte) error {
	if err := c.note(last); err != nil {
		return c.report(err)
	}
	if c.opt.BeforeLast != nil {
		if err := c.opt.BeforeLast(c.d); err != nil {
			return c.report(err)
		}
	}
	if err := c.write(last); err != nil {
		return err
	}
	return c.flush()
}

// stop ends the answer because of err: a client that is gone is told nothing.
func (c *copier) stop(err error) error {
	if errors.Is(err, ErrClientGone) {
		return err
	}
	return c.fail(chaperone.AsError(err))
}

// fail ends the answer with a fault: in place of an answer that has not begun,
// as a last event of one that has.
func (c *copier) fail(fault *chaperone.Error) error {
	c.d.Fault = fault
	if c.begun {
		last := append(c.gap(), ErrorEvent(c.opt.RequestID, fault)...)
		if err := c.finish(last); err != nil {
			return err
		}
		return fault
	}
	c.d.Status, _ = statusOf(fault.Kind)
	body := envelopeOf(c.opt.RequestID, fault)
	if err := c.note(body); err != nil {
		return c.report(err)
	}
	if c.opt.BeforeLast != nil {
		if err := c.opt.BeforeLast(c.d); err != nil {
			return c.report(err)
		}
	}
	writeEnvelope(c.w, c.d.Status, c.opt.RequestID, body)
	return fault
}

// report tells the client of an error without asking anybody.
func (c *copier) report(err error) error {
	if !c.begun {
		WriteError(c.w, c.opt.RequestID, err)
		return err
	}
	if gone := c.write(append(c.gap(), ErrorEvent(c.opt.RequestID, err)...)); gone != nil {
		return err
	}
	_ = c.flush() // the reason to stop is err; a client that is gone adds nothing
	return err
}

// gap is what must stand between what was written and a new event.
func (c *copier) gap() []byte {
	for _, end := range []string{"\n\n", "\r\n\r\n", "\r\r"} {
		if bytes.HasSuffix(c.tail, []byte(end)) {
			return nil
		}
	}
	return []byte("\n\n")
}

// passHeaders copies the headers of an answer that concern the client. Limits
// of the whole organisation, its id, cookies and the server's own stay here.
func passHeaders(out http.Header, reply *Reply) {
	for _, name := range []string{"Retry-After", "Retry-After-Ms", "X-Should-Retry"} {
		if v := reply.Header.Get(name); within(v, 64, " ,:.-") {
			out.Set(name, v)
		}
	}
	if id := reply.Header.Get("Request-Id"); idForm(id) {
		out.Set("X-Chaperone-Upstream-Request-Id", id)
	}
	if reply.Simulated {
		out.Set("X-Chaperone-Simulated", "true")
	}
}
