package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// spelledRun takes what is spelled letter by letter or digit by digit with
// blanks between: "A P P L E B A U M" is a name, "G N dash 5 5 1 8" a number.
func (p *page) spelledRun(i int) int {
	letters, numbers, end := 0, 0, i
	for j := i; j < i+40; j++ {
		t := p.at(j)
		if j > i && t.gap != gapSpace && !(p.isAny(j, "-,.") && t.gap == gapNone) {
			break
		}
		switch {
		case t.size() == 1 && t.kind == digits, t.kind == word && t.cue&cueNumber != 0 && (t.value < 10 || t.value == 100) && letters+numbers > 0 && t.size() > 1:
			numbers++
			end = j + 1
		case t.kind == word && t.size() == 1 && t.shape == initial:
			letters++
			end = j + 1
		case letters+numbers > 0 && (p.isAny(j, "-,.") || p.word(j) == "dash" || p.word(j) == "hyphen" || p.word(j) == "slash" || p.word(j) == "double"):
		default:
			j = i + 40
		}
	}
	switch {
	case letters >= 4 && numbers == 0 && end == i+letters && p.spells(i, end):
		return p.putSpelled(phi.Name, i, end)
	case letters >= 1 && letters <= 6 && numbers >= 3 && letters+numbers >= 5 && p.at(i).kind == word:
		return p.putSpelled(phi.Code, i, end)
	}
	return 0
}

// spells says whether the letters at tokens i to end spell a word that stands
// shortly before them, or one that "spelled" announces: in talk that was written
// down, abbreviations stand letter by letter, too.
func (p *page) spells(i, end int) bool {
	var b [24]byte
	n := 0
	for j := i; j < end && n < len(b); j++ {
		b[n] = p.txt[p.tok[j].start] | 0x20
		n++
	}
	for j := i - 1; j >= i-6 && j >= 0; j-- {
		switch w := lowerOf(p.word(j)); w {
		case "spelled", "spelling", "spelt", "spell", "surname":
			return true
		default:
			if w == string(b[:n]) {
				return true
			}
		}
	}
	return n >= 8
}

// putSpelled puts a spelled run where the text is about somebody: letters stand
// apart in headings and in lists of answers, too.
func (p *page) putSpelled(kind phi.Kind, i, end int) int {
	if !p.someone() || p.held(i, end) {
		return 0
	}
	p.put(kind, i, end, 0.72, "spelled-run")
	return end
}

// hashTag takes "#JaneDoe" and "#PrayForJane": words run together, one of them
// a name.
func (p *page) hashTag(i int) int {
	t := p.at(i + 1)
	if !p.is(i, '#') || t.kind != word || t.shape != camel || t.gap != gapNone || t.size() > 40 || p.at(i).gap == gapNone && i > 0 {
		return 0
	}
	s := p.word(i + 1)
	from, named := 0, false
	for k := 1; k <= len(s); k++ {
		if k < len(s) && !isUpper(s[k]) {
			continue
		}
		if part := lowerOf(s[from:k]); len(part) > 2 {
			e := p.lex.Look(reference.KeyOf(part))
			named = named || e.English() == 0 && max(e.Given(), e.Family()) >= 3 || e.Given() >= 6 && !e.Has(clinicalTraits)
		}
		from = k
	}
	if !named {
		return 0
	}
	p.put(phi.Name, i+1, i+2, 0.75, "hashtag")
	return i + 2
}

// caretName takes a name as messages write it where no message is:
// "ROE^JANE^Q".
func (p *page) caretName(i int) int {
	t := p.at(i)
	if p.message || !p.is(i+1, '^') || p.at(i+1).gap != gapNone || t.kind != word || t.size() < 2 || !t.capital() || p.at(i+2).kind != word || p.at(i+2).gap != gapNone || !p.at(i+2).capital() || t.cue&cueNever != 0 || p.is(i-1, '^') || p.is(i-1, '|') {
		return 0
	}
	if p.strength(i) < 2 && p.strength(i+2) < 4 || p.entry(i).Has(clinicalTraits) {
		return 0
	}
	end := i + 3
	for p.is(end, '^') && p.at(end).gap == gapNone && p.at(end+1).kind == word && p.at(end+1).gap == gapNone && p.at(end+1).capital() {
		end += 2
	}
	p.put(phi.Name, i, end, 0.85, "caret-name")
	return end
}

// initialsBehind takes "initials R-T" and "(initials J.R.M."; the word stands at
// token i.
func (p *page) initialsBehind(i int) int {
	if w := p.word(i); w != "initials" && w != "Initials" && w != "initiales" {
		return 0
	}
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, ":(") || p.word(j) == "are"); n++ {
		j++
	}
	if t := p.at(j); !p.near(j) || t.kind != word || t.shape != initial && (t.shape != upper2 || t.size() > 4 || t.entry.English() > 0) {
		return 0
	}
	end := j + 1
	for p.isAny(end, ".-") && p.at(end).gap == gapNone && p.at(end+1).shape == initial && p.at(end+1).gap == gapNone {
		end += 2
	}
	p.put(phi.Name, j, end, 0.8, "initials")
	return end
}

// restOfName goes on from a surname that ends before token i over ", W.", and
// from "GUERINEAU, née LE BIHAN" over the given name.
func (p *page) restOfName(i int) {
	for j := i; p.is(j, '^') && p.at(j).gap == gapNone && p.at(j+1).kind == word && p.at(j+1).gap == gapNone && p.at(j+1).capital() && !p.message; j += 2 {
		p.put(phi.Name, j+1, j+2, 0.75, "caret-name")
	}
	if !p.is(i, ',') || !p.near(i+1) || i+1 >= len(p.tok) || p.taken[i+1] {
		return
	}
	t := p.at(i + 1)
	if t.shape == initial && p.is(i+2, '.') && p.at(i+2).gap == gapNone && (p.at(i-2).kind != word || !p.near(i-1) || !p.at(i-2).capital() || p.at(i-2).cue != 0) && p.at(i+3).gap > gapNone {
		p.put(phi.Name, i+1, i+2, 0.7, "initial-behind")
	}
}

// spellsBefore says whether the letters joined by hyphens from token i on spell
// the word before them: "Siobhan, S-I-O-B-H-A-N".
func (p *page) spellsBefore(i int) bool {
	j := i - 1
	if p.isAny(j, ",(:-") {
		j--
	}
	s := lowerOf(p.word(j))
	if p.at(j).kind != word || len(s) < 4 {
		return false
	}
	for n := range len(s) {
		k := i + 2*n
		if p.at(k).kind != word || p.at(k).size() != 1 || p.txt[p.tok[k].start]|0x20 != s[n] {
			return false
		}
	}
	return true
}
