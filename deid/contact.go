package deid

import (
	"strings"

	"chaperone/phi"
)

// findContacts looks for e-mail addresses, web addresses and network
// addresses.
func (p *page) findContacts() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		switch {
		case p.is(i, '@'):
			i = max(i, p.emailAt(i)-1)
		case p.is(i, ':') && p.is(i+1, '/') && p.is(i+2, '/') && p.at(i-1).kind == word && p.at(i+2).gap == gapNone:
			i = max(i, p.linkFrom(i-1)-1)
		case t.kind == word && t.size() == 3 && p.is(i+1, '.') && strings.EqualFold(p.word(i), "www"):
			i = max(i, p.linkFrom(i)-1)
		case p.is(i, '.') && t.gap == gapNone && i > 0 && p.at(i-1).kind != punct && p.at(i+1).gap == gapNone:
			i = max(i, p.domainAt(i)-1)
		case t.kind == digits && t.size() <= 3 && p.is(i+1, '.') && p.at(i+1).gap == gapNone:
			i = max(i, p.ipv4At(i)-1)
		case p.is(i, ':') && t.gap == gapNone:
			i = max(i, p.hexAddressAt(i)-1)
		}
	}
}

// blank yields the byte after the last one before a blank, quote or bracket.
func (p *page) blank(from int) int {
	s := p.txt
	for from < len(s) {
		switch s[from] {
		case ' ', '\t', '\n', '\r', '"', '<', '>', '|', ')', ']', '}', '(', '[', '{', '\'', ';', ',', '`', '\\', 1:
			return from
		}
		from++
	}
	return from
}

func isMailByte(b byte) bool {
	return isAlnum(b) || b == '.' || b == '_' || b == '-' || b == '+' || b == '%' || b >= 0x80
}

// emailAt takes the address around the @ at token i, a social handle, or an
// address written out with blanks around the @.
func (p *page) emailAt(i int) int {
	s, at := p.txt, int(p.tok[i].start)
	a := at
	for a > 0 && a > at-64 && isMailByte(s[a-1]) {
		a--
	}
	b := at + 1
	dot := false
	for b < len(s) && b < at+190 && (isAlnum(s[b]) || s[b] == '-' || s[b] == '.' || s[b] >= 0x80) {
		dot = dot || s[b] == '.' && b > at+1
		b++
	}
	for b > at && (s[b-1] == '.' || s[b-1] == '-') {
		b--
	}
	for a < at && (s[a] == '.' || s[a] == '-') {
		a++
	}
	dot = dot && strings.IndexByte(s[at:b], '.') > 0
	switch {
	case a < at && b > at+2 && dot:
		return p.sweepNear(i, phi.Email, a, b, 0.97, "email")
	case a < at && b > at+2 && at-a >= 2 && !p.timeBefore(i):
		return p.sweepNear(i, phi.Email, a, b, 0.7, "email-local")
	case a == at && b > at+3 && p.tok[i].gap != gapNone || a == at && i == 0 && b > at+3:
		if t := p.at(i + 1); t.gap == gapNone && (t.entry.English() == 0 && !t.entry.Has(clinicalTraits) && t.cue == 0 || t.kind == mixed || p.isAny(i+2, "_") && p.at(i+2).gap == gapNone) && t.kind != digits {
			for b < len(s) && (isAlnum(s[b]) || s[b] == '_') {
				b++
			}
			p.sweep(phi.Code, at, b, 0.75, "handle")
			return p.tokenAt(b)
		}
	}
	return 0
}

func (p *page) timeBefore(i int) bool { return p.at(i-1).kind == digits }

// sweep adds a candidate by bytes and marks the tokens in it.
func (p *page) sweep(kind phi.Kind, a, b int, score float64, rule string) {
	p.putBytes(kind, p.tokenAt(a), a, b, score, rule)
}

// sweepNear is sweep for bytes near token i; it yields the token after them.
func (p *page) sweepNear(i int, kind phi.Kind, a, b int, score float64, rule string) int {
	for i > 0 && int(p.tok[i-1].end) > a {
		i--
	}
	p.putBytes(kind, i, a, b, score, rule)
	for i < len(p.tok) && int(p.tok[i].end) <= b {
		i++
	}
	return i
}

// tokenAt yields the first token that ends after byte b.
func (p *page) tokenAt(b int) int {
	lo, hi := 0, len(p.tok)
	for lo < hi {
		if mid := (lo + hi) / 2; int(p.tok[mid].end) <= b {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// linkFrom takes the web address that begins at token i.
func (p *page) linkFrom(i int) int {
	a := int(p.tok[i].start)
	b := p.blank(a)
	for b > a && strings.IndexByte(".,:;!?*", p.txt[b-1]) >= 0 {
		b--
	}
	if b-a < 6 {
		return 0
	}
	if ownMachine(p.txt[a:b]) {
		return p.tokenAt(b)
	}
	p.sweep(phi.Link, a, b, 0.95, "url")
	return p.tokenAt(b)
}

// domains are the top-level domains that make dotted words a web address
// without a scheme.
var domains = map[string]bool{
	"com": true, "org": true, "net": true, "edu": true, "gov": true, "mil": true, "io": true, "info": true, "biz": true, "ca": true, "uk": true, "fr": true, "health": true, "care": true, "app": true, "dev": true, "au": true, "nz": true, "de": true, "eu": true, "us": true, "be": true, "ch": true, "co": true, "me": true, "ai": true, "local": true, "internal": true, "lan": true, "clinic": true, "hospital": true, "online": true, "site": true, "quebec": true, "nhs": true, "example": true, "test": true,
}

// domainAt takes portal.example.org/p/12 around the dot at token i. Where the
// run of words and dots ends in no domain it yields the token to go on from.
func (p *page) domainAt(i int) int {
	first := i - 1
	for n := 0; n < 5 && p.isAny(first-1, ".-") && p.at(first).gap == gapNone && p.at(first-1).gap == gapNone && p.at(first-2).kind != punct && first >= 2; n++ {
		first -= 2
	}
	last := i + 1
	for n := 0; n < 5 && p.isAny(last+1, ".-") && p.at(last+1).gap == gapNone && p.at(last+2).gap == gapNone && p.at(last+2).kind != punct && p.at(last+2).kind != edge; n++ {
		last += 2
	}
	if p.at(last).kind != word || p.at(last).shape != lower1 || !domains[p.word(last)] {
		return last // no dot of this run leads elsewhere
	}
	if p.at(first).kind == digits || p.is(last-1, '-') {
		return 0
	}
	short := len(p.word(last)) == 2
	if last == i+1 && (short || p.word(last) == "care" || p.word(last) == "health" || p.word(last) == "test" || p.word(last) == "local" || p.word(last) == "example") && !p.is(last+1, '/') {
		return 0
	}
	if p.at(first).shape == title1 && p.at(first).entry.English() > 0 && short {
		return 0
	}
	a, b := int(p.tok[first].start), int(p.tok[last].end)
	if p.is(last+1, '/') && p.at(last+1).gap == gapNone {
		b = p.blank(b)
		for b > a && strings.IndexByte(".,:;!?*", p.txt[b-1]) >= 0 {
			b--
		}
	}
	p.sweep(phi.Link, a, b, 0.85, "domain")
	return p.tokenAt(b)
}

// ipv4At takes four numbers to 255 with dots, not a version.
func (p *page) ipv4At(i int) int {
	if i > 0 && p.at(i).gap == gapNone && p.isAny(i-1, ".") {
		return 0
	}
	for n := range 4 {
		t := p.at(i + 2*n)
		if t.kind != digits || t.size() > 3 || p.number(i+2*n) > 255 || n > 0 && t.gap != gapNone || n < 3 && (!p.is(i+2*n+1, '.') || p.at(i+2*n+1).gap != gapNone) {
			return 0
		}
	}
	end := i + 7
	if p.is(end, '.') && p.at(end+1).kind == digits && p.at(end+1).gap == gapNone && p.at(end).gap == gapNone {
		return 0
	}
	switch p.word(i - 1) {
	case "version", "Version", "v", "V", "section", "Section", "release", "build":
		return 0
	}
	if p.is(end, '/') && p.at(end+1).kind == digits && p.at(end+1).gap == gapNone {
		end += 2
	}
	if p.word(i+6) == "0" && end > i+7 {
		return end // a network, nobody's machine
	}
	p.put(phi.Host, i, end, 0.93, "ipv4")
	return end
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if hexValue(s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// hexAddressAt takes IPv6 and hardware addresses around the colon at token i.
func (p *page) hexAddressAt(i int) int {
	a := int(p.tok[i].start)
	for a > 0 && a > int(p.tok[i].start)-4 && hexValue(p.txt[a-1]) >= 0 {
		a--
	}
	if a > 0 && (isAlnum(p.txt[a-1]) || p.txt[a-1] == ':') {
		return 0
	}
	b := a
	for b < len(p.txt) && b < a+46 && (hexValue(p.txt[b]) >= 0 || p.txt[b] == ':' || p.txt[b] == '.' && b > a+6) {
		b++
	}
	for b > a && (p.txt[b-1] == '.' || p.txt[b-1] == ':' && !(b > a+1 && p.txt[b-2] == ':')) {
		b--
	}
	if b < len(p.txt) && isAlnum(p.txt[b]) {
		return 0
	}
	kind, rule := hexAddress(p.txt[a:b])
	if rule == "" {
		return 0
	}
	p.sweep(kind, a, b, 0.95, rule)
	return p.tokenAt(b)
}

// hexAddress says whether s is a hardware address or an IPv6 address (RFC
// 4291).
func hexAddress(s string) (phi.Kind, string) {
	parts := strings.Split(s, ":")
	if len(parts) == 6 || len(parts) == 8 {
		mac := true
		for _, x := range parts {
			mac = mac && len(x) == 2 && isHex(x)
		}
		if mac {
			return phi.Host, "mac"
		}
	}
	gaps, letters := strings.Count(s, "::"), 0
	if gaps > 1 || len(parts) > 8 || len(parts) < 3 || gaps == 0 && len(parts) != 8 {
		return 0, ""
	}
	for _, x := range parts {
		if len(x) > 4 || x != "" && !isHex(x) {
			return 0, ""
		}
		letters += len(x)
	}
	if letters < 4 {
		return 0, ""
	}
	return phi.Host, "ipv6"
}

// hyphenMAC takes 00-1A-2B-3C-4D-5E, where the run begins at token i.
func (p *page) hyphenMAC(i int) int {
	if i > 0 && p.at(i).gap == gapNone {
		return 0
	}
	j := i
	for n := range 6 {
		if n > 0 {
			if !p.is(j, '-') || p.at(j).gap != gapNone || p.at(j+1).gap != gapNone {
				return 0
			}
			j++
		}
		if p.at(j).size() != 2 || !isHex(p.word(j)) {
			return 0
		}
		j++
	}
	if p.is(j, '-') && p.at(j).gap == gapNone {
		return 0
	}
	p.put(phi.Host, i, j, 0.95, "mac")
	return j
}
