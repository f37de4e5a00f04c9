package deid

import "chaperone/phi"

// nameValue takes a name after a label. Where the label may also open prose
// ("Patient:" in a dialogue), the words must look like a name.
func (p *page) nameValue(i int, sure, below bool) int {
	if t := p.at(i); (t.kind == digits || t.kind == mixed) && t.size() >= 5 {
		return p.codeValue(phi.Record, i, true) // "Patient: 448120"
	}
	for n := 0; n < 3 && (p.cue(i, cueTitle) && p.at(i).size() > 1 && p.at(i+1).kind != edge || p.is(i, '.')); n++ {
		i++
	}
	if p.at(i).gap >= gapPara && below {
		return 0
	}
	n := p.nameAt(i, reach{trust: true, lower: true, comma: true})
	if n.comma && p.orgBehind(n.end) {
		n = p.nameAt(i, reach{trust: true, lower: true}) // Dr Minh Tran, Corio Bay Medical
	}
	if masked(p.word(i)) || n.end == i || n.words == 0 && n.initials < 2 {
		return 0
	}
	if n.words == 0 && p.valueEnds(n.end) && p.is(i+1, '.') {
		return p.putName(i, n.end, 0.9, "label") // Client: O. D.
	}
	if !p.valueIsName(i, n, sure, below) {
		return 0
	}
	end := p.putName(i, n.end, 0.95, "label")
	return p.moreNames(end)
}

// valueIsName decides whether the words after a label are a name.
func (p *page) valueIsName(i int, n person, sure, below bool) bool {
	t := p.at(i)
	stop := p.valueEnds(n.end)
	small := t.shape == lower1
	first := p.ordinary(i)
	switch {
	case n.words == 2 && sure && stop && p.bothNames(i, n.end-1):
		return true
	case p.cue(i, cueFunction) && !p.likely(i):
		return false
	case p.cue(i, cueGreet) && p.entry(i).Given() < 7, p.entry(i).Has(clinicalTraits) && p.strength(i) < 4:
		return false
	case p.cue(i, cueNever|cueRole|cueKin|cueTitle) && n.words == 1 && p.strength(i) < 5:
		return false
	case small:
		return n.likely == n.words && n.words > 0 && (n.words > 1 || stop) && p.strength(i) >= 4 && (sure || stop)
	case n.likely > 0 && (n.words > 1 || stop || p.likely(i) && first == 0):
		return true
	case below && n.listed == 0:
		return false
	case n.ordinary == 0 && (n.words > 1 || stop):
		return first < 2
	case sure:
		return stop && (first < 3 || p.strength(i) > 0) && n.words <= 4
	}
	return n.words == 2 && n.listed == 2 && stop && (first < 3 && p.ordinary(n.end-1) < 3 || p.bothNames(i, n.end-1))
}

// bothNames says whether two capitalised words that are ordinary too are both
// usual as names: Rose Hope, Will Young.
func (p *page) bothNames(i, last int) bool {
	return p.at(i).shape == title1 && p.at(last).shape == title1 && p.strength(i) >= 5 && p.entry(last).Family() >= 5 && !p.entry(i).Has(clinicalTraits) && !p.cue(i, cueNever) && !p.cue(last, cueNever|cueFunction)
}

// valueEnds says whether a field ends before token i.
func (p *page) valueEnds(i int) bool {
	t := p.at(i)
	return t.kind == edge || t.gap >= gapWide || p.isAny(i, ",;|(\"<>)/]}") || p.is(i, '.') && p.at(i+1).gap != gapNone || t.cue&(cueCredential|cueLabel) != 0 || t.kind == digits || p.is(i, '-') && t.gap == gapSpace
}

// moreNames goes on over further names of the same field: "cc: Dr. A. Roe,
// Jane Doe MD; John Poe".
func (p *page) moreNames(end int) int {
	for n := 0; n < 6 && end > 0; n++ {
		j := end
		for m := 0; m < 4 && p.near(j) && (p.isAny(j, ",;&/.") || p.word(j) == "and" || p.word(j) == "et" || p.cue(j, cueCredential) && !p.likely(j)); m++ {
			j++
		}
		for p.cue(j, cueTitle) && p.near(j) || p.is(j, '.') && p.cue(j-1, cueTitle) {
			j++
		}
		if j == end || !p.near(j) || !p.at(j).capital() {
			return end
		}
		x := p.nameAt(j, reach{comma: true})
		if p.orgBehind(x.end) {
			return end
		}
		if x.words < 1 || x.likely == 0 || x.ordinary > 0 || x.words == 1 && x.initials == 0 && !p.cue(j-1, cueTitle) && !p.is(j-1, '.') && p.strength(j) < 5 {
			return end
		}
		next := p.putName(j, x.end, 0.85, "label-list")
		if next == 0 {
			return end
		}
		end = next
	}
	return end
}

// looksLikeNames says whether a whole field under a name's key can be a name.
func (p *page) looksLikeNames(a, b int) bool {
	words := 0
	for i := a; i < b; i++ {
		t := p.at(i)
		switch t.kind {
		case digits, mixed:
			return false
		case word:
			words++
			if t.cue&cueFunction != 0 && p.strength(i) == 0 && t.cue&cueParticle == 0 {
				return false
			}
		}
	}
	if words == 0 || words > 7 {
		return false
	}
	return words > 1 || p.entry(a).English() == 0 || p.strength(a) > 0
}

// orgBehind says whether a word that closes an institution's name follows at
// once, so that what is before it is no person's.
func (p *page) orgBehind(i int) bool {
	return p.at(i).shape == title1 && p.at(i).gap == gapSpace && (orgHeads[p.word(i)] || p.cue(i, cueOrg|cueOrgMid)) && p.strength(i) < 6
}
