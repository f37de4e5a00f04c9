package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// orgByOwn takes institutions by what is only in their own name: wards that are
// called after somebody or something, and the hospitals of veterans.
func (p *page) orgByOwn(i int) int {
	switch p.word(i) {
	case "Ward", "ward", "WARD":
		return p.namedWard(i)
	case "VA", "VAMC":
		return p.veterans(i)
	}
	return 0
}

// namedWard takes the name of a ward: "Ward: Nightingale", "on Cuchulainn ward",
// "KERERU WARD". Wards by their trade or their number are in every hospital.
func (p *page) namedWard(i int) int {
	j := i + 1
	if p.is(j, ':') {
		j++
	}
	if p.wardName(j) && (p.is(i+1, ':') || p.word(i) != "WARD" && !p.cue(j, cueDirection)) && p.near(j) {
		end := j + 1
		if p.wardName(end) && p.near(end) {
			end++
		}
		if p.at(end).kind != edge && p.at(end).gap < gapWide && !p.isAny(end, ",.;)/") && !p.cue(end, cueFunction) {
			return 0
		}
		p.put(phi.Org, j, end, 0.72, "ward-name")
		return end
	}
	a := i
	for a > 0 && a > i-2 && p.near(a) && p.wardName(a-1) && p.at(a).gap == gapSpace {
		a--
	}
	if a == i || p.opens(a) && p.word(i) == "ward" || p.word(i) == "Ward" && p.cue(i+1, cueLabel) {
		return 0
	}
	p.put(phi.Org, a, i+1, 0.72, "ward-name")
	return i + 1
}

// wardName says whether token j can be what a ward is called.
func (p *page) wardName(j int) bool {
	t := p.at(j)
	if t.kind != word || t.size() < 3 || t.shape != title1 && !(t.shape == upper2 && (p.caps || p.word(j+1) == "WARD")) || p.taken[j] || departments[p.word(j)] || departments[titleOf(p.word(j))] {
		return false
	}
	return t.cue&(cueFunction|cueNever|cueOrgMid|cueOrg|cueLabel|cueUnit|cueMonth|cueWeekday|cueDirection|cueRole|cueTitle|cueNumber|cueOrdinal) == 0 && !t.entry.Has(clinicalTraits|reference.Nationality|reference.Device) && (t.entry.English() == 0 || t.entry.English() >= 3) && t.entry.Family() < 8
}

// veterans takes "VA Loma Linda" and "Fort Ambrose VA clinic".
func (p *page) veterans(i int) int {
	if p.at(i).gap == gapSpace && p.at(i-1).shape == title1 && p.ownWord(i-1) && !p.is(i-1, ',') {
		a := i - 1
		for a > 0 && a > i-3 && p.at(a-1).shape == title1 && p.near(a) && (p.ownWord(a-1) || p.word(a-1) == "Fort") && !p.taken[a-1] {
			a--
		}
		end := i + 1
		switch lowerOf(p.word(end)) {
		case "clinic", "hospital", "medical", "hcs", "system", "campus", "outpatient", "community":
			end++
			if w := lowerOf(p.word(end)); w == "center" || w == "clinic" {
				end++
			}
		default:
			return 0
		}
		p.put(phi.Org, a, end, 0.8, "veterans")
		return end
	}
	if p.at(i+1).shape != title1 || !p.near(i+1) || p.at(i+1).entry.Place() == 0 || p.at(i+1).entry.English() > 0 && p.at(i+2).entry.Place() == 0 || p.cue(i+1, cueNever|cueLabel|cueMonth) {
		return 0
	}
	switch lowerOf(p.word(i - 1)) {
	case "per", "at", "from", "to", "the", "via", "by", "through":
	default:
		return 0
	}
	end := i + 2
	for n := 0; n < 2 && p.at(end).shape == title1 && p.near(end) && p.at(end).cue&(cueNever|cueLabel|cueMonth) == 0; n++ {
		end++
	}
	p.put(phi.Org, i, end, 0.78, "veterans")
	return end
}

// smallHouseHeads close the name of an institution in a text without capitals.
var smallHouseHeads = wordSet(`medicine transport centre center clinic hospital surgery practice pharmacy school elementary dental physio physiotherapy therapy imaging labs laboratory church hospice dialysis pediatrics paediatrics cardiology orthopedics ortho obgyn ob dermatology oncology urology neurology optometry vision hearing rehab recovery shelter library college university academy daycare preschool nursery foods market bakery diner cafe brewery farms dairy logistics trucking freight motors auto tire plumbing electric roofing construction landscaping cleaners salon spa gym fitness manor lodge villa terrace gardens estates village apartments towers aging joint wellness counseling counselling services homecare`)

// spokenHouse takes what a text in small letters calls an institution of two to
// five words, one of them no word of the language: "at willow run sleep
// medicine", "copy to washtenaw pupil transport". The word that leads to it
// stands at token i.
func (p *page) spokenHouse(i int) int {
	switch p.word(i) {
	case "at", "from", "to", "with", "of", "ask", "for", "by":
	default:
		return 0
	}
	j := i + 1
	if p.word(j) == "the" {
		j++
	}
	own, end := false, 0
	for k, n := j, 0; n < 5 && p.near(k); n, k = n+1, k+1 {
		t := p.at(k)
		if t.kind != word || t.shape != lower1 || p.taken[k] || t.cue&(cueMonth|cueWeekday|cueMeasure|cueYears|cueKin|cueTitle|cueAct) != 0 && n == 0 {
			break
		}
		if t.cue&cueFunction != 0 || t.cue&(cueKin|cueTitle|cueMonth|cueWeekday) != 0 {
			if w := p.word(k); n == 0 || w != "and" && w != "on" && w != "of" || !smallHouseHeads[p.word(k+1)] {
				break
			}
			continue
		}
		if n > 0 && smallHouseHeads[p.word(k)] {
			end = k + 1
		}
		own = own || t.entry.English() == 0 && t.size() > 3 && !t.entry.Has(clinicalTraits|reference.Device|reference.Drug) && end == 0
	}
	if end == 0 || !own {
		return 0
	}
	p.put(phi.Org, j, end, 0.68, "spoken-house")
	return end
}
