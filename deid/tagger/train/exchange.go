package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/deid/synth"
	"chaperone/phi"
	"chaperone/reference"
)

// exchanger writes carriers about other people, in other places.
type exchanger struct {
	world *synth.World
	caser *caser
	lex   *reference.Lexicon
}

// countries are where the texts of a tongue are written.
var countries = map[string][]string{
	"en": {"US", "US", "CA", "GB", "AU", "NZ"},
	"fr": {"QC", "FR", "FR", "BE", "CH"},
	"es": {"ES", "MX", "US"},
}

// write yields the carrier with everybody in it exchanged. Who is named twice
// is exchanged for the same word twice.
func (e *exchanger) write(k carrier) synth.Note {
	var n synth.Note
	var b strings.Builder
	r := &recast{exchanger: e, tongue: k.tongue, country: e.caser.pick(countries[k.tongue]), people: map[string]string{}}
	for i, p := range k.pieces {
		if p.kind == phi.None {
			b.WriteString(p.text)
			continue
		}
		from := b.Len()
		b.WriteString(r.exchange(p, i > 0 && entitled(k.pieces[i-1].text)))
		n.Spans = append(n.Spans, synth.Span{Start: from, End: b.Len(), Kind: p.kind})
	}
	n.Text = b.String()
	return n
}

// recast is one text being written about others.
type recast struct {
	*exchanger
	tongue, country string
	people          map[string]string // word as it was, in small letters: word as it is
}

func (r *recast) exchange(p piece, entitled bool) string {
	switch p.kind {
	case phi.Name:
		return r.name(p.text, entitled)
	case phi.Place:
		return likeCase(p.text, r.world.Person(r.country).Home.Town)
	case phi.Org:
		return r.house(p.text)
	case phi.Street:
		return r.words(digits(r.caser, p.text), func() string { return r.world.Person(r.country).Family })
	case phi.Email:
		return r.world.Person(r.country).Contact.Email
	case phi.Date, phi.Age, phi.Link, phi.Host:
		return p.text
	}
	return digits(r.caser, p.text)
}

// titles are what stands before a family name.
var titles = words("dr mr mrs ms miss mx sir prof professor doctor mister nurse mme mlle dre m madame monsieur docteur pr sr sra sister officer judge rev pastor father coach")

// kept are the words of a name that say whose it is and not which.
var kept = words("jr sr ii iii iv van von der den de la le du da dos del di bin ibn al el ben y e st dr mr mrs ms miss mme dre née nee dit aka md rn np phd")

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// entitled reports whether a text ends with a title, so that a single word to
// come is a family name.
func entitled(before string) bool {
	last := before[strings.LastIndexAny(strings.TrimRight(before, ". "), " \n\t(,:\"")+1:]
	return titles[strings.ToLower(strings.Trim(last, ". "))]
}

// name exchanges each word of a name, given names for given names and family
// names for family names.
func (r *recast) name(text string, entitled bool) string {
	parts := split(text)
	somebody := r.world.Person(r.country)
	last, comma := -1, strings.Contains(text, ",")
	for i, p := range parts {
		if w := strings.ToLower(p); utf8.RuneCountInString(p) > 1 && !kept[w] && !notLetter(first(p)) && (last < 0 || !comma) {
			last = i
		}
	}
	alone := last == 0 && len(parts) == 1
	for i, p := range parts {
		w := strings.ToLower(p)
		switch {
		case notLetter(first(p)) || kept[w]:
			continue
		case utf8.RuneCountInString(p) == 1:
			parts[i] = likeCase(p, string("abcdefghijklmnoprstuvwy"[r.caser.n(23)]))
			continue
		}
		other, known := r.people[w]
		if !known {
			entry := r.lex.Look(reference.KeyOf(reference.Fold(w)))
			family := i == last && !alone || alone && (entitled || entry.Family() > entry.Given())
			if other = somebody.Given; family {
				other = somebody.Family
			}
			r.people[w] = other
			somebody = r.world.Person(r.country)
		}
		parts[i] = likeCase(p, other)
	}
	return strings.Join(parts, "")
}

// houses are the kinds of institutions that one is exchanged for as a whole.
var houses = []string{"hospital", "hospital", "care", "care", "agency", "employer", "school", "pharmacy", "shop", "carehome", "club"}

// house exchanges what an institution is called after, and keeps what it is;
// one in four becomes another altogether.
func (r *recast) house(text string) string {
	if r.caser.n(4) == 0 || !strings.ContainsRune(text, ' ') {
		return likeCase(text, r.world.House(r.caser.pick(houses), r.tongue, r.country))
	}
	return r.words(text, func() string {
		p := r.world.Person(r.country)
		if r.caser.n(2) == 0 {
			return p.Home.Town
		}
		return p.Family
	})
}

// words exchanges the words that no dictionary holds, or, where it holds them
// all, now and then the first.
func (r *recast) words(text string, other func() string) string {
	parts, changed := split(text), false
	for i, p := range parts {
		if w := strings.ToLower(p); utf8.RuneCountInString(p) > 3 && !notLetter(first(p)) && !kept[w] {
			if e := r.lex.Look(reference.KeyOf(reference.Fold(w))); e.English() == 0 && e.French() == 0 {
				parts[i], changed = likeCase(p, other()), true
			}
		}
	}
	if p := parts[0]; !changed && len(parts) > 2 && r.tongue == "en" && !notLetter(first(p)) && r.caser.n(2) == 0 {
		parts[0] = likeCase(p, other())
	}
	return strings.Join(parts, "")
}

// split cuts a text into words and what stands between them. A run of letters
// and digits is left alone, as what stands between.
func split(text string) []string {
	var out []string
	from, letters := 0, false
	for i, c := range text {
		if i > 0 && !notLetter(c) != letters {
			out = append(out, text[from:i])
			from = i
		}
		letters = !notLetter(c)
	}
	return append(out, text[from:])
}

func notLetter(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsMark(c) }

func first(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// likeCase writes other as text is written: all small, all capitals, or as it
// comes.
func likeCase(text, other string) string {
	switch {
	case strings.ToLower(text) == text:
		return strings.ToLower(other)
	case strings.ToUpper(text) == text:
		return strings.ToUpper(other)
	}
	return other
}

// digits exchanges every digit.
func digits(c *caser, text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return rune('0' + c.n(10))
		}
		return r
	}, text)
}
