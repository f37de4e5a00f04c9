package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// bySign takes a name that the form of the text around it gives away: a
// signature, an age beside it, a file name, letters spelled out.
func (p *page) bySign(i int) int {
	t := p.at(i)
	if t.shape == initial || t.shape == upper2 && t.size() <= 3 {
		if end := p.byInitials(i); end > 0 {
			return end
		}
	}
	switch {
	case t.shape == initial && p.is(i+1, '-') && p.at(i+1).gap == gapNone:
		return p.spelledOut(i)
	case !t.capital() && t.shape != camel || t.size() < 2:
		return 0
	}
	if end := p.fileName(i); end > 0 {
		return end
	}
	if end := p.besideAge(i); end > 0 {
		return end
	}
	if end := p.newborn(i); end > 0 {
		return end
	}
	if end := p.afterSpouse(i); end > 0 {
		return end
	}
	if end := p.monthAsName(i); end > 0 {
		return end
	}
	if end := p.aloneOnLine(i); end > 0 {
		return end
	}
	return p.signature(i)
}

// monthAsName takes "May Rose, NP": a given name that is a month, with a
// surname and a degree.
func (p *page) monthAsName(i int) int {
	if !p.cue(i, cueMonth) || p.at(i).shape != title1 || p.entry(i).Given() < 5 || p.at(i+1).shape != title1 || !p.near(i+1) || p.entry(i+1).Family() < 3 {
		return 0
	}
	j := i + 2
	if p.is(j, ',') {
		j++
	}
	if !p.cue(j, cueCredential) || p.at(j).shape != upper2 || !p.near(j) {
		return 0
	}
	return p.putName(i, i+2, 0.9, "credential")
}

// spelledOut takes C-O-L-D-W-E-L-L after "spelled".
func (p *page) spelledOut(i int) int {
	if w := p.word(i - 1); !p.spellsBefore(i) && w != "spelled" && w != "spelling" && w != "spelt" && w != "spell" && w != "is" && w != "that's" {
		return 0
	}
	j, n := i+1, 1
	for p.is(j, '-') && p.at(j).gap == gapNone && p.at(j+1).shape == initial && p.at(j+1).gap == gapNone {
		j += 2
		n++
	}
	if n < 4 {
		return 0
	}
	p.put(phi.Name, i, j, 0.9, "spelled")
	return j
}

// fileName takes Smith_John out of Smith_John_MRI.pdf.
func (p *page) fileName(i int) int {
	if !p.is(i+1, '_') || p.at(i+1).gap != gapNone || p.at(i+2).kind != word || p.at(i+2).gap != gapNone || !p.at(i+2).capital() {
		return 0
	}
	a, b := p.entry(i), p.entry(i+2)
	if p.ordinary(i) > 1 || p.ordinary(i+2) > 1 || max(a.Given(), b.Given()) < 4 || min(p.strength(i), p.strength(i+2)) < 1 {
		return 0
	}
	p.put(phi.Name, i, i+3, 0.85, "file-name")
	return i + 3
}

// besideAge takes a name that an age and a sex follow: "Cadwaladr, 81F",
// "GALLOWAY IS A 95 Y/O".
func (p *page) besideAge(i int) int {
	if t := p.at(i); t.size() < 3 || t.cue&(cueNever|cueRole|cueKin|cueTitle|cueOrg|cueOrgMid|cueMonth|cueWeekday|cueStreet) != 0 || p.ordinary(i) > 1 && p.strength(i) < 7 {
		return 0
	}
	n := p.nameAt(i, reach{trust: true})
	if n.words == 0 || n.words > 3 || masked(p.word(i)) || p.ordinary(i) > 1 && p.strength(i) < 7 || p.ordinary(i) > 2 || p.cue(i, cueNever|cueRole|cueKin|cueTitle|cueOrg|cueOrgMid|cueMonth|cueWeekday|cueStreet) || p.entry(i).Has(reference.Device|reference.Region|reference.Nationality) {
		return 0
	}
	if !p.ageFollows(n.end) || p.eponymAt(n.end-1) || p.at(i).size() < 3 || !p.opens(i) && !p.is(i-1, ',') && p.at(i-1).kind == word && !p.cue(i-1, cueLabel|cueRole|cueMeet|cueKin) || p.ordinary(i) > 0 && p.strength(i) < 4 {
		return 0
	}
	return p.putName(i, n.end, 0.85, "age-beside")
}

// ageFollows says whether an age stands at token i the way it stands after a
// person: ", 81F", "is a 95 y/o", "(67 M)", ", 54 ans".
func (p *page) ageFollows(i int) bool {
	j := i
	switch w := p.word(j); {
	case p.isAny(j, ",(") && p.near(j):
		j++
	case (w == "is" || w == "IS") && (p.word(j+1) == "a" || p.word(j+1) == "A" || p.word(j+1) == "an" || p.word(j+1) == "AN"):
		j += 2
	case p.at(j).kind != digits && p.at(j).kind != mixed:
		return false
	}
	t := p.at(j)
	if !p.near(j) {
		return false
	}
	if t.kind == mixed && t.size() <= 5 {
		return sexedAge(p.word(j))
	}
	if t.kind != digits || t.size() > 3 {
		return false
	}
	k := j + 1
	if p.is(k, ',') && p.is(i, ',') && p.near(k+1) && p.at(k+1).kind == word && p.at(k+1).shape == lower1 {
		return p.number(j) < oldest
	}
	if p.is(k, '-') {
		k++
	}
	switch p.word(k) {
	case "M", "F", "male", "female", "MALE", "FEMALE":
		return p.near(k)
	case "year", "YEAR", "years", "yo", "YO", "y", "Y", "yr", "yrs", "ans", "anos":
		return p.near(k) && (j > i || p.word(k+1) == "old")
	}
	return false
}

// sexedAge says whether s is an age with a sex or "yo" glued to it: 81F, 54yo.
func sexedAge(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n < 1 || n > 3 {
		return false
	}
	switch strings.ToLower(s[n:]) {
	case "m", "f", "yo", "y", "yof", "yom", "ym", "yf":
		return true
	}
	return false
}

// newborn takes the surname after "Baby Girl" and its short form BG.
func (p *page) newborn(i int) int {
	var j int
	switch p.word(i) {
	case "Baby", "BABY":
		if w := p.word(i + 1); w != "Boy" && w != "Girl" && w != "BOY" && w != "GIRL" {
			return 0
		}
		j = i + 2
	case "BG", "BB":
		j = i + 1
	default:
		return 0
	}
	if !p.at(j).capital() || !p.near(j) || p.ordinary(j) > 1 || p.at(j).size() < 3 || p.at(j).shape == upper2 && p.at(i).shape == upper2 && p.strength(j) < 3 {
		return 0
	}
	n := p.nameAt(j, reach{trust: true})
	if n.words == 0 {
		return 0
	}
	return p.putName(j, n.end, 0.88, "newborn")
}

// afterSpouse takes the name after "married to" and "engaged to".
func (p *page) afterSpouse(i int) int {
	if p.word(i-1) != "to" || !p.near(i) {
		return 0
	}
	switch p.word(i - 2) {
	case "married", "engaged", "wed", "Married":
	default:
		return 0
	}
	n := p.nameAt(i, reach{trust: true})
	if n.words == 0 || p.ordinary(i) == 3 && p.strength(i) < 5 {
		return 0
	}
	return p.putName(i, n.end, 0.85, "spouse")
}

// closings end a letter; the name of who wrote it stands on the next line.
var closings = map[string]bool{"best": true, "regards": true, "sincerely": true, "thanks": true, "cheers": true, "respectfully": true, "cordialement": true, "salutations": true, "atentamente": true, "saludos": true, "wishes": true, "faithfully": true, "truly": true, "yours": true, "you": true, "tx": true, "thx": true, "warmly": true, "distinguees": true, "merci": true, "gracias": true}

// signature takes the name alone on the line after a closing, after a dash at
// the end of a text and after /s/.
func (p *page) signature(i int) int {
	how := false
	switch {
	case p.is(i-1, ',') && p.near(i) && closings[strings.ToLower(p.word(i-2))] && (p.at(i+1).kind == edge || p.at(i+1).gap >= gapLine):
		how = true
	case p.is(i-1, '/') && p.word(i-2) == "s" && p.is(i-3, '/'):
		how = true
	case p.is(i-1, '-') && p.is(i-2, '-') && p.at(i-2).gap >= gapLine && i > 2 && p.at(i).gap <= gapSpace:
		how = true
	case p.isAny(i-1, "-*") && p.at(i-1).gap >= gapSpace && i > 1 && p.at(i).gap <= gapSpace:
		how = p.is(i-2, '?') || p.is(i-2, '.') || p.is(i-2, '!') || p.at(i-1).gap >= gapLine && p.is(i-1, '-')
	case p.at(i).gap >= gapLine && i > 1:
		j := i - 1
		if p.isAny(j, ",.!-") {
			j--
		}
		how = closings[strings.ToLower(p.word(j))] && p.at(j+1).gap < gapLine || closings[strings.ToLower(p.word(j))] && j == i-1
	}
	if !how || p.cue(i, cueNever|cueFunction|cueTitle|cueLabel) && p.strength(i) < 5 {
		return 0
	}
	n := p.nameAt(i, reach{trust: true})
	end := n.end
	if n.words == 0 || n.words > 4 || p.ordinary(i) > 2 && !p.is(i-1, '/') || p.ordinary(i) == 2 && p.strength(i) < 5 {
		return 0
	}
	if t := p.at(end); t.kind != edge && t.gap < gapLine && !p.isAny(end, ",.(") && !p.cue(end, cueCredential) {
		return 0
	}
	if p.is(i-1, '-') && p.at(i-1).gap >= gapLine && p.at(end).kind != edge { // an item of a list
		return 0
	}
	return p.putName(i, end, 0.85, "signature")
}

// together goes on from a name over "and", "et" and "y" to another, and from a
// quoted name to the next quoted word of a list.
func (p *page) together(end int) int {
	for n := 0; n < 4; n++ {
		j := end
		quoted := p.isAny(j, "'\"") && p.is(j+1, ',') && p.isAny(j+2, "'\"") && p.isAny(j+4, "'\"")
		switch w := p.word(j); {
		case p.is(j, '/') && p.at(j).gap == gapNone && p.at(j+1).gap == gapNone && p.at(j+1).shape == title1 && p.at(end-1).shape == title1 && (p.strength(j+1) >= 2 || p.ordinary(j+1) == 0) && p.ordinary(j+1) < 3 && !p.entry(j+1).Has(clinicalTraits):
			x := p.nameAt(j+1, reach{trust: true})
			if x.words == 0 {
				return end
			}
			end = max(end, p.putName(j+1, x.end, 0.8, "together"))
			continue
		case quoted:
			j += 3
		case (w == "and" || w == "et" || w == "y" || p.is(j, '&')) && p.near(j) && p.near(j+1):
			j++
		default:
			return end
		}
		t := p.at(j)
		if t.shape != title1 || p.taken[min(j, len(p.tok)-1)] || p.cue(j, cueNever|cueFunction|cueOrg|cueOrgMid|cueMonth) || p.entry(j).Has(clinicalTraits|reference.Eponym|reference.Device) {
			return end
		}
		if quoted && (p.ordinary(j) > 0 || p.strength(j) < 1) || !quoted && (p.entry(j).Given() < 5 || p.ordinary(j) > 1) {
			return end
		}
		x := p.nameAt(j, reach{})
		if x.words == 0 {
			return end
		}
		next := p.putName(j, x.end, 0.8, "together")
		if next <= j {
			return end
		}
		end = next
	}
	return end
}
