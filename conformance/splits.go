package conformance

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// splitCases say the planted text back in pieces, cut at every place.
func splitCases() []scenario {
	const area = "leaks: splits"
	tool := map[string]any{"who": remark, "list": []any{map[string]any{"ssn": personSSN}}}
	toolTurn := userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":` + marshal(tool) + `}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":"Done."}]}`
	text := func(t *trial, write func(http.ResponseWriter, any)) probe {
		return probe{ask: ask{body: t.message(remark, streaming)}, at: "/messages/0/content", want: remark, stream: true, write: write}
	}
	input := func(t *trial, write func(http.ResponseWriter, any)) probe {
		return probe{ask: ask{body: t.conversation(toolTurn, streaming)}, at: "/messages/1/content/0/input", want: tool, stream: true, write: write}
	}
	return []scenario{
		{area, "a text over two deltas, at every character", func(t *trial) error {
			return t.everyCut(text, func(said any) string { return said.(string) }, textStream)
		}},
		{area, "a text in deltas of one character each", func(t *trial) error {
			return t.plant(text(t, func(w http.ResponseWriter, said any) {
				writeStream(w, textStream(strings.Split(said.(string), "")...))
			}))
		}},
		{area, "a tool's input over two deltas, at every character", func(t *trial) error {
			return t.everyCut(input, marshal, toolStream)
		}},
		{area, "a tool's input over two deltas, in \\u escapes, at every character", func(t *trial) error {
			return t.everyCut(input, func(said any) string { return escapeValues(marshal(said)) }, toolStream)
		}},
		{area, "a tool's input in deltas of one character each", func(t *trial) error {
			return t.plant(input(t, func(w http.ResponseWriter, said any) {
				writeStream(w, toolStream(strings.Split(marshal(said), "")...))
			}))
		}},
		{area, "the bytes of a stream, cut at every byte", func(t *trial) error {
			return t.everyByte(text, func(said any) string {
				s := said.(string)
				return textStream(s[:runeAt(s, len(s)/3)], s[runeAt(s, len(s)/3):])
			})
		}},
		{area, "the bytes of a stream with a tool call, cut at every byte", func(t *trial) error {
			return t.everyByte(input, func(said any) string {
				s := marshal(said)
				return toolStream(s[:runeAt(s, len(s)/2)], s[runeAt(s, len(s)/2):])
			})
		}},
		{area, "the bytes of a stream, one by one", func(t *trial) error {
			return t.plant(text(t, func(w http.ResponseWriter, said any) {
				writeStream(w, bytesOf(textStream(said.(string)))...)
			}))
		}},
		{area, "the bytes of a stream with CRLF, one by one", func(t *trial) error {
			return t.plant(text(t, func(w http.ResponseWriter, said any) {
				writeStream(w, bytesOf(strings.ReplaceAll(textStream(said.(string)), "\n", "\r\n"))...)
			}))
		}},
	}
}

// stride is how many places one that is tried stands for.
func (t *trial) stride() int {
	if t.short {
		return 7
	}
	return 1
}

// everyCut says a text back in two deltas, cut at every character.
func (t *trial) everyCut(make func(*trial, func(http.ResponseWriter, any)) probe, text func(any) string, stream func(...string) string) error {
	for cut, more := 1, true; more; cut += t.stride() {
		err := t.plant(make(t, func(w http.ResponseWriter, said any) {
			s := text(said)
			at := runeAt(s, min(cut, len(s)-1))
			more = cut < len(s)-1
			writeStream(w, stream(s[:at], s[at:]))
		}))
		if err != nil || t.fault != "" {
			return err
		}
		if len(t.up.all()) == 0 {
			return nil // refused once is refused always
		}
	}
	return nil
}

// everyByte writes a stream in two pieces, cut at every byte.
func (t *trial) everyByte(make func(*trial, func(http.ResponseWriter, any)) probe, stream func(any) string) error {
	for cut, more := 1, true; more; cut += t.stride() {
		err := t.plant(make(t, func(w http.ResponseWriter, said any) {
			s := stream(said)
			at := min(cut, len(s)-1)
			more = cut < len(s)-1
			writeStream(w, s[:at], s[at:])
		}))
		if err != nil || t.fault != "" {
			return err
		}
		if len(t.up.all()) == 0 {
			return nil
		}
	}
	return nil
}

// runeAt is the beginning of the character that the byte at n belongs to.
func runeAt(s string, n int) int {
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

func bytesOf(s string) []string {
	list := make([]string, len(s))
	for i := range len(s) {
		list[i] = s[i : i+1]
	}
	return list
}

// escapeValues writes every letter and digit inside the strings of a JSON text
// as a \u escape.
func escapeValues(text string) string {
	var b strings.Builder
	in := false
	for i, r := range text {
		switch {
		case r == '"' && (i == 0 || text[i-1] != '\\'):
			in = !in
			b.WriteRune(r)
		case in && r != '\\' && r < 0x10000 && (i == 0 || text[i-1] != '\\'):
			b.WriteString(strings.Trim(escapeAll(string(r)), `"`))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
