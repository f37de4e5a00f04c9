package deid

import (
	"strings"

	"chaperone/phi"
)

// plainTitle reports whether tokens a to b, which the tagger takes for an
// institution, are only words of a heading: none of them is anybody's own, and
// nothing among them says what sort of institution it is; or an article before
// them speaks of any of its sort ("an Academic Medical Center").
func (p *page) plainTitle(a, b int) bool {
	head := false
	for i := a; i < b; i++ {
		t := p.at(i)
		if t.kind != word || t.size() < 2 {
			continue
		}
		e := t.entry
		if p.ownWord(i) && (e.English() == 0 || e.English() >= 4 && max(p.strength(i), e.Place()) >= 3) && !e.Has(clinicalTraits) || e.Place() >= 4 && e.English() == 0 || t.shape == camel {
			return false
		}
		head = head || t.cue&cueOrg != 0 || orgHeads[p.word(i)]
	}
	switch p.word(a - 1) {
	case "a", "an", "any", "each", "every", "our", "your", "An", "A", "academic", "tertiary", "pediatric":
		return true
	}
	if head {
		return false
	}
	before, behind := p.at(a-1), p.at(b)
	return before.kind == word && before.shape == title1 && p.near(a) || behind.kind == word && behind.shape == title1 && p.near(b) || p.titled || p.is(a-1, ':') || p.word(a-1) == "of" && p.at(a-2).shape == title1
}

// drainAt says whether the word at token i is one of the drains that a note
// lists: "Drains: Jackson-Pratt / Blake / none".
func (p *page) drainAt(i int) bool {
	for j := i - 1; j >= i-7 && j >= 0 && p.same(j+1); j-- {
		switch lowerOf(p.word(j)) {
		case "drain", "drains", "retractor", "retractors", "forceps", "catheter", "catheters", "tube", "suture":
			return p.is(i-1, '/') || p.is(i+1, '/') || p.is(j+1, ':')
		}
	}
	return false
}

// measuredCode says whether what stands at token i after a label of this kind is
// rather a measure, an hour, a count or a year than a number of somebody's: "HC:
// 31.1 cm", "room at 11 o'clock", "Medicare 2025 Part D".
func (p *page) measuredCode(kind phi.Kind, i int, strong bool) bool {
	t := p.at(i)
	if t.kind != digits {
		return false
	}
	if kind == phi.Street {
		switch p.word(i - 1) {
		case "with", "at", "in", "on", "as", "for":
			return true
		}
	}
	if kind == phi.Member && t.size() <= 3 && p.is(i+1, '.') && p.at(i+1).gap == gapNone && p.at(i+2).gap == gapNone && (p.at(i+2).kind == digits && p.at(i+2).size() <= 2 || p.at(i+2).kind == mixed) && !p.is(i+3, '.') {
		return true
	}
	return !strong && (kind == phi.Member || kind == phi.Licence || kind == phi.Account) && t.size() == 4 && p.year(i, false) && t.gap == gapSpace && p.at(i+1).kind == word && p.near(i+1) && !p.is(i+1, '-')
}

// ownMachine says whether a web address leads to the machine of whoever reads it
// and names no record there: nothing in it is as long as a number of somebody's.
func ownMachine(url string) bool {
	_, rest, ok := strings.Cut(url, "://")
	if !ok || !strings.HasPrefix(rest, "localhost") && !strings.HasPrefix(rest, "127.0.0.1") {
		return false
	}
	_, rest, _ = strings.Cut(rest, "/")
	run := 0
	for i := 0; i < len(rest); i++ {
		if rest[i] >= '0' && rest[i] <= '9' {
			run++
		} else {
			run = 0
		}
		if run >= 5 || rest[i] == '@' {
			return false
		}
	}
	return !strings.Contains(rest, "Patient/") && !strings.Contains(rest, "name=") && !strings.Contains(rest, "family=")
}

// pluralAbbreviation says whether s is capitals and an s: "HCCs".
func pluralAbbreviation(s string) bool {
	n := len(s) - 1
	if n < 2 || s[n] != 's' {
		return false
	}
	for i := range n {
		if !isUpper(s[i]) {
			return false
		}
	}
	return true
}
