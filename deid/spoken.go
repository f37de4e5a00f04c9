package deid

import "chaperone/phi"

// spokenDigits takes a number that speech spells digit by digit: "five five
// five zero one two three". Seven digits and more are no measure.
func (p *page) spokenDigits(i int) int {
	j, n := i, 0
	for n < 20 && j < min(i+30, len(p.tok)) {
		t := p.at(j)
		single := t.kind == word && t.cue&cueNumber != 0 && (t.value < 10 || t.value == 100)
		switch {
		case single && (j == i || t.gap <= gapSpace):
			n++
		case n > 0 && p.isAny(j, ",-.") && p.cue(j+1, cueNumber) && p.near(j+1), n > 0 && p.word(j) == "dash" || n > 0 && p.word(j) == "double":
		default:
			if n < 7 {
				return 0
			}
			return p.putSpoken(i, j, n)
		}
		j++
	}
	if n < 7 {
		return 0
	}
	return p.putSpoken(i, j, n)
}

func (p *page) putSpoken(i, end, n int) int {
	for end > i && !p.cue(end-1, cueNumber) {
		end--
	}
	kind := phi.Code
	switch n {
	case 7, 10, 11:
		kind = phi.Phone
	case 9:
		kind = phi.Ident
	}
	p.put(kind, i, end, 0.8, "spoken-digits")
	return end
}

// spokenPlace takes what speech in small letters calls an institution or a
// street: "at mercy hospital", "worked at boeing", "on maple avenue".
func (p *page) spokenPlace(i int) int {
	if !p.small {
		return 0
	}
	if p.cue(i+1, cueNumber) {
		return p.spokenStreet(i + 1)
	}
	j := i + 1
	t := p.at(j)
	if t.kind != word || t.shape != lower1 || !p.near(j) || t.cue&(cueFunction|cueKin|cueRole) != 0 {
		return 0
	}
	own := t.entry.English() == 0 || p.strength(j) >= 4 || t.entry.Place() >= 2
	switch next := p.word(j + 1); {
	case !p.near(j + 1):
	case own && (smallHeads[next] || next == "hospital" || next == "clinic" || next == "pharmacy" || next == "medical" || next == "ortho" || next == "dental" || next == "discount" || next == "foods" || next == "motors" || next == "manor" || next == "pediatrics" || next == "cardiology" || next == "imaging" || next == "hospice" || next == "primary" || next == "elementary" || next == "nursing" || next == "memorial" || next == "general" || next == "regional"):
		end := j + 2
		for p.cue(end, cueOrg|cueOrgMid) && p.near(end) && end < j+5 {
			end++
		}
		p.put(phi.Org, j, end, 0.75, "spoken-place")
		return end
	case (p.word(i) == "on" || p.word(i) == "at") && (own || t.entry.English() > 1 || next == "street" && p.word(j) == "main") && !t.entry.Has(clinicalTraits) && (next == "avenue" || next == "street" || next == "lane" || next == "road" || next == "drive" || next == "boulevard" || next == "court"):
		p.put(phi.Street, j, j+2, 0.75, "spoken-street")
		return j + 2
	}
	if w := p.word(i); (w == "at" || w == "for") && employs[p.word(i-1)] && t.entry.English() == 0 && !t.entry.Has(clinicalTraits) && t.size() > 2 {
		p.put(phi.Org, j, j+1, 0.7, "spoken-work")
		return j + 1
	}
	return 0
}

// spokenStreet takes "one forty two birch lane" from its first number word on.
func (p *page) spokenStreet(i int) int {
	j := i
	for j < i+5 && p.cue(j, cueNumber) && (j == i || p.near(j)) {
		j++
	}
	for n := 0; n < 2; n++ {
		t := p.at(j)
		if t.kind != word || !p.near(j) || t.cue&(cueFunction|cueMeasure|cueYears|cueMonth) != 0 {
			return 0
		}
		j++
		switch p.word(j) {
		case "street", "avenue", "lane", "road", "drive", "boulevard", "court", "way", "terrace", "circle", "parkway", "place":
			p.put(phi.Street, i, j+1, 0.85, "spoken-street")
			if p.at(j+1).entry.Place() >= 5 && p.near(j+1) && p.at(j+1).entry.English() == 0 {
				p.put(phi.Place, j+1, j+2, 0.75, "spoken-town")
				return j + 2
			}
			return j + 1
		}
	}
	return 0
}

// smallHeads close an institution's name in speech, with a word of its own
// before them.
var smallHeads = wordSet(`freight logistics trucking landscaping roofing plumbing rehab dentistry orthopedics dermatology neurology oncology endoscopy preschool academy apartments hospice dialysis optometry farms foods bakery`)
