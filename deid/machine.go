package deid

import "chaperone/phi"

// machineName takes the name of a computer or of a thing on an inventory by its
// shape: groups of capitals and a group of digits, as in "RAD-WS-0417" and
// "RMH-TAB-0318", or letters and digits behind "station" and the like.
func (p *page) machineName(i int) int {
	t := p.at(i)
	if t.kind != word || t.shape != upper2 || t.size() > 6 || !p.is(i+1, '-') || p.at(i+1).gap != gapNone || i > 0 && t.gap == gapNone || p.guard[i] || registries[p.word(i)] || codeSystems[p.word(i)] {
		return 0
	}
	end := p.run(i, "-")
	groups, numbers, letters := 0, 0, 0
	for k := i; k < end; k++ {
		if p.at(k).kind == punct {
			continue
		}
		groups++
		for _, c := range []byte(p.word(k)) {
			switch {
			case c >= '0' && c <= '9':
				numbers++
			case isUpper(c):
				letters++
			default:
				return 0
			}
		}
	}
	last := p.at(end - 1)
	switch {
	case p.at(end).gap == gapNone && p.isAny(end, "/:_@=%") || t.entry.Has(clinicalTraits) && groups < 3 || p.held(i, end) || !p.someone() && !p.machineWord(i):
		return 0
	case groups >= 3 && numbers >= 2 && letters >= 4 && (last.kind != word):
	case groups == 2 && numbers >= 4 && last.kind == digits && t.size() <= 4 && t.entry.English() == 0 && (p.word(end - 1)[0] == '0' || p.machineWord(i)):
	default:
		return 0
	}
	p.put(phi.Code, i, end, 0.65, "machine-name")
	return end
}

// machineWord says whether a word for a computer, a thing on an inventory or a
// number stands within four words before token i.
func (p *page) machineWord(i int) bool {
	for j := i - 1; j >= i-4 && j >= 0 && p.same(j+1); j-- {
		switch lowerOf(p.word(j)) {
		case "hostname", "host", "workstation", "computer", "pc", "laptop", "terminal", "tablet", "asset", "tag", "box", "device", "station", "machine", "printer", "ticket", "code", "no", "ref", "id", "badge", "lic", "licence", "license", "reg", "pump", "monitor", "equipment":
			return true
		}
	}
	return false
}

// stationName takes the computer behind "station" and "workstation":
// "Station MRKHB02".
func (p *page) stationName(i int) int {
	switch lowerOf(p.word(i)) {
	case "station", "workstation", "hostname", "host", "terminal", "computer", "poste":
	default:
		return 0
	}
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, ":#") || p.word(j) == "name" || p.word(j) == "is"); n++ {
		j++
	}
	t := p.at(j)
	if t.kind != mixed && !(t.shape == upper2 && p.is(j+1, '-')) || !p.near(j) || t.shape == lower1 {
		return 0
	}
	end := p.run(j, "-_")
	if n := p.countDigits(j, end); n < 2 || int(p.tok[end-1].end-t.start) < 6 || p.taken[j] {
		return 0
	}
	p.put(phi.Host, j, end, 0.75, "station-name")
	return end
}

// seatAt takes "seat 23C" and the word that answers for a password: "password
// for callers is "bluejay"", "PIN 7718#".
func (p *page) seatAt(i int) int {
	switch lowerOf(p.word(i)) {
	case "seat", "siege", "asiento":
		j := i + 1
		if s := p.word(j); p.at(j).kind == mixed && p.near(j) && len(s) >= 2 && len(s) <= 3 && allDigits(s[:len(s)-1]) {
			p.put(phi.Code, j, j+1, 0.75, "seat")
			return j + 1
		}
	case "pin", "keypad", "passcode":
		j := i + 1
		for n := 0; n < 2 && (p.isAny(j, ":#") || p.word(j) == "is" || p.word(j) == "code"); n++ {
			j++
		}
		if t := p.at(j); t.kind == digits && t.size() >= 4 && t.size() <= 8 && p.near(j) && !p.cue(j+1, cueMeasure) && !p.taken[j] {
			end := j + 1
			if p.isAny(end, "#*") && p.at(end).gap == gapNone {
				end++
			}
			p.put(phi.Code, j, end, 0.75, "pin")
			return end
		}
	case "password", "passphrase", "codeword", "pw", "pwd", "passwd":
		if end := p.secretAt(i); end > 0 {
			return end
		}
		return p.passwordAt(i)
	}
	return 0
}

// passwordAt takes the word in quotes that follows "password … is".
func (p *page) passwordAt(i int) int {
	for j, n := i+1, 0; n < 6 && p.same(j); j, n = j+1, n+1 {
		if p.isAny(j, "\"'") && p.at(j+1).gap == gapNone && p.at(j+1).kind != punct {
			end := j + 2
			for end < j+8 && !p.isAny(end, "\"'") && p.same(end) && p.at(end).kind != edge {
				end++
			}
			if !p.isAny(end, "\"'") {
				return 0
			}
			p.put(phi.Code, j+1, end, 0.8, "password")
			return end
		}
		if t := p.at(j); t.kind != word && !p.is(j, ':') || p.is(j, '.') {
			return 0
		}
	}
	return 0
}

// secretAt takes what follows a word for a password without a blank in it, where
// a letter and a digit are in it: "pw Spring!2024".
func (p *page) secretAt(i int) int {
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, ":=") || p.word(j) == "is"); n++ {
		j++
	}
	if t := p.at(j); t.kind == edge || !p.near(j) {
		return 0
	}
	a := int(p.tok[j].start)
	b := p.blank(a)
	for b > a && (p.txt[b-1] == '.' || p.txt[b-1] == ':') {
		b--
	}
	letter, digit := false, false
	for _, c := range []byte(p.txt[a:b]) {
		letter = letter || c|0x20 >= 'a' && c|0x20 <= 'z'
		digit = digit || c >= '0' && c <= '9'
	}
	if !letter || !digit || b-a < 6 || b-a > 64 {
		return 0
	}
	return p.sweepNear(j, phi.Code, a, b, 0.78, "password")
}
