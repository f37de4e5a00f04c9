package deid

import (
	"strings"

	"chaperone/phi"
)

// findCodes takes what numbers a person or a paper about one without a label
// that is known: "juror no. 118-4402", "kit NS90213377", "my username … is
// ada_w31".
func (p *page) findCodes() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		end := 0
		switch {
		case p.taken[i]:
		case t.cue&cueNumber != 0:
			end = p.spokenDigits(i)
		case t.kind == word && t.entry.Has(itself) && numberWords[p.word(i)] || p.is(i, '#'):
			end = p.numbered(i)
		case t.kind == digits && t.size() == 4 && p.is(i-1, '-') && (p.is(i-2, '*') || isMask(p.word(i-2)) && p.at(i-2).kind == word) && (p.is(i-3, '*') || p.is(i-3, '-')):
			p.put(phi.Ident, i, i+1, 0.85, "masked")
		case t.kind == mixed && t.size() == 2 && (p.word(i)[0] == 'x' || p.word(i)[0] == 'X') && p.is(i+1, '-') && p.at(i+1).gap == gapNone && p.at(i+2).kind == digits && p.at(i+2).gap == gapNone && p.at(i+2).size() == 4:
			p.put(phi.Phone, i, i+3, 0.8, "extension") // x5-2210
			end = i + 3
		case t.kind == mixed && t.size() == 4 && p.is(i+1, '-') && p.lettered(i):
			end = i + 5
		case t.cue&cueCredential != 0 && t.shape == upper2 && p.at(i+1).kind == digits:
			end = p.registered(i)
		case t.cue&cuePlate != 0 && plateWords[p.word(i)]:
			end = p.plateAt(i)
		case t.kind == digits && t.gap != gapNone && p.is(i+1, '-') && p.at(i+1).gap == gapNone:
			end = p.dashedNumber(i)
		case t.kind == digits && t.size() >= 7 && t.size() <= 8:
			end = p.bareNumber(i)
		case t.kind == mixed && t.size() >= 6, (t.shape == upper2 && t.size() <= 4 || t.shape == initial) && p.isAny(i+1, "-/") && p.at(i+1).gap == gapNone:
			end = p.shapedCode(i)
		case p.is(i, '_') && t.gap == gapNone && i > 0:
			end = p.userName(i)
		}
		if end <= i && !p.taken[i] {
			end = p.oddCode(i)
		}
		if end > i {
			i = end - 1
		}
	}
}

// oddCode takes what is told by the word or the shape it begins with: call
// signs, plates, names of machines, seats, what is spelled out.
func (p *page) oddCode(i int) int {
	t := p.at(i)
	switch {
	case p.is(i, '#'):
		return p.hashTag(i)
	case t.shape == initial && t.kind == word:
		return p.spelledRun(i)
	case t.kind == mixed && t.shape == lower1, t.kind == word && t.shape == lower1 && t.cue == 0 && t.size() > 3:
		return p.userNameAt(i)
	case t.kind == mixed:
		return p.callSign(i)
	case t.kind != word:
		return 0
	}
	switch {
	case p.is(i+1, '^'):
		return p.caretName(i)
	case t.shape == upper2 && p.is(i+1, '-'):
		if end := p.machineName(i); end > 0 {
			return end
		}
	}
	if t.cue&cueCall == 0 {
		return 0
	}
	if end := p.callSign(i); end > 0 {
		return end
	}
	if end := p.plateOf(i); end > 0 {
		return end
	}
	if end := p.plateOfCar(i); end > 0 {
		return end
	}
	if end := p.stationName(i); end > 0 {
		return end
	}
	if end := p.initialsBehind(i); end > 0 {
		return end
	}
	return p.seatAt(i)
}

var numberWords = map[string]bool{"no": true, "No": true, "NO": true, "num": true, "number": true, "Number": true, "nr": true, "nbr": true, "numero": true}

// numbered takes the code after "no." and the like: a word says what it
// numbers, and the code has four digits and more.
func (p *page) numbered(i int) int {
	if prev := p.at(i - 1); prev.kind != word && !p.dashedAhead(i) || p.at(i).gap > gapSpace || notNumbered[p.word(i-1)] {
		return 0
	}
	j := i + 1
	for n := 0; n < 2 && p.isAny(j, ".:#"); n++ {
		j++
	}
	if p.guard[min(j, len(p.tok)-1)] || p.at(j).gap > gapSpace {
		return 0
	}
	end := p.run(j, "-/")
	if p.at(j).shape == upper2 && p.at(j).size() <= 3 && end == j+1 && p.at(end).kind == digits && p.at(end).gap == gapSpace {
		end++ // no. MA 220917
	}
	if end == j || p.countDigits(j, end) < 4 || p.cue(end, cueMeasure|cueMonth) || p.at(j).kind == word && p.at(j).shape == lower1 || registries[p.prefix(j)] {
		return 0
	}
	p.put(phi.Code, j, end, 0.75, "numbered")
	return end
}

// dashedAhead says whether behind "no." at token i, after a comma or a number, a
// code in three groups follows: "Mr. Purvis, no. 25-C-0447".
func (p *page) dashedAhead(i int) bool {
	j := i + 1
	for n := 0; n < 2 && p.isAny(j, ".:#"); n++ {
		j++
	}
	end := p.run(j, "-/")
	return (p.is(i-1, ',') || p.at(i-1).kind == digits) && end >= j+3 && p.countDigits(j, end) >= 4 && p.someone()
}

// notNumbered are things whose numbers belong to nobody.
var notNumbered = map[string]bool{"table": true, "figure": true, "grant": true, "total": true, "the": true, "a": true, "atomic": true, "page": true, "catalog": true, "of": true, "and": true, "EC": true, "CAS": true, "protocol": true, "identifier": true, "model": true, "Model": true, "MODEL": true, "product": true, "image": true, "images": true, "Image": true, "series": true, "Series": true, "style": true, "Style": true, "slice": true, "slices": true, "issue": true, "version": true, "chapter": true, "item": true, "question": true, "port": true, "line": true, "art": true, "article": true}

func (p *page) countDigits(a, b int) int {
	n := 0
	for i := a; i < b; i++ {
		for _, c := range []byte(p.word(i)) {
			if c >= '0' && c <= '9' {
				n++
			}
		}
	}
	return n
}

// prefix yields the capitals that the code at token i begins with.
func (p *page) prefix(i int) string {
	s := p.word(i)
	n := 0
	for n < len(s) && (s[n] < '0' || s[n] > '9') {
		n++
	}
	return s[:n]
}

// registries are prefixes of numbers of trials, genes, articles, standards and
// substances under study.
var registries = map[string]bool{"NCT": true, "ISRCTN": true, "ACTRN": true, "DRKS": true, "JPRN": true, "UMIN": true, "GSE": true, "GSM": true, "SRR": true, "PRJNA": true, "ENSG": true, "ENST": true, "NM": true, "NP": true, "NR": true, "XM": true, "CHEMBL": true, "CVE": true, "BMS": true, "GSK": true, "LY": true, "AZD": true, "MK": true, "PF": true, "ABT": true, "SB": true, "INCB": true, "PMC": true, "PMID": true, "ISO": true, "EN": true, "ASTM": true, "IEC": true, "RFC": true, "CD": true, "HGNC": true, "SNOMED": true, "RO": true, "SAR": true, "REGN": true, "AMG": true, "TAK": true, "JNJ": true, "MSH": true, "OID": true, "UTF": true, "SHA": true, "CTRI": true, "ChiCTR": true, "NDC": true, "CPT": true, "LOINC": true}

// shapedCode takes capitals and at least six digits in one piece, with dashes
// or strokes inside or none: NS90213377, WI-4420193, KL/22/4471.
func (p *page) shapedCode(i int) int {
	if i > 0 && p.at(i).gap == gapNone && p.isAny(i-1, "-/._@=&%+\\") || registries[p.prefix(i)] || p.guard[i] {
		return 0
	}
	end := p.run(i, "-/")
	strokes, letters, numbers := 0, 0, 0
	for j := i; j < end; j++ {
		t := p.at(j)
		if p.is(j, '/') {
			strokes++
		}
		for _, c := range []byte(p.word(j)) {
			switch {
			case c >= '0' && c <= '9':
				numbers++
			case c >= 'a' && c <= 'z':
				return 0
			case c >= 'A' && c <= 'Z':
				letters++
			}
		}
		if t.kind == word && t.size() > 4 {
			return 0
		}
	}
	if numbers < 6 && !(numbers == 5 && letters <= 3 && p.someone() && !isUpper(p.txt[p.tok[end-1].end-1])) || letters > 6 || strokes == 1 || p.at(end).gap == gapNone && p.isAny(end, ":_=\\@") || p.is(end, '.') && p.at(end).gap == gapNone && p.at(end+1).gap == gapNone && p.at(end+1).kind == word {
		return 0
	}
	p.put(phi.Code, i, end, 0.65, "code-shape")
	return end
}

// dashedNumber takes groups of digits with dashes between them, seven digits
// and more, in a text about somebody: 448-20-11. Substances (CAS), drugs (NDC),
// tests (LOINC), years and doses are written so too.
func (p *page) dashedNumber(i int) int {
	end := p.run(i, "-")
	if p.streetAhead(end) {
		return 0
	}
	groups, total, last := 0, 0, 0
	for j := i; j < end; j++ {
		if p.is(j, '-') {
			continue
		}
		if p.at(j).kind != digits || p.guard[j] {
			return 0
		}
		groups, total, last = groups+1, total+p.at(j).size(), p.at(j).size()
	}
	switch {
	case groups < 2 || total < 7 || total > 12 || last == 1, p.at(end).gap == gapNone && p.at(end).kind != edge && !p.isAny(end, ".,;:)]|?!\"'") || p.cue(end, cueMeasure):
		return 0
	case groups == 2 && (p.year(i, false) || p.at(i).size() == p.at(i+2).size() && strings.HasSuffix(p.word(i+2), "00")):
		return 0
	case groups == 2 && p.at(i).size() == 5 && last == 4 && p.cue(i-1, cueState): // ZIP+4
		return 0
	case groups == 3 && last == 2 && p.at(i).size() >= 4, !p.someone():
		return 0
	}
	p.put(phi.Code, i, end, 0.6, "dashed-number")
	return end
}

// bareNumber takes seven or eight digits in a text about somebody: no measure,
// dose or year has so many, and most registers of people do.
func (p *page) bareNumber(i int) int {
	if i == 0 && !p.guard[i] && (len(p.tok) == 1 || p.at(1).gap >= gapLine || p.at(1).gap == gapSpace && p.isAny(1, "-:?") || p.isAny(1, "?:-") && p.at(2).gap == gapSpace) && !p.dateRun20(i) {
		p.put(phi.Code, 0, 1, 0.6, "bare-number")
		return 1
	}
	if p.guard[i] || i > 0 && p.at(i).gap == gapNone && !p.isAny(i-1, ":=#([\"'") || p.at(i+1).gap == gapNone && (p.at(i+1).kind != punct || p.isAny(i+1, "-/_@%\\+=") || p.isAny(i+1, ".,:") && p.at(i+2).gap == gapNone && p.at(i+2).kind != edge) || p.cue(i+1, cueMeasure) && p.word(i+1) != "in" || p.cue(i-1, cueMeasure) || validSCTID([]byte(p.word(i))) || !p.someone() || notNumbered[p.word(i-1)] && !p.cue(i-1, cueFunction) {
		return 0
	}
	if w := p.word(i); w[len(w)-4:] == "0000" {
		return 0 // a count
	}
	p.put(phi.Code, i, i+1, 0.6, "bare-number")
	return i + 1
}

// dateRun20 says whether token i is eight digits that are a day.
func (p *page) dateRun20(i int) bool { return p.at(i).size() == 8 && p.dateRun(p.word(i)) }

// plateWords stand before the plate of a car.
var plateWords = wordSet(`vehicle Vehicle car Car van Van truck Truck reg VRM vrm plate plates Plate PLATE PLATES TAG plaque Plaque plaques reg Reg rego Rego matricula Matricula immatriculation tag Tag tags`)

// plateAt takes letters and digits of five to eight characters in one piece or
// two after "plate" and the like.
func (p *page) plateAt(i int) int {
	j := i + 1
	for n := 0; n < 3 && (p.isAny(j, ":#.") || p.word(j) == "is" || p.word(j) == "no" || p.word(j) == "number"); n++ {
		j++
	}
	return p.plateLike(j)
}

// userName takes ada_winslow31 where a word for an account stands shortly
// before; token i is its underscore.
func (p *page) userName(i int) int {
	a := i - 1
	if p.at(a).kind == punct || p.at(i+1).gap != gapNone {
		return 0
	}
	for j := a - 1; j >= a-7 && j >= 0 && p.same(j+1); j-- {
		switch strings.ToLower(p.word(j)) {
		case "username", "login", "handle", "userid", "account", "instagram", "tiktok", "twitter", "gamertag":
			end := p.run(a, "_.-")
			p.put(phi.Code, a, end, 0.8, "user-name")
			return end
		}
	}
	return 0
}

// registered takes the number on the register behind a degree: "LMFT 48213",
// "RN 662018". Two letters that are a state's too lead to a postal code.
func (p *page) registered(i int) int {
	t := p.at(i + 1)
	if !p.near(i+1) || t.gap != gapSpace || t.size() < 4 || t.size() > 8 || p.at(i).size() < 3 && (p.cue(i, cueState) || p.word(i) != "RN" && p.word(i) != "NP") || p.cue(i+2, cueMeasure|cueYears) || p.guard[i+1] || t.size() == 4 && military(p.word(i+1)) && p.at(i).size() < 3 || p.isAny(i+2, "-/:") && p.at(i+2).gap == gapNone {
		return 0
	}
	if prev := p.at(i - 1); !prev.capital() && !p.isAny(i-1, ",.") || p.year(i+1, false) && p.at(i+2).gap < gapLine {
		return 0
	}
	p.put(phi.Licence, i+1, i+2, 0.75, "registered")
	return i + 2
}

// lettered takes p304-555-0122: a telephone number with the letter of a
// telephone, a cell or a fax before it.
func (p *page) lettered(i int) bool {
	s := p.word(i)
	switch s[0] | 0x20 {
	case 'p', 't', 'f', 'c', 'm', 'h', 'w':
	default:
		return false
	}
	if !allDigits(s[1:]) || p.at(i+2).size() != 3 || !p.is(i+3, '-') || p.at(i+4).kind != digits || p.at(i+4).size() != 4 || p.at(i+1).gap+p.at(i+2).gap+p.at(i+3).gap+p.at(i+4).gap != gapNone {
		return false
	}
	p.putBytes(phi.Phone, i, int(p.tok[i].start)+1, int(p.tok[i+4].end), sure, "lettered")
	return true
}
