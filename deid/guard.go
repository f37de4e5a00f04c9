package deid

import (
	"strings"

	"chaperone/reference"
)

// findGuards marks what looks like an identifier and is none: doses and other
// measures, codes of classifications, ratios, versions. Only a sure rule (a
// label, a check digit) still takes marked tokens.
func (p *page) findGuards() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		switch {
		case t.kind == digits:
			i = max(i, p.guardNumber(i)-1)
		case t.kind == mixed:
			if diagnosisCode(p.word(i)) && p.is(i+1, '.') && p.at(i+1).gap == gapNone && (p.at(i+2).kind == digits || p.at(i+2).kind == mixed) && p.at(i+2).gap == gapNone {
				p.shield(i, i+3)
			}
		case t.kind == word && t.cue&cueLabel == 0 && t.entry.Has(itself) && codeSystems[p.word(i)]:
			p.guardAfter(i)
		}
	}
}

func (p *page) shield(a, b int) int {
	for i := a; i < b && i < len(p.tok); i++ {
		p.guard[i] = true
	}
	return b
}

// codeSystems name classifications; the codes after them stay.
var codeSystems = map[string]bool{
	"ICD": true, "CPT": true, "LOINC": true, "SNOMED": true, "NDC": true, "HCPCS": true, "RxNorm": true, "RxCUI": true, "DRG": true, "CVX": true, "ATC": true, "DSM": true, "PMID": true, "NCT": true, "DOI": true, "doi": true, "ISBN": true, "RFC": true, "CFR": true, "USC": true, "OMIM": true, "LCD": true, "HPO": true, "RXCUI": true, "icd": true, "cpt": true, "loinc": true, "snomed": true, "ndc": true, "CAS": true, "ISO": true, "CCAM": true, "CIM": true, "GHM": true, "MeSH": true, "UMLS": true, "PMCID": true, "JIRA": true, "CVE": true, "port": true,
}

// guardAfter marks the codes that follow the name of a classification: a few
// marks and words may stand between, and the list may go on.
func (p *page) guardAfter(i int) {
	j, steps := i+1, 0
	for ; steps < 8 && p.near(j); steps++ {
		t := p.at(j)
		switch {
		case t.kind == punct && p.isAny(j, "-:#.,()/&"):
		case t.kind == word && (p.word(j) == "code" || p.word(j) == "codes" || p.word(j) == "CM" || p.word(j) == "PCS" || p.word(j) == "CT" || p.word(j) == "and" || p.word(j) == "or" || p.word(j) == "is" || p.word(j) == "number" || p.word(j) == "no"):
		case t.kind == digits || t.kind == mixed:
			end := p.run(j, "-.")
			p.shield(j, end)
			j = end - 1
			steps -= 2
			if end-i > 40 {
				return
			}
		default:
			return
		}
		j++
	}
}

// diagnosisCode says whether s is the first part of an ICD-10 code.
func diagnosisCode(s string) bool {
	return len(s) == 3 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= '0' && s[1] <= '9' && isAlnum(s[2])
}

// guardNumber marks a number that a unit, a percent sign or a comparison makes
// a measure.
func (p *page) guardNumber(i int) int {
	end := i + 1
	// 120/80, 1.5, 3,000, 10-20
	for n := 0; n < 3 && p.isAny(end, "./,-") && p.at(end).gap == gapNone && p.at(end+1).kind == digits && p.at(end+1).gap == gapNone; n++ {
		end += 2
	}
	t := p.at(end)
	switch {
	case p.is(end, '%') && t.gap <= gapSpace,
		t.cue&cueMeasure != 0 && t.gap <= gapSpace && t.size() > 0 && !(t.size() == 1 && p.is(end+1, '/') && t.gap == gapSpace) && t.shape != initial && !(t.size() == 2 && t.shape == upper2 && t.cue&cueState != 0) && !(p.word(end) == "in" || p.word(end) == "times") && (p.at(i).size() <= 5 || strings.HasSuffix(p.word(i), "00") && p.word(end) != "x") && !p.dateInside(i, end),
		i > 0 && p.isAny(i-1, "<>") && p.at(i).size() <= 6:
		return p.shield(i, end)
	case p.is(end, '-') && p.at(end).gap == gapNone && p.cue(end+1, cueMeasure|cueYears) && p.at(end+1).gap == gapNone && p.at(i).size() <= 3 && end == i+1 && !p.cue(end+1, cueYears):
		return p.shield(i, end)
	case p.loincAt(i):
		return p.shield(i, i+3)
	}
	return i + 1
}

// dateInside says whether tokens i to end are a full date, which no unit
// makes a measure.
func (p *page) dateInside(i, end int) bool {
	return end == i+5 && p.year(i+4, true) && !p.is(i+1, '.')
}

// loincAt knows nnnn-n with LOINC's check digit where a lab name or a bracket
// stands near.
func (p *page) loincAt(i int) bool {
	if t := p.at(i); t.size() < 3 || t.size() > 5 || !p.is(i+1, '-') || p.at(i+1).gap != gapNone || p.at(i+2).size() != 1 || p.at(i+2).kind != digits || p.at(i+2).gap != gapNone || p.isAny(i+3, "-/.") && p.at(i+3).gap == gapNone {
		return false
	}
	return luhn([]byte(p.word(i) + p.word(i+2)))
}

// eponymAt says whether the word at token i gives its name to what follows:
// "Wilson's disease", "Foley catheter", "Wilsons dz".
func (p *page) eponymAt(i int) bool {
	if i < 0 || !p.entry(i).Has(reference.Eponym|reference.Device) && !((p.at(i).capital() || p.at(i).shape == camel) && p.cueNear(i)) {
		return false
	}
	return p.cueNear(i)
}

// cueNear says whether disease, sign, catheter and the like stand within three
// words after token i on the same line.
func (p *page) cueNear(i int) bool {
	j := i + 1
	for n := 0; n < 4; n++ {
		t := p.at(j)
		switch {
		case t.kind == edge || t.gap >= gapWide:
			return false
		case t.kind == punct && p.isAny(j, "'-/") && t.gap == gapNone:
		case t.kind == punct:
			return false
		case p.word(j) == "s" && p.is(j-1, '\''):
			n--
		case t.cue&cueHead != 0 && p.word(j) != "s", p.word(j) == "dz", p.word(j) == "ds":
			return true
		case t.cue&(cueAct|cueFunction) != 0:
			return false
		case n > 0 && !t.capital() && t.entry.English() > 0 && t.entry.English() < 3 && !t.entry.Has(clinicalTraits):
			return false
		}
		j++
	}
	return false
}
