package deid

import (
	"strings"

	"chaperone/phi"
)

// Revealer restores the placeholders and stand-ins of one session in an answer. A
// placeholder that is not live in the session (another session's, or one the
// model made up) stays as it is and is counted. What was told beside a date goes
// with its placeholder: "DATE-7K2QAX (Day 14)" and "DATE-7K2QAX" both become the
// date as it was written; a day that has no placeholder stays. It belongs to one
// goroutine.
type Revealer struct {
	session  *Session
	restored int
	unknown  int
}

// NewRevealer returns a revealer over s.
func NewRevealer(s *Session) *Revealer { return &Revealer{session: s} }

// Hit is something to restore in a text: a live placeholder, in any of the forms
// that models write (lower case, another kind of hyphen, percent-encoded), with
// what was told beside it, or a stand-in. Where marks of emphasis stand between a
// placeholder and what was told beside it, that is a hit of its own with nothing
// to put in its place.
type Hit struct {
	Start, End  int    // UTF-8 bytes of the text that was scanned
	Placeholder string // empty for a stand-in
	Value       phi.Text
}

// Scan finds what to restore in buf, the next piece of a stream. hold is the
// length in bytes of the end of buf that more text may still change: a proper
// prefix of a live placeholder or stand-in, a date's placeholder whose day may
// follow, and in a session with stand-ins the last word; 0 if there is none. What
// is held must come again at the start of the next buf, or go through Reveal when
// the stream has ended.
func (r *Revealer) Scan(buf string) (hits []Hit, hold int) { return r.scan(buf, true) }

// Hits finds what to restore in a text that is there as a whole.
func (r *Revealer) Hits(text string) []Hit {
	hits, _ := r.scan(text, false)
	return hits
}

func (r *Revealer) scan(buf string, open bool) (hits []Hit, hold int) {
	end := len(buf) // of what is decided
	stands, undecided, altered := r.session.findStandIns(buf, open)
	end -= undecided
	done := 0
	for _, m := range matches(buf) {
		sur, live := r.session.lookup(m.normal)
		if !live {
			if wellFormed(m.normal) && m.end <= end {
				r.unknown++
			}
			continue
		}
		from, to := m.end, m.end
		if sur.Kind == phi.Date {
			start, stop, more := noteIn(buf[m.end:], func() []string { return r.session.dayNotes(sur.Value.Expose()) })
			if more && open {
				end = min(end, m.start)
			}
			from, to = m.end+start, m.end+stop
		}
		if m.start >= end || max(to, m.end) > end {
			end = min(end, m.start)
			break
		}
		done = max(to, m.end)
		r.restored++
		hit := Hit{m.start, m.end, sur.Placeholder, sur.Value}
		if to > from && from == m.end {
			hit.End = to
		}
		hits = append(hits, hit)
		if to > from && from > m.end {
			hits = append(hits, Hit{Start: from, End: to, Placeholder: sur.Placeholder})
		}
	}
	if open {
		if n := r.tail(buf[min(done, end):]); n > 0 {
			end = min(end, len(buf)-n)
		}
	}
	r.unknown += altered
	return r.join(hits, stands, end), len(buf) - end
}

// join puts stand-ins among the placeholders, as far as the text is decided.
func (r *Revealer) join(hits []Hit, stands []standInHit, end int) []Hit {
	if len(stands) == 0 {
		return hits
	}
	var all []Hit
	next := 0
	for _, h := range stands {
		for next < len(hits) && hits[next].Start < h.end {
			all = append(all, hits[next])
			next++
		}
		if h.end > end || len(all) > 0 && all[len(all)-1].End > h.start {
			continue
		}
		r.restored++
		all = append(all, Hit{Start: h.start, End: h.end, Value: phi.Seal(h.value)})
	}
	return append(all, hits[next:]...)
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
	hits := r.Hits(text)
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

// Restored is the number of places restored so far.
func (r *Revealer) Restored() int { return r.restored }

// Unknown is the number of well-formed placeholders met that are not live in
// the session, and of words that seem to be made of an invented name.
func (r *Revealer) Unknown() int { return r.unknown }
