package deid

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The timeline: a date that can be read with certainty is sent as its
// placeholder and its day, counted from the first such date that the session
// met: "DATE-7K2QAX (Day 14)". What was first, and how long after, can still be
// told; which day of the calendar it was, cannot.
//
// Why a day is no element of a date (45 CFR 164.514(b)(2)(i)(C)): Day 0 is
// nowhere said, and every calendar day would give the same numbers, so that a
// day number alone rules none out. Two rules keep it so. A date of birth has no
// day and never is Day 0; it keeps its year, which may stand, or "90 or older"
// where the year tells an age over 89. And no day lies more than 40 years from
// Day 0, so that no two are far enough apart to tell such an age. What a text
// itself says beside a date ("the Monday after Easter") is not taken away by
// this; to find that is the finder's task.
//
// A date that could be another one (3/4, 3/4/2024 where nobody said which is the
// month, two digits of a year that could be of either century) has no day: a
// wrong one would be worse than none.

// furthest is the last day before and after Day 0 that is told.
const furthest = within * 365

// timelineFact is the name under which the vault keeps Day 0 of a session.
const timelineFact = "timeline"

// dayNote is what is told beside the placeholder of a date, with a blank before
// it; "" if nothing is. The first day that may be Day 0 becomes it.
func (s *Session) dayNote(surface string, order DateOrder, born bool, now int) string {
	w := s.written(surface)
	if born {
		year, ok := w.yearOfBirth(now)
		switch {
		case !ok:
			return ""
		case year < now-maxAge:
			return " (" + ninety + ")"
		}
		return " (" + strconv.Itoa(year) + ")"
	}
	d, ok := w.certain(order, now)
	if !ok {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dates.day0 == nil {
		if d.year < now-within || d.year > now+within {
			return ""
		}
		n := d.number()
		s.dates.day0 = &n
		s.remember(timelineFact, strconv.Itoa(n))
	}
	return noteOfDay(d.number() - *s.dates.day0)
}

// written is readDate of a date that has a placeholder: the same ones come again
// in every turn.
func (s *Session) written(surface string) writtenDate {
	s.mu.RLock()
	w, ok := s.dates.read[surface]
	s.mu.RUnlock()
	if ok {
		return w
	}
	surface = strings.Clone(surface)
	w = readDate(surface)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, live := s.bySurface[surface]; live {
		s.dates.read[surface] = w
	}
	return w
}

func noteOfDay(n int) string {
	if n < -furthest || n > furthest {
		return ""
	}
	return " (Day " + strconv.Itoa(n) + ")"
}

// dayNotes lists, without blanks and brackets, all that this session can have
// told beside the placeholder of a date, whichever way it was read.
func (s *Session) dayNotes(surface string) []string {
	s.mu.RLock()
	day0 := s.dates.day0
	s.mu.RUnlock()
	w := s.written(surface)
	notes := []string{squeeze(ninety)}
	if w.year != 0 {
		notes = append(notes, strconv.Itoa(w.year))
	}
	for _, d := range w.ways {
		notes = append(notes, strconv.Itoa(d.year))
		if day0 != nil {
			if note := noteOfDay(d.number() - *day0); note != "" {
				notes = append(notes, squeeze(note[2:len(note)-1]))
			}
		}
	}
	return notes
}

// squeeze takes the blanks out of a note and makes it small.
func squeeze(note string) string { return strings.ToLower(strings.ReplaceAll(note, " ", "")) }

// longestNote bounds what is read as a note, in bytes.
const longestNote = 32

// noteIn looks for one of the notes at the beginning of text, which follows a
// date's placeholder. Models put marks of emphasis between the two, and write
// other blanks and hyphens. It returns the place of the note (start == end if
// there is none), and whether more text could still make one of what is there.
func noteIn(text string, known func() []string) (start, end int, more bool) {
	at := 0
	for at < len(text) && at < 3 && strings.IndexByte("*_`", text[at]) >= 0 {
		at++
	}
	start = at
	at += blankAt(text, at)
	switch {
	case at == len(text), cutRune(text[at:]):
		return 0, 0, true
	case text[at] != '(':
		return 0, 0, false
	}
	var body strings.Builder
	notes := known()
	for at++; at < len(text) && at-start < longestNote; {
		if text[at] == ')' {
			for _, n := range notes {
				if n == body.String() {
					return start, at + 1, false
				}
			}
			return 0, 0, false
		}
		if cutRune(text[at:]) {
			break
		}
		if n := blankAt(text, at); n > 0 {
			at += n
			continue
		}
		if n := hyphenAt(text, at); n > 0 {
			body.WriteByte('-')
			at += n
			continue
		}
		body.WriteByte(lower(text[at]))
		at++
	}
	if at-start >= longestNote {
		return 0, 0, false
	}
	for _, n := range notes {
		if strings.HasPrefix(n, body.String()) {
			return 0, 0, true
		}
	}
	return 0, 0, false
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// blankAt returns the length of the blank at text[i:], 0 if there is none.
func blankAt(text string, i int) int {
	for _, blank := range []string{" ", "\u00a0", "\u202f"} {
		if strings.HasPrefix(text[i:], blank) {
			return len(blank)
		}
	}
	return 0
}

// cutRune reports whether text is the beginning of one character.
func cutRune(text string) bool {
	return text != "" && len(text) < utf8.UTFMax && !utf8.FullRuneInString(text)
}

// bornWords are found in what leads to a date of birth: dob, birthDate, née le.
var bornWords = []string{"dob", "d.o.b", "d o b", "born", "birth", "bday", "b-day", "naissance", "ddn", "nacid", "nacim", " ne le", " nee le", "geb.", "geboren", "nato il", "nata il"}

// bornSegments are the segments of HL7 v2 and X12 in which a date tells of a
// person and not of a visit.
var bornSegments = []string{"pid", "nk1", "gt1", "in1", "in2", "dmg"}

// isBirth reports whether the date at text[start:end] is one of birth: its label
// says so, or the words before it on the line, since the date before it, or the
// word behind it.
func isBirth(text string, start, end, since int, label string) bool {
	if bornIn(label) {
		return true
	}
	if segmentOfBirth(text[max(0, start-1024):start]) {
		return true
	}
	before := strings.TrimRight(text[max(since, start-60):start], " \t\r\n")
	if i := strings.LastIndexAny(before, "\r\n;|"); i >= 0 {
		before = before[i:]
	}
	if i := strings.LastIndex(before, ". "); i >= 0 {
		before = before[i:]
	}
	behind := strings.TrimLeft(text[end:min(len(text), end+8)], " ,(")
	return bornIn(before) || len(behind) >= 3 && strings.EqualFold(behind[:3], "dob")
}

func segmentOfBirth(before string) bool {
	for _, ends := range []string{"\r\n", "\r\n~"} {
		line := before[strings.LastIndexAny(before, ends)+1:]
		if len(line) < 4 || isAlnum(line[3]) {
			continue
		}
		for _, segment := range bornSegments {
			if strings.EqualFold(line[:3], segment) {
				return true
			}
		}
	}
	return false
}

func bornIn(words string) bool {
	if words == "" {
		return false
	}
	folded := " " + strings.ToLower(words)
	if strings.IndexFunc(words, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		folded = " " + foldMarks(words)
	}
	for _, w := range bornWords {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}

// noted is the placeholder of a date with what is told beside it. What stands
// behind the date in the text must not be taken for the note when the answer
// comes back: where it could be, the note is put there, so that there are two.
func (v *Veil) noted(placeholder, surface, behind string, born bool) string {
	s := v.session
	note := s.dayNote(surface, v.profile.order, born, v.engine.year)
	if note == "" && strings.IndexByte(behind[:min(len(behind), 6)], '(') >= 0 {
		if start, end, _ := noteIn(behind, func() []string { return s.dayNotes(surface) }); end > start {
			note = " (" + strings.Trim(behind[start:end], " ()\u00a0\u202f") + ")"
		}
	}
	return placeholder + note
}
