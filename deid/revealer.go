package deid

import (
	"strings"

	"chaperone/phi"
)

// Revealer restores the placeholders of one session in an answer. A placeholder
// that is not live in the session (another session's, or one the model made up)
// stays as it is and is counted. It belongs to one goroutine.
type Revealer struct {
	session  *Session
	restored int
	unknown  int
}

// NewRevealer returns a revealer over s.
func NewRevealer(s *Session) *Revealer { return &Revealer{session: s} }

// Hit is a live placeholder found in a text, in any of the forms that models
// write: lower case, another kind of hyphen, percent-encoded.
type Hit struct {
	Start, End  int // UTF-8 bytes of the text that was scanned
	Placeholder string
	Value       phi.Text
}

// Scan finds the live placeholders in buf. hold is the length in bytes of the
// longest end of buf that is a proper prefix of a live placeholder, and so may
// still become one; 0 if there is none.
func (r *Revealer) Scan(buf string) (hits []Hit, hold int) {
	done := 0
	for _, m := range matches(buf) {
		sur, live := r.session.lookup(m.normal)
		if !live {
			if wellFormed(m.normal) {
				r.unknown++
			}
			continue
		}
		r.restored++
		hits = append(hits, Hit{m.start, m.end, sur.Placeholder, sur.Value})
		done = m.end
	}
	return hits, r.tail(buf[done:])
}

func (r *Revealer) tail(buf string) int {
	for start := max(0, len(buf)-longest+1); start < len(buf); start++ {
		c := buf[start] | 0x20
		if c < 'a' || c > 'z' {
			continue
		}
		normal, ok := normalPrefix(buf[start:])
		if ok && normal != "" && r.session.isPrefix(foldCode(normal)) {
			return len(buf) - start
		}
	}
	return 0
}

// foldCode writes the part after the hyphen in our alphabet (O as 0, I as 1).
func foldCode(normal string) string {
	word, code, ok := strings.Cut(normal, "-")
	if !ok {
		return normal
	}
	folded := []byte(code)
	for i, c := range folded {
		v := alphabetValue(c)
		if v < 0 {
			return normal
		}
		folded[i] = alphabet[v]
	}
	return word + "-" + string(folded)
}

// Reveal restores a whole text.
func (r *Revealer) Reveal(text string) string {
	hits, _ := r.Scan(text)
	if len(hits) == 0 {
		return text
	}
	var b strings.Builder
	from := 0
	for _, h := range hits {
		b.WriteString(text[from:h.Start])
		b.WriteString(h.Value.Expose())
		from = h.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// Restored is the number of placeholders restored so far.
func (r *Revealer) Restored() int { return r.restored }

// Unknown is the number of well-formed placeholders met that are not live in
// the session.
func (r *Revealer) Unknown() int { return r.unknown }
