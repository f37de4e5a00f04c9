package deid

import "chaperone/phi"

// stations are the words for the place in a ward, a unit or a room where one
// person lies, sits or waits; its number says who that is.
var stations = wordSet(`chair Chair CHAIR station Station STATION pod Pod resus Resus RESUS Box BOX trolley Trolley cubicle Cubicle homeroom Homeroom guichet comptoir ventanilla hab Hab HAB habitacion Habitacion cama Cama chambre Chambre cellule Cellule cell Cell stretcher Stretcher gurney Gurney booth Booth pen`)

// stationUnits are the short names of units whose beds are numbered.
var stationUnits = wordSet(`ICU MICU SICU CCU CVICU CTICU NICU PICU PACU HDU ITU SCBU AMU SAU MAU LDR LDRP OBS IMC PCU SDU TCU ED ER RESUS Resus SSPI USIC REA`)

// stationAt takes the number behind a word for the place of one person: "chair
// 4", "hab. 512-A", "cell. B-14", "bed 9/4", "ICU-9", "L&D 5".
func (p *page) stationAt(i int) int {
	if end := p.bedOfRoom(i); end > 0 {
		return end
	}
	if p.word(i) == "L" && p.is(i+1, '&') && p.word(i+2) == "D" && p.at(i+2).gap == gapNone {
		return p.unitNumber(i, i+3)
	}
	if stationUnits[p.word(i)] && p.at(i).shape == upper2 {
		return p.unitNumber(i, i+1)
	}
	if !stations[p.word(i)] {
		return 0
	}
	if w := p.word(i); (w == "Box" || w == "BOX") && (p.english || p.word(i-2) == "O" || p.word(i-1) == "PO") {
		return 0 // a post office's
	}
	j := i + 1
	for n := 0; n < 2 && p.isAny(j, ".#") && p.near(j); n++ {
		j++
	}
	end := p.placeNumber(j)
	if end == 0 || p.at(j).gap == gapNone && j == i+1 || p.stationCounted(i, end) {
		return 0
	}
	if t := p.at(end); t.kind == word && (t.cue&cueUnit != 0 || p.word(end) == "lit" || p.word(end) == "cama") && p.near(end) && (p.at(end+1).kind == digits || p.at(end+1).kind == mixed || p.at(end+1).shape == initial) && p.near(end+1) {
		end += 2
	}
	p.put(phi.Street, j, end, 0.8, "station")
	return end
}

// placeNumber yields the end of a number as rooms and seats have it at token j:
// 4, 512-A, B-14, 12B; 0 if there is none.
func (p *page) placeNumber(j int) int {
	t := p.at(j)
	if !p.near(j) || p.guard[min(j, len(p.tok)-1)] || !(t.kind == digits && t.size() <= 4 || t.kind == mixed && t.size() <= 4 && t.shape != lower1 || t.shape == initial && p.is(j+1, '-') && p.at(j+2).kind == digits) {
		return 0
	}
	end := p.run(j, "-")
	if int(p.tok[end-1].end-t.start) > 6 || p.isAny(end, "/%:x+") && p.at(end).gap == gapNone && !p.is(end, ':') || p.cue(end, cueMeasure|cueYears) && p.near(end) {
		return 0
	}
	return end
}

// stationCounted says whether the number that ends before token end rather
// counts than names: "cell 3 times", "station 2 of 5".
func (p *page) stationCounted(i, end int) bool {
	t := p.at(end)
	switch w := p.word(end); {
	case t.kind == edge || t.gap >= gapWide || t.kind == punct:
		return p.is(end, '.') && p.at(end+1).kind == digits && p.at(end+1).gap == gapNone
	case w == "of" || w == "sur" || w == "times" || w == "to" || w == "de" && p.at(end-2).kind != punct:
		return true
	case p.at(i).shape == lower1 && t.shape == lower1 && t.cue&cueFunction == 0:
		return true
	}
	return false
}

// unitNumber takes the bed's number behind a unit's short name that ends before
// token j.
func (p *page) unitNumber(i, j int) int {
	if p.is(j, '-') && p.at(j).gap == gapNone && p.at(j+1).gap == gapNone {
		j++
	} else if p.at(j).gap == gapNone {
		return 0
	}
	t := p.at(j)
	if !p.near(j) || t.kind != digits || t.size() > 2 || p.guard[j] || p.year(j, false) {
		return 0
	}
	end := j + 1
	switch next := p.at(end); {
	case next.kind == edge || next.gap >= gapWide:
	case p.isAny(end, ",;:)?!"):
	case p.is(end, '.') && !(p.at(end+1).kind == digits && p.at(end+1).gap == gapNone):
	case next.kind == word && next.gap == gapSpace && (next.cue&cueFunction != 0 && p.word(end) != "of" && p.word(end) != "to" || next.cue&cueWeekday != 0) && !p.cue(i-1, cueMeasure):
	default:
		return 0
	}
	if w := p.word(i); w == "L" || w == "LDR" || w == "LDRP" || w == "HDU" || p.is(i+1, '-') {
		j = i // the unit and the bed are one name
	}
	p.put(phi.Street, j, end, 0.72, "unit-bed")
	return end
}

// bedOfRoom takes "bed 9/4" and "Rm 5 West 12-2": a room and a bed with a
// stroke or a wing between them.
func (p *page) bedOfRoom(i int) int {
	j := i + 1
	switch p.word(i) {
	case "bed", "Bed", "BED":
		if p.between(j, 1, 99) && p.near(j) && p.is(j+1, '/') && p.at(j+1).gap == gapNone && p.between(j+2, 1, 99) && p.at(j+2).gap == gapNone && !p.cue(j+3, cueMeasure) && !p.is(j+3, '/') {
			p.put(phi.Street, j, j+3, 0.8, "station")
			return j + 3
		}
	case "Rm", "RM", "rm", "Room", "room", "ROOM":
		if p.at(j).kind != digits || p.at(j).size() > 2 || !p.near(j) || !p.cue(j+1, cueDirection) || p.at(j+1).size() < 4 || p.at(j+2).kind != digits || !p.near(j+2) {
			return 0
		}
		end := p.run(j+2, "-")
		p.put(phi.Street, j, end, sure, "station")
		return end
	}
	return 0
}

// askedRoom takes the room of "whos got 210?", "210 is Ferrante" and "thats
// 201": in the talk of a ward a room stands for who lies in it.
func (p *page) askedRoom(i int) int {
	t := p.at(i)
	if t.kind != digits || t.size() != 3 && t.size() != 2 || p.guard[i] || p.at(i).gap == gapNone || p.isAny(i-1, "/-.$:<>=~") && p.at(i).gap == gapNone {
		return 0
	}
	who := false
	switch lowerOf(p.word(i - 1)) {
	case "got", "has", "have", "covering", "cover", "taking", "take":
		switch lowerOf(p.word(i - 2)) {
		case "who", "whos", "s", "you", "i", "ill", "ve", "anyone", "whoever":
			who = p.isAny(i+1, "?.!,") || p.at(i+1).kind == edge || p.at(i+1).gap >= gapLine
		}
	case "for":
		switch lowerOf(p.word(i - 2)) {
		case "sitter", "nurse", "tray", "meds", "bed", "linen", "transport", "consult":
			who = p.isAny(i+1, "?.!,") || p.at(i+1).kind == edge || p.at(i+1).gap >= gapLine
		}
	case "to", "in", "from":
		switch lowerOf(p.word(i - 2)) {
		case "coming", "going", "moving", "moved", "admit", "admission", "patient", "pt", "family", "guy", "lady", "man", "woman":
			who = (p.isAny(i+1, "?!,") || p.at(i+1).gap >= gapLine) && (p.is(i-3, ']') || p.chatLine(i))
		}
	case "thats", "that's":
		who = t.size() == 3 && (p.isAny(i+1, ".,?!") || p.at(i+1).gap >= gapLine)
	}
	if next := p.at(i + 2); t.size() == 3 && p.word(i+1) == "is" && p.near(i+1) && next.shape == title1 && next.entry.English() == 0 && !next.entry.Has(clinicalTraits) && (p.opens(i) || p.is(i-1, ']')) {
		who = true
	}
	if !who || !p.someone() && !p.cue(i+2, cueTitle) && p.entry(i+2).Family() == 0 {
		return 0
	}
	p.put(phi.Street, i, i+1, 0.7, "asked-room")
	return i + 1
}

// chatLine says whether the line of token i is one of a talk: it begins with a
// time of day or a bracket.
func (p *page) chatLine(i int) bool {
	j := i
	for j > 0 && j > i-24 && p.at(j).gap < gapLine {
		j--
	}
	return p.is(j, '[') || p.at(j).kind == digits && p.is(j+1, ':')
}
