package deid

import "chaperone/reference"

var greetings = map[string]bool{"hi": true, "hey": true, "hello": true, "morning": true, "afternoon": true, "evening": true, "bonjour": true, "hola": true, "goodbye": true, "bye": true, "dear": true}

// fromLists takes names that the lists and their own form make likely.
func (p *page) fromLists(i int) int {
	if p.is(i-1, ',') && p.at(i).cue&cueCredential != 0 && p.at(i).shape == upper2 && p.near(i) {
		return 0 // Jane Roe, MD, FRCPC
	}
	if end := p.surnameFirst(i); end > 0 {
		return end
	}
	n := p.nameAt(i, reach{})
	if n.words+n.initials < 2 && n.words == 0 {
		return 0
	}
	if end := p.withCredential(i, n); end > 0 {
		return end
	}
	if n.words == 1 && n.initials == 0 {
		return p.alone(i, n)
	}
	if n.words == 0 || p.eponymAt(n.end-1) && n.likely < n.words {
		return 0
	}
	return p.pair(i, n)
}

// surnameFirst takes "SMITH, JOHN Q" and "Smith, John".
func (p *page) surnameFirst(i int) int {
	t := p.at(i)
	if t.entry.Family() == 0 && t.shape != upper2 && t.cue&cueParticle == 0 || t.size() < 2 {
		return 0
	}
	n := p.nameAt(i, reach{comma: true})
	if !n.comma || n.words < 2 && n.initials == 0 || n.words > 4 {
		return 0
	}
	comma := i
	for !p.is(comma, ',') {
		comma++
	}
	from := i
	if t.cue&cueParticle != 0 {
		i = comma - 1
		t = p.at(i)
	}
	if x := p.entry(comma + 1); x.Place() >= 6 && x.Given() < 5 {
		return 0 // Parc-Jarry, Montreal
	}
	if p.entry(comma+1).Has(reference.Device) && p.entry(comma+1).Given() < 6 {
		return 0
	}
	if t.entry.Has(reference.Eponym) && p.entry(comma+1).Has(reference.Eponym) && p.entry(comma+1).Given() < 7 {
		return 0
	}
	g := comma + 1
	given := p.entry(g).Given()
	switch {
	case p.at(g).shape == initial:
		if t.entry.Family() < 4 || p.ordinary(i) > 1 || !p.is(g+1, '.') {
			return 0
		}
	case given >= 7 && t.entry.Family() >= 7 && t.shape == upper2 && !p.caps && t.cue&(cueFunction|cueNever|cueLabel) == 0:
	case given >= 4 && (p.ordinary(g) <= 1 || given >= 7) && (p.ordinary(i) <= 1 || t.shape == upper2 && !p.caps && p.ordinary(i) < 3) && t.cue&(cueFunction|cueNever|cueLabel) == 0:
	case given >= 5 && p.ordinary(g) == 0 && comma == i+2 && p.entry(i).Family() >= 3 && p.entry(i+1).Family() >= 3 && t.cue&(cueFunction|cueNever|cueLabel) == 0 && t.shape == title1: // two surnames
	case given >= 1 && p.ordinary(g) == 0 && p.ordinary(i) == 0 && t.entry.Family() >= 3:
	case t.shape == upper2 && !p.caps && p.ordinary(i) == 0 && p.ordinary(g) == 0 && given > 0:
	default:
		return 0
	}
	// a list of people or places: "Anna, Maria and John", "Boston, Charlotte"
	if t.shape == title1 && t.entry.Given() > t.entry.Family()+2 && t.entry.Given() >= 5 {
		return 0
	}
	return p.putName(from, n.end, 0.85, "surname-first")
}

// withCredential takes a name that a degree follows: "Jane Roe, MD".
func (p *page) withCredential(i int, n person) int {
	j := n.end
	comma := p.is(j, ',')
	if comma {
		j++
	}
	t := p.at(j)
	if t.kind != word || t.cue&cueCredential == 0 || t.gap > gapSpace || t.shape != upper2 && t.shape != camel && t.shape != title1 {
		if !(p.is(j+1, '.') && t.shape == initial && (p.word(j) == "M" || p.word(j) == "D" || p.word(j) == "R") && comma && p.at(j+2).shape == initial && p.at(j+2).gap == gapNone) {
			return 0
		}
	} else if t.shape == title1 && p.word(j) != "Ph" && p.word(j) != "Pharm" || len(p.word(j)) == 2 && t.cue&cueState != 0 && comma && p.townSure(i, n.end) && n.words == 1 {
		return 0
	}
	if !comma && !(t.shape == upper2) {
		return 0
	}
	a := i
	switch {
	case n.words >= 2 && (n.listed > 0 || n.ordinary == 0):
	case n.words == 1 && n.initials > 0 && n.ordinary == 0:
	case n.words == 1 && n.listed == 1 && p.ordinary(i) <= 1 && !p.eponymAt(i):
	default:
		return 0
	}
	return p.putName(a, n.end, 0.93, "credential")
}

// pair takes two and more words that together are a name.
func (p *page) pair(i int, n person) int {
	if p.drugBeside(i, n.end) {
		return 0
	}
	first := p.entry(i)
	upper := p.at(i).shape == upper2
	last := n.end - 1
	for last > i && (p.at(last).kind != word || p.cue(last, cueSuffix)) {
		last--
	}
	family := p.entry(last).Family()
	lo := p.ordinary(last)
	switch {
	case n.words == 2 && p.lex.Look(p.join(p.at(i).key, last)).Has(reference.Eponym):
		return 0
	case p.french && p.at(last).shape == upper2 && p.at(i).shape == title1 && first.Given() >= 4 && lo < 3 && p.at(last).size() >= 3 && !p.caps: // Sylvie VAUQUELIN
	case p.placePair(i, n.end) || p.eponymAt(last) && first.Given() < 6:
		return 0
	case n.words == 1 && n.initials > 0: // J. Smith, John Q.
		if !p.initialled(i, last) {
			return 0
		}
	case n.initials > 0 && n.words == 2 && p.at(i).shape == title1 && p.at(last).shape == title1 && p.ordinary(i) == 0 && lo == 0 && p.at(i).size() > 2 && p.at(last).size() > 2: // Vide A. Persson
	case upper && p.at(last).shape == title1 && n.words >= 2 && p.surnameThenGiven(i, n.end):
	case upper && (first.Given() < 4 || p.at(i).size() < 3 || p.at(last).size() < 3) && !p.personAround(i, n.end) && !(first.Family() > 5 && p.entry(last).Given() > 5):
		return 0
	case n.likely == n.words && (first.Given() > 0 || n.initials > 0) && !(upper && p.headingLine(i, n.end)):
	case first.Given() >= 5 && p.ordinary(i) <= 1 && (family >= 2 && lo <= 2 || family >= 1 && lo == 1 || lo == 0) && !upper:
	case first.Given() >= 3 && p.ordinary(i) == 0 && (lo == 0 || family >= 5 && lo <= 2):
	case first.Given() >= 5 && p.ordinary(i) <= 2 && !upper && family >= 6 && lo <= 2 && !p.opens(i):
	case first.Given() >= 7 && family >= 7 && !upper && p.personAround(i, n.end):
	case first.Given() >= 1 && p.ordinary(i) == 0 && n.listed == n.words && lo == 0 && !upper:
	case n.likely >= 1 && n.ordinary == 0 && p.personAround(i, n.end):
	case first.Family() >= 4 && p.ordinary(i) == 0 && p.entry(last).Given() >= 5 && lo == 0:
	default:
		return 0
	}
	if first.Has(reference.Device) && p.entry(last).Has(reference.Device|reference.Drug) {
		return 0
	}
	if p.cue(n.end, cueHead) && p.near(n.end) && first.Has(reference.Eponym) && p.entry(last).Has(reference.Eponym) {
		return 0
	}
	return p.putName(i, n.end, 0.85, "lists")
}

// initialled decides on one word with initials: "J. Smith", "B. Vauquelin".
func (p *page) initialled(i, last int) bool {
	t := p.at(last)
	if p.at(i).shape != initial {
		return p.entry(i).Given() >= 5 && p.ordinary(i) == 0 || p.entry(i).Given() >= 7 && p.ordinary(i) <= 2 && p.is(last+1, '.') && !p.at(last+2).capital()
	}
	if p.ordinary(last) > 0 || p.eponymAt(last) || t.size() < 3 {
		return p.strength(last) >= 6 && p.ordinary(last) < 3 && !p.eponymAt(last) && p.is(i+1, '.')
	}
	if t.entry.Family() >= 4 {
		return true
	}
	return p.is(i+1, '.') && (!p.english || p.strength(last) > 0 || p.isAny(i-1, ",;") || p.is(last+1, ',') && p.at(last+2).shape == initial) && t.shape != lower1
}

// surnameThenGiven knows the French way of writing "VAUQUELIN Sylvie": a surname
// in capitals that is no word, then a given name.
func (p *page) surnameThenGiven(i, end int) bool {
	if p.at(i).size() < 3 || p.ordinary(i) > 1 || p.entry(i).Has(clinicalTraits|reference.Device) {
		return false
	}
	for j := i + 1; j < end; j++ {
		t := p.at(j)
		if t.kind == word && t.shape == title1 {
			return t.entry.Given() >= 4 && p.ordinary(j) <= 1 && (p.strength(i) > 0 || !p.english || p.at(i).size() > 4) || t.entry.Given() >= 6 && p.french && p.ordinary(i) == 0
		}
	}
	return false
}

// placePair says whether tokens i to end are rather a place: San Diego, Saint
// Paul.
func (p *page) placePair(i, end int) bool {
	e, x := p.phraseAt(i, reference.PlaceHead, isTown)
	return e >= end && x.Place() >= 5 && p.placeBefore(i) || p.region(i) >= end || p.cue(i, cueDirection) && p.at(i).size() > 2
}

// headingLine says whether tokens i to end stand among capitals, as headings
// do, so that their being capitals says nothing.
func (p *page) headingLine(i, end int) bool {
	a, b := p.at(i-1), p.at(end)
	return i > 0 && p.at(i).gap < gapLine && a.shape == upper2 && a.kind == word && a.size() > 2 && p.ordinary(i-1) > 0 || b.gap < gapLine && b.shape == upper2 && b.kind == word && b.size() > 2 && p.ordinary(end) > 0 && !p.cue(end, cueLabel|cueCredential)
}

// personAround says whether the words beside tokens i to end speak of a
// person.
func (p *page) personAround(i, end int) bool {
	if t := p.at(end); t.kind == word && t.gap == gapSpace && t.cue&cueAct != 0 && t.shape == lower1 {
		return true
	}
	if p.is(end, ',') && (p.at(end+1).kind == digits || p.word(end+1) == "a" || p.word(end+1) == "an" || p.word(end+1) == "who") || p.is(end, '(') && (p.word(end+1) == "DOB" || p.word(end+1) == "MRN") {
		return true
	}
	return p.cue(i-1, cueMeet|cueKin|cueRole) && p.near(i) && !p.opens(i)
}

// alone decides on one capitalised word without title, label or second name.
func (p *page) alone(i int, n person) int {
	t := p.at(i)
	strength, ordinary := p.strength(i), p.ordinary(i)
	if t.size() < 3 || t.shape == upper2 && (p.caps || t.size() < 4) || t.entry.Has(reference.Device|reference.Nationality|reference.Drug) || p.eponymAt(n.end-1) {
		return 0
	}
	if w := p.word(n.end); (p.word(i-1) == "the" || p.word(i-1) == "The") && ordinary == 0 && t.shape == title1 && (w == "twins" || w == "family" || w == "brothers" || w == "sisters" || w == "couple" || w == "kids" || w == "children" || w == "household") && !eponymWord(t) {
		return p.putName(i, n.end, 0.8, "family")
	}
	if w := p.word(i); (w == "Max" || w == "Min" || w == "Sun" || w == "Mo") && (p.is(i-1, '|') || p.is(i+1, '|')) || p.drainAt(i) {
		return 0
	}
	if p.word(i-1) == "of" && p.cue(i-2, cueHead) || p.amongEponyms(i) || p.drugStem(i) || p.drugBeside(i, n.end) {
		return 0
	}
	if w := p.word(i - 1); (w == "the" || w == "a" || w == "an" || w == "The" || w == "this") && p.near(i) {
		return 0
	}
	person := p.personAround(i, n.end)
	possessive := p.is(n.end, '\'') && p.word(n.end+1) == "s" && p.at(n.end).gap == gapNone
	clear := ordinary == 0 && (strength >= 6 || strength == 5 && !p.english) || ordinary == 1 && strength >= 8 && !p.opens(i)
	eponym := t.entry.Has(reference.Eponym)
	switch {
	case t.shape == upper2 && !person:
		return 0
	case person && ordinary == 0 && strength >= 3, person && ordinary <= 1 && strength >= 6, person && ordinary <= 2 && strength >= 7 && !p.opens(i):
	case p.opens(i) && t.shape == title1 && t.entry.Given() >= 6 && t.entry.English() > 3 && (p.word(n.end) == "is" || p.word(n.end) == "has" || p.word(n.end) == "was" || p.word(n.end) == "called" || p.word(n.end) == "said"):
	case i == 0 && t.entry.Given() >= 4 && ordinary == 0 && (p.is(1, ',') || p.is(1, '-') && p.at(1).gap == gapSpace):
	case eponym && possessive && t.entry.Given() >= 7 && p.cue(i-1, cueBy) && p.word(i-1) != "of" && !p.cueNear(i):
	case eponym:
		return 0
	case p.is(i-1, '-') && p.at(i).gap == gapNone && p.at(i-1).gap == gapNone:
		return 0 // Kaplan-Meier, Child-Pugh
	case possessive && clear, possessive && ordinary == 0 && strength >= 4:
	case clear && t.entry.Given() >= 5, ordinary == 0 && t.entry.Given() >= 5 && t.entry.Family() >= 4 && t.shape == title1:
	case p.weakAlone(i, n.end):
	case clear && !p.opens(i) && strength >= 6:
	default:
		return 0
	}
	if end := p.townAlone(i); end {
		return 0
	}
	return p.putName(i, n.end, 0.75, "alone")
}

// amongEponyms says whether the word at token i stands in a list of eponyms or
// of makers: "Morrison, Douglas, Meckel".
func (p *page) amongEponyms(i int) bool {
	const things = reference.Eponym | reference.Device
	next, prev := i+1, i-1
	for p.isAny(next, ",\"'") && next < i+4 {
		next++
	}
	for p.isAny(prev, ",\"'") && prev > i-4 {
		prev--
	}
	return p.at(i).shape == title1 && (next > i+1 && p.entry(next).Has(things) && !p.is(i+1, '\'') || prev < i-1 && p.entry(prev).Has(things) && !p.is(i-1, '\''))
}

// townAlone says whether the word is rather a town than a person.
func (p *page) townAlone(i int) bool {
	e := p.entry(i)
	return e.Place() >= 7 && e.Given() < 6 && e.Family() < 6
}

// lowerPair takes a given name and a surname in small letters: "john smith is
// a 54-year-old".
func (p *page) lowerPair(i int) int {
	if !p.likely(i) || p.entry(i).Given() < 5 || p.entry(i).Has(clinicalTraits) || p.cue(i, cueHead|cueMeasure|cueFunction) {
		return 0
	}
	n := p.nameAt(i, reach{lower: true})
	if n.words < 2 || n.listed < 2 {
		return 0
	}
	last := n.end - 1
	fam := p.entry(last).Family()
	lo := p.ordinary(last)
	if p.cue(last, cueHead|cueMeasure) || p.cue(n.end, cueHead) && p.near(n.end) {
		return 0
	}
	switch {
	case n.likely == n.words && fam >= 3 && lo == 0:
	case fam >= 6 && lo <= 1:
	case fam >= 7 && lo <= 2 && p.entry(i).Given() >= 6 && p.ordinary(i) <= 1:
	case fam >= 7 && p.entry(i).Given() >= 6 && p.lowerContext(i, n.end):
	default:
		return 0
	}
	return p.putName(i, n.end, 0.75, "lists-lower")
}

// lowerContext says whether the words around a name in small letters
// introduce somebody: "patient is odile hill , date of birth".
func (p *page) lowerContext(i, end int) bool {
	switch p.word(i - 1) {
	case "is", "patient", "seeing", "name", "named", "pt", "on", "with", "saw", "see", "by", "for", "from":
		return true
	}
	if p.isAny(end, ",.") {
		end++
	}
	switch p.word(end) {
	case "date", "dob", "is", "age", "aged", "born", "medical", "mrn", "who", "here", "c", "has", "presents", "year":
		return true
	}
	return p.at(end).kind == digits
}

// lowerAlone takes a given name in small letters that talk makes a person:
// "so odile is a 40-year-old", "okay , odile , now".
func (p *page) lowerAlone(i int) int {
	t := p.at(i)
	if t.entry.Given() >= 6 && t.cue&(cueFunction|cueMonth|cueMeasure|cueNever) == 0 && !t.entry.Has(clinicalTraits) && p.spokenOf(i) {
		return p.putName(i, max(i+1, p.nameAt(i, reach{lower: true, trust: true}).end), 0.72, "talk")
	}
	if t.entry.Given() < 6 || !p.likely(i) || t.entry.Has(reference.Drug) || t.cue&(cueFunction|cueMonth|cueMeasure|cueHead|cueNever|cueLabel) != 0 || p.cueNear(i) {
		return 0
	}
	intro := p.word(i+1) == "is" && (p.word(i+2) == "a" || p.word(i+2) == "an" || p.word(i+2) == "here" || p.at(i+2).kind == digits)
	turned := p.talk(i-1) && p.ordinary(i) <= 1 && t.entry.Given() >= 7 && p.near(i) && p.word(i-1) != "and" && p.word(i-1) != "no" && p.word(i-1) != "you"
	called := turned || p.is(i-1, ',') && p.isAny(i+1, ",.?!") && p.ordinary(i) <= 1 && t.entry.Given() >= 7 && p.talk(i-2)
	if !intro && !called || intro && p.ordinary(i) > 2 {
		return 0
	}
	return p.putName(i, i+1, 0.7, "talk")
}

// spokenOf says whether speech introduces or addresses the given name at token
// i: "this is maribel", "i'm wallace", "so hank your a1c".
func (p *page) spokenOf(i int) bool {
	switch w, v := p.word(i-1), p.word(i-2); {
	case !p.near(i):
		return false
	case w == "is" && (v == "this" || v == "name") && p.ordinary(i) <= 1, w == "m" && p.is(i-2, '\'') && p.ordinary(i) <= 1, w == "im" && p.ordinary(i) == 0:
		return true
	case (w == "so" || w == "okay" || w == "well" || w == "hi" || w == "alright") && p.ordinary(i) <= 2:
		switch p.word(i + 1) {
		case "your", "how", "what", "let", "tell", "we", "i", "you", "when", "do", "did", "are":
			return true
		}
	}
	return false
}

// talk says whether the word at token i is one that speakers turn to somebody
// with.
func (p *page) talk(i int) bool {
	switch p.word(i) {
	case "so", "well", "okay", "ok", "now", "right", "yes", "no", "yeah", "you", "alright", "sure", "thanks", "sorry", "and", "hi", "hello", "hey", "er", "um", "uh":
		return true
	}
	return false
}

// weakAlone says whether a capitalised word that is no word of the language
// stands where a person does: inside a sentence, if some list of names has it,
// and otherwise only where somebody acts, is spoken to or owns something.
func (p *page) weakAlone(i, end int) bool {
	t := p.at(i)
	if t.shape != title1 || t.size() < 4 || p.ordinary(i) > 1 || t.entry.Place() > 3 || p.at(i).gap > gapSpace && !p.opens(i) {
		return false
	}
	inside := !p.opens(i) && p.at(i-1).kind == word && (p.at(i-1).shape == lower1 || asks[p.word(i-1)]) || p.is(i-1, '/') && p.word(i-2) == "w"
	acts := p.cue(end, cueAct) && p.at(end).shape == lower1 && p.near(end)
	met := p.cue(i-1, cueMeet) && p.near(i) || inside && (p.word(i-1) == "did" || p.word(i-1) == "does" || p.word(i-1) == "for" && p.isAny(end, ",.?(:") || p.word(i-1) == "about" && p.isAny(end, ",.?(:"))
	owns := p.is(end, '\'') && p.word(end+1) == "s" && p.at(end).gap == gapNone && !p.cue(end+2, cueHead) && (p.cue(end+2, cueKin|cueRole) || owned[p.word(end+2)])
	switch p.strength(i) {
	case 0:
		return p.ordinary(i) == 0 && (inside && (met || owns) || acts && !p.opens(i) && !p.cue(end, cueFunction) || owns)
	case 1, 2:
		return p.ordinary(i) == 0 && (inside || acts || met || owns)
	}
	return p.ordinary(i) == 0 && (inside || acts) || p.strength(i) >= 4 && (met || acts || owns)
}

// asks are words that open a question or a remark about somebody.
var asks = map[string]bool{"Is": true, "Does": true, "Did": true, "Was": true, "Can": true, "Should": true, "Has": true, "Will": true, "Could": true, "Would": true, "Per": true, "For": true, "With": true, "Tell": true, "Ask": true, "Call": true, "Give": true, "Let": true, "Have": true, "When": true, "If": true, "Had": true, "Help": true, "Remind": true, "Write": true, "See": true, "And": true, "But": true, "Re": true}

// owned are things of somebody's that charts speak of.
var owned = map[string]bool{"chart": true, "labs": true, "lab": true, "results": true, "result": true, "visit": true, "appointment": true, "appt": true, "meds": true, "medication": true, "medications": true, "insurance": true, "biopsy": true, "scan": true, "MRI": true, "CT": true, "note": true, "notes": true, "record": true, "records": true, "wound": true, "care": true, "case": true, "family": true, "room": true, "surgery": true, "birthday": true, "phone": true, "discharge": true, "prescription": true, "file": true, "history": true, "last": true, "next": true, "new": true, "blood": true, "potassium": true, "INR": true, "office": true, "creatinine": true, "GP": true, "A1c": true, "pain": true, "whanau": true, "twins": true, "kids": true, "parents": true, "mom": true, "dad": true, "house": true, "dose": true, "shot": true, "flu": true, "vaccine": true, "wheelchair": true, "bed": true, "stay": true, "admission": true, "consult": true, "progress": true, "allergies": true, "weight": true, "glucose": true, "tube": false}

func eponymWord(t *token) bool { return t.entry.Has(reference.Eponym | reference.Region) }
