package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// boardWords stand at the head of a list of beds.
var boardWords = wordSet(`board beds bed ward handover census round bays roster occupancy state list`)

// findBoard reads the board of a ward: lines that begin with a room or a bed and
// go on with who lies in it. Three such lines and a head that says so make one.
func (p *page) findBoard() {
	if len(p.tok) < 9 || !p.boardHead() {
		return
	}
	var lines [64]int
	n := 0
	for i := 1; i < len(p.tok) && n < len(lines); i++ {
		if p.at(i).gap >= gapLine && p.boardLine(i) {
			lines[n] = i
			n++
		}
	}
	if n < 3 {
		return
	}
	for _, i := range lines[:n] {
		p.put(phi.Street, i, i+1, 0.7, "board")
		if end := p.boardName(i + 1); end > 0 {
			p.put(phi.Name, i+1, end, 0.72, "board")
		}
	}
}

// boardHead says whether the first line of the text heads a list of beds.
func (p *page) boardHead() bool {
	for i := 0; i < len(p.tok) && i < 12 && (i == 0 || p.same(i)); i++ {
		if p.at(i).kind == word && boardWords[lowerOf(p.word(i))] {
			return true
		}
	}
	return false
}

// boardLine says whether the line that begins at token i begins with a room and
// goes on with a word in capitals.
func (p *page) boardLine(i int) bool {
	t := p.at(i)
	switch s := p.word(i); t.kind {
	case digits:
		if t.size() > 2 {
			return false
		}
	case mixed:
		if t.size() > 3 || !allDigits(s[:len(s)-1]) || !isUpper(s[len(s)-1]) {
			return false
		}
	default:
		return false
	}
	next := p.at(i + 1)
	return !p.taken[i] && !p.guard[i] && next.kind == word && (next.gap == gapSpace || next.gap == gapWide) && next.capital() && next.cue&(cueMeasure|cueMonth) == 0
}

// boardName yields the end of the name at token j of a board's line, which three
// blanks, a bracket or the end of the line close; 0 if no name stands there.
func (p *page) boardName(j int) int {
	end := j
	for n := 0; n < 6; n++ {
		t := p.at(end)
		if end > j && t.gap >= gapWide || p.isAny(end, "(,") || t.kind == edge {
			break
		}
		switch {
		case p.isAny(end, "-'") && t.gap == gapNone && end > j:
		case t.kind == word && t.capital() && t.cue&(cueNever|cueFunction|cueOrg|cueOrgMid|cueMeasure) == 0 && !t.entry.Has(clinicalTraits|reference.Device) && (t.entry.English() == 0 || t.entry.English() > 3 || p.strength(end) >= 4 && end > j):
		default:
			return 0
		}
		end++
	}
	for end > j && p.at(end-1).kind == punct {
		end--
	}
	if end == j || end > j+5 {
		return 0
	}
	return end
}
