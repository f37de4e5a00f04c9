package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// misreadDigit says whether a scan may have read a digit as this letter.
func misreadDigit(b byte) bool {
	switch b {
	case 'O', 'o', 'l', 'I', 'S', 'B', 'Z':
		return true
	}
	return false
}

// misreadRun counts the digits and the letters that may be digits from token a
// to b; ok is false where anything else stands there.
func (p *page) misreadRun(a, b int, marks string) (numbers, letters int, ok bool) {
	for i := a; i < b; i++ {
		if p.at(i).kind == punct {
			if !p.isAny(i, marks) {
				return 0, 0, false
			}
			continue
		}
		for _, c := range []byte(p.word(i)) {
			switch {
			case c >= '0' && c <= '9':
				numbers++
			case misreadDigit(c):
				letters++
			default:
				return 0, 0, false
			}
		}
	}
	return numbers, letters, true
}

// mendLabel knows a label again in which a scan has read letters as digits:
// D0B, C0ntact, Acc0unt.
func (p *page) mendLabel(t *token, s string) {
	letters := 0
	b := make([]byte, 0, 14)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '0':
			b = append(b, 'o')
		case c == '1':
			b = append(b, 'l')
		case c >= '0' && c <= '9':
			return
		default:
			letters++
			if isUpper(c) {
				c += 'a' - 'A'
			}
			b = append(b, c)
		}
	}
	if letters < 2 || letters*2 < len(s) {
		return
	}
	k := reference.KeyOf(string(b))
	if c := p.cues.slot(k).cue; c&cueLabel != 0 && len(s) > 2 {
		t.key, t.cue = k, cueLabel
	}
}

// misreadDate takes a date in which a scan has read digits as letters:
// O3/l4/1951. Without a label it must have its year in four characters.
func (p *page) misreadDate(i int, labelled bool) int {
	end := p.run(i, "/-.")
	if end != i+5 || !p.isAny(i+1, "/-.") || !p.isAny(i+3, "/-.") || p.at(i).size() > 2 && p.at(i).size() != 4 || p.at(i+2).size() > 2 {
		return 0
	}
	numbers, letters, ok := p.misreadRun(i, end, "/-.")
	if !ok || letters == 0 || numbers < 3 || !labelled && (!p.is(i+1, '/') || p.at(i+4).size() != 4 || numbers < 4) {
		return 0
	}
	return end
}

// misreadPhone takes a labelled telephone number in which a scan has read
// digits as letters: (6l4) 555-Ol72.
func (p *page) misreadPhone(kind phi.Kind, i int) int {
	a := i
	if p.is(i-1, '(') {
		a = i - 1
	}
	end := i
	for n := 0; n < 9; n++ {
		t := p.at(end)
		if t.kind == edge || end > i && t.gap > gapSpace || t.kind == punct && !p.isAny(end, "()-.") {
			break
		}
		if _, _, ok := p.misreadRun(end, end+1, "()-."); !ok {
			break
		}
		end++
	}
	for end > i && p.at(end-1).kind == punct {
		end--
	}
	numbers, letters, ok := p.misreadRun(a, end, "()-.")
	if !ok || letters == 0 || numbers+letters < 7 || numbers+letters > 14 || numbers < 5 {
		return 0
	}
	p.put(kind, a, end, 0.93, "label-misread")
	return end
}

// mendCapital knows a label again whose capital I a scan has read as an l:
// lnsurance, lD.
func (p *page) mendCapital(t *token, s string) {
	k := reference.NewKey.Add('i')
	for i := 1; i < len(s); i++ {
		b := s[i]
		if isUpper(b) {
			b += 'a' - 'A'
		}
		k = k.Add(b)
	}
	if c := p.cues.slot(k).cue; c&cueLabel != 0 {
		t.key = k
	}
}
