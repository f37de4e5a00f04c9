package claudetest_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"chaperone/internal/claude/claudetest"
)

// complaints takes what a test would be told.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Helper() {}

func (c *complaints) Errorf(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

func post(t *testing.T, url, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func TestEveryRequestIsKeptAsItCame(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{"n":1}`), claudetest.JSON(201, `{"n":2}`))
	for i, want := range []int{200, 201, 201} {
		if got := post(t, srv.URL+"/v1/messages?beta=true", fmt.Sprintf("body %d", i)); got.StatusCode != want {
			t.Errorf("answer %d has status %d", i, got.StatusCode)
		}
	}
	all := srv.Requests()
	if len(all) != 3 || all[1].Target != "/v1/messages?beta=true" || string(all[1].Body) != "body 1" || all[1].Err != nil {
		t.Errorf("got %+v", all)
	}
	if wire := string(srv.Wire()); !strings.Contains(wire, "POST /v1/messages?beta=true HTTP/1.1\r\n") || !strings.Contains(wire, "body 2") {
		t.Errorf("the wire holds %q", wire)
	}
}

func TestPiecesLeaveWhereTheyAreCutAndWaitAtTheGate(t *testing.T) {
	gate := make(chan struct{})
	event := claudetest.Event("ping", `{"type":"ping"}`)
	script := append(claudetest.Stream(claudetest.Cut(event, 7)...), claudetest.Wait(gate), claudetest.Send("end"))
	resp := post(t, claudetest.New(t, script).URL, "")
	first := make([]byte, len(event))
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != event {
		t.Fatalf("%q %v", first, err)
	}
	close(gate)
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "end" {
		t.Errorf("%q %v", rest, err)
	}
}

func TestCutKeepsEveryByte(t *testing.T) {
	for n := range 12 {
		if got := strings.Join(claudetest.Cut("0123456789", n), ""); got != "0123456789" {
			t.Errorf("pieces of %d: %q", n, got)
		}
	}
	if got := len(claudetest.Cut("0123456789", 3)); got != 4 {
		t.Errorf("%d pieces", got)
	}
}

func TestASingleByteIsEnoughToFailZeroBytes(t *testing.T) {
	srv := claudetest.New(t)
	c := &complaints{TB: t}
	srv.ZeroBytes(c)
	if len(c.said) != 0 {
		t.Errorf("it complained about nothing: %v", c.said)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("X\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	// The server answers 400, by which time it has read what was sent.
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	srv.ZeroBytes(c)
	if len(c.said) != 1 || srv.Connections() != 1 {
		t.Errorf("it said %v of %d connections", c.said, srv.Connections())
	}
}

func TestNeverSawFindsAWordAnywhereAndDoesNotRepeatIt(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	post(t, srv.URL+"/in-the-path", "in the body")
	c := &complaints{TB: t}
	srv.NeverSaw(c, "absent")
	if len(c.said) != 0 {
		t.Errorf("it complained: %v", c.said)
	}
	srv.NeverSaw(c, "in-the-path", "in the body", "")
	if len(c.said) != 3 || strings.Contains(strings.Join(c.said, ""), "in the body") {
		t.Errorf("it said %v", c.said)
	}
}
