package claude

import "strings"

// restorer restores every text of an answer that is there as a whole, and
// collects the edits.
type restorer struct {
	doc    *document
	rv     Revealer
	skip   int // a node that is restored elsewhere, or 0
	edits  []edit
	locate func(document, offset int, end bool) int // may be nil
	think  func(revealed, original string)
	said   func(text string) // may be nil
}

// structuralAnswer: members of an answer that hold no text of anybody's, or must
// go back to the vendor exactly as they came.
func structuralAnswer(name string) bool {
	switch name {
	case "id", "type", "role", "model", "stop_reason", "tool_use_id", "request_id",
		"signature", "data", "encrypted_content", "encrypted_index", "encrypted_stdout", "media_type":
		return true
	}
	return false
}

// value restores below a node. In free data (the input of a tool) there is no
// structure: every key and string is the model's.
func (x *restorer) value(i int, free bool) {
	switch x.doc.nodes[i].shape {
	case object:
		thinking := !free && x.doc.getText(i, "type") == "thinking"
		for k, v := range x.doc.members(i) {
			name := x.doc.text(k)
			switch {
			case free:
				x.text(k)
				x.value(v, true)
			case name == "input":
				x.value(v, true)
			case structuralAnswer(name) && !x.doc.is(v, object) && !x.doc.is(v, array):
			case thinking && name == "thinking" && x.doc.is(v, text):
				if now, was := x.text(v); was != "" && x.think != nil {
					x.think(now, was)
				}
			default:
				x.location(i, k, v)
				x.value(v, false)
			}
		}
	case array:
		for _, v := range x.doc.items(i) {
			x.value(v, free)
		}
	case text:
		x.text(i)
	}
}

// text restores one string, and yields what it is now and what it was; nothing
// of a string that is restored elsewhere.
func (x *restorer) text(i int) (now, was string) {
	if i == x.skip && i != 0 {
		return "", ""
	}
	was = x.doc.text(i)
	if x.said != nil && was != "" {
		x.said(was)
	}
	if now = restoreWhole(x.rv, was); now != was {
		x.edits = append(x.edits, edit{node: x.doc.nodes[i], now: now})
	}
	return now, was
}

// restoreWhole restores a text. Where the text is itself JSON, values are
// escaped for the string they stand in.
func restoreWhole(rv Revealer, s string) string {
	if trimmed := strings.TrimLeft(s, " \t\r\n"); trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return rv.Reveal(s)
	}
	n := newNesting(false)
	mask, depth := n.feed(s)
	if depth == nil {
		return rv.Reveal(s)
	}
	seen, at := squeeze(mask)
	hits, _ := rv.Scan(seen)
	if len(hits) == 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for _, h := range hits {
		h.Start, h.End = widen(at, h.Start), widen(at, h.End)
		if h.Start < from || h.End < h.Start || h.End > len(s) {
			continue
		}
		b.WriteString(s[from:h.Start])
		b.WriteString(escapeTimes(h.Value, depth[h.Start]))
		from = h.End
	}
	b.WriteString(s[from:])
	return b.String()
}
