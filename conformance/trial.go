package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// trial is one case while it is played.
type trial struct {
	ctx    context.Context
	target Target
	client *http.Client
	up     *Upstream
	short  bool
	tally  Tally
	fault  string // the first exchange that went wrong, in words
}

// got is what the client got.
type got struct {
	status int
	header http.Header
	body   []byte // without its Content-Encoding
}

// ask is a request of the client's. The zero value asks POST /v1/messages.
type ask struct {
	method, path string
	body         []byte
	header       http.Header // replaces what would be sent otherwise; an empty value leaves it out
}

// request makes the HTTP request of an ask.
func (t *trial) request(ctx context.Context, a ask) (*http.Request, error) {
	if a.method == "" {
		a.method = http.MethodPost
	}
	if a.path == "" {
		a.path = "/v1/messages"
	}
	var body io.Reader
	if a.method == http.MethodPost || a.body != nil {
		body = bytes.NewReader(a.body)
	}
	r, err := http.NewRequestWithContext(ctx, a.method, strings.TrimSuffix(t.target.URL, "/")+a.path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Anthropic-Version", "2023-06-01")
	r.Header.Set("Accept-Encoding", "identity")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if t.target.Key != "" {
		r.Header.Set("X-Api-Key", t.target.Key)
	}
	for name, values := range t.target.Header {
		r.Header[name] = values
	}
	for name, values := range a.header {
		r.Header.Del(name)
		if len(values) > 0 && values[0] != "" {
			r.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	return r, nil
}

// send asks, and reads the whole answer.
func (t *trial) send(a ask) (got, error) {
	ctx, cancel := context.WithTimeout(t.ctx, caseTime)
	defer cancel()
	r, err := t.request(ctx, a)
	if err != nil {
		return got{}, err
	}
	resp, err := t.client.Do(r)
	if err != nil {
		return got{}, fmt.Errorf("the gateway did not answer: %w", err)
	}
	defer resp.Body.Close()
	wire, err := io.ReadAll(io.LimitReader(resp.Body, mostSeen))
	g := got{resp.StatusCode, resp.Header, undo(resp.Header.Get("Content-Encoding"), wire)}
	if err != nil {
		return g, fmt.Errorf("the answer broke off: %w", err)
	}
	return g, nil
}

// sent asks and yields what reached the upstream; it is a fault if the gateway
// did not answer 200, or sent nothing.
func (t *trial) sent(a ask) (Seen, got, error) {
	g, err := t.send(a)
	if err != nil {
		return Seen{}, g, err
	}
	all := t.up.all()
	switch {
	case g.status != http.StatusOK:
		return Seen{}, g, fmt.Errorf("status %d: %s", g.status, clip(g.body))
	case len(all) == 0:
		return Seen{}, g, fmt.Errorf("the gateway answered 200 but sent nothing to the upstream")
	}
	return all[len(all)-1], g, nil
}

// message is a request with one user text and further members, written as JSON.
func (t *trial) message(text string, members ...string) []byte {
	more := ""
	for _, m := range members {
		more += ", " + m
	}
	return fmt.Appendf(nil, `{"model": %s, "max_tokens": 64%s, "messages": [{"role": "user", "content": %s}]}`,
		quote(t.target.Model), more, quote(text))
}

const streaming = `"stream": true`

// conversation is a request with these messages and further members.
func (t *trial) conversation(messages string, members ...string) []byte {
	more := ""
	for _, m := range members {
		more += ", " + m
	}
	return fmt.Appendf(nil, `{"model": %s, "max_tokens": 64%s, "messages": [%s]}`, quote(t.target.Model), more, messages)
}

// quote writes a JSON string without escaping what need not be.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string: cannot happen
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// clip is the beginning of an answer, for a person to read.
func clip(b []byte) string {
	s := strings.Join(strings.Fields(string(b)), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// holds is a fault unless all holds part.
func holds(where string, all []byte, part string) error {
	if !bytes.Contains(all, []byte(part)) {
		return fmt.Errorf("%s does not hold %s: %s", where, part, clip(all))
	}
	return nil
}

// same is a fault unless both are the same bytes.
func same(where string, is, want []byte) error {
	if bytes.Equal(is, want) {
		return nil
	}
	n := 0
	for n < len(is) && n < len(want) && is[n] == want[n] {
		n++
	}
	from := max(0, n-20)
	return fmt.Errorf("%s differs at byte %d: %q, want %q", where, n, clip(is[min(from, len(is)):]), clip(want[min(from, len(want)):]))
}
