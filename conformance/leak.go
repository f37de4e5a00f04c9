package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// probe is one exchange in which identifiers are planted. The upstream reads
// what arrived at a place of the request and says it back, so whatever the
// gateway put there comes back to it, and the client must get what it sent.
type probe struct {
	ask
	at     string // JSON pointer of what is said back; empty: nothing is
	base64 bool   // what stands there is in base64; it is said back as the text it holds
	want   any    // what the client must get back: a string, or the JSON of an input
	stream bool
	write  func(w http.ResponseWriter, said any) // nil: in one piece
}

// plant plays a probe and counts what became of it. Only the first fault is
// kept; the error is of the case itself.
func (t *trial) plant(p probe) error {
	if err := p.sound(); err != nil {
		return err
	}
	var arrived error
	t.up.answer(func(w http.ResponseWriter, r *http.Request, s Seen) {
		if p.at == "" {
			plainAnswer(w, r, s)
			return
		}
		said, err := pointed(s.Body, p.at)
		if err == nil && p.base64 {
			said, err = unbase64(said)
		}
		if err != nil {
			arrived = err
			plainAnswer(w, r, s)
			return
		}
		write := p.write
		if write == nil {
			write = func(w http.ResponseWriter, said any) { sayBack(w, said, p.stream) }
		}
		write(w, said)
	})
	g, err := t.send(p.ask)
	if err != nil {
		t.wrong(err)
		return nil
	}
	t.judge(p, g, arrived)
	return nil
}

// sound is a fault of the case's own: what is no JSON would be refused for that,
// and what the search would not find in the request it would not find behind it.
func (p probe) sound() error {
	body := undo(p.header.Get("Content-Encoding"), p.body)
	s := Seen{Path: p.path, Header: p.header, Wire: body, Body: body}
	switch {
	case !json.Valid(body):
		return fmt.Errorf("the case is wrong: its request is no JSON: %s", clip(body))
	case s.clean(allTraces()) == nil:
		return errors.New("the case is wrong: it plants nothing that it would find")
	}
	return nil
}

// judge counts one exchange.
func (t *trial) judge(p probe, g got, arrived error) {
	all := t.up.all()
	for _, s := range all {
		if err := s.clean(t.target.traces()); err != nil {
			t.tally.Leaked++
			t.wrong(err)
			return
		}
	}
	switch {
	case len(all) == 0 && g.refuses():
		t.tally.Kept++
		t.tally.Refused++
	case g.status != http.StatusOK:
		t.wrong(fmt.Errorf("status %d: %s", g.status, clip(g.body)))
	default:
		t.tally.Kept++
		if p.at == "" {
			return
		}
		if err := p.restored(g, arrived); err != nil {
			t.wrong(err)
			return
		}
		t.tally.Restored++
	}
}

// refuses says that the gateway did not want this request. That it wants none
// now, or none of this client, is no answer to what was planted.
func (g got) refuses() bool {
	switch g.status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return g.status >= 400 && g.status < 500
}

func (t *trial) wrong(err error) {
	if t.fault == "" {
		t.fault = err.Error()
	}
}

// restored is a fault unless the client has everything back.
func (p probe) restored(g got, arrived error) error {
	if arrived != nil {
		return arrived
	}
	text, input := g.said()
	if want, ok := p.want.(string); ok {
		if text != want {
			return fmt.Errorf("kept, but not restored: the client got %q", clip([]byte(text)))
		}
		return nil
	}
	var is any
	d := json.NewDecoder(strings.NewReader(input))
	d.UseNumber()
	if err := d.Decode(&is); err != nil {
		return fmt.Errorf("kept, but the tool's input is no JSON: %s", clip([]byte(input)))
	}
	if !reflect.DeepEqual(is, p.want) {
		return fmt.Errorf("kept, but not restored: the tool got %s", clip([]byte(input)))
	}
	return nil
}

// clean looks for traces in everything that reached the upstream.
func (s Seen) clean(traces []trace) error {
	if err := clean("the body", s.Body, traces); err != nil {
		return err
	}
	if !bytes.Equal(s.Wire, s.Body) {
		if err := clean("the body on the wire", s.Wire, traces); err != nil {
			return err
		}
	}
	if err := clean("the address", []byte(s.Path), traces); err != nil {
		return err
	}
	for name, values := range s.Header {
		if err := clean("the header "+name, []byte(strings.Join(values, "\n")), traces); err != nil {
			return err
		}
	}
	return nil
}

func unbase64(said any) (string, error) {
	text, _ := said.(string)
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("the base64 of a document did not arrive as such: %s", clip([]byte(text)))
	}
	return string(b), nil
}

// sayBack answers with a text, or with a tool call whose input it is.
func sayBack(w http.ResponseWriter, said any, stream bool) {
	text, isText := said.(string)
	switch {
	case isText && stream:
		writeStream(w, textStream(text))
	case isText:
		writeJSON(w, http.StatusOK, textMessage(text))
	case stream:
		writeStream(w, toolStream(marshal(said)))
	default:
		writeJSON(w, http.StatusOK, toolMessage(marshal(said)))
	}
}

func marshal(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // it was JSON before: cannot happen
		return "null"
	}
	return strings.TrimSpace(b.String())
}

// pointed reads what stands at a JSON pointer (RFC 6901). A gateway may write a
// text as a list with one block, or the other way round; both are read. Base64
// of a document is undone.
func pointed(body []byte, pointer string) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("what reached the upstream is no JSON: %s", clip(body))
	}
	for _, step := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		switch at := v.(type) {
		case map[string]any:
			v = at[unpointer(step)]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(at) {
				return nil, fmt.Errorf("nothing arrived at %s: %s", pointer, clip(body))
			}
			v = at[n]
		case string:
			return at, nil // of /content/0/text, the content is a text already
		default:
			return nil, fmt.Errorf("nothing arrived at %s: %s", pointer, clip(body))
		}
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		if block, ok := list[0].(map[string]any); ok && block["type"] == "text" {
			v = block["text"]
		}
	}
	if v == nil {
		return nil, fmt.Errorf("nothing arrived at %s: %s", pointer, clip(body))
	}
	return v, nil
}

func unpointer(step string) string {
	if plain, err := url.PathUnescape(step); err == nil {
		step = plain
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
}
