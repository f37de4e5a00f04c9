package gateway

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/deid"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
	"chaperone/phi"
)

// hearing looks for identifiers that an answer brings and the request never
// held (DLP-15): of another patient, out of a server tool, or invented. Only
// names, contact details and numbers count: dates and places stand in every
// answer about medicine.
type hearing struct {
	rule     policy.Answers
	engine   *deid.Engine
	session  *deid.Session
	request  *texts
	said     []string // the texts of the answer as Claude wrote them
	held     *held    // made when it is first asked
	withheld int
}

// listen takes one whole text of the answer.
func (h *hearing) listen(text string) { h.said = append(h.said, text) }

// brought counts by kind what only the answer has.
func (h *hearing) brought() map[string]int {
	counts := map[string]int{}
	veil := deid.NewVeil(h.engine, h.session)
	for _, text := range h.said {
		veil.Read(text, deid.Where{})
	}
	for _, text := range h.said {
		for _, f := range h.strange(text, veil.Findings(text, deid.Where{})) {
			counts[f.Kind.String()]++
		}
	}
	return counts
}

// strange keeps the findings that the request did not hold.
func (h *hearing) strange(text string, found []deid.Finding) []deid.Finding {
	direct := deid.Minimum()
	return slices.DeleteFunc(found, func(f deid.Finding) bool {
		switch {
		case f.Kind == phi.Literal, !f.Kind.Identifies(), !direct.Conceals(f.Kind), f.Score < certainly:
			return true
		}
		if h.held == nil {
			h.held = heldBy(h.request)
		}
		return h.held.has(text[f.Start:f.End])
	})
}

// held is what a request says, folded for looking up.
type held struct {
	words  map[string]bool
	digits string // all of its digits in order
}

func heldBy(t *texts) *held {
	h := &held{words: map[string]bool{}}
	var digits strings.Builder
	t.all(func(leaf claude.Leaf) {
		t.each(leaf, func(text string, _ deid.Where) {
			for w := range strings.FieldsFuncSeq(strings.ToLower(text), apart) {
				h.words[w] = true
			}
			digits.WriteString(onlyDigits(text))
			digits.WriteByte(' ')
		})
	})
	h.digits = digits.String()
	return h
}

// has reports whether the request held an identifier in some form: a number by
// its digits, anything else by all of its words.
func (h *held) has(surface string) bool {
	if n := onlyDigits(surface); len(n) >= 6 && strings.Contains(h.digits, n) {
		return true
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(surface), apart) {
		if !h.words[w] {
			return false
		}
	}
	return true
}

func apart(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// withholder takes out of an answer what hearing finds strange, besides what
// the revealer within restores. So that it can judge whole sentences, it holds
// back what stands after the last end of one. It belongs to one goroutine.
type withholder struct {
	claude.Revealer
	h      *hearing
	before string // the end of the text that was decided before: what may label the next
}

const (
	mostBefore  = 160     // bytes of context in front of a piece
	mostWaiting = 4 << 10 // bytes without an end of a sentence after which a word's end will do
)

// around is the revealer that the rule about answers asks for.
func (h *hearing) around(rv claude.Revealer) claude.Revealer {
	if h.rule != policy.WithholdAnswers {
		return rv
	}
	return &withholder{Revealer: rv, h: h}
}

// Reveal restores a whole text, and takes out what is strange in it.
func (w *withholder) Reveal(text string) string {
	spans, _ := w.spans(text, len(text))
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	from := 0
	for _, s := range spans {
		b.WriteString(text[from:s.Start])
		b.WriteString(s.Value)
		from = s.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// Scan decides as much of buf as ends with a sentence.
func (w *withholder) Scan(buf string) ([]claude.Span, int) {
	end := endOfSentence(buf)
	if end == 0 && len(buf) > mostWaiting {
		end = max(0, strings.LastIndexByte(buf[:len(buf)-mostBefore], ' '))
	}
	if end == 0 {
		return nil, len(buf)
	}
	spans, end := w.spans(buf, end)
	return spans, len(buf) - end
}

// spans are the replacements in the first end bytes of a text, and how many of
// its bytes are decided.
func (w *withholder) spans(text string, end int) ([]claude.Span, int) {
	restore, hold := w.Revealer.Scan(text[:end])
	if end == len(text) { // there is no more to come
		if tail := text[end-hold:]; w.Revealer.Reveal(tail) != tail {
			restore = append(restore, claude.Span{Start: end - hold, End: end, Value: w.Revealer.Reveal(tail)})
		}
	} else {
		end -= hold
	}
	context := w.before + text[:end]
	shift := len(w.before)
	veil := deid.NewVeil(w.h.engine, w.h.session)
	veil.Read(context, deid.Where{})
	all := restore
	for _, f := range w.h.strange(context, veil.Findings(context, deid.Where{})) {
		s := claude.Span{Start: max(f.Start-shift, 0), End: f.End - shift, Value: "[withheld: " + f.Kind.Plain() + "]"}
		if s.End <= s.Start || slices.ContainsFunc(restore, func(r claude.Span) bool { return r.Start < s.End && s.Start < r.End }) {
			continue
		}
		w.h.withheld++
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b claude.Span) int { return a.Start - b.Start })
	cut := max(0, len(context)-mostBefore)
	for cut < len(context) && !utf8.RuneStart(context[cut]) {
		cut++
	}
	w.before = context[cut:]
	return all, end
}

// endOfSentence is the end of the last line, quoted string or sentence of a
// text, in bytes; 0 if there is none. A full stop ends a sentence only behind a
// word in small letters: "Dr." and "J." do not.
func endOfSentence(s string) int {
	for i := len(s) - 1; i > 0; i-- {
		switch s[i] {
		case '\n', '"':
			return i + 1
		case ' ':
			if i >= 4 && strings.IndexByte(".!?", s[i-1]) >= 0 && small(s[i-2]) && small(s[i-3]) && small(s[i-4]) {
				return i + 1
			}
		}
	}
	return 0
}

func small(c byte) bool { return c >= 'a' && c <= 'z' }
