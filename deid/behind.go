package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// findBehind looks at what stands right behind what was found: a postal code
// behind its town or street, the number in a register behind somebody's name.
func (p *page) findBehind() {
	for _, f := range p.out { // what is put below is not asked again
		i := p.tokenAt(f.End - 1)
		if i >= len(p.tok) || int(p.tok[i].end) != f.End {
			continue
		}
		switch f.Kind {
		case phi.Place, phi.Street:
			p.codeBehind(f.Kind, i+1)
		case phi.Name:
			p.registerBehind(i + 1)
			p.restOfName(i + 1)
			p.ageBehind(i + 1)
			p.numberSign(i + 1)
		}
	}
}

// codeBehind takes the postal code behind a town or a street that ends before
// token i, with its state or without: "Beaufort 29901", "Thornlie WA 6108", "19
// Lurline St 2780".
func (p *page) codeBehind(after phi.Kind, i int) {
	j, state := i, false
	for n := 0; n < 2 && p.isAny(j, ",-") && p.same(j); n++ {
		j++
	}
	if t := p.at(j); t.kind == word && t.cue&cueState != 0 && t.shape == upper2 && p.near(j) {
		state = true
		j++
	} else if end := p.region(j); end > j && p.near(j) {
		state = true
		j = end
	}
	if p.is(j, ',') {
		j++
	}
	t := p.at(j)
	if j >= len(p.tok) || t.kind != digits || t.gap != gapSpace && !(t.gap == gapLine && state) && !(p.isAny(j-1, ",-") && t.gap == gapNone) || p.taken[j] || p.guard[j] {
		return
	}
	switch t.size() {
	case 5:
		if strings.HasSuffix(p.word(j), "000") && !state {
			return // more likely a count
		}
	case 4:
		if p.year(j, false) && !state || after != phi.Street && !state && !p.streetBefore(i) || p.word(j)[0] == '0' && !state {
			return
		}
	default:
		return
	}
	switch next := p.at(j + 1); {
	case next.kind == edge || next.gap >= gapWide || p.cue(j+1, cueLabel):
	case p.is(j+1, '-') && p.at(j+2).kind == digits && p.at(j+2).size() == 4 && t.size() == 5:
		p.put(phi.Postal, j, j+3, 0.85, "postal-behind")
		return
	case p.isAny(j+1, ":/%-+x") && next.gap == gapNone, next.cue&(cueMeasure|cueYears|cueMonth) != 0 && next.kind == word && next.shape == lower1, p.isAny(j+1, ".,") && p.at(j+2).kind == digits && p.at(j+2).gap == gapNone:
		return
	}
	p.put(phi.Postal, j, j+1, 0.82, "postal-behind")
}

// streetBefore says whether the town that ends before token i stands behind a
// street.
func (p *page) streetBefore(i int) bool {
	for j := i - 1; j > 0 && j > i-9 && p.at(j+1).gap <= gapLine; j-- {
		if p.taken[j] && p.cue(j, cueStreet|cueRue|cueUnit) {
			return true
		}
	}
	return false
}

// registerBehind takes the number under which somebody stands in a register,
// behind the name that ends before token i and the short name of the register or
// of a degree: "N. Roe GDC 288144", "S. Roe PCP NL-P-1180", "Roe MSW RSW reg
// 6182".
func (p *page) registerBehind(i int) {
	j, short, degree := i, 0, false
	for n := 0; n < 7 && p.near(j); n++ {
		t := p.at(j)
		switch {
		case p.isAny(j, ",(/.") && n < 6:
		case p.is(j, '-') && t.gap == gapNone && p.at(j+1).gap == gapNone && p.at(j+1).kind == word && p.at(j+1).size() <= 2: // EMT-P
		case t.kind == word && short > 0 && registerWords[lowerOf(p.word(j))]:
			degree = true
		case t.kind == word && (t.cue&cueCredential != 0 && t.shape != lower1 || medicLevels[p.word(j)]):
			short, degree = short+1, true
		case t.kind == word && t.shape == upper2 && t.size() >= 2 && t.size() <= 6 && t.entry.English() == 0 && t.cue&(cueNever|cueMeasure|cueState|cueMonth|cueWeekday) == 0 && !t.entry.Has(clinicalTraits|reference.Device) && !scales[p.word(j)] && !departments[p.word(j)] && (p.at(j+1).size() > 2 || p.is(j+2, '-') && p.at(j+1).shape == upper2):
			short++
		case t.kind == word && t.shape == initial && p.is(j-1, '-'):
		default:
			n = 7
			continue
		}
		j++
	}
	if short == 0 || j >= len(p.tok) || p.taken[j] || p.guard[j] || !p.near(j) || p.at(j).gap == gapNone && !p.is(j-1, '.') {
		return
	}
	end := p.run(j, "-/.")
	n := p.countDigits(j, end)
	if p.at(j).kind == word && p.at(j).shape == lower1 || end == j || n < 3 || n > 12 || n < 5 && !degree && p.at(j).kind == digits && p.word(j)[0] != '0' || end > j+1 && n < 4 && p.at(j).kind == digits || p.cue(end, cueMeasure|cueYears) || p.year(j, false) && end == j+1 || p.isAny(end, ":/%") {
		return
	}
	if date, _ := p.dateAt(j, false); date > 0 {
		return
	}
	p.put(phi.Licence, j, end, 0.72, "register-behind")
}

// medicLevels are the levels of paramedics in Canada and Britain.
var medicLevels = wordSet(`PCP ACP CCP ICP AEMT EMR EMT`)

// registerWords stand between a degree and its number.
var registerWords = wordSet(`reg lic license licence no number registration cert pin id num`)

// ageBehind takes an age over 89 right behind somebody's name: "Roe, 96.",
// "(JANE, 94)", "Violet Roe 92, #204".
func (p *page) ageBehind(i int) {
	j := i
	if p.is(j, ',') {
		j++
	}
	t := p.at(j)
	if t.kind != digits || t.size() > 3 || t.gap != gapSpace || p.taken[j] || p.guard[j] || p.number(j) < 90 || p.number(j) > 115 {
		return
	}
	if next := p.at(j + 1); next.kind != edge && next.gap < gapWide && !p.isAny(j+1, ".,;)") || p.isAny(j+1, ".,") && p.at(j+2).gap == gapNone {
		return
	}
	p.put(phi.Age, j, j+1, 0.7, "age-behind")
}

// numberSign takes the number behind somebody's name and a number sign: "Jane
// Roe   #2217".
func (p *page) numberSign(i int) {
	if !p.is(i, '#') || p.at(i+1).kind != digits || p.at(i+1).gap != gapNone || p.at(i+1).size() < 4 || p.taken[i+1] || p.at(i).gap == gapNone {
		return
	}
	p.put(phi.Record, i+1, p.run(i+1, "-"), 0.75, "number-sign")
}
