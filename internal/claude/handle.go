package claude

import (
	"regexp"
	"strings"
)

// The ids by which a tool's result refers to its call are made by the vendor, but
// a client sends them back, and can make its own. Those that a machine drew pass;
// any other is a leaf of class Handle.

// drawnID reports whether an id of a tool call is in the vendor's own form and
// spells nothing: drawn letters and digits, or a short number.
func drawnID(s string) bool {
	rest := s
	for _, p := range []string{"toolu_", "srvtoolu_", "mcptoolu_"} {
		if tail, ok := strings.CutPrefix(s, p); ok {
			rest = tail
			break
		}
	}
	if rest == s {
		return false
	}
	if countedForm.MatchString(rest) {
		return true
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "bdrk_"), "vrtx_")
	return len(rest) >= 16 && drawn(rest)
}

// drawn: up to 64 letters and digits with no run of either that could be a name
// or a number of somebody's. Of 22 that were drawn, one in ten has such a run.
func drawn(s string) bool {
	return within(s, 64, "") && strings.ContainsAny(s, "0123456789") && !spelling.MatchString(s)
}

var (
	countedForm = regexp.MustCompile(`^[0-9]{1,3}[A-Z]?$`)
	spelling    = regexp.MustCompile(`[a-z]{6}|[A-Z]{6}|[0-9]{7}`)
)

// HandlePrefix is the beginning of an id by which the vendor knows whose tool was
// called; toolu_ where an id has none.
func HandlePrefix(id string) string {
	for _, p := range []string{"srvtoolu_", "mcptoolu_"} {
		if strings.HasPrefix(id, p) {
			return p
		}
	}
	return "toolu_"
}

// handle passes an id that a machine drew; any other text is a Handle.
func (s *survey) handle(i int, label string) {
	switch {
	case !s.doc.is(i, text):
		s.extra(i, label)
	case !drawnID(s.doc.text(i)):
		s.leaf(i, Handle, "")
	}
}
