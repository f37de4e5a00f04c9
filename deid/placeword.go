package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// dwells are the verbs that make the capitalised words after their preposition
// a place, listed or not.
var dwells = map[string]bool{"lives": true, "lived": true, "live": true, "living": true, "resides": true, "residing": true, "resident": true, "moved": true, "relocated": true, "grew": true, "born": true, "raised": true, "native": true, "stationed": true, "vit": true, "habite": true, "habitant": true, "demeure": true, "demeurant": true, "domicilie": true, "domiciliee": true, "originaire": true, "ne": true, "nee": true, "vive": true, "reside": true, "nacio": true, "residente": true, "natural": true, "moving": true, "house": true, "home": true, "apartment": true, "cabin": true, "farm": true, "visiting": true, "retired": true, "flat": true, "LIVES": true, "transferred": true, "working": true, "office": true, "traido": true, "amene": true, "amenee": true, "sister": true, "daughter": true, "son": true, "brother": true, "Daughter": true, "Son": true, "mother": true, "family": true}

// sojourns are words for being somewhere and for coming and going.
var sojourns = wordSet(`staying stays stay stayed camping camp back homeless deployed drove drives flew flown traveled travelled traveling travels trip travel evacuated fled vacation cruise arrive arrivait vient revient venu venue voyage sejour retour mareyeur camionneur agriculteur pecheur retraite domicile viaje viene regreso commutes hails missionary`)

// persons are words for the one who comes from somewhere.
var persons = map[string]bool{"patient": true, "Patient": true, "pt": true, "Pt": true, "woman": true, "man": true, "male": true, "female": true, "gentleman": true, "lady": true, "old": true, "yo": true, "he": true, "He": true, "she": true, "She": true, "boy": true, "girl": true, "M": true, "F": true, "farmer": true, "teacher": true, "nurse": true, "retired": true, "I": true, "soy": true, "mujer": true, "varon": true, "veteran": true, "way": true, "family": true, "seamstress": true, "student": true, "worker": true, "driver": true, "carpenter": true, "Bloke": true, "bloke": true, "urgences": true, "lad": true, "Lady": true, "Man": true, "Woman": true, "Male": true, "Female": true, "refugee": true, "immigrant": true, "Recvd": false, "mother": true, "father": true}

// townUnlisted takes capitalised words that no list has as a place: "lives in
// Sandy Hollow", "a 54-year-old from Wauchula".
func (p *page) townUnlisted(i int) int {
	t := p.at(i)
	switch p.word(i - 1) {
	case "in", "from", "to", "near", "at", "outside", "of", "a", "en", "de", "desde", "FROM", "IN":
	case "au", "aux":
		if !p.french {
			return 0
		}
	case "the":
		if p.word(i-2) != "in" && p.word(i-2) != "from" || !dwells[p.word(i-3)] && !dwells[lowerOf(p.word(i-3))] {
			return 0
		}
	default:
		return 0
	}
	if t.shape != title1 && !(p.caps && t.shape == upper2) || !p.near(i) || p.word(i-1) != "the" && !p.comesFrom(i) && !p.someoneIn(i) {
		return 0
	}
	end, words, proper := p.capitals(i)
	if saintly[p.word(i)] && (end <= i+1) {
		j := i + 1
		for p.isAny(j, ".-") && p.at(j).gap == gapNone {
			j++
		}
		if p.at(j).shape == title1 && p.near(j) {
			end, words, proper = p.capitals(j)
			words++
		}
	}
	if x := p.compound(i); x > end {
		end, words, proper = x, 2, 1
	}
	if words > 3 {
		return 0
	}
	for j := i; j < end; j++ {
		if e := p.at(j); j == i && saintly[p.word(j)] {
			continue
		} else if j > i && e.cue&(cueFunction|cueMonth|cueWeekday|cueTitle|cueKin|cueRole) == 0 && words > 1 && !e.entry.Has(clinicalTraits|reference.Nationality) {
			continue
		} else if e.cue&(cueNever|cueFunction|cueMonth|cueWeekday|cueTitle|cueOrg|cueCredential|cueKin|cueRole) != 0 && !(e.size() <= 2 && e.cue&cueTitle == 0) || e.cue&cueHoliday != 0 || e.entry.Has(clinicalTraits|reference.Nationality|reference.Device|reference.Eponym) {
			return 0
		}
	}
	en := t.entry.English()
	if proper == 0 || p.region(i) > i || words == 1 && (en > 0 && en < 4 && t.entry.Place() == 0 || p.french && t.entry.French() > 0 && t.entry.Place() == 0 || t.entry.Given() >= 6 && t.entry.Place() == 0) || p.eponymAt(end-1) || departments[p.word(i)] {
		return 0
	}
	p.put(phi.Place, i, end, 0.75, "town-unlisted")
	return end
}

// compound yields the end of a town's name with hyphens in it at token i:
// Sainte-Anne-des-Monts, Val-d'Or. It yields i where there is none.
func (p *page) compound(i int) int {
	end, hyphens := i+1, 0
	for n := 0; n < 10 && p.isAny(end, "-'.") && p.at(end).gap == gapNone && p.at(end+1).kind == word && p.at(end+1).gap == gapNone; n++ {
		if p.is(end, '-') {
			hyphens++
		}
		end += 2
	}
	if hyphens == 0 {
		return i
	}
	return end
}

// saintly are words that the names of towns begin with, titles as they are.
var saintly = wordSet(`St Ste Saint Sainte San Santa Santo Mt Ft Port Fort Val Pointe`)

// someoneIn says whether a surname stands before "in" at i-1 and the place
// closes its phrase: "pt is Vernon Ledbetter in Licking."
func (p *page) someoneIn(i int) bool {
	j := i - 2
	return p.word(i-1) == "in" && p.at(j).shape == title1 && p.at(j-1).shape == title1 && p.near(j) && p.strength(j) >= 1 && p.ordinary(j) == 0 && p.entry(j-1).Given() >= 4 && (p.isAny(i+1, ".,;)?") || p.at(i+1).gap >= gapLine || p.at(i+1).kind == edge)
}

// comesFrom says whether living somewhere or coming from there stands before
// the preposition at i-1.
func (p *page) comesFrom(i int) bool {
	if p.word(i-1) == "near" && (p.at(i+1).shape == title1 && p.at(i+1).gap == gapSpace || p.entry(i).English() == 0 && p.strength(i) < 4) && p.at(i-2).kind == word {
		return true
	}
	for j := i - 2; j >= i-8 && j >= 0 && p.same(j+1) && !p.isAny(j, ".;:"); j-- {
		if j < i-5 && p.word(j) != "domicile" {
			continue
		}
		if sojourns[lowerOf(p.word(j))] || dwells[lowerOf(p.word(j))] && p.opens(j) {
			return p.word(i-1) != "of" && p.word(i-1) != "at"
		}
		if dwells[p.word(j)] && (!p.cue(j, cueKin) && p.word(j) != "family" || p.word(i-1) == "in") {
			return p.word(i-1) != "de" && p.word(i-1) != "of" || j >= i-3
		}
	}
	if p.word(i-1) == "of" && p.is(i-2, ',') && p.at(i-3).kind == digits && p.is(i-4, ',') {
		return true // "Paul Roe, 91, of Elmtown"
	}
	if w := p.word(i - 1); w != "from" && w != "FROM" && w != "de" && w != "desde" {
		return false
	}
	for j := i - 2; j >= i-9 && j >= 0 && p.same(j+1); j-- {
		if persons[p.word(j)] || p.at(j).kind == mixed && sexedAge(p.word(j)) {
			return p.word(i-1) != "de" || !p.french || j >= i-3
		}
	}
	return false
}

// townAfterStreet takes the town that a street address goes on with, whether a
// list has it or not, and a postal code of four or five digits after it. The
// address ends before token end.
func (p *page) townAfterStreet(end int) {
	i := end
	comma := p.is(i, ',')
	for n := 0; n < 2 && p.isAny(i, ",.-") && p.same(i); n++ {
		i++
	}
	t := p.at(i)
	if !comma && t.gap != gapLine || t.gap > gapLine || !t.capital() || t.shape == initial || p.region(i) > i {
		return
	}
	j := i
	for n := 0; n < 4 && p.at(j).kind == word && (n == 0 || p.near(j)); n++ {
		x := p.at(j)
		if !x.capital() && !(n > 0 && x.cue&cueParticle != 0) || x.cue&(cueFunction|cueTitle|cueMonth|cueUnit|cueKin|cueRole) != 0 && x.cue&cueParticle == 0 && x.entry.Place() == 0 || p.is(j+1, ':') || n > 0 && x.cue&cueState != 0 && x.shape == upper2 {
			break
		}
		j++
		for p.isAny(j, "-'") && p.at(j).gap == gapNone {
			j++
		}
	}
	if saintly[p.word(i)] && j <= i+1 {
		for j = i + 1; p.isAny(j, ".-") && p.at(j).gap == gapNone; {
			j++
		}
		for n := 0; n < 2 && p.at(j).shape == title1 && p.near(j); n++ {
			j++
		}
	}
	if j == i || p.at(j-1).kind == punct {
		return
	}
	next := p.at(j)
	code := next.gap <= gapSpace && (next.kind == digits && (next.size() == 4 || next.size() == 5) || next.kind == mixed && next.size() <= 4)
	state := p.cue(j, cueState) && next.shape == upper2 || p.is(j, ',') && (p.cue(j+1, cueState) || p.region(j+1) > j+1)
	switch {
	case code || state:
	case t.gap >= gapLine || p.cue(i, cueNever|cueLabel) && t.entry.Place() == 0 || t.entry.Has(clinicalTraits):
		return
	case p.isAny(j, ",.;)") || next.gap >= gapLine || next.kind == edge:
		if t.entry.English() > 0 && t.entry.English() < 4 && t.entry.Place() < 3 {
			return
		}
	default:
		return
	}
	p.put(phi.Place, i, j, 0.85, "town-after-street")
	if code && next.kind == digits && !p.cue(j+1, cueMeasure) {
		p.put(phi.Postal, j, j+1, 0.85, "postal-after-town")
	}
}

// wardAt takes "ward 7", "bay C" and "bed 3" without a colon.
func (p *page) wardAt(i int) int {
	switch p.word(i) {
	case "ward", "Ward", "WARD", "bed", "Bed", "BED", "bay", "Bay", "cama", "Cama", "habitacion", "Habitacion", "chambre", "Chambre", "lit", "Lit", "salle", "Salle", "box", "Rm", "RM", "rm", "cubicle", "Cubicle", "pod", "Pod", "wing", "Wing", "bldg", "Bldg", "building", "Building", "flat", "Flat", "stall", "LDR", "LDRP":
	case "ch":
		if !p.french || !p.is(i+1, '.') || p.at(i+2).kind != digits || !p.near(i+2) || p.at(i+2).size() > 4 || !p.is(i-1, ',') || p.is(i+3, ',') && p.cue(i+4, cueRue) {
			return 0
		}
		p.put(phi.Street, i+2, i+3, 0.75, "ward")
		return i + 3
	default:
		return 0
	}
	t := p.at(i + 1)
	if !p.near(i+1) || t.gap == gapNone || !(t.kind == digits && t.size() <= 4 || t.kind == mixed && t.size() <= 4 || t.shape == initial && p.word(i+1) != "I" && p.word(i+1) != "A") || p.cue(i+2, cueMeasure|cueYears) || p.is(i+2, '/') || p.guard[i+1] || p.word(i+2) == "of" && p.at(i+3).kind == digits {
		return 0
	}
	end := p.run(i+1, "-")
	if t.kind == digits && p.cue(end, cueDirection) && p.at(end).shape == title1 && p.near(end) && p.at(end).size() > 3 {
		end++ // ward 5 West
	}
	for n := 0; n < 2; n++ {
		j := end
		if p.is(j, ',') {
			j++
		}
		switch p.word(j) {
		case "bay", "Bay", "bed", "Bed", "room", "Room", "cubicle":
		default:
			n = 2
			continue
		}
		if t := p.at(j + 1); !p.near(j) || !p.near(j+1) || t.kind != digits && t.kind != mixed && t.shape != initial || t.size() > 4 || p.cue(j+2, cueMeasure|cueYears) {
			break
		}
		end = j + 2
	}
	p.put(phi.Street, i+1, end, 0.8, "ward")
	return end
}

// unitBed takes the bed after a unit, "ICU 14", and the room after a
// preposition, "moved to 7C-12".
func (p *page) unitBed(i int) int {
	j := i + 1
	t := p.at(j)
	if !p.near(j) || t.kind != digits && t.kind != mixed || t.size() > 3 || p.guard[j] {
		return 0
	}
	switch p.word(i) {
	case "ICU", "MICU", "SICU", "CCU", "CVICU", "NICU", "PICU", "PACU", "ED", "ER", "Resus", "Triage":
		if t.kind == digits && (p.isAny(j+1, ",;:)") || p.is(j+1, '.') && p.at(j+2).gap != gapNone || p.at(j+1).gap >= gapLine) {
			p.put(phi.Street, j, j+1, 0.7, "unit-bed")
			return j + 1
		}
	case "in", "to", "on", "from":
		s := p.word(j)
		if t.kind == mixed && len(s) >= 2 && allDigits(s[:len(s)-1]) && isUpper(s[len(s)-1]) && p.is(j+1, '-') && p.at(j+1).gap == gapNone && p.at(j+2).kind == digits && p.at(j+2).gap == gapNone && p.at(j+2).size() <= 2 {
			p.put(phi.Street, j, j+3, 0.75, "unit-bed")
			return j + 3
		}
	}
	return 0
}

// highwayAt takes "Hwy 41 and Pine St", "County Road 12" and "I-95".
func (p *page) highwayAt(i int) int {
	j := i + 1
	switch p.word(i) {
	case "Hwy", "Highway", "HWY", "HIGHWAY", "Interstate", "Autoroute":
	case "Route", "ROUTE":
		if p.word(i-1) == "Rural" {
			return 0
		}
	case "County", "State":
		if w := p.word(j); w != "Road" && w != "Route" && w != "Rd" && w != "Highway" {
			return 0
		}
		j++
	default:
		return 0
	}
	if t := p.at(j); !p.near(j) || t.kind != digits && t.kind != mixed || t.size() > 4 || p.cue(j+1, cueMeasure) {
		return 0
	}
	end := j + 1
	if w := p.word(end); (w == "and" || w == "at" || p.is(end, '&')) && p.at(end+1).capital() && p.cue(end+2, cueStreet) && p.near(end+2) {
		end += 3
	}
	end = p.milePost(end)
	if end == j+1 {
		p.put(phi.Street, i, end, 0.75, "highway")
		return end
	}
	p.put(phi.Street, i, end, 0.85, "highway")
	p.townAfterStreet(end)
	return end
}

// calleAt takes a Spanish street with its number behind it: "Calle Mayor 12",
// "Av. Insurgentes 448".
func (p *page) calleAt(i int) int {
	switch p.word(i) {
	case "C", "Calle", "CALLE", "calle", "carrera", "calzada", "callejon", "Avenida", "avenida", "Av", "Avda", "Paseo", "Plaza", "Carrera", "Camino", "Ronda", "Travesia", "Callejon", "Rua", "Calzada":
	default:
		return 0
	}
	j := i + 1
	if p.isAny(j, "./") {
		j++
	}
	names := 0
	if p.between(j, 1, 31) && p.word(j+1) == "de" && p.cue(j+2, cueMonth) { // Calle 12 de Octubre 118
		names, j = 1, j+3
	}
	for n := 0; n < 6 && p.near(j); n++ {
		t := p.at(j)
		if t.kind == word && t.capital() {
			names++
		} else if t.kind != word || t.cue&(cueParticle|cueFunction) == 0 || t.size() > 3 {
			break
		}
		j++
	}
	if p.is(j, ',') {
		j++
	}
	for n := 0; n < 3 && (p.word(j) == "n" || p.word(j) == "no" || p.word(j) == "num" || p.is(j, '.') || p.is(j, '#')); n++ {
		j++
	}
	if end := p.esquinaBehind(j); end > j && names > 0 {
		p.put(phi.Street, i, end, 0.8, "corner")
		return end
	}
	if names == 0 && p.at(j).kind == digits && p.at(j).size() <= 3 && p.near(j) && (p.is(j+1, '#') || p.word(j+1) == "No") && p.at(j+2).kind == digits {
		return p.unitTail(i, p.run(j+2, "-"), 0.85) // Calle 5 #12-40
	}
	if t := p.at(j); names == 0 || !p.near(j) || t.kind != digits && t.kind != mixed || t.size() > 5 {
		return 0
	}
	return p.unitTail(i, j+1, 0.88)
}
