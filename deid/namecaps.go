package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// capsLeads are words after which a surname stands in a text that is all
// capitals, where its own capitals say nothing.
var capsLeads = map[string]bool{"RE": true, "FROM": true, "BY": true, "PT": true, "PATIENT": true, "HUSBAND": true, "WIFE": true, "SON": true, "DAUGHTER": true, "MOTHER": true, "FATHER": true, "SISTER": true, "BROTHER": true, "WITH": true, "PER": true, "TELL": true, "NURSE": true, "GUARANTOR": true, "SPOUSE": true, "TO": true, "FOR": true, "AND": true, "CALLED": true, "ATTN": true, "CC": true, "MD": true, "SURGEON": true, "ATTENDING": true, "RN": true, "NP": true}

// inCapitals takes a name in a text that is all capitals, by the word before
// it or the room after it.
func (p *page) inCapitals(i int) int {
	t := p.at(i)
	if !p.caps || t.shape != upper2 || t.size() < 3 || t.cue&(cueFunction|cueNever|cueOrg|cueOrgMid|cueMonth|cueWeekday|cueTitle) != 0 || t.entry.Has(clinicalTraits|reference.Device|reference.Eponym|reference.Nationality) || p.region(i) > i {
		return 0
	}
	s, o := p.strength(i), p.ordinary(i)
	lead := capsLeads[p.word(i-1)] && p.near(i)
	room := p.opens(i) && (p.word(i+1) == "RM" || p.word(i+1) == "ROOM" || p.word(i+1) == "IS" || p.word(i+1) == "HAS" || p.word(i+1) == "WAS")
	if p.is(i+1, ',') {
		if end := p.surnameFirst(i); end > 0 {
			return end
		}
	}
	kin := p.cue(i-1, cueKin) && p.near(i)
	switch {
	case kin && t.entry.Given() >= 7, kin && s >= 6 && o <= 2, (kin || lead) && !p.is(i+1, ',') && s >= 7 && o <= 1 && t.entry.Place() < 7:
	case lead && s >= 5 && o == 0 && t.entry.Place() < 7, room && s >= 6 && o == 0 && t.entry.Place() < 6:
	default:
		return 0
	}
	n := p.nameAt(i, reach{trust: true})
	if n.words > 3 || n.words == 0 {
		return 0
	}
	end := n.end
	if n.words > 1 && n.ordinary > 0 && p.ordinary(end-1) > 1 {
		end = i + 1
	}
	return p.putName(i, end, 0.75, "capitals")
}

// aboutWhom are words after which short prompts in small letters name a patient
// by the surname.
var aboutWhom = wordSet(`for about on with did is see tell ask patient pt re give call does was mr mrs ms`)

// inSmall takes a strong given name in a text that has no capitals, where it
// is no word of the language: "but chris says".
func (p *page) inSmall(i int) int {
	t := p.at(i)
	if p.small && t.entry.Family() >= 7 && p.ordinary(i) == 0 && aboutWhom[p.word(i-1)] && p.near(i) && t.entry.Place() < 6 && !t.entry.Has(clinicalTraits|reference.Eponym|reference.Device|reference.Region) && !p.eponymAt(i) {
		return p.putName(i, i+1, 0.7, "small")
	}
	if !p.small || t.entry.Given() < 7 || p.ordinary(i) > 1 || p.ordinary(i) == 1 && t.entry.Given() < 8 || t.entry.Place() > 6 && !(t.entry.Given() >= 8 && aboutWhom[p.word(i-1)]) || t.entry.Has(clinicalTraits|reference.Eponym|reference.Device|reference.Region) || t.cue&(cueFunction|cueMonth|cueMeasure|cueHead|cueNever) != 0 || p.eponymAt(i) || p.isAny(i-1, "_./-") && t.gap == gapNone || p.isAny(i+1, "_(=") && p.at(i+1).gap == gapNone {
		return 0
	}
	n := p.nameAt(i, reach{lower: true})
	if n.words == 0 {
		return 0
	}
	if x := p.at(n.end); x.size() == 1 && x.shape == lower1 && x.kind == word && x.gap == gapSpace && p.word(n.end) != "a" && p.word(n.end) != "i" && (p.is(n.end+1, '.') || p.at(n.end+1).gap >= gapLine) {
		n.end++ // carl b.
	}
	return p.putName(i, n.end, 0.7, "small")
}

// aloneOnLine takes two or three capitalised words of no language that fill a
// line, as in a block of signature or address.
func (p *page) aloneOnLine(i int) int {
	if p.at(i).gap < gapLine || p.at(i).shape != title1 {
		return 0
	}
	j, listed := i, 0
	for j < i+3 && p.at(j).shape == title1 && (j == i || p.at(j).gap == gapSpace) {
		if p.ordinary(j) > 0 || p.at(j).size() < 3 || p.entry(j).Has(reference.Device|reference.Region|reference.Eponym) || p.entry(j).Place() > 4 {
			return 0
		}
		if p.strength(j) >= 2 {
			listed++
		}
		j++
	}
	if j < i+2 || listed == 0 || p.at(j).gap < gapLine && !(p.is(j, ',') && p.cue(j+1, cueCredential)) || i == 0 && p.at(j).kind == edge {
		return 0
	}
	p.put(phi.Name, i, j, 0.8, "line")
	return j
}
