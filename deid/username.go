package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// userNameAt takes the name somebody signs in with: an initial and a surname in
// one word, perhaps with digits ("jkowalski2"), or any such word where the words
// around it speak of signing in ("user kp07 logged in").
func (p *page) userNameAt(i int) int {
	t := p.at(i)
	if t.shape != lower1 || t.kind != word && t.kind != mixed || t.size() < 4 || t.size() > 20 || t.kind == word && (t.entry.English() > 0 || t.entry.French() > 0 || t.entry.Has(clinicalTraits) || t.cue != 0) {
		return 0
	}
	if i > 0 && t.gap == gapNone && !p.isAny(i-1, "<\"'(@[") || p.at(i+1).gap == gapNone && p.isAny(i+1, "@/=._-") && p.at(i+2).gap == gapNone && p.at(i+2).kind != edge || p.guard[i] {
		return 0
	}
	s := p.word(i)
	if s[0] < 'a' || s[0] > 'z' {
		return 0
	}
	var least int
	switch {
	case p.signsIn(i):
		least = 1
	case t.kind == mixed, p.is(i-1, '<') && p.is(i+1, '>'):
		least = 4
	case t.size() < 6:
		return 0
	case t.entry.Given() > 0 || t.entry.Family() > 0 || t.entry.Place() > 0:
		return 0
	default:
		least = 8
	}
	if !p.initialAndSurname(s, least) {
		return 0
	}
	p.put(phi.Code, i, i+1, 0.7, "user-name")
	return i + 1
}

// initialAndSurname says whether s is one or two letters and a surname that the
// lists hold at least so strongly, and perhaps digits.
func (p *page) initialAndSurname(s string, least int) bool {
	end := len(s)
	for end > 0 && s[end-1] >= '0' && s[end-1] <= '9' {
		end--
	}
	if end < 4 || len(s)-end > 4 || len(s)-end == 0 && end < 5 {
		return false
	}
	for k := 0; k < end; k++ {
		if s[k] < 'a' || s[k] > 'z' {
			return false
		}
	}
	for cut := 1; cut <= 2 && end-cut >= 4; cut++ {
		e := p.lex.Look(reference.KeyOf(s[cut:end]))
		if e.Family() >= least && (e.English() == 0 || least == 1) && !e.Has(clinicalTraits) && (cut == 1 || least < 8) {
			return true
		}
	}
	e := p.lex.Look(reference.KeyOf(s[:end]))
	return least <= 4 && end < len(s) && e.English() == 0 && max(e.Given(), e.Family()) >= 4
}

// signsIn says whether the words around token i speak of signing in.
func (p *page) signsIn(i int) bool {
	for j := i - 1; j >= i-3 && j >= 0 && p.same(j+1); j-- {
		switch lowerOf(p.word(j)) {
		case "user", "username", "login", "logon", "userid", "account", "handle", "utilisateur", "usuario", "operator":
			return true
		}
		if p.isAny(j, ".,;") {
			break
		}
	}
	switch w, next := p.word(i+1), p.word(i+2); {
	case (w == "logged" || w == "signed" || w == "logs" || w == "signs") && (next == "in" || next == "off" || next == "out" || next == "on"):
		return true
	case w == "accessed", w == "opened" && (next == "the" || next == "chart"), w == "printed":
		return true
	}
	return p.is(i-1, '<') && p.is(i+1, '>')
}
