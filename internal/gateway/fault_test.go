package gateway_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
	"chaperone/internal/telemetry"
)

// overNetwork is a door to the scripted Claude over a real connection.
func overNetwork(h *house) claude.Door {
	srv := httptest.NewUnstartedServer(h.upstream)
	srv.Config.ErrorLog = telemetry.Foreign(telemetry.NewLogger(h.logs, nil, nil), "the scripted Claude reports a fault")
	srv.Start()
	h.t.Cleanup(srv.Close)
	return doorTo(h.t, srv.URL, claude.DoorWait{})
}

func doorTo(t testing.TB, url string, wait claude.DoorWait) claude.Door {
	t.Helper()
	d, err := claude.NewAnthropic(claude.DoorConfig{
		Name: "claude", BaseURL: url, InsecureAllowHTTP: true, Wait: wait,
		Key: func() (string, error) { return "sk-ant-test", nil },
	})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// TestWhatClaudeAnswersInsteadOfAnAnswer: statuses that clients act on are kept
// with their hints, words of strangers are not passed on, and the record says
// which it was.
func TestWhatClaudeAnswersInsteadOfAnAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: overNetwork})
	const reported = `{"type":"error","error":{"type":"%s","message":"about {{NAME:1}} of org 4711"},"request_id":"req_up"}`
	for _, c := range []struct {
		name, script    string
		status          int
		errorType, code string
		result          audit.Result
		header, value   string
	}{
		{"400", "400\nContent-Type: application/json\n\n" + fmt.Sprintf(reported, "invalid_request_error"), 400, "invalid_request_error", "", audit.UpstreamError, "", ""},
		{"401", "401\nContent-Type: application/json\n\n" + fmt.Sprintf(reported, "authentication_error"), 502, "api_error", "door_credential", audit.UpstreamError, "", ""},
		{"403", "403\nContent-Type: application/json\n\n" + fmt.Sprintf(reported, "permission_error"), 403, "permission_error", "upstream_error", audit.UpstreamError, "", ""},
		{"429", "429\nContent-Type: application/json\nRetry-After: 7\n\n" + fmt.Sprintf(reported, "rate_limit_error"), 429, "rate_limit_error", "upstream_error", audit.UpstreamError, "Retry-After", "7"},
		{"500", "500\nContent-Type: application/json\nX-Should-Retry: false\n\n" + fmt.Sprintf(reported, "api_error"), 500, "api_error", "upstream_error", audit.UpstreamError, "X-Should-Retry", "false"},
		{"529", "529\nContent-Type: application/json\nRetry-After: 3\n\n" + fmt.Sprintf(reported, "overloaded_error"), 529, "overloaded_error", "upstream_error", audit.UpstreamError, "Retry-After", "3"},
		{"503 of a proxy, in HTML", "503\nContent-Type: text/html\n\n<html>{{NAME:1}}</html>", 503, "api_error", "upstream_error", audit.UpstreamError, "", ""},
		{"200 in HTML", "200\nContent-Type: text/html\n\n<html>{{NAME:1}}</html>", 502, "api_error", "upstream_not_json", audit.UpstreamError, "", ""},
		{"200 without a type", "200\nContent-Type: \n\n{}", 502, "api_error", "upstream_not_json", audit.UpstreamError, "", ""},
		{"JSON that is none", "200\nContent-Type: application/json\n\n{\"text\": \"{{NAME:1}}\", oops", 502, "api_error", "upstream_not_json", audit.UpstreamError, "", ""},
		{"JSON that is cut", "200\nContent-Type: application/json\n\n{\"text\": \"{{NAME:1}}", 502, "api_error", "upstream_not_json", audit.UpstreamError, "", ""},
		{"JSON with NaN", "200\nContent-Type: application/json\n\n{\"usage\": NaN}", 502, "api_error", "upstream_not_json", audit.UpstreamError, "", ""},
		{"a redirect", "302\nContent-Type: text/html\nLocation: http://127.0.0.1:1/\n\nmoved", 502, "api_error", "door_redirect", audit.UpstreamError, "", ""},
		{"a compressed answer", "200\nContent-Type: application/json\nContent-Encoding: br\n\nxx", 502, "api_error", "door_encoding", audit.UpstreamError, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.upstream.answer = h.answer(c.script)
			w := h.send("POST", "/v1/messages", ask(note))
			full := h.wantResult(w, c.result)
			if got := full.Outcome.Facts.Outcome.Status; got != c.status || w.Code != c.status {
				t.Errorf("status %d, on the record %d, want %d", w.Code, got, c.status)
			}
			if c.header != "" && w.Header().Get(c.header) != c.value {
				t.Errorf("%s: %q, want %q", c.header, w.Header().Get(c.header), c.value)
			}
			if c.code == "" { // words that a client acts on come through, restored
				if !strings.Contains(w.Body.String(), "about Ludo "+family) {
					t.Errorf("the words did not come through: %s", w.Body)
				}
				return
			}
			e := wantError(t, w, c.status, c.code)
			if e.Error.Type != c.errorType || strings.Contains(e.Error.Message, "4711") {
				t.Errorf("type %q, message %q", e.Error.Type, e.Error.Message)
			}
		})
	}
	h.keepsItsWord()
}

// TestADoorThatDoesNotLeadToClaude: what is not HTTP, does not answer or is not
// there is told apart, and a door that was not reached was sent nothing.
func TestADoorThatDoesNotLeadToClaude(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	nobody := "http://" + l.Addr().String()
	must(t, l.Close())
	silent := claudetest.New(t, claudetest.Script{claudetest.Hang()})
	halfSilent := claudetest.New(t, claudetest.Script{claudetest.Head(200, "content-type", "application/json"), claudetest.Send(`{"type":`), claudetest.Hang()})
	halfDone := claudetest.New(t, claudetest.Script{claudetest.Head(200, "content-type", "application/json"), claudetest.Send(`{"type":`), claudetest.Abort()})
	for _, c := range []struct {
		name, url string
		wait      claude.DoorWait
		status    int
		code      string
		result    audit.Result
	}{
		{"nobody listens", nobody, claude.DoorWait{}, 503, "door_unreachable", audit.UpstreamError},
		{"it hangs before it answers", silent.URL, claude.DoorWait{FirstByte: 20 * time.Millisecond}, 504, "door_timeout", audit.Timeout},
		{"it hangs in the middle", halfSilent.URL, claude.DoorWait{Idle: 20 * time.Millisecond}, 504, "door_silent", audit.Timeout},
		{"it hangs up at once", claudetest.New(t, claudetest.Script{claudetest.Abort()}).URL, claude.DoorWait{}, 502, "door_broken", audit.UpstreamError},
		{"it speaks something else", claudetest.New(t, claudetest.Script{claudetest.Raw("220 mail ready\r\n")}).URL, claude.DoorWait{}, 502, "door_broken", audit.UpstreamError},
		{"it hangs up in the middle of JSON", halfDone.URL, claude.DoorWait{}, 502, "door_cut", audit.Truncated},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{door: func(h *house) claude.Door { return doorTo(h.t, c.url, c.wait) }})
			w := h.send("POST", "/v1/messages", ask(note))
			wantError(t, w, c.status, c.code)
			if got := h.wantResult(w, c.result).Outcome.Facts.Outcome; got.ErrorCode != c.code {
				t.Errorf("the record says %s", got.ErrorCode)
			}
			h.keepsItsWord()
		})
	}
}

// TestAStreamThatBreaks: the client is told, whatever was restored stays
// restored, half a placeholder is never shown, and the record says how it ended.
func TestAStreamThatBreaks(t *testing.T) {
	t.Parallel()
	hangUp := func(h *house, script string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			h.answer(script)(w, r)
			panic(http.ErrAbortHandler)
		}
	}
	plain := func(h *house, script string) http.HandlerFunc { return h.answer(script) }
	overloaded := "event: error\n" + `data: {"type":"error","error":{"type":"overloaded_error","message":"busy with {{NAME:1}}"}}` + "\n\n"
	for _, c := range []struct {
		name, script string
		end          func(*house, string) http.HandlerFunc
		code         string
		result       audit.Result
	}{
		{"it hangs up", opened("Mr. {{NAME:1}} is"), hangUp, "door_cut", audit.Truncated},
		{"it hangs up in the middle of a placeholder", opened("Mr. {{NAME:1}} is {{NAME:1[:7]}}"), hangUp, "door_cut", audit.Truncated},
		{"it hangs up in the middle of an event", opened("Mr. {{NAME:1}} is") + "event: content_block_delta\ndata: {\"type\":\"cont", hangUp, "upstream_truncated", audit.Truncated},
		{"it ends without an end", opened("Mr. {{NAME:1}} is", "{{NAME:1[:7]}}"), plain, "upstream_truncated", audit.Truncated},
		{"it sends what is no event", opened("Mr. {{NAME:1}} is") + "event: content_block_delta\ndata: {oops}\n\n" + closed, plain, "upstream_malformed", audit.UpstreamError},
		{"it turns into HTML", opened("Mr. {{NAME:1}} is") + "<html>502 {{NAME:1}}</html>\n", plain, "upstream_truncated", audit.Truncated},
		{"it reports an error", opened("Mr. {{NAME:1}} is") + overloaded, plain, "overloaded_error", audit.UpstreamError},
		{"it reports an error in the middle of a placeholder", opened("Mr. {{NAME:1}} is", "{{NAME:1[:7]}}") + overloaded, plain, "overloaded_error", audit.UpstreamError},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{door: overNetwork})
			h.upstream.answer = c.end(h, c.script)
			w := h.send("POST", "/v1/messages", ask(note, streaming))
			if c.code != "overloaded_error" {
				wantCut(t, w, c.code)
			} else if name, data := lastEvent(t, w.Body.String()); name != "error" || !strings.Contains(string(data), c.code) || strings.Contains(string(data), family) {
				t.Errorf("the stream ends with %s %s", name, data)
			}
			if !strings.Contains(w.Body.String(), "Mr. Ludo "+family+" is") {
				t.Errorf("what came before the break was not restored:\n%s", w.Body)
			}
			if sent := h.fill("{{NAME:1[:7]}}"); strings.Contains(w.Body.String(), sent) {
				t.Errorf("the client saw part of a placeholder, %q:\n%s", sent, w.Body)
			}
			full := h.wantResult(w, c.result)
			if got := full.Outcome.Facts.Outcome.ErrorCode; got != c.code {
				t.Errorf("the record says %s", got)
			}
			if got := string(full.Outcome.Content["delivered"]); got != w.Body.String() {
				t.Errorf("delivered on the record:\n%s\ndelivered:\n%s", got, w.Body)
			}
			h.keepsItsWord()
		})
	}
}

// TestAnAnswerWithoutEnd: what is larger than can be recorded is not delivered.
func TestAnAnswerWithoutEnd(t *testing.T) {
	t.Parallel()
	piece := strings.Repeat("and so on ", 1<<17)
	endless := func(w http.ResponseWriter, head, piece string) {
		io.WriteString(w, head)
		for n := 0; n < 100<<20; n += len(piece) {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
		}
	}
	h := newHouse(t, plan{})
	t.Run("100 MB of JSON", func(t *testing.T) {
		h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			endless(w, `{"text":"`, piece)
		}
		w := h.send("POST", "/v1/messages", ask(note))
		wantError(t, w, 502, "upstream_too_large")
		h.wantResult(w, audit.UpstreamError)
	})
	t.Run("100 MB of events", func(t *testing.T) {
		_, event, _ := strings.Cut(opened(piece), "event: content_block_delta")
		h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			endless(w, "", "event: content_block_delta"+event)
		}
		w := h.send("POST", "/v1/messages", ask(note, streaming))
		wantCut(t, w, "record_unavailable")
		h.wantResult(w, audit.Failed)
	})
	t.Run("an event of 100 MB", func(t *testing.T) {
		h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			endless(w, "event: content_block_delta\ndata: ", piece)
		}
		w := h.send("POST", "/v1/messages", ask(note, streaming))
		wantError(t, w, 502, "upstream_too_large")
		h.wantResult(w, audit.UpstreamError)
	})
	h.keepsItsWord()
}

// serve puts the house on a real address, for clients that hang up.
func (h *house) serve() *httptest.Server {
	srv := httptest.NewUnstartedServer(h.handler)
	srv.Config.ErrorLog = telemetry.Foreign(telemetry.NewLogger(h.logs, nil, nil), "the HTTP server reports a fault")
	srv.Start()
	h.t.Cleanup(srv.Close)
	return srv
}

// connect sends a request over a connection of its own and leaves it open.
func (h *house) connect(srv *httptest.Server, body string) net.Conn {
	h.t.Helper()
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	must(h.t, err)
	h.t.Cleanup(func() { c.Close() })
	_, err = fmt.Fprintf(c, "POST /v1/messages HTTP/1.1\r\nHost: house\r\nX-Api-Key: %s\r\nAnthropic-Version: 2023-06-01\r\nContent-Length: %d\r\n\r\n%s", h.key, len(body), body)
	must(h.t, err)
	return c
}

// until reads from a connection until it has seen a text.
func until(t testing.TB, c net.Conn, text string) {
	t.Helper()
	var seen strings.Builder
	b := make([]byte, 4<<10)
	for !strings.Contains(seen.String(), text) {
		n, err := c.Read(b)
		must(t, err)
		seen.Write(b[:n])
	}
}

// TestAClientThatLeaves: the call to Claude is given up, the record says so, and
// nothing stays behind. It does not run beside other tests, because it counts
// what runs.
func TestAClientThatLeaves(t *testing.T) {
	waiting := func(script string) func(*house) http.HandlerFunc {
		return func(h *house) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if script != "" {
					h.answer(script)(w, r)
				}
				<-r.Context().Done()
			}
		}
	}
	for _, c := range []struct {
		name   string
		answer func(*house) http.HandlerFunc
		sees   string // what the client waits for before it leaves
		status int    // on the record
	}{
		{"in the middle of a stream", waiting(opened("Mr. {{NAME:1}} is")), "Mr. Ludo " + family + " is", 200},
		{"while half a placeholder is held", waiting(opened("Mr. {{NAME:1}} is", "{{NAME:1[:7]}}")), "Mr. Ludo " + family + " is", 200},
		{"before Claude has begun to answer", waiting(""), "", 0},
		{"in the middle of JSON", waiting("200\nContent-Type: application/json\n\n{\"type\":"), "", 0},
	} {
		for door, over := range map[string]func(*house) claude.Door{"over the network": overNetwork, "in process": nil} {
			t.Run(c.name+", "+door, func(t *testing.T) {
				h := newHouse(t, plan{door: over})
				h.upstream.answer = c.answer(h)
				srv := h.serve()
				for range 3 {
					calls := h.upstream.count()
					conn := h.connect(srv, ask(note, streaming))
					eventually(t, "Claude was called", func() bool { return h.upstream.count() > calls })
					until(t, conn, c.sees)
					conn.Close()
				}
				eventually(t, "three clients left, says the record", func() bool {
					n := 0
					for _, o := range h.rows(audit.KindOutcome) {
						if o.Class == string(audit.ClientGone) {
							n++
						}
					}
					return n == 3
				})
				for _, i := range h.rows(audit.KindIntent) {
					full, err := h.log.Show(t.Context(), i.ID.String())
					must(t, err)
					if got := full.Outcome.Facts.Outcome.Status; got != c.status {
						t.Errorf("the record says status %d, want %d", got, c.status)
					}
					noTrace(t, "the call", full.Intent.Content["sent"])
				}
				h.keepsItsWord()
				eventually(t, "nothing is left running", func() bool { return len(running()) == 0 })
				if strings.Contains(h.logs.String(), `"level":"ERROR"`) {
					t.Errorf("a client that leaves is no error of ours:\n%s", h.logs)
				}
			})
		}
	}
}

// running lists what runs for an exchange.
func running() []string {
	var all strings.Builder
	pprof.Lookup("goroutine").WriteTo(&all, 1)
	var found []string
	for _, stack := range strings.Split(all.String(), "\n\n") {
		if strings.Contains(stack, "chaperone/internal/gateway.(") || strings.Contains(stack, "chaperone/internal/claude.(") {
			found = append(found, stack)
		}
	}
	return found
}
