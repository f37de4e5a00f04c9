package claude

// edit replaces a value by a string, or by bare JSON.
type edit struct {
	node node
	now  string
	bare bool // now is JSON already: a number
}

// splice applies edits, which must be in order and apart. Without any it returns
// src itself.
func splice(src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	grown := 0
	for _, e := range edits {
		grown += max(0, len(e.now)-int(e.node.end-e.node.start)) + 8
	}
	out, from := make([]byte, 0, len(src)+grown), 0
	for _, e := range edits {
		out = append(out, src[from:e.node.start]...)
		if e.bare {
			out = append(out, e.now...)
		} else {
			out = appendQuoted(out, e.now)
		}
		from = int(e.node.end)
	}
	return append(out, src[from:]...)
}
