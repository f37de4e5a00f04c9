package deid

import (
	"chaperone/phi"
)

// hasDigit reports whether a digit stands in tokens a up to b.
func (p *page) hasDigit(a, b int) bool {
	for i := a; i < b; i++ {
		if k := p.at(i).kind; k == digits || k == mixed {
			return true
		}
	}
	return false
}

// run yields the end of the run of letters, digits and inner marks that begins
// at token i and has no blank in it.
func (p *page) run(i int, inner string) int {
	j := i
	for n := 0; n < 16; n++ {
		switch p.at(j).kind {
		case digits, mixed, word:
		default:
			return j
		}
		j++
		if p.at(j).gap != gapNone {
			return j
		}
		k := j
		for p.isAny(k, inner) && p.at(k).gap == gapNone && k < j+2 {
			k++
		}
		if k == j {
			if p.at(j).kind == punct || p.at(j).kind == edge {
				return j
			}
			continue
		}
		if t := p.at(k); t.gap != gapNone || t.kind == punct || t.kind == edge {
			return j
		}
		j = k
	}
	return j
}

// codeValue takes letters and digits in one piece, or digit groups of one
// number that is written apart, and a list of such.
func (p *page) codeValue(kind phi.Kind, i int, strong bool) int {
	last := 0
	if p.cue(i, cueNumber) && kind != phi.Street {
		if end := p.spelled(i, 4); end > 0 {
			p.put(kind, i, end, 0.93, "label-words")
			return end
		}
	}
	if end, _ := p.dateInDigits(i, false); end > i+1 && !strong && p.at(i).kind == digits {
		return 0 // "telephone encounter 4/2/24"
	}
	if p.measuredCode(kind, i, strong) {
		return 0
	}
	for n := 0; n < 12; n++ {
		if last == 0 && p.is(i, '(') {
			i++
		}
		end := p.oneCode(kind, i, strong)
		if end == 0 {
			break
		}
		if p.isAny(end, "/-") && kind == phi.Member && p.at(end+1).kind == digits && p.at(end+1).size() == 1 && p.near(end+1) && p.at(end-1).size() == 1 && p.at(end).gap == p.at(end+1).gap || p.is(end, '/') && kind == phi.Member && p.at(end+1).kind == digits && p.at(end+1).size() == 1 && p.at(end+1).gap == gapNone {
			end += 2 // the holder's place on an Australian card
		}
		p.put(kind, i, end, 0.97, "label")
		last = end
		if bed := p.bedAfter(end); kind == phi.Street && bed > end {
			return bed
		}
		// a list: 12345, 23456 and 34567
		j := end
		if p.isAny(j, ",;&") && p.same(j) {
			j++
		}
		if t := p.at(j); t.kind == word && p.near(j) && (p.word(j) == "and" || p.word(j) == "or" || p.word(j) == "et" || p.word(j) == "not" || p.word(j) == "vs") {
			j++
		}
		if j == end || !p.near(j) || p.at(j).kind != digits && p.at(j).kind != mixed || p.at(j).size() < 4 {
			break
		}
		i = j
	}
	return last
}

// bedAfter takes the bed that a room's number is followed by: "Bed B".
func (p *page) bedAfter(i int) int {
	if p.is(i, ',') {
		i++
	}
	switch p.word(i) {
	case "Bed", "bed", "BED", "lit", "Lit":
	default:
		return 0
	}
	if t := p.at(i + 1); !p.near(i+1) || t.kind != digits && t.kind != mixed && t.shape != initial {
		return 0
	}
	if lowerOf(p.word(i)) == "lit" {
		p.put(phi.Street, i, i+2, 0.95, "bed")
		return i + 2
	}
	p.put(phi.Street, i+1, i+2, 0.95, "bed")
	return i + 2
}

// oneCode yields the end of the code at token i, or 0.
func (p *page) oneCode(kind phi.Kind, i int, strong bool) int {
	end := p.run(i, "-./_:")
	if end == i {
		return 0
	}
	if !p.hasDigit(i, end) {
		if t := p.at(i); kind == phi.Account && end == i+1 && t.shape == upper2 && (t.size() == 8 || t.size() == 11) && t.entry.English() == 0 {
			return end // a bank's BIC (ISO 9362)
		}
		if t := p.at(i); p.word(i-1) == "PCN" && end == i+1 && t.shape == upper2 && t.size() > 2 {
			return end // a processor control number may have no digit
		}
		return p.lettersThenDigits(i, end)
	}
	if p.is(i+1, '.') && !strong && p.at(i).kind == digits && p.at(i+2).kind == digits && (end == i+3 || p.at(i).size() <= 3 && p.at(i+2).size() <= 2) {
		return 0 // 3.02, 3.5-5.0
	}
	if kind == phi.Street && p.word(end) == "of" && p.at(end+1).kind == digits {
		return 0 // room 2 of 3
	}
	size := int(p.tok[end-1].end - p.tok[i].start)
	if more := p.moreGroups(kind, end); more > end {
		return more
	}
	if end == i+1 && p.at(i).kind == digits {
		if size < 2 && kind != phi.Street || size < 4 && !strong && kind != phi.Street && !(kind == phi.Licence && size == 3 && p.at(i-1).shape == upper2 && p.at(i-1).size() >= 4 && (p.at(end).gap >= gapLine || p.at(end).kind == edge)) {
			return 0
		}
		if p.cue(end, cueMeasure) && p.near(end) && !strong && size <= 5 || p.is(end, '%') {
			return 0
		}
	}
	return end
}

// moreGroups goes on over groups of the same number that are written apart:
// 1234 567 890 or 12 34 56.
func (p *page) moreGroups(kind phi.Kind, end int) int {
	for n := 0; n < 6; n++ {
		t, prev := p.at(end), p.at(end-1)
		if t.gap != gapSpace || t.kind != digits && t.kind != mixed && t.shape != upper2 || prev.kind == word && kind != phi.Account || t.size() > 5 || prev.size() > 6 && !(kind == phi.Device && prev.size() == 7 && t.kind == digits && t.size() == 3) {
			break
		}
		if t.kind == word && !(kind == phi.Account && t.size() == 4 && p.at(end+1).kind == digits) && (t.size() > 2 || kind != phi.Member || p.at(end+1).kind == word && p.near(end+1) && !(t.size() == 2 && prev.kind == digits && prev.size() == 3 && t.entry.English() == 0)) {
			break
		}
		if t.kind != word && (p.cue(end+1, cueYears|cueMeasure|cueMonth) || p.is(end+1, '/') && !(kind == phi.Member && t.size() == 1) || p.is(end+1, '-') && t.size() < 3 && p.at(end+1).gap == gapNone) {
			break
		}
		if kind == phi.Street || kind == phi.Record && prev.size() > 4 {
			break
		}
		if t.kind == mixed && (t.size() > 4 || t.shape == lower1 && prev.shape != lower1 && prev.kind != digits) {
			break
		}
		end++
		for p.isAny(end, "-/") && p.at(end).gap == gapNone && p.at(end+1).gap == gapNone && p.at(end+1).kind == digits {
			end += 2
		}
	}
	return end
}

// lettersThenDigits takes "BOUF 9403 2414" and "CA B123456", where letters
// come first and the digits stand apart.
func (p *page) lettersThenDigits(i, end int) int {
	t := p.at(i)
	if end != i+1 || t.shape != upper2 && t.shape != initial || t.size() > 5 {
		return 0
	}
	n := p.at(end)
	if !p.near(end) || n.kind != digits && n.kind != mixed || n.size() < 3 && p.countDigits(end, p.run(end, "-")) < 6 && !(n.size() == 2 && p.at(end+1).kind == digits && p.at(end+1).gap == gapSpace && p.at(end+2).kind == digits) {
		return 0
	}
	end = p.moreGroups(phi.Member, p.run(end, "-."))
	if last := p.at(end); t.size() == 2 && last.shape == initial && last.gap == gapSpace && p.at(end-1).size() == 2 && !(p.at(end+1).kind == word && p.near(end+1)) {
		end++ // AB 12 34 56 C
	}
	return end
}

// digitsValue takes the digits of a national number: in groups, with OCR's
// letters among them, in words, or the last four only.
func (p *page) digitsValue(kind phi.Kind, i int) int {
	if end := p.spelled(i, 3); end > 0 {
		p.put(kind, i, end, 0.95, "label-words")
		return end
	}
	j, n, seen := i, 0, 0
	for k := 0; k < 24; k++ {
		t := p.at(j)
		switch {
		case t.kind == digits || t.kind == mixed && t.size() <= 15 || t.kind == word && t.size() <= 4 && (t.shape == upper2 || t.shape == initial) && n > 0 && seen > 0 && p.at(j+1).kind != word && !p.cue(j, cueLabel|cueState|cueFunction):
			if j > i && t.gap > gapSpace && (t.gap != gapLine || n >= 9) {
				goto done
			}
			if t.kind != word && j > i && (p.cue(j+1, cueYears|cueMeasure) || n >= 9 && t.size() > 3 && kind == phi.Ident && n+t.size() > 15) {
				goto done
			}
			n += t.size()
			seen = j + 1
		case p.isAny(j, "-./*") && p.near(j) && j > i, p.is(j, '*'), t.kind == word && t.size() >= 2 && isMask(p.word(j)):
		default:
			goto done
		}
		j++
	}
done:
	if seen == 0 || n < 4 && !p.hasMask(i, seen) {
		return p.codeOr(kind, i)
	}
	p.put(kind, i, seen, 0.98, "label")
	return seen
}

func (p *page) codeOr(kind phi.Kind, i int) int {
	if p.cue(i, cueLabel) {
		return 0
	}
	end := p.lettersThenDigits(i, p.run(i, "-./"))
	if end == 0 {
		return 0
	}
	p.put(kind, i, end, 0.95, "label")
	return end
}

func isMask(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != 'X' && s[i] != 'x' {
			return false
		}
	}
	return true
}

func (p *page) hasMask(a, b int) bool {
	for i := a; i < b; i++ {
		if p.is(i, '*') || p.at(i).kind == word && isMask(p.word(i)) {
			return true
		}
	}
	return false
}

// spelled yields the end of a run of at least least number words at token i:
// "one two three, forty-five, six seven eight nine".
func (p *page) spelled(i, least int) int {
	n, end := 0, 0
	for j := i; n < 20; j++ {
		t := p.at(j)
		switch {
		case t.kind == word && t.cue&cueNumber != 0 && (j == i || t.gap <= gapLine):
			n++
			end = j + 1
		case t.kind == word && (p.word(j) == "double" || p.word(j) == "dash" || p.word(j) == "hyphen" || p.word(j) == "slash" || p.word(j) == "hundred") && n > 0:
		case p.isAny(j, ",-.") && n > 0:
		default:
			if n >= least {
				return end
			}
			return 0
		}
	}
	return end
}

// phoneValue takes a telephone number after its label, short ones too.
func (p *page) phoneValue(kind phi.Kind, i int) int {
	if end := p.spelled(i, 5); end > 0 {
		p.put(kind, i, end, 0.95, "label-words")
		return end
	}
	j, n, end := i, 0, 0
	for k := 0; k < 16; k++ {
		t := p.at(j)
		switch {
		case t.kind == digits && (j == i || t.gap <= gapSpace):
			if n >= 7 && t.gap == gapSpace && (p.cue(j+1, cueYears|cueMeasure) || n+t.size() > 15) {
				k = 16
				continue
			}
			n += t.size()
			end = j + 1
		case t.kind == mixed && n == 0 && t.size() >= 7:
			n += t.size()
			end = j + 1
		case p.isAny(j, "+()-./*") && (p.near(j) || j == i):
		case t.kind == word && n >= 7 && (p.word(j) == "ext" || p.word(j) == "x" || p.word(j) == "poste" || p.word(j) == "extension") && (p.at(j+1).kind == digits || p.is(j+1, '.')):
		case t.kind == mixed && n >= 7 && (p.word(j)[0] == 'x' || p.word(j)[0] == 'X'):
			end = j + 1
		default:
			k = 16
			continue
		}
		j++
	}
	if end == i+1 && emergency[p.word(i)] && dialled[lowerOf(p.word(i-1))] {
		return 0
	}
	if m := p.misreadPhone(kind, i); m > end {
		return m
	}
	if n < 7 && !(n >= 3 && p.shortPhone(i, end)) {
		return 0
	}
	end = p.extension(end)
	for p.isAny(i, "-./*)") {
		i++
	}
	if p.is(i-1, '(') && p.is(i+1, ')') {
		i--
	}
	p.put(kind, i, end, 0.97, "label")
	return end
}

// shortPhone says whether three to six digits after a label are an extension
// or a pager: the label must have been clear and nothing that measures follows.
func (p *page) shortPhone(i, end int) bool {
	if end == i+3 && p.at(i).size() == 1 && p.is(i+1, '-') && p.at(i+2).size() == 4 {
		return true // 5-4471
	}
	if !p.isAny(i-1, ":.#") && !p.cue(i-1, cueLabel) && p.at(i-1).kind != word {
		return false
	}
	switch p.word(i - 1) {
	case "phone", "telephone", "text", "call", "x", "cell", "mobile", "contact", "portable", "fixe":
		return false
	}
	return !p.cue(end, cueMeasure|cueYears) && p.at(i).kind == digits && end == i+1 && !p.is(end, '%')
}

// postalValue takes a postal code of any country after its label.
func (p *page) postalValue(i int) int {
	if end := p.spelled(i, 5); end > 0 {
		p.put(phi.Postal, i, end, 0.93, "label-words")
		return end
	}
	end := p.run(i, "-")
	if end == i {
		return 0
	}
	if !p.hasDigit(i, end) {
		if t := p.at(end); t.gap != gapSpace || t.kind != mixed && t.kind != digits || p.at(i).size() > 3 {
			return 0
		}
		end++
	} else if t := p.at(end); t.gap == gapSpace && (t.kind == mixed && t.size() <= 4 || t.kind == digits && t.size() == 3 && p.at(i).size() == 3 || t.shape == upper2 && t.size() == 2 && p.at(i).kind == digits && p.at(i).size() == 4) {
		end++
	}
	if t := p.at(i); end == i+1 && t.kind == mixed && t.size() == 3 && (isAlnum(p.word(i)[1]) && !allDigits(p.word(i)[1:2]) || p.at(i).gap >= gapLine) {
		return 0
	}
	if int(p.tok[end-1].end-p.tok[i].start) < 3 || p.at(i).size() > 10 {
		return 0
	}
	p.put(phi.Postal, i, end, 0.95, "label")
	return end
}

// wordValue takes one word after a label that is always followed by one.
func (p *page) wordValue(kind phi.Kind, i int) int {
	end := i
	for end < len(p.tok) && end < i+24 && (end == i || p.at(end).gap == gapNone) && !p.isAny(end, ",;|\"')]}<>") {
		end++
	}
	for end > i && p.isAny(end-1, ".:?!") {
		end--
	}
	if end == i {
		return 0
	}
	if end == i+1 && p.at(i).kind == word && (p.entry(i).English() > 0 || p.cue(i, cueFunction) || p.entry(i).French() > 0 && p.french) {
		return 0
	}
	if end == i+1 && p.at(i).kind == digits && p.at(i).size() < 3 {
		return 0
	}
	p.put(kind, i, end, 0.95, "label")
	return end
}

// digestValue takes what stands for a body or its picture: a hash, a code, a
// file name.
func (p *page) digestValue(kind phi.Kind, i int) int {
	end := p.run(i, "-./_:")
	if end == i || !p.hasDigit(i, end) && end < i+3 || end == i+1 && p.at(i).size() < 4 {
		return 0
	}
	p.put(kind, i, end, 0.92, "label")
	return end
}

// lineValue takes a place, address or organisation up to the end of its field.
func (p *page) lineValue(l *labelPhrase, i int) int {
	end, words := i, 0
	for ; end < len(p.tok) && end < i+14; end++ {
		t := p.at(end)
		if end > i && t.gap >= gapWide || p.isAny(end, ";|<>\"{}[]\t") || p.is(end, ',') && l.form != formStreet || p.is(end, '.') && p.at(end+1).gap != gapNone && p.at(end-1).size() > 3 || p.is(end, '(') && l.form != formStreet {
			break
		}
		if t.kind == word && end > i && t.cue&cueLabel != 0 {
			if _, next := p.labelAt(end); p.is(next, ':') {
				break
			}
		}
		if t.kind != punct {
			words++
		}
	}
	for end > i && p.isAny(end-1, ",.:-") {
		end--
	}
	if end == i || words > 10 {
		return 0
	}
	if l.form == formOrg && p.hasDigit(i, end) && p.at(i).shape == upper2 && (p.at(i+1).kind == digits || p.isAny(i+1, "<>=")) {
		return 0 // a score
	}
	if l.form == formStreet && !p.hasDigit(i, end) && words < 2 || l.form != formStreet && !p.named(i, end) || p.onlyRegion(i, end) {
		return 0
	}
	if l.form == formPlace && words > 4 || l.form == formOrg && words > 8 {
		return 0
	}
	p.put(l.kind, i, end, 0.92, "label")
	return end
}

// named reports whether tokens a up to b begin with a capital and are not all
// ordinary words, so that they can be the name of something.
func (p *page) named(a, b int) bool {
	if t := p.at(a); t.kind == word && !t.capital() {
		return t.entry.Place() > 0 && b <= a+3 && t.entry.English() == 0 || t.shape == camel
	}
	for i := a; i < b; i++ {
		t := p.at(i)
		if p.french && t.entry.French() > 0 && t.entry.Place() < 5 && p.strength(i) < 5 {
			continue
		}
		if t.kind == word && t.size() > 1 && !(t.entry.English() > 0 && t.entry.English() <= 4) && !t.entry.Has(clinicalTraits) && t.cue&(cueFunction|cueNever|cueOrgMid) == 0 || t.entry.Place() >= 3 && t.entry.English() == 0 {
			return true
		}
		if t.cue&(cueOrg|cueOrgFr) != 0 && b-a > 1 {
			return true
		}
	}
	return false
}

// onlyRegion reports whether tokens a up to b say no more than a state,
// province or country.
func (p *page) onlyRegion(a, b int) bool {
	for i := a; i < b; i++ {
		if end := p.region(i); end > i {
			i = end - 1
			continue
		}
		if p.at(i).kind == punct || p.cue(i, cueState) && p.at(i).shape == upper2 {
			continue
		}
		return false
	}
	return true
}
