package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// findOrgsAgain takes an institution that was named in full by what is left of
// its name later: "Millbrook Family Practice … Millbrook", "Merrimack Valley
// General … MVG".
func (p *page) findOrgsAgain() {
	short := p.shortOrgs()
	if len(short) == 0 {
		return
	}
	for i := range p.tok {
		t := &p.tok[i]
		if t.kind != word || p.taken[i] || p.guard[i] || t.shape != title1 && t.shape != upper2 && t.shape != camel || !short[t.key] || t.shape == upper2 && p.caps {
			continue
		}
		if p.cueNear(i) || p.cue(i-1, cueTitle) || p.is(i-1, '.') && p.cue(i-2, cueTitle) || p.at(i+1).kind == digits && p.near(i+1) && t.shape == upper2 {
			continue
		}
		p.put(phi.Org, i, i+1, 0.7, "org-again")
	}
}

// shortOrgs yields the keys of the short forms of the institutions found: the
// first word where it is theirs alone, and the initials of three words and
// more.
func (p *page) shortOrgs() map[reference.Key]bool {
	var short map[reference.Key]bool
	for _, f := range p.out {
		if f.Kind != phi.Org {
			continue
		}
		next := p.tokenFrom(f.Start)
		if next == len(p.tok) {
			continue
		}
		words, initials, end := 0, reference.NewKey, next
		for ; end < len(p.tok) && int(p.tok[end].end) <= f.End; end++ {
			if t := p.at(end); t.capital() && t.cue&cueFunction == 0 {
				words++
				initials = initials.Add(p.txt[t.start] | 0x20)
			}
		}
		if words < 2 {
			continue
		}
		if short == nil {
			short = map[reference.Key]bool{}
		}
		if p.ownFirst(next) {
			short[p.at(next).key] = true
		}
		if words >= 3 && words <= 6 {
			if e := p.lex.Look(initials); e.English() == 0 && !e.Has(clinicalTraits|reference.Device) {
				if c := p.cues.slot(initials).cue; c == 0 {
					short[initials] = true
				}
			}
		}
	}
	return short
}

// ownFirst says whether the word at token i can stand for the institution that
// it begins: it is no word of the language and nobody's usual name.
func (p *page) ownFirst(i int) bool {
	t := p.at(i)
	return t.shape == title1 && t.size() >= 5 && (t.entry.English() == 0 || t.entry.English() >= 6) && p.ownWord(i) && p.region(i) == i && t.entry.Given() < 6 && t.cue == 0 && (!p.french || t.entry.French() == 0)
}

// tokenFrom yields the token that begins at byte start of the folded text, the
// number of tokens if none does.
func (p *page) tokenFrom(start int) int {
	a, b := 0, len(p.tok)
	for a < b {
		if m := (a + b) / 2; int(p.tok[m].start) < start {
			a = m + 1
		} else {
			b = m
		}
	}
	if a < len(p.tok) && int(p.tok[a].start) != start {
		return len(p.tok)
	}
	return a
}
