package claude

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// halting answers in pieces, after the silence that stands before each.
func halting(pieces ...any) *Reply {
	r, w := io.Pipe()
	go func() {
		for _, p := range pieces {
			switch p := p.(type) {
			case string:
				if _, err := io.WriteString(w, p); err != nil {
					return
				}
			case time.Duration:
				time.Sleep(p)
			case error:
				w.CloseWithError(p)
				return
			}
		}
		_ = w.Close()
	}()
	return &Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: r}
}

// Peers' pain: clients give up on a silent stream; platforms send no pings.
func TestSilenceOfAStreamIsBridgedBetweenEvents(t *testing.T) {
	start := blockStart(0, kinds[0].block)
	held := deltaEvent(0, "text_delta", "text", "NAME-7K")
	rest := deltaEvent(0, "text_delta", "text", "2QAX ok") + blockStop(0) + messageEnd
	given := deltaEvent(0, "text_delta", "text", "Marta Example") + deltaEvent(0, "text_delta", "text", " ok") + blockStop(0) + messageEnd
	half := len(start) / 2
	for name, c := range map[string]struct {
		pieces []any
		want   string
	}{
		"none is too short":    {[]any{messageStart, 14 * time.Second, start + held + rest}, messageStart + start + given},
		"between events":       {[]any{messageStart, 31 * time.Second, start + held + rest}, messageStart + vendorsPing + vendorsPing + start + given},
		"before the first":     {[]any{16 * time.Second, messageStart + start + held + rest}, vendorsPing + messageStart + start + given},
		"in the midst of one":  {[]any{messageStart + start[:half], 16 * time.Second, start[half:] + held + rest}, messageStart + vendorsPing + start + given},
		"while a text is held": {[]any{messageStart + start + held, 16 * time.Second, rest}, messageStart + start + vendorsPing + given},
		"not after the end":    {[]any{messageStart + start + held + rest, time.Minute}, messageStart + start + given},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := deliver(halting(c.pieces...), people, CopyOptions{})
				if s.err != nil || s.Body.String() != c.want {
					t.Errorf("%v\ngot  %q\nwant %q", s.err, s.Body.String(), c.want)
				}
				if s.delivered.String() != c.want || strings.Contains(s.answered.String(), vendorsPing) {
					t.Error("the tees do not tell what was delivered and what was answered")
				}
				time.Sleep(time.Hour) // the upstream's own end
			})
		})
	}
}

func TestAFaultAfterAPingIsAnErrorEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := deliver(halting(20*time.Second, io.ErrUnexpectedEOF), people, CopyOptions{})
		if got := s.Body.String(); !strings.HasPrefix(got, vendorsPing+"event: error\n") || s.err == nil {
			t.Errorf("%v %q", s.err, got)
		}
	})
}

// deaf is a client that is gone.
type deaf struct{ *httptest.ResponseRecorder }

func (deaf) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAClientThatIsGoneIsNoticedInTheSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := halting(time.Hour, messageStart).CopyText(deaf{httptest.NewRecorder()}, people, CopyOptions{})
		if !errors.Is(err, ErrClientGone) || time.Since(began) > time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		time.Sleep(2 * time.Hour) // the upstream's own end
	})
}
