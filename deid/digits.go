package deid

import (
	"chaperone/phi"
)

// groups is a number written in groups: (555) 123-4567, 123-45-6789.
type groups struct {
	from, end int // tokens
	n         int
	size      [6]int
	sep       [6]byte // before each group: ' ', '-', '.', '/', 0 for none
	last      [6]int  // token after each group
	digits    [24]byte
	total     int
	paren     bool // the first group stood in parentheses
	plus      bool
}

// groupsAt reads digit groups from token i on. It is bounded by six groups and
// 24 digits.
func (p *page) groupsAt(i int) groups {
	g := groups{from: i, end: i}
	j := i
	if p.is(j, '+') && p.at(j+1).gap == gapNone {
		g.plus = true
		j++
	}
	open := false
	if p.is(j, '(') && p.at(j+1).kind == digits && p.is(j+2, ')') {
		g.paren, open = true, true
		j++
	}
	var sep byte
	for g.n < len(g.size) {
		t := p.at(j)
		if t.kind != digits || g.total+t.size() > len(g.digits) {
			break
		}
		if g.n > 0 && t.gap == gapSpace && sep == 0 {
			sep = ' '
		} else if g.n > 0 && t.gap > gapSpace {
			break
		}
		g.size[g.n], g.sep[g.n] = t.size(), sep
		copy(g.digits[g.total:], p.word(j))
		g.total += t.size()
		j++
		g.last[g.n] = j
		g.n++
		sep = 0
		if open {
			if !p.is(j, ')') {
				break
			}
			open = false
			j++
			g.last[g.n-1] = j
		}
		switch {
		case p.isAny(j, "-./") && p.near(j) && p.at(j+1).kind == digits && p.near(j+1):
			sep = p.txt[p.tok[j].start]
			j++
			if p.is(j, '(') {
				j--
			}
		case p.is(j, '(') && g.n == 1 && p.at(j+1).kind == digits && p.is(j+2, ')'):
			g.paren, open = true, true
			j++
		case p.at(j).kind == digits && (p.at(j).gap == gapSpace || p.at(j).gap == gapNone && p.is(j-1, ')')):
		default:
			g.end = j
			return g
		}
	}
	g.end = g.last[max(g.n-1, 0)]
	return g
}

// shape reports whether the first groups have these sizes.
func (g *groups) shape(sizes ...int) bool {
	if g.n < len(sizes) {
		return false
	}
	for i, s := range sizes {
		if g.size[i] != s {
			return false
		}
	}
	return true
}

// head yields the digits of the first n groups.
func (g *groups) head(n int) []byte {
	total := 0
	for _, s := range g.size[:n] {
		total += s
	}
	return g.digits[:total]
}

// findDigits looks at every number that no label has claimed.
func (p *page) findDigits() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.size() == 2 && p.is(i+1, '-') && isHex(p.word(i)) {
			if end := p.hyphenMAC(i); end > 0 {
				i = end - 1
				continue
			}
		}
		switch {
		case p.taken[i]:
			continue
		case t.kind == word && t.entry.Has(itself) && codeSystems[p.word(i)]:
			continue
		case t.kind == mixed:
			i = max(i, p.mixedNumber(i)-1)
			continue
		case t.kind == digits:
		case p.is(i, '+') && p.at(i+1).kind == digits && p.at(i+1).gap == gapNone, p.is(i, '(') && p.at(i+1).kind == digits:
		case t.kind == word && t.shape == upper2 && t.size() <= 5:
			i = max(i, p.letteredNumber(i)-1)
			continue
		default:
			continue
		}
		if next := p.numberAt(i); next > i {
			i = next - 1
		}
	}
}

// numberAt tries the known forms at token i and yields the token after what it
// took, or 0.
func (p *page) numberAt(i int) int {
	g := p.groupsAt(i)
	if g.n == 0 || i > 0 && p.at(i).gap == gapNone && (p.isAny(i-1, "/.-$") && p.at(i-1).gap == gapNone && i > 1 && p.at(i-2).kind != punct) {
		return 0
	}
	if g.total < len(g.size) && !g.paren {
		return 0 // no form is that short
	}
	return p.tryForms(i, g)
}

// tryForms asks each form in turn. It takes a copy so that the many short
// numbers that never come here cost no allocation.
func (p *page) tryForms(i int, g groups) int {
	for _, form := range []func(*page, *groups) (phi.Kind, int, float64, string){ssnForm, phoneForm, cardForm, udiForm, healthForm, longForm} {
		kind, n, score, rule := form(p, &g)
		if n == 0 {
			continue
		}
		end := g.last[n-1]
		if n == g.n && p.at(end).gap == gapNone && p.at(end).kind == word && p.at(end).size() > 2 {
			continue
		}
		switch {
		case kind == phi.Phone || kind == phi.Fax:
			end = p.extension(end)
		case rule == "nir" && p.at(end).kind == digits && p.at(end).size() == 2 && p.at(end).gap == gapSpace:
			end++
		}
		p.put(kind, i, end, score, rule)
		return end
	}
	return 0
}

// extension goes on from a telephone number over "ext. 4471", "x4471", "poste
// 4471" and "/0143".
func (p *page) extension(end int) int {
	j := end
	if p.is(j, '/') && p.at(j).gap == gapNone && p.at(j+1).kind == digits && p.at(j+1).size() == 4 && p.at(j+1).gap == gapNone {
		return j + 2
	}
	for n := 0; n < 2 && p.isAny(j, ",(") && p.near(j); n++ {
		j++
	}
	if t := p.at(j); t.kind == mixed && p.near(j) && (p.word(j)[0]|0x20) == 'x' && allDigits(p.word(j)[1:]) {
		return j + 1
	}
	switch p.word(j) {
	case "ext", "Ext", "EXT", "extension", "Extension", "x", "X", "poste", "Poste", "ex", "interno", "anexo":
	default:
		return end
	}
	j++
	for n := 0; n < 2 && p.isAny(j, ".:#"); n++ {
		j++
	}
	if p.at(j).kind != digits || p.at(j).size() > 6 || !p.near(j) {
		return end
	}
	return j + 1
}

// ssnForm knows US social security numbers by their groups, whatever stands
// between them.
func ssnForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	if !g.shape(3, 2, 4) || g.sep[1] != g.sep[2] || g.paren || g.plus {
		return 0, 0, 0, ""
	}
	d := g.head(3)
	switch {
	case g.sep[1] == '/':
		return 0, 0, 0, ""
	case validSSN(d), validITIN(d):
		return phi.Ident, 3, 0.95, "ssn"
	case g.sep[1] == '-':
		return phi.Ident, 3, 0.9, "ssn-shape"
	}
	return phi.Ident, 3, 0.7, "ssn-shape"
}

// phoneForm knows telephone numbers of North America, France, Britain,
// Australia and the international form.
func phoneForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	if g.total < 7 {
		return 0, 0, 0, ""
	}
	kind := p.phoneOrFax(g.from)
	if g.plus && g.total >= 8 && g.total-g.size[g.n-1] < 15 {
		n := 0
		for t := 0; n < g.n && t+g.size[n] <= 15; n++ {
			t += g.size[n]
		}
		return kind, n, 0.95, "phone-intl"
	}
	d := g.digits[:]
	switch {
	case g.shape(1, 3, 3, 4) && d[0] == '1' && d[1] >= '2' && g.sep[1] != '/':
		return kind, 4, 0.95, "phone"
	case g.shape(3, 3, 4) && g.sep[2] != '/' && (g.paren || g.sep[1] != '/' || g.sep[2] == '-'):
		switch {
		case d[0] >= '2' && d[3] >= '2' || g.paren || d[0] >= '2' && g.sep[2] == '-':
			return kind, 3, 0.92, "phone"
		case g.sep[1] == '-' && g.sep[2] == '-':
			return kind, 3, 0.8, "phone-shape"
		}
	case g.paren && g.size[0] == 2 && g.n > 2 && g.total >= 10 && (string(d[:2]) == "33" || string(d[:2]) == "44" || string(d[:2]) == "32" || string(d[:2]) == "41" || string(d[:2]) == "49" || d[0] == '0' || g.total <= 11):
		return kind, g.n, 0.85, "phone-paren"
	case g.shape(3, 2, 2, 2) && g.n == 4 && d[0] >= '6' && d[0] != '8' && g.sep[1] == ' ' && g.sep[3] == ' ', g.shape(3, 3, 3) && g.n == 3 && (d[0] == '6' || d[0] == '7') && g.sep[1] == ' ' && !p.english && p.phoneCue(g.from) != 0:
		return kind, g.n, 0.8, "phone-es"
	case g.shape(3, 7) && g.paren:
		return kind, 2, 0.92, "phone"
	case g.shape(2, 2, 2, 2, 2) && d[0] == '0' && d[1] != '0':
		return kind, 5, 0.93, "phone-fr"
	case g.shape(2, 4, 4) && d[0] == '0' && g.sep[1] != '/', g.shape(4, 3, 3) && d[0] == '0', g.shape(5, 6) && d[0] == '0', g.shape(3, 4, 4) && d[0] == '0', g.shape(4, 3, 4) && d[0] == '0' || g.shape(4, 6) && d[0] == '0', g.shape(5, 3, 3) && d[0] == '0':
		n := 3
		if g.shape(5, 6) || g.shape(4, 6) {
			n = 2
		}
		return kind, n, 0.85, "phone-world"
	case g.shape(10) && (g.n == 1 || g.sep[1] == ' '):
		if d[0] >= '2' && d[3] >= '2' || d[0] == '0' && d[1] >= '1' && d[1] <= '9' {
			return kind, 1, 0.6, "phone-run"
		}
	case g.total >= 7 && g.total <= 12 && g.n > 1 && g.n <= 5 && g.sep[1] != '/' && g.sep[1] != '.' && g.size[0] <= 5 && !p.isAny(g.from-1, "-/#") && g.size[g.n-1] > 1:
		if g.shape(3, 4) && g.n == 2 && g.sep[1] == '-' && d[0] >= '2' && p.is(g.from-1, '(') && p.is(g.end, ')') {
			return kind, 2, 0.75, "phone-local"
		}
		if k := p.phoneCue(g.from); k != 0 && !p.streetAhead(g.end) {
			return k, g.n, 0.8, "phone-local"
		}
	}
	return 0, 0, 0, ""
}

// phoneOrFax decides by the words before the number.
func (p *page) phoneOrFax(i int) phi.Kind {
	for j := i - 1; j >= 0 && j >= i-5 && p.same(j+1); j-- {
		if k := faxWords[p.word(j)]; k {
			return phi.Fax
		}
	}
	return phi.Phone
}

var faxWords = map[string]bool{"fax": true, "Fax": true, "FAX": true, "facsimile": true, "f": true, "F": true, "telecopie": true, "Telecopie": true, "faxed": true}

// phoneCue says whether a seven-digit number is spoken of as a telephone.
func (p *page) phoneCue(i int) phi.Kind {
	for j := i - 1; j >= 0 && j >= i-5; j-- {
		switch p.word(j) {
		case "telephone", "joignable", "joignables", "appeler", "contacter", "numero", "Telephone", "portable", "call", "called", "phone", "Phone", "tel", "Tel", "at", "cell", "pager", "Call", "reached", "number", "contact", "text", "dial", "CALLED", "CALL", "PHONE", "TEL", "CB", "llame", "llamo", "llamar", "llama", "marcar", "marque", "appelez", "rappeler", "rappelez", "joindre", "telefono", "cel", "cellulaire", "mob", "mobile", "ph", "reach":
			return phi.Phone
		case "fax", "Fax":
			return phi.Fax
		}
	}
	return 0
}

// cardForm knows payment cards: Luhn, and the first digits of the schemes.
func cardForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	n, total := 0, 0
	for n < g.n && total < 19 && (n == 0 || g.sep[n] == g.sep[1] || g.sep[n] == 0) {
		total += g.size[n]
		n++
		if total >= 13 && total <= 19 && (n == g.n || g.sep[n] == ' ') && g.sep[min(1, n-1)] != '/' && g.sep[min(1, n-1)] != '.' {
			d := g.head(n)
			if validIHI(d) {
				return phi.Member, n, 0.95, "ihi"
			}
			if total != 14 && total != 13 && luhn(d) && d[0] >= '3' && d[0] <= '6' || g.shape(4, 4, 4, 4) {
				return phi.Account, n, 0.92, "card"
			}
			if validNIR(d) {
				return phi.Ident, n, 0.95, "nir"
			}
		}
	}
	if d := g.digits[:]; g.n >= 6 && g.shape(1, 2, 2, 2, 3, 3) && (d[0] == '1' || d[0] == '2') {
		return phi.Ident, 6, 0.95, "nir"
	}
	return 0, 0, 0, ""
}

// udiForm knows GS1 device identifiers written with their application
// identifiers in parentheses: (01)...(21)....
func udiForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	if !g.paren || g.size[0] != 2 || string(g.digits[:2]) != "01" && string(g.digits[:2]) != "21" && string(g.digits[:2]) != "10" {
		return 0, 0, 0, ""
	}
	j := g.from
	for n := 0; n < 6 && p.is(j, '(') && p.at(j+1).kind == digits && p.is(j+2, ')') && (j == g.from || p.at(j).gap == gapNone); n++ {
		end := p.run(j+3, "-./_")
		if end == j+3 {
			break
		}
		j = end
	}
	if j <= g.from+4 {
		return 0, 0, 0, ""
	}
	g.last[0] = j
	return phi.Device, 1, 0.96, "udi"
}

// healthForm knows health card numbers by their groups and check digits.
func healthForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	if g.paren || g.plus || g.n > 1 && g.sep[1] == '/' {
		return 0, 0, 0, ""
	}
	n := 1
	switch {
	case g.shape(4, 3, 3), g.shape(3, 3, 4), g.shape(4, 5, 1), g.shape(3, 3, 3):
		n = 3
	case g.shape(10), g.shape(9), g.shape(11):
	case g.shape(5, 4):
		n = 2
	default:
		return 0, 0, 0, ""
	}
	if g.n > n && g.sep[n] != ' ' || n > 1 && g.sep[1] == '.' {
		return 0, 0, 0, ""
	}
	d := g.head(n)
	grouped := n > 1
	if !grouped && validSCTID(d) {
		return 0, 0, 0, ""
	}
	switch {
	case grouped && len(d) == 10 && (validOHIP(d) || validBCPHN(d) || validNHS(d)), grouped && validMedicareAU(d) && g.size[0] == 4:
		return phi.Member, n, 0.93, "health-card"
	case grouped && len(d) == 9 && (g.sep[1] == '-' || g.sep[1] == ' ') && n == 3 && g.sep[1] == g.sep[2]:
		if validSIN(d) || validTFN(d) {
			return phi.Ident, n, 0.92, "sin"
		}
		if g.sep[1] == '-' || g.n == n && p.someone() {
			return phi.Ident, n, 0.7, "sin-shape"
		}
	case grouped && g.size[0] == 4 && len(d) == 10:
		return phi.Member, n, 0.8, "health-card-shape"
	case !grouped && (validNPI(d) || validNHS(d) || validBCPHN(d)):
		return phi.Member, n, 0.7, "health-card"
	case !grouped && len(d) == 9 && (validSIN(d) || validSSN(d)):
		return phi.Ident, n, 0.6, "nine-digits"
	}
	return 0, 0, 0, ""
}

// longForm takes any unbroken run of nine digits and more: no measure has so
// many, and every register does.
func longForm(p *page, g *groups) (phi.Kind, int, float64, string) {
	if n := p.spacedDigits(g); n > 0 {
		return phi.Code, n, 0.7, "spaced-digits"
	}
	if validSCTID(g.digits[:g.size[0]]) {
		return 0, 0, 0, ""
	}
	if s := g.size[0]; (s == 12 || s == 14) && p.dateRun(string(g.digits[:s])) {
		return 0, 0, 0, ""
	}
	if g.size[0] >= 9 && !g.paren && !(g.n > 1 && (g.sep[1] == '.' || g.sep[1] == '/')) && !(p.isAny(g.from-1, ".") && p.at(g.from).gap == gapNone) {
		return phi.Code, 1, 0.6, "long-number"
	}
	return 0, 0, 0, ""
}

// spacedDigits takes seven and more single digits with a blank between each,
// as forms with boxes come out of a scan. It goes past what groups hold.
func (p *page) spacedDigits(g *groups) int {
	if g.n < len(g.size) || g.size[0] != 1 || g.size[1] != 1 || g.size[2] != 1 || g.size[3] != 1 {
		return 0
	}
	j := g.from
	for j < len(p.tok) && j < g.from+32 && p.at(j).kind == digits && p.at(j).size() == 1 && (j == g.from || p.at(j).gap == gapSpace) {
		j++
	}
	if j-g.from < 7 {
		return 0
	}
	g.last[0] = j
	return 1
}
