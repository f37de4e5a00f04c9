package deid

import "chaperone/phi"

// nickname takes what somebody is called beside the name of the papers:
// Leopold "Skeeter" Vance, "goes by Cotton", M.-C. Drolet.
func (p *page) nickname(i int) int {
	t := p.at(i)
	if t.shape == title1 && t.size() > 3 && p.at(i+1).kind == word && p.at(i-1).kind != word {
		return 0 // nothing of theirs stands beside it
	}
	if end := p.quoted(i); end > 0 {
		return end
	}
	if end := p.goesBy(i); end > 0 {
		return end
	}
	if end := p.handle(i); end > 0 {
		return end
	}
	if end := p.andAnother(i); end > 0 {
		return end
	}
	return p.lastInitials(i)
}

// andAnother takes the second of two people where both her names are words of
// the language too: "Stanley Moss and Olive Truman".
func (p *page) andAnother(i int) int {
	if p.word(i-1) != "and" || i < 3 || !p.taken[i-2] || p.at(i-2).shape != title1 || p.at(i-3).shape != title1 {
		return 0
	}
	if !p.bothNames(i, i+1) || p.at(i+1).gap != gapSpace || p.entry(i+1).Has(clinicalTraits) || p.cue(i+1, cueOrg|cueOrgMid|cueHead) || orgHeads[p.word(i+1)] {
		return 0
	}
	return p.putName(i, i+2, 0.8, "and-another")
}

// quoted takes a given name, a nickname in quotes or brackets and a surname.
func (p *page) quoted(i int) int {
	if p.at(i).shape != title1 || !p.isAny(i+1, "\"'(") || p.at(i+1).gap != gapSpace || p.at(i+2).gap != gapNone || p.at(i+2).shape != title1 {
		return 0
	}
	j := i + 3
	if !p.isAny(j, "\"')") || p.at(j).gap != gapNone || p.at(j+1).shape != title1 && p.at(j+1).shape != upper2 || p.at(j+1).gap != gapSpace {
		return 0
	}
	if p.entry(i).Given() < 3 || p.ordinary(i) > 2 || p.is(i+1, '(') && p.entry(i+2).Given() < 3 || p.cue(j+1, cueFunction|cueNever|cueTitle|cueMonth|cueWeekday|cueOrg) || p.ordinary(j+1) > 2 && p.strength(j+1) < 4 || p.entry(j+1).Has(clinicalTraits) {
		return 0
	}
	return p.putName(i, j+2, 0.85, "nickname")
}

// goesBy takes the name after "goes by", "known as" and "prefers to be called".
func (p *page) goesBy(i int) int {
	if p.at(i).shape != title1 || !p.near(i) || p.cue(i, cueFunction|cueMonth|cueWeekday|cueNever|cueTitle) || p.entry(i).Has(clinicalTraits) {
		return 0
	}
	w, before := p.word(i-1), p.word(i-2)
	switch {
	case w == "by" && (before == "goes" || before == "went" || before == "Goes" || before == "going"):
	case (w == "nicknamed" || w == "dubbed") && p.near(i-1):
	case w == "as" && (before == "knew" || before == "signs"):
	case w == "called" && before == "be" && p.word(i-3) == "to":
	case w == "hire" && before == "new":
	default:
		return 0
	}
	if p.cueNear(i) || p.at(i+1).shape == lower1 && p.at(i+1).kind == word && p.at(i+1).gap == gapSpace && p.cue(i+1, cueHead) {
		return 0
	}
	end := i + 1
	if t := p.at(end); t.shape == title1 && t.gap == gapSpace && t.cue&(cueFunction|cueMonth) == 0 {
		end++
	}
	return p.putName(i, end, 0.8, "goes-by")
}

// hyphenInitials takes "M.-C. Drolet".
func (p *page) hyphenInitials(i int) int {
	if p.at(i).shape != initial || !p.is(i+1, '.') || !p.is(i+2, '-') || p.at(i+3).shape != initial || !p.is(i+4, '.') || p.at(i+1).gap+p.at(i+2).gap+p.at(i+3).gap+p.at(i+4).gap != gapNone {
		return 0
	}
	if t := p.at(i + 5); !t.capital() || t.gap != gapSpace || t.size() < 3 {
		return 0
	}
	end := i + 6
	for p.is(end, '-') && p.at(end).gap == gapNone && p.at(end+1).capital() && p.at(end+1).gap == gapNone {
		end += 2
	}
	return p.putName(i, end, 0.88, "initials")
}

// handle takes jdoe_77 after dm, text and the like, and "#JaneDoe" where the
// lists know both words: a tag in another word's company names no person.
func (p *page) handle(i int) int {
	t := p.at(i)
	if t.kind == word && p.is(i+1, '_') && p.at(i+1).gap == gapNone {
		switch p.word(i - 1) {
		case "dm", "DM", "user", "User", "as", "author", "Author", "handle":
			if end := p.run(i, "_."); end > i+2 && p.hasDigit(i, end) {
				p.put(phi.Code, i, end, 0.75, "handle")
				return end
			}
		}
	}
	return 0
}

// lastInitials takes the initials that close a note or an entry: "… 0199. DV",
// "- vb RN", "(reconciled 11/02/26 dks)".
func (p *page) lastInitials(i int) int {
	t := p.at(i)
	if t.kind != word || t.size() < 2 || t.size() > 3 || t.entry.English() > 0 || t.entry.French() > 0 || t.cue&(cueFunction|cueCredential|cueNever|cueMeasure|cueMonth|cueState|cueTitle) != 0 || t.entry.Has(clinicalTraits) || departments[p.word(i)] || noHospital[p.word(i)] {
		return 0
	}
	last := p.at(i+1).kind == edge
	switch {
	case t.shape == upper2 && last && i > 12 && !p.caps && (p.is(i-1, '.') && p.at(i).gap == gapSpace || t.gap >= gapLine) && !vowelled(p.word(i)):
	case t.shape == lower1 && p.is(i-1, '-') && p.at(i-1).gap != gapNone && t.gap == gapNone && p.cue(i+1, cueCredential) && p.at(i+1).shape == upper2 && p.near(i+1):
	case t.shape == lower1 && t.size() == 3 && p.is(i+1, ')') && p.at(i-1).kind == digits && p.taken[max(i-1, 0)] && p.near(i):
	default:
		return 0
	}
	if !p.someone() {
		return 0
	}
	return p.putName(i, i+1, 0.7, "initials")
}
