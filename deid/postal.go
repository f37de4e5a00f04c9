package deid

import (
	"strings"

	"chaperone/phi"
)

// canadianCode takes K1A 0B1 in any writing.
func (p *page) canadianCode(i int) int {
	// the code begins with a letter, so its token is mixed: k1a0b1, or K1A and 0B1
	s := p.word(i)
	end := i + 1
	if len(s) == 3 {
		j := end
		if p.is(j, '-') && p.at(j).gap == gapNone {
			j++
		}
		if p.at(j).kind != mixed || p.at(j).size() != 3 || !p.near(j) {
			return 0
		}
		s += p.word(j)
		end = j + 1
	}
	if len(s) != 6 || i > 0 && p.at(i).gap == gapNone && p.at(i-1).kind != punct {
		return 0
	}
	for k := range 6 {
		b := s[k] &^ 0x20
		letter := b >= 'A' && b <= 'Z' && b != 'D' && b != 'F' && b != 'I' && b != 'O' && b != 'Q' && b != 'U'
		if k%2 == 0 && !letter || k%2 == 1 && (s[k] < '0' || s[k] > '9') {
			return 0
		}
	}
	if b := s[0] &^ 0x20; b == 'W' || b == 'Z' {
		return 0
	}
	score := 0.92
	if end > i+1 && p.at(i).shape == lower1 {
		score = 0.7
	}
	p.put(phi.Postal, i, end, score, "postal-ca")
	if score > 0.9 {
		p.townBeforeCode(i)
	}
	return end
}

// zipAt takes five digits after a state, or a ZIP+4, and a French postal code
// before its town.
func (p *page) zipAt(i int) int {
	t := p.at(i)
	if t.kind == mixed {
		if end := p.eircode(i); end > 0 {
			return end
		}
		return p.ukPostcode(i)
	}
	if t.size() == 4 && i > 1 && p.cue(i-1, cueState) && p.at(i-1).size() == 3 && p.at(i-1).shape == upper2 {
		p.put(phi.Postal, i, i+1, 0.9, "postal-au")
		return i + 1
	}
	if t.size() != 5 || p.guard[i] {
		return 0
	}
	if p.is(i+3, '-') && p.at(i+3).gap == gapNone && p.at(i+4).kind == digits && p.at(i+4).gap == gapNone {
		return 0 // a drug's code
	}
	plus4 := p.is(i+1, '-') && p.at(i+1).gap == gapNone && p.at(i+2).kind == digits && p.at(i+2).size() == 4 && p.at(i+2).gap == gapNone
	end := i + 1
	if plus4 {
		end = i + 3
	}
	j := i - 1
	for p.isAny(j, ",.") {
		j--
	}
	state := p.cue(j, cueState) && p.at(j).shape == upper2 || p.regionBefore(j+1) > 0
	switch {
	case state && p.near(i), plus4:
		p.put(phi.Postal, i, end, 0.92, "zip")
	case j >= 0 && p.taken[j] && p.at(i).gap <= gapLine && (p.kindAt(j) == phi.Street || p.kindAt(j) == phi.Place):
		p.put(phi.Postal, i, end, 0.85, "zip-after")
		k := end
		if p.is(k, ',') {
			k++
		}
		if town := p.townAt(k); town > 0 && p.near(k) {
			p.put(phi.Place, k, town, 0.85, "postal-town")
			return town
		}
	case p.near(i) && j >= 0 && p.at(j).capital() && p.at(j).entry.Place() > 0 && (p.taken[j] || p.is(i-1, ',')) && !p.near(i+2):
		p.put(phi.Postal, i, end, 0.8, "zip")
	case p.at(i+1).capital() && p.near(i+1) && (p.french || p.opens(i) && p.at(i+1).entry.Place() > 1 || p.is(i-1, ',') && i > 2 && p.taken[i-2]) && p.townAt(i+1) > 0:
		p.put(phi.Postal, i, i+1, 0.9, "postal-fr")
		town := p.townAt(i + 1)
		p.put(phi.Place, i+1, town, 0.9, "postal-town")
		return town
	default:
		return 0
	}
	return end
}

// kindAt yields the kind of the last candidate if it ends at token j.
func (p *page) kindAt(j int) phi.Kind {
	for k := len(p.out) - 1; k >= 0 && k >= len(p.out)-3; k-- {
		if p.out[k].End == int(p.tok[j].end) {
			return p.out[k].Kind
		}
	}
	return phi.None
}

// townAt yields the end of a capitalised town name at token i after a postal
// code.
func (p *page) townAt(i int) int {
	end := i
	for n := 0; n < 7 && p.same(end); n++ {
		t := p.at(end)
		if t.kind == word && (t.capital() || n > 0 && (t.cue&cueParticle != 0 || frenchJoin[p.word(end)]) && t.size() <= 4) && t.cue&cueMonth == 0 {
			end++
		} else if p.isAny(end, "-'") && t.gap == gapNone && end > i {
			end++
		} else {
			break
		}
		if p.word(end-1) == "CEDEX" || p.word(end-1) == "Cedex" {
			if p.at(end).kind == digits && p.near(end) {
				end++
			}
			break
		}
	}
	for end > i && !p.at(end-1).capital() && p.at(end-1).kind != digits {
		end--
	}
	if end == i || p.at(i).cue&(cueNever|cueFunction) != 0 || end == i+1 && p.at(i).entry.Has(clinicalTraits) && p.at(i).entry.Place() == 0 {
		return 0
	}
	return end
}

// ukPostcode takes SW1A 1AA, M1 1AE and CR2 6XH.
func (p *page) ukPostcode(i int) int {
	a, b := p.word(i), p.word(i+1)
	if len(a) < 2 || len(a) > 4 || len(b) != 3 || !p.near(i+1) || p.at(i+1).kind != mixed {
		return 0
	}
	if p.at(i).shape == lower1 || p.at(i+1).shape == lower1 {
		if !p.small || p.at(i).shape != p.at(i+1).shape || p.at(i-1).kind != word || p.at(i-1).cue != 0 || len(a) < 3 && p.at(i-1).entry.Place() == 0 {
			return 0
		}
		a, b = strings.ToUpper(a), strings.ToUpper(b)
	}
	if b[0] < '0' || b[0] > '9' || !ukInward(b[1]) || !ukInward(b[2]) {
		return 0
	}
	n := 0
	for n < len(a) && a[n] >= 'A' && a[n] <= 'Z' {
		n++
	}
	if n < 1 || n > 2 || n == len(a) || a[n] < '0' || a[n] > '9' || !ukAreas[a[:n]] {
		return 0
	}
	p.put(phi.Postal, i, i+2, 0.9, "postal-uk")
	p.townBeforeCode(i)
	return i + 2
}

func ukInward(b byte) bool {
	switch b {
	case 'C', 'I', 'K', 'M', 'O', 'V':
		return false
	}
	return b >= 'A' && b <= 'Z'
}

// ukAreas are the postcode areas of the United Kingdom.
var ukAreas = func() map[string]bool {
	m := map[string]bool{}
	const list = "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
	from := 0
	for i := 0; i <= len(list); i++ {
		if i == len(list) || list[i] == ' ' {
			m[list[from:i]] = true
			from = i + 1
		}
	}
	return m
}()
