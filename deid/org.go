package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// findOrgs looks for facilities, employers and schools by the words that close
// or open their names, and by a list of short names.
func (p *page) findOrgs() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.kind != word || p.guard[i] {
			continue
		}
		end := 0
		switch {
		case t.entry.Has(reference.Facility | reference.FacilityHead):
			end = p.knownFacility(i)
		}
		if end == 0 && (p.word(i) == "St" || p.word(i) == "Saint" || p.word(i) == "saint" || p.word(i) == "st" && p.is(i+2, '\'')) {
			end = p.saint(i)
		}
		if end == 0 && t.cue&cueOrgFr != 0 && (p.french || t.entry.English() == 0 && t.shape != lower1 || p.romance(i-1)) {
			end = p.orgFrench(i)
		}
		if end == 0 && t.size() > 2 {
			end = p.chainAt(i)
		}
		if end == 0 && (t.shape == lower1 || p.caps) {
			end = p.located(i)
		}
		if end == 0 && t.capital() {
			end = p.byForm(i)
		}
		if end == 0 && t.capital() && t.cue&cueFunction == 0 {
			end = p.shortHospital(i)
		}
		if end == 0 && t.cue&(cueOrg|cueOrgMid) != 0 && t.capital() {
			end = p.orgBackward(i)
		}
		if end == 0 && t.size() <= 4 {
			end = p.orgByOwn(i)
		}
		if end == 0 {
			end = p.announced(i)
		}
		if end == 0 && p.small && t.cue&(cueIn|cueBy) != 0 || end == 0 && p.small && p.word(i) == "on" {
			if end = p.spokenHouse(i); end == 0 {
				end = p.spokenPlace(i)
			}
		}
		if end > i {
			i = end - 1
		}
	}
}

// byForm takes an institution by the words its name is made of.
func (p *page) byForm(i int) int {
	if end := p.orgByFirst(i); end > 0 {
		return end
	}
	if end := p.institutionOf(i); end > 0 {
		return end
	}
	return p.orgByHead(i)
}

// saint takes "St. Luke's" after at, to and from, where nothing says what it
// is: a hospital or a school.
func (p *page) saint(i int) int {
	j := i + 1
	if p.is(j, '.') {
		j++
	}
	if !p.at(j).capital() && p.at(j).entry.Given() < 4 || !p.near(j) || !p.is(j+1, '\'') || p.word(j+2) != "s" || p.cue(j+3, cueOrg|cueOrgMid|cueHead) {
		return 0
	}
	switch p.word(i - 1) {
	case "at", "to", "from", "At", "From", "by":
		p.put(phi.Org, i, j+3, 0.8, "saint")
		return j + 3
	}
	return 0
}

func isFacility(e reference.Entry) bool { return e.Has(reference.Facility) }

// knownFacility takes a hospital by its short name.
func (p *page) knownFacility(i int) int {
	end, e := p.phraseAt(i, reference.FacilityHead, isFacility)
	if e == 0 || p.eponymAt(end-1) || p.is(end, '-') && p.at(end).gap == gapNone {
		return 0
	}
	if p.at(i).shape == lower1 {
		return p.lowerFacility(i, end)
	}
	if end == i+1 {
		t := p.at(i)
		if t.shape != upper2 && t.entry.English() > 0 || p.caps && t.entry.English() > 0 || !(t.shape == upper2 && t.size() >= 3 && t.entry.English() == 0) && !p.orgContext(i, end) {
			return 0
		}
		if t.shape == upper2 && !p.orgContext(i, end) {
			return 0
		}
	}
	for p.cue(end, cueOrg|cueOrgMid) && p.at(end).capital() && p.near(end) {
		end++
	}
	p.put(phi.Org, i, end, 0.85, "facility")
	return end
}

// lowerFacility takes "mayo clinic" and, after at, to and from, "baylor".
func (p *page) lowerFacility(i, end int) int {
	for p.cue(end, cueOrg) && p.near(end) && end < i+4 {
		end++
	}
	switch p.word(i - 1) {
	case "at", "to", "from", "in", "the":
	default:
		return 0
	}
	if end == i+1 && (p.entry(i).English() > 0 || p.word(i-1) == "the" || p.word(i-1) == "in" || p.at(i).size() < 4) {
		return 0
	}
	p.put(phi.Org, i, end, 0.75, "facility-lower")
	return end
}

// orgContext says whether the words around speak of an institution.
func (p *page) orgContext(i, end int) bool {
	switch p.word(i - 1) {
	case "at", "from", "to", "by", "At", "From", "@", "the", "a", "chez", "de", "hopital", "Hopital", "HOP", "CHU", "du":
		return true
	}
	switch p.word(end) {
	case "ED", "ER", "ICU", "clinic", "hospital", "admission", "records", "physician", "doctor", "Hospital", "Clinic", "campus":
		return true
	}
	return false
}

// orgBackward takes the capitalised words before Hospital, Clinic, University
// and the like at token i. Words that are parts of any such name do not count
// as the name itself.
func (p *page) orgBackward(i int) int {
	end := i + 1
	strong := p.cue(i, cueOrg)
	for n := 0; n < 5 && p.near(end); n++ {
		t := p.at(end)
		if t.kind == word && t.capital() && t.cue&(cueOrg|cueOrgMid) != 0 {
			strong = strong || t.cue&cueOrg != 0
			end++
		} else if (p.word(end) == "of" || p.word(end) == "for" || p.is(end, '&') || p.word(end) == "and") && p.at(end+1).capital() && p.near(end+1) && (p.at(end+1).entry.Place() > 0 || p.cue(end+1, cueOrg|cueOrgMid) || p.at(end+1).entry.Has(reference.Region)) {
			end += 2
		} else {
			break
		}
	}
	closing := end > i+1 && orgClosers[p.word(end-1)]
	if !strong && !closing {
		return 0
	}
	a, proper := i, 0
	for n := 0; n < 12 && a > 0 && p.at(a).gap <= gapSpace; n++ {
		t := p.at(a - 1)
		switch {
		case t.kind == word && t.capital() && t.cue&(cueFunction|cueTitle|cueLabel|cueNever) == 0 || t.kind == word && t.capital() && t.cue&cueFunction == 0 && p.properPart(a-1):
			if p.properPart(a - 1) {
				proper++
			}
		case t.kind == word && (p.word(a-1) == "St" || p.word(a-1) == "ST" || p.word(a-1) == "Mt"):
			proper++
		case p.isAny(a-1, "'-&") && a > 1 && p.at(a-2).capital(), p.is(a-1, '.') && (p.word(a-2) == "St" || p.word(a-2) == "ST" || p.word(a-2) == "Mt"):
		case t.kind == word && (p.word(a-1) == "s" && p.is(a-2, '\'') || p.word(a-1) == "of" && p.at(a-2).capital() && p.cue(a-2, cueOrgMid|cueOrg) || p.word(a-1) == "and" && p.at(a-2).capital() && proper > 0 && p.properPart(a-2)):
		default:
			n = 12
			continue
		}
		a--
	}
	for a < i && (p.at(a).kind == punct || p.at(a).shape == lower1) {
		a++
	}
	if proper == 0 && !p.placeInside(i, end) && !(strong && p.lineOf(a, end)) {
		return 0
	}
	p.put(phi.Org, a, end, 0.85, "org")
	return end
}

// lineOf says whether tokens a to end fill a line and hold a word that is not
// said of any such institution: the head of a letter, a block of signature.
func (p *page) lineOf(a, end int) bool {
	if p.at(a).gap < gapLine || p.at(end).gap < gapLine || end < a+3 {
		return false
	}
	for i := a; i < end; i++ {
		if t := p.at(i); t.kind == word && t.capital() && t.cue&(cueOrg|cueOrgMid|cueNever|cueDirection|cueFunction|cueRole|cueHead) == 0 && !t.entry.Has(clinicalTraits) && !departments[p.word(i)] {
			return true
		}
	}
	return false
}

// orgClosers end the name of an organisation where another such word stands
// before them.
var orgClosers = map[string]bool{"Center": true, "Centre": true, "CENTER": true, "System": true, "Health": true, "Care": true, "Home": true, "Group": true, "Service": true, "Services": true, "School": true, "Institute": true, "Living": true, "Network": true, "Medicine": true, "Practice": true, "Medical": true, "Dentistry": true, "MEDICINE": true, "PRACTICE": true, "Associates": true}

// placeInside says whether a town stands after "of" inside tokens i to end.
func (p *page) placeInside(i, end int) bool {
	for j := i + 1; j < end; j++ {
		if p.word(j-1) == "of" && p.at(j).entry.Place() > 3 && p.cue(i, cueOrg) {
			return true
		}
	}
	return false
}

// properPart says whether the word at token i makes an organisation's name its
// own: a name, a place, a word that is no ordinary one.
func (p *page) properPart(i int) bool {
	if generalWords[p.word(i)] {
		return false
	}
	t := p.at(i)
	if t.cue&(cueOrgMid|cueOrg|cueNever|cueDirection) != 0 || t.entry.Has(clinicalTraits) {
		return false
	}
	if t.entry.Has(reference.Region) {
		return true
	}
	if t.entry.English() == 0 || t.entry.Place() >= 5 || t.entry.Family() >= 7 {
		return true
	}
	return t.entry.English() >= 3 && !p.opens(i) && t.shape == title1
}

// romance says whether the word at token i is a preposition or an article of
// French or Spanish that institutions stand after.
func (p *page) romance(i int) bool {
	switch p.word(i) {
	case "au", "aux", "du", "chez", "la", "le", "el", "del", "al":
		return true
	}
	return p.is(i, '\'') && (p.word(i-1) == "l" || p.word(i-1) == "d")
}

// orgFrench takes "Hôpital Saint-Louis", "CHU de Nantes", "clinique du Parc".
func (p *page) orgFrench(i int) int {
	short := p.at(i).size() <= 5 && !shortKinds[strings.ToLower(p.word(i))]
	if short && p.at(i).shape != upper2 {
		return 0
	}
	end, proper := i+1, 0
	for n := 0; n < 10 && p.near(end); n++ {
		t := p.at(end)
		switch {
		case t.kind == word && (t.capital() || t.shape == camel):
			if t.cue&(cueFunction|cueNever|cueLabel|cueTitle) != 0 && !(p.is(end+1, '-') && p.at(end+1).gap == gapNone) && !p.is(end-1, '-') && !((p.word(end) == "La" || p.word(end) == "Le" || p.word(end) == "Les") && end == i+1) && !(t.entry.Given() > 0 || t.entry.Family() > 0) && p.word(end) != "St" && p.word(end) != "Ste" || p.at(end).shape == upper2 && p.at(i).shape != upper2 && t.size() > 3 && p.at(end-1).kind != punct && t.entry.French() > 0 {
				n = 10
				continue
			}
			if t.cue&(cueOrgMid|cueOrg|cueOrgFr) == 0 && (t.entry.French() == 0 || t.entry.Place() > 0 || t.entry.Family() > 4 || t.shape == upper2 || t.shape == title1 && !orgFrenchWords[strings.ToLower(p.word(end))] && !t.entry.Has(clinicalTraits)) {
				proper++
			}
		case t.kind == word && (t.cue&cueParticle != 0 || frenchJoin[p.word(end)] || p.word(end) == "du" || p.word(end) == "l"):
		case t.kind == word && orgFrenchWords[p.word(end)]:
		case t.kind == word && p.is(end-1, '-') && t.gap == gapNone && p.is(end+1, '-') && p.at(end+1).gap == gapNone:
		case p.isAny(end, "'-") && t.gap == gapNone || p.is(end, '.') && t.gap == gapNone && p.at(end-1).size() <= 3 && p.at(end+1).capital() && p.near(end+1):
		default:
			n = 10
			continue
		}
		end++
	}
	for end > i+1 && (p.at(end-1).kind == punct || p.at(end-1).shape == lower1) {
		end--
	}
	if proper == 0 {
		return 0
	}
	p.put(phi.Org, i, end, 0.85, "org-fr")
	return end
}

// shortKinds are words for institutions that are no initials, short as they
// are.
var shortKinds = wordSet(`ecole lycee foyer arena cegep usine hotel villa`)

var orgFrenchWords = map[string]bool{"hospitalier": true, "universitaire": true, "general": true, "regional": true, "medical": true, "sante": true, "soins": true, "readaptation": true, "public": true, "privee": true, "militaire": true, "primaire": true, "secondaire": true, "elementaire": true, "jour": true, "retraite": true, "hospitaliere": true, "medico": true, "externe": true, "exterieure": true, "interne": true, "universitaires": true, "hospitaliers": true, "medicale": true, "chirurgicale": true, "maternite": true, "national": true, "nationale": true, "centrale": true, "penitentiaire": true, "salud": true, "infantil": true, "petite": true, "enfance": true, "psychiatrique": true, "departemental": true, "scolaire": true, "jeunesse": true, "dentaire": true, "veterinaire": true, "agricole": true, "infirmier": true, "paroissial": true, "sportif": true, "culturel": true, "communautaire": true, "alimentaire": true, "coiffure": true, "intercommunal": true, "local": true}
