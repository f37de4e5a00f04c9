package deid

import "chaperone/phi"

// findSpeakers reads a talk that was pasted with its times: lines that begin
// with a short name and an hour ("mo 09:02 who has"), or with an hour in brackets
// and a name ("[07:52] deb: who has"). Two such lines make a talk, and whoever
// speaks in it has a name, in small letters, too.
func (p *page) findSpeakers() {
	var at [48]int
	n := 0
	for i := 0; i < len(p.tok) && n < len(at); i++ {
		if i > 0 && p.at(i).gap < gapLine {
			continue
		}
		if k := p.speaks(i); k >= 0 {
			at[n] = k
			n++
		}
	}
	if n < 2 {
		return
	}
	for _, k := range at[:n] {
		if !p.taken[k] {
			p.put(phi.Name, k, k+1, 0.72, "speaker")
		}
	}
}

// speaks yields the token of whoever speaks in the line that begins at token i,
// -1 if the line is none of a talk or a role speaks in it.
func (p *page) speaks(i int) int {
	k := i
	if p.is(i, '[') {
		if !p.clockAt(i + 1) {
			return -1
		}
		for k = i + 2; k < i+9 && !p.is(k, ']'); k++ {
		}
		k++
		if !p.is(k-1, ']') || !p.is(k+1, ':') || p.at(k+1).gap != gapNone {
			return -1
		}
	} else if !p.clockAt(i+1) || p.at(i+1).gap != gapSpace || p.at(i+4).kind == edge || p.at(i+4).kind == punct {
		return -1
	}
	t := p.at(k)
	if t.kind != word || t.size() < 2 || t.size() > 14 || t.cue&(cueRole|cueTitle|cueWeekday|cueMonth|cueLabel|cueFunction|cueNever|cueDateWord|cueCredential|cueMeasure|cueOrg|cueOrgMid|cueKin) != 0 || t.entry.Has(clinicalTraits) || t.shape == upper2 && t.size() > 3 {
		return -1
	}
	if e := t.entry.English(); e > 0 && e < 3 && p.strength(k) < 4 {
		return -1
	}
	return k
}

// clockAt says whether a time of day stands at token i: 09:02.
func (p *page) clockAt(i int) bool {
	return p.between(i, 0, 23) && p.is(i+1, ':') && p.at(i+1).gap == gapNone && p.between(i+2, 0, 59) && p.at(i+2).size() == 2 && p.at(i+2).gap == gapNone
}

// typedBy takes the letters of whoever typed: "Transcribed: dlm" at the end of a
// line.
func (p *page) typedBy(i int) int {
	t := p.at(i)
	switch lowerOf(p.word(i - 2)) {
	case "transcribed", "typed", "typist":
	default:
		return 0
	}
	if !p.is(i-1, ':') || t.kind != word || t.size() < 2 || t.size() > 4 || t.entry.English() > 0 || t.cue&cueFunction != 0 || p.at(i+1).kind != edge && p.at(i+1).gap < gapLine {
		return 0
	}
	p.put(phi.Name, i, i+1, 0.8, "typist")
	return i + 1
}
