package claude

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func split(src []byte, sizes []int) (events []string, whole []bool, err error) {
	sp := newSplitter(&chopped{data: src, sizes: sizes}, 1<<20)
	for {
		raw, w, err := sp.next()
		if err != nil {
			return events, whole, err
		}
		events, whole = append(events, string(raw)), append(whole, w)
	}
}

func TestAStreamIsCutIntoEventsAtItsBlankLines(t *testing.T) {
	for in, want := range map[string][]string{
		"data: a\n\ndata: b\n\n":            {"data: a\n\n", "data: b\n\n"},
		"data: a\r\n\r\ndata: b\r\n\r\n":    {"data: a\r\n\r\n", "data: b\r\n\r\n"},
		"data: a\r\rdata: b\r\r":            {"data: a\r\r", "data: b\r\r"},
		"data: a\n\r\ndata: b\r\n\n":        {"data: a\n\r\n", "data: b\r\n\n"},
		"data: a\n\rdata: b\n\n":            {"data: a\n\r", "data: b\n\n"},
		": c\n\nevent: e\ndata: 1\ndata: 2": {": c\n\n", "event: e\ndata: 1\ndata: 2"},
		"\n\ndata: a\n\n\n":                 {"\n", "\n", "data: a\n\n", "\n"},
		"data: a\r\r\ndata: b\n\n":          {"data: a\r\r", "\n", "data: b\n\n"},
		"":                                  nil,
		"data: a":                           {"data: a"},
		"data: a\r":                         {"data: a\r"},
		"data: a\n\r":                       {"data: a\n\r"},
	} {
		for size := range max(len(in), 1) {
			got, _, err := split([]byte(in), []int{size, len(in)})
			if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, io.EOF) {
				t.Errorf("%q first read %d: %v %s", in, size, err, diff)
			}
		}
	}
}

func TestAnEventIsReadAsTheStandardSays(t *testing.T) {
	for in, want := range map[string]event{
		"event: x\ndata: a\n\n":      {name: "x", data: []byte("a"), lines: 1, from: 15, to: 16},
		"data:a\n\n":                 {data: []byte("a"), lines: 1, from: 5, to: 6},
		"data:  a\n\n":               {data: []byte(" a"), lines: 1, from: 6, to: 8},
		"data\n\n":                   {lines: 1, from: 4, to: 4, data: []byte{}},
		"data: a\ndata: b\n\n":       {data: []byte("a\nb"), lines: 2, from: 6, to: 7},
		": data: no\nid: 1\n\n":      {},
		"\ufeffdata: a\n\n":          {data: []byte("a"), lines: 1, from: 9, to: 10},
		"event: a\nevent: b\r\n\r\n": {name: "b"},
	} {
		got := parseEvent([]byte(in))
		got.raw = nil
		if len(got.data) == 0 && len(want.data) == 0 {
			got.data, want.data = nil, nil
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

func FuzzSSE(f *testing.F) {
	f.Add([]byte("event: a\ndata: {}\n\n: c\r\n\r\ndata: x\r\r"), []byte{1, 3, 9})
	f.Add([]byte("\ufeffdata: 1\n\r\ndata: 2"), []byte{2})
	f.Add([]byte("a\r\r\n\n\r"), []byte{0, 1})
	f.Fuzz(func(t *testing.T, src, cuts []byte) {
		sizes := make([]int, len(cuts))
		for i, c := range cuts {
			sizes[i] = int(c)
		}
		a, wholeA, errA := split(src, sizes)
		b, wholeB, errB := split(src, []int{len(src)})
		if strings.Join(a, "") != string(src) {
			t.Fatal("bytes were lost or made")
		}
		if diff := cmp.Diff(a, b); diff != "" || !cmp.Equal(wholeA, wholeB) || !errors.Is(errA, io.EOF) || !errors.Is(errB, io.EOF) {
			t.Fatalf("the events depend on how they arrive: %s", diff)
		}
		for _, raw := range a {
			e := parseEvent([]byte(raw))
			if e.lines > 0 && !bytes.ContainsAny(e.data, "\r\n") {
				if again := parseEvent(e.with(e.data)); !bytes.Equal(again.data, e.data) || again.name != e.name {
					t.Fatal("an event that is written again says something else")
				}
			}
		}
	})
}

// composed makes a stream of events of every kind, in any order, from the choices
// a fuzzer makes.
func composed(choices []byte) string {
	pieces := []string{"NAME-7K", "2QAX", " and NAME-7K2QBY", "", "N", "\"DATE-3M", "9T5C\"", `{"a":"STREET-00`, `ZZ12"}`, `\`, "nNAME-7K2QAX", "é"}
	var b strings.Builder
	b.WriteString(messageStart)
	for i, c := range choices {
		index, piece := int(c>>6), pieces[(int(c)+i)%len(pieces)]
		switch k := int(c) % 12; {
		case k < len(kinds):
			b.WriteString(deltaEvent(index, kinds[k].delta, kinds[k].field, piece))
		case k == 5:
			b.WriteString(pingEvent)
		case k == 6:
			b.WriteString(blockStop(index))
		case k == 7:
			b.WriteString(blockStart(index, kinds[index].block))
		case k == 8:
			b.WriteString(ev("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"cited_text":`+quote(piece)+`}}}`))
		case k == 9:
			b.WriteString(": comment\r\n\r\n")
		case k == 10:
			b.WriteString(ev("error", `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`))
		default:
			b.WriteString(ev("chat", piece))
		}
	}
	return b.String() + messageEnd
}

// FuzzStream: any stream, in any pieces, is delivered without panic and always
// the same; where nothing of it is a placeholder and it is whole, byte for byte.
func FuzzStream(f *testing.F) {
	f.Add([]byte{0, 0, 6, 1, 65, 130, 7}, []byte{1, 50}, []byte{}, uint16(0))
	f.Add([]byte{2, 5, 14, 10}, []byte{9}, []byte("data: {}\n\n"), uint16(3))
	f.Add([]byte{}, []byte{}, []byte(ev("message_stop", `{"type":"message_stop"}`)), uint16(900))
	f.Fuzz(func(t *testing.T, choices, cuts, tail []byte, lost uint16) {
		src := append([]byte(composed(choices)), tail...)
		src = src[:max(len(src)-int(lost), 0)]
		sizes := make([]int, len(cuts))
		for i, c := range cuts {
			sizes[i] = int(c)
		}
		r := reply(200, "text/event-stream", "")
		r.Body = &chopped{data: bytes.Clone(src), sizes: sizes}
		a := deliver(r, people, CopyOptions{})
		b := deliver(reply(200, "text/event-stream", string(src)), people, CopyOptions{})
		if a.Body.String() != b.Body.String() || a.delivered.String() != a.Body.String() {
			t.Fatal("the answer depends on how it arrives")
		}
		none := deliver(reply(200, "text/event-stream", string(src)), nil, CopyOptions{})
		if none.d.Ended && none.d.ErrorType == "" && none.Body.String() != string(src) {
			t.Fatal("nothing to restore, but the bytes differ")
		}
		if (a.err == nil) != (none.err == nil) || a.d.Ended != none.d.Ended {
			t.Fatal("how an answer ends depends on what is restored in it")
		}
	})
}

// FuzzDelta: a text in any pieces comes out as if it had come whole.
func FuzzDelta(f *testing.F) {
	f.Add("to NAME-7K2QAX and NAME-7K2QBY", []byte{3, 7, 1}, false)
	f.Add(`{"a":"NAME-7K2QAX","b":"{\"c\":\"\\nSTREET-00ZZ12\"}"}`, []byte{3, 7, 30}, true)
	f.Add(`[{"a":"NAME-7K2QAX"}] NAME-7K2`, []byte{3, 7, 30}, false)
	f.Fuzz(func(t *testing.T, s string, cuts []byte, partial bool) {
		s = strings.ToValidUTF8(s, "?")
		k := kinds[0]
		if partial {
			k = kinds[1]
		}
		var pieces []string
		rest := s
		for _, c := range cuts {
			n := min(int(c), len(rest))
			for cutsRune(rest, n) {
				n++
			}
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		pieces = append(pieces, rest)
		cut := joined(t, streamed(t, streamOf(k.delta, k.field, k.block, pieces...)).Body.String(), k.delta, k.field)
		whole := joined(t, streamed(t, streamOf(k.delta, k.field, k.block, s)).Body.String(), k.delta, k.field)
		if cut[0] != whole[0] {
			t.Fatalf("in pieces %q, whole %q", cut[0], whole[0])
		}
		if !partial && restoreWhole(people, s) != whole[0] {
			t.Fatalf("as a stream %q, as JSON %q", whole[0], restoreWhole(people, s))
		}
	})
}
