package claude

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"chaperone"
)

// endsWithError checks that a stream ends with one error event and yields what
// came before it.
func endsWithError(t *testing.T, s *sent, errorType string) string {
	t.Helper()
	at := strings.LastIndex(s.Body.String(), "event: error\ndata: ")
	if at < 0 {
		t.Fatalf("no error event in\n%s", s.Body.String())
	}
	last := s.Body.String()[at:]
	doc, f := parse([]byte(strings.TrimSpace(strings.TrimPrefix(last, "event: error\ndata: "))), 16)
	if f != nil || !strings.HasSuffix(last, "\n\n") {
		t.Fatalf("the error event is broken: %q", last)
	}
	e, _ := doc.get(0, "error")
	if got := doc.getText(e, "type"); got != errorType || doc.getText(0, "type") != "error" {
		t.Fatalf("error type %q", got)
	}
	return s.Body.String()[:at]
}

func TestAStreamThatBreaksOffEndsWithAnErrorAndNoHalfPlaceholderIsCompleted(t *testing.T) {
	whole := streamOf("text_delta", "text", kinds[0].block, "to NAME-7K2QAX and NA", "ME-7K2", "QBY")
	end := strings.Index(whole, "event: message_stop")
	for i := strings.Index(whole, "event: content_block_delta"); i < end; i++ {
		s := deliver(reply(200, "text/event-stream", whole[:i]), people, CopyOptions{})
		if e := chaperone.AsError(s.err); e.Kind != chaperone.KindUpstream || e.Code != "upstream_truncated" {
			t.Fatalf("cut at %d: %v", i, s.err)
		}
		before := endsWithError(t, s, "api_error")
		if !strings.HasSuffix(before, "\n\n") {
			t.Fatalf("cut at %d: the error event does not stand alone", i)
		}
		if s.d.Ended || s.d.Fault == nil {
			t.Fatalf("cut at %d: %+v", i, s.d)
		}
		got := joined(t, before, "text_delta", "text")[0]
		if strings.Contains(got, "NAME-7K2QAX") || strings.Contains(got, "NAME-7K2QBY") {
			t.Fatalf("cut at %d: a whole placeholder reached the client: %q", i, got)
		}
		if s.delivered.String() != s.Body.String() {
			t.Fatalf("cut at %d: the tee differs", i)
		}
	}
}

func TestAnEmptyStreamIsABadGateway(t *testing.T) {
	s := deliver(reply(200, "text/event-stream", ""), people, CopyOptions{})
	if s.Code != http.StatusBadGateway || s.Header().Get("Content-Type") != "application/json" || s.d.Status != 502 {
		t.Fatalf("%d %s", s.Code, s.Body.String())
	}
}

func TestAMalformedEventEndsTheStream(t *testing.T) {
	for _, bad := range []string{`{"type":"content_block_delta","index":0,`, `hello`, `[1]`, `{"type":"ping","type":"ping"}`} {
		s := deliver(reply(200, "text/event-stream", messageStart+ev("content_block_delta", bad)+messageEnd), people, CopyOptions{})
		if e := chaperone.AsError(s.err); e.Code != "upstream_malformed" {
			t.Fatalf("%s: %v", bad, s.err)
		}
		if before := endsWithError(t, s, "api_error"); before != messageStart {
			t.Fatalf("%s: %q", bad, before)
		}
	}
}

func TestAnEventWithoutEndIsRefused(t *testing.T) {
	in := messageStart + "event: content_block_delta\ndata: " + strings.Repeat("x", 5000)
	s := deliver(reply(200, "text/event-stream", in), people, CopyOptions{MaxEvent: 4096})
	if e := chaperone.AsError(s.err); e.Code != "upstream_too_large" {
		t.Fatal(s.err)
	}
	endsWithError(t, s, "api_error")
}

func TestWhatWaitsBehindAHeldEventIsBounded(t *testing.T) {
	in := messageStart + deltaEvent(0, "text_delta", "text", "NAME-") + strings.Repeat(pingEvent, 500)
	s := deliver(reply(200, "text/event-stream", in), people, CopyOptions{MaxEvent: 4096})
	if e := chaperone.AsError(s.err); e.Code != "upstream_too_large" {
		t.Fatal(s.err)
	}
}

func TestAnErrorInTheStreamPassesWithoutWordsThatNameAnAccount(t *testing.T) {
	for _, c := range []struct{ kind, says, want string }{
		{"overloaded_error", "Overloaded", "Overloaded"},
		{"api_error", "organization org_17 failed", "Claude reported an error. Try again."},
		{"invalid_request_error", "prompt is too long: NAME-7K2QAX", "prompt is too long: Marta Example"},
	} {
		in := messageStart + blockStart(0, kinds[0].block) + deltaEvent(0, "text_delta", "text", "half NAME-7K") +
			ev("error", `{"type":"error","error":{"type":"`+c.kind+`","message":"`+c.says+`"}}`)
		s := streamed(t, in)
		before := endsWithError(t, s, c.kind)
		if !strings.Contains(s.Body.String(), `"message":"`+c.want+`"`) {
			t.Errorf("%s: %s", c.kind, s.Body.String())
		}
		if got := joined(t, before, "text_delta", "text")[0]; got != "half " {
			t.Errorf("the client has %q: neither more than half a placeholder may be lost, nor half of one shown", got)
		}
		if s.d.Ended || s.d.ErrorType != c.kind {
			t.Errorf("%+v", s.d)
		}
	}
}

func TestTheLastEventWaitsForTheRecord(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "NAME-7K2QAX")
	w := httptest.NewRecorder()
	var teed strings.Builder
	_, err := reply(200, "text/event-stream", in).CopyText(w, people, CopyOptions{
		Delivered: &teed,
		BeforeLast: func(d Delivery) error {
			if strings.Contains(w.Body.String(), "message_stop") || !strings.Contains(w.Body.String(), "message_delta") {
				t.Error("the end was released too early, or more than the end held back")
			}
			if !strings.Contains(teed.String(), "message_stop") || !d.Ended || d.StopReason != "end_turn" || int(d.Delivered) != teed.Len() {
				t.Errorf("BeforeLast does not know the whole answer: %+v", d)
			}
			return nil
		},
	})
	if err != nil || !strings.HasSuffix(w.Body.String(), "\"message_stop\"}\n\n") {
		t.Fatal(err, w.Body.String())
	}
}

func TestWithoutARecordTheEndIsNotReleased(t *testing.T) {
	refuse := chaperone.NewError(chaperone.KindUnavailable, "record_unavailable", "The record is away", "", nil)
	opt := CopyOptions{BeforeLast: func(Delivery) error { return refuse }}
	s := deliver(reply(200, "text/event-stream", streamOf("text_delta", "text", kinds[0].block, "x")), people, opt)
	if !errors.Is(s.err, refuse) || strings.Contains(s.Body.String(), "message_stop") {
		t.Fatal(s.err, s.Body.String())
	}
	endsWithError(t, s, "api_error")
	s = deliver(reply(200, "application/json", `{"type":"message","content":[]}`), people, opt)
	if s.Code != 503 || strings.Contains(s.Body.String(), "content") {
		t.Fatal(s.Code, s.Body.String())
	}
}

// brokenPipe is a client that leaves after some bytes.
type brokenPipe struct {
	*httptest.ResponseRecorder
	left int
}

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return b.ResponseRecorder.Write(p)
}

func TestAClientThatLeavesIsNoFaultOfTheAnswer(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "one", "two", "three")
	for left := range len(in) {
		called := false
		_, err := reply(200, "text/event-stream", in).CopyText(&brokenPipe{httptest.NewRecorder(), left}, people,
			CopyOptions{BeforeLast: func(Delivery) error { called = true; return nil }})
		if !errors.Is(err, ErrClientGone) {
			t.Fatalf("after %d bytes: %v", left, err)
		}
		if last := strings.Index(in, "event: message_stop"); called != (left >= last) {
			t.Fatalf("after %d bytes: BeforeLast called: %v", left, called)
		}
	}
	r := reply(200, "text/event-stream", "")
	r.Body = &chopped{data: []byte(messageStart), err: context.Canceled}
	if s := deliver(r, people, CopyOptions{}); !errors.Is(s.err, ErrClientGone) {
		t.Fatal(s.err)
	}
}

func TestAReadErrorIsToldInTheDoorsWords(t *testing.T) {
	r := reply(200, "text/event-stream", "")
	silent := chaperone.NewError(chaperone.KindTimeout, "door_silent", "Claude fell silent", "Try again", nil)
	r.Body = &chopped{data: []byte(messageStart), err: silent}
	s := deliver(r, people, CopyOptions{})
	if !errors.Is(s.err, silent) {
		t.Fatal(s.err)
	}
	endsWithError(t, s, "timeout_error")
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full: Marta Example") }

func TestAnAnswerThatCannotBeRecordedStops(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "secret")
	for name, opt := range map[string]CopyOptions{"answered": {Answered: failing{}}, "delivered": {Delivered: failing{}}} {
		w := httptest.NewRecorder()
		_, err := reply(200, "text/event-stream", in).CopyText(w, people, opt)
		if chaperone.AsError(err).Code != "record_unavailable" || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "Marta") {
			t.Errorf("%s: %v %s", name, err, w.Body.String())
		}
	}
}

// endless is a connection that is never closed by the other side.
type endless struct {
	io.Reader
	closed chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.Reader.Read(p); err == nil {
		return n, nil
	}
	<-e.closed
	return 0, errConnClosed
}

func (e *endless) Close() error {
	select {
	case <-e.closed:
	default:
		close(e.closed)
	}
	return nil
}

var errConnClosed = errors.New("use of closed connection")

func TestAConnectionThatStaysOpenAfterTheEndKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := streamOf("text_delta", "text", kinds[0].block, "x")
		r := reply(200, "text/event-stream", "")
		r.Body = &endless{strings.NewReader(in), make(chan struct{})}
		s := deliver(r, people, CopyOptions{})
		if s.err != nil || s.Body.String() != in {
			t.Fatal(s.err, s.Body.String())
		}
	})
}

func TestWhatIsThereIsFlushedBeforeWaitingForMore(t *testing.T) {
	pr, pw := io.Pipe()
	r := reply(200, "text/event-stream", "")
	r.Body = pr
	w := &flushed{ResponseRecorder: httptest.NewRecorder(), at: make(chan int)}
	done := make(chan error)
	go func() { _, err := r.CopyText(w, people, CopyOptions{}); done <- err }()
	total := 0
	for _, e := range []string{messageStart, blockStart(0, kinds[0].block), deltaEvent(0, "text_delta", "text", "a")} {
		_, _ = io.WriteString(pw, e)
		if total += len(e); <-w.at != total {
			t.Fatal("an event was kept back") // peers' pain 4: the answer was buffered
		}
	}
	go func() {
		for range w.at {
		}
	}()
	_, _ = io.WriteString(pw, blockStop(0)+messageEnd)
	pw.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	close(w.at)
}

type flushed struct {
	*httptest.ResponseRecorder
	at chan int
}

func (f *flushed) Flush() { f.at <- f.Body.Len() }
