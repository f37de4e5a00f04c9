package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// findNames looks for people by the words around them and by the lists.
func (p *page) findNames() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.kind != word || p.taken[i] {
			continue
		}
		if t.cue&cueHoliday != 0 && t.entry.Given() < 5 && p.holidayAt(i) > i {
			continue
		}
		if r := p.region(i); r > i+1 && t.cue&cueTitle == 0 {
			i = r - 1
			continue
		}
		end := 0
		switch {
		case t.cue&cueTitle != 0:
			end = p.afterTitle(i)
		case p.is(i-1, '[') && p.is(i+1, ']') && (p.is(i+2, ':') || p.at(i-1).gap >= gapLine) || p.opens(i) && p.speaker(i):
			if p.likely(i) && t.shape != upper2 && p.at(i).size() > 2 && t.cue&(cueTitle|cueRole|cueKin|cueLabel) == 0 {
				p.put(phi.Name, i, i+1, 0.85, "speaker")
				end = i + 1
			}
		}
		if end == 0 {
			end = p.byShape(i)
		}
		if end == 0 {
			end = p.bySign(i)
		}
		if end == 0 && p.caps {
			end = p.inCapitals(i)
		}
		if end == 0 {
			end = p.byCue(i)
		}
		if end == 0 && t.shape == upper2 && t.cue&cueCredential != 0 && offices[p.word(i)] {
			end = p.afterOffice(i)
		}
		if end == 0 && !p.taken[i] {
			switch {
			case t.capital() || t.shape == camel && t.size() > 3:
				end = p.fromLists(i)
			case t.shape == lower1 && (t.entry.Given() >= 5 || p.small && t.entry.Family() >= 7):
				if end = p.lowerPair(i); end == 0 {
					end = p.lowerAlone(i)
				}
				if end == 0 {
					end = p.inSmall(i)
				}
			}
		}
		if end > i {
			i = p.together(end) - 1
		}
	}
}

// offices are degrees that are also said before a name: "NP Garrison".
var offices = map[string]bool{"NP": true, "RN": true, "PA": true, "LPN": true, "CRNA": true, "CNM": true, "RPN": true, "CNA": true}

func (p *page) afterOffice(i int) int {
	j := i + 1
	if t := p.at(j); t.gap != gapSpace || t.shape != title1 || p.ordinary(j) > 1 || p.strength(j) < 4 && p.ordinary(j) > 0 || p.entry(j).Has(reference.Eponym|reference.Device|reference.Nationality) || p.region(j) > j {
		return 0
	}
	n := p.nameAt(j, reach{})
	if n.words == 0 {
		return 0
	}
	return p.putName(j, n.end, 0.85, "office")
}

// speaker says whether the word at token i labels a line of talk: "Martha:".
func (p *page) speaker(i int) bool {
	return p.is(i+1, ':') && p.at(i+1).gap == gapNone && p.at(i).gap >= gapLine && p.at(i).shape == title1 && p.at(i+2).gap == gapSpace
}

// afterTitle takes the name after Dr, Mrs, M. and the like. A title alone
// stays.
func (p *page) afterTitle(i int) int {
	j := i + 1
	t := p.at(i)
	dot := p.is(j, '.') && (p.at(j).gap == gapNone || t.size() > 1 && p.near(j))
	if dot {
		switch p.word(i) {
		case "sir", "Sir", "maam", "madam", "Madam", "miss", "nurse", "doctor", "sister", "father", "officer", "judge", "docteur", "madame", "monsieur":
			return 0
		}
		j++
	}
	// "M" and "Sr" are titles only with their full stop or before a capital
	switch w := p.word(i); {
	case t.size() == 1 && (!dot || w != "M" || !p.at(j).capital() || p.at(j).gap != gapSpace && !p.french || p.at(j).entry.French() == 1 && p.french && p.strength(j) == 0 || p.cue(j, cueFunction)):
		if !(w == "M" && !dot && p.french && p.at(j).capital() && p.at(j).gap == gapSpace && p.ordinary(j) == 0) {
			return 0
		}
	case t.size() == 2 && t.shape == lower1 && !dot && (w == "me" || w == "pr" || w == "hr" || w == "ms" || w == "sr" || w == "mm" || w == "fr" || w == "lt"):
		return 0
	case w == "Fr" && p.at(i-1).kind == digits && p.near(i): // 14 Fr Foley
		return 0
	case w == "don" || w == "general" || w == "chief" || w == "major" || w == "elder" || w == "fr" || w == "MS" && !dot || w == "Me" && !dot && !p.french || w == "PR" && !dot || w == "CAPT" || w == "General" || w == "Chief" || w == "FR" || w == "HR" || w == "Col" && !dot || w == "Me":
		if !p.at(j).capital() || !p.likely(j) {
			return 0
		}
	case w == "MS" || w == "Ms" && p.at(j).shape == lower1, w == "mm" || w == "MM" && !p.french:
		if !p.at(j).capital() || p.ordinary(j) > 1 {
			return 0
		}
	}
	for n := 0; n < 2 && p.cue(j, cueTitle) && p.near(j) && p.at(j).size() > 1 && !(p.strength(j) > 4); n++ {
		j++
		if p.is(j, '.') {
			j++
		}
	}
	for n := 0; n < 2 && p.cue(j, cueRole) && p.at(j).shape == lower1; n++ { // nurse practitioner
		return 0
	}
	if p.at(j).gap > gapSpace || p.is(j, ',') || masked(p.word(j)) {
		return 0
	}
	spoken := t.cue&cueRole == 0 || t.capital() || p.likely(j) && p.strength(j) >= 5 && (p.ordinary(j) <= 1 || p.at(j).entry.English() > 3)
	if w := p.word(i); (w == "GENERAL" || w == "CHIEF" || w == "MAJOR") && p.ordinary(j) >= 2 {
		return 0
	}
	if t.shape == upper2 && t.size() > 3 && !p.caps && p.ordinary(j) >= 2 && p.strength(j) < 5 {
		return 0 // GENERAL APPEARANCE
	}
	n := p.nameAt(j, reach{trust: true, lower: spoken && !p.at(j).capital()})
	if x := p.at(j); n.words == 0 && n.initials < 2 && x.shape == initial && x.gap <= gapSpace && t.shape == title1 && t.size() <= 3 && t.size() > 1 && !p.is(j+1, '-') && p.word(j) != "X" && p.word(j) != "Y" && p.word(j) != "Z" && p.word(j) != "A" {
		return p.putName(j, j+1, 0.85, "title") // Mrs. B
	}
	if n.end == j || n.words == 0 && n.initials < 2 {
		return 0
	}
	if p.titleOfNobody(i, j, n, dot) {
		return 0
	}
	from := j
	if t.size() == 1 && p.english { // M. Cobb is no Monsieur here
		from = i
	}
	end := p.putName(from, n.end, 0.95, "title")
	return p.andName(end)
}

// titleOfNobody says whether what stands from token j on, behind the title at
// token i, is no name after all: "the doctor prescribed", "Miss Right".
func (p *page) titleOfNobody(i, j int, n person, dot bool) bool {
	t := p.at(i)
	if t.cue&(cueRole|cueKin) != 0 && n.likely == 0 && n.listed == 0 {
		return true
	}
	if p.at(j).shape == lower1 && (n.likely == 0 && !(t.size() <= 4 && (dot || p.strength(j) >= 8) && p.strength(j) >= 5) || t.size() > 4 && p.at(j).entry.English() > 0 && p.at(j).entry.English() < 6 && !(p.likely(j) && p.at(j).entry.English() > 3)) {
		return true
	}
	if t.shape == lower1 && t.size() > 4 && n.likely == 0 { // "the doctor Prescribed"
		return true
	}
	if w := p.word(i); (w == "Miss" || w == "miss") && n.likely == 0 && n.ordinary > 0 {
		return true
	}
	if n.words == 1 && n.initials == 0 && p.ordinary(j) == 3 && p.strength(j) < 4 && (p.cue(j, cueFunction|cueNever|cueOrg|cueOrgMid) || p.entry(j).Has(clinicalTraits)) {
		return true
	}
	return false
}

// masked says whether a word stands in for a name that somebody has already
// taken out: XXXX, XYZ, ABC.
func masked(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] | 0x20 { // most words are told by their first letter
	case 'a', 'd', 'f', 'l', 'n', 'r', 'x', 'y', 'z':
	default:
		return false
	}
	switch lower := lowerOf(s); lower {
	case "xyz", "abc", "abcd", "xyza", "abcde", "redacted", "name", "deleted", "removed", "lastname", "firstname", "anonymous":
		return true
	default:
		return len(s) > 1 && strings.Count(lower, lower[:1]) == len(s) && (lower[0] == 'x' || lower[0] == 'y' || lower[0] == 'z' || lower[0] == 'a')
	}
}

// andName goes on over "and Mrs." lists: "Drs. Smith and Jones".
func (p *page) andName(end int) int {
	for n := 0; n < 4; n++ {
		j := end
		if p.is(j, ',') {
			j++
		}
		if w := p.word(j); w == "and" || w == "et" || w == "or" || p.is(j, '&') || p.is(j, '/') {
			j++
		}
		if j == end || !p.near(j) || !p.at(j).capital() || p.cue(j, cueTitle|cueCredential) || !p.likely(j) && p.ordinary(j) > 0 || p.strength(j) < 2 {
			return end
		}
		if p.is(j-1, ',') && p.entry(j).Place() > 5 && p.entry(j).Family() < 5 {
			return end
		}
		x := p.nameAt(j, reach{})
		if x.words == 0 || x.likely == 0 {
			return end
		}
		if next := p.putName(j, x.end, 0.85, "list"); next > 0 {
			end = next
		} else {
			return end
		}
	}
	return end
}

// byCue takes a name that a word before it announces: daughter Anna, nurse
// Kim, thanks Martha, seen by Jane Roe.
func (p *page) byCue(i int) int {
	t := p.at(i)
	if t.cue&(cueKin|cueRole|cueGreet|cueMeet|cueBy) == 0 {
		return 0
	}
	j := i + 1
	kin := t.cue&(cueKin|cueRole) != 0
	if t.cue&cueKin != 0 && p.is(j, '-') && p.word(j+1) == "in" && p.word(j+3) == "law" {
		j += 4
	}
	if kin && p.is(j, '\'') && p.word(j+1) == "s" && p.word(i) != "name" { // mother's sister; patient's
		return 0
	}
	named := false
	for n := 0; n < 3; n++ {
		switch w := p.word(j); {
		case p.is(j, ',') && (kin || t.cue&cueGreet != 0), p.is(j, '(') && kin, p.is(j, '"'), p.is(j, '\'') && p.at(j).gap == gapSpace, p.is(j, '-') && kin && p.at(j).gap == gapSpace:
			j++
		case kin && (w == "named" || w == "name" || w == "called" || w == "is" && named || w == "was" && named || w == "nommee" || w == "nomme"):
			named = true
			j++
		case w == "a" && t.cue&cueMeet != 0 && !p.english && p.at(j+1).capital():
			j++
		case w == "is" && (p.word(i) == "patient" || p.word(i) == "Patient" || p.word(i) == "pt"):
			j++
		case p.is(j, ':') && kin && p.at(j).gap == gapNone && t.cue&cueTitle == 0:
			j++
		}
	}
	if p.word(i) == "name" {
		named = true
		if p.word(j) == "is" || p.word(j) == "was" || p.is(j, '\'') && p.word(j+1) == "s" {
			if p.is(j, '\'') {
				j++
			}
			j++
		}
	}
	if !p.near(j) || p.at(j).kind != word || p.cue(j, cueTitle) && p.strength(j) < 5 {
		return 0
	}
	x := p.at(j)
	if p.taken[j] {
		return 0
	}
	if end := p.commaPair(j); end > 0 {
		return end
	}
	if x.capital() || x.shape == camel {
		return p.cuedCapital(i, j, named)
	}
	return p.cuedLower(i, j, named)
}

// cuedCapital decides on a capitalised word at j that the cue at i announces.
func (p *page) cuedCapital(i, j int, named bool) int {
	t := p.at(i)
	month := p.cue(j, cueMonth) && p.strength(j) >= 5 && p.at(j).shape == title1 && !p.dated(j)
	n := p.nameAt(j, reach{trust: named || month})
	strong := t.cue&(cueKin|cueRole) != 0
	if strong && n.end <= j+2 && p.twoUnknown(j) {
		return p.putName(j, j+2, 0.82, "cue")
	}
	if n.words == 0 {
		return 0
	}
	lists := p.opens(j) && !p.is(j-1, ':') || p.at(j).shape == upper2
	if p.caps && strong && p.at(j).shape == upper2 && n.words >= 2 && p.strength(j) >= 6 && (p.entry(j).Given() >= 6 && p.ordinary(j) <= 1 || p.ordinary(n.end-1) == 0 && p.strength(j) >= 7) && !p.cue(j, cueNever|cueFunction|cueOrgMid|cueOrg) {
		return p.putName(j, n.end, 0.8, "cue-caps")
	}
	switch {
	case named && p.ordinary(j) < 3:
	case (p.word(i) == "attn" || p.word(i) == "Attn" || p.word(i) == "ATTN") && p.strength(j) >= 4 && p.ordinary(j) <= 2:
	case (p.word(i) == "called" || p.word(i) == "appelle") && p.ordinary(j) == 0 && (p.cue(i-1, cueFunction) || p.word(i-1) == "s") && p.word(i-1) != "who":
	case month && t.cue&cueRole != 0 && p.at(i).gap != gapPara:
	case n.words >= 2 && n.likely >= 1 && n.ordinary == 0 && !p.eponymAt(n.end-1):
	case strong && n.likely >= 1 && !lists && !p.eponymAt(n.end-1):
	case t.cue&cueKin != 0 && p.at(j).shape == title1 && !lists && p.strength(j) >= 7 && n.words == 1 && !p.cue(j, cueNever|cueFunction) && (p.cue(n.end, cueAct) || p.isAny(n.end, ",.")):
	case strong && (p.strength(j) >= 3 && p.ordinary(j) <= 2 || p.entry(j).Given() >= 6) && p.at(j).shape == title1 && !lists && n.words == 1 && p.cue(n.end, cueAct) && p.near(n.end) && !p.cue(j, cueNever|cueOrg|cueOrgMid) && !p.entry(j).Has(clinicalTraits) && !p.eponymAt(j):
	case strong && p.strength(j) >= 6 && p.ordinary(j) <= 2 && p.at(j).shape == title1 && !lists && n.words == 1 && !p.eponymAt(j):
	case t.cue&cueKin != 0 && p.at(j).shape == title1 && !lists && p.at(j).size() > 2 && (p.ordinary(j) == 0 && p.entry(j).Place() < 6 || p.entry(j).Given() >= 5 && (p.entry(j).English() == 0 || p.entry(j).English() > 3) && !p.cue(j, cueNever)) && !p.eponymAt(j) && !p.cue(j, cueOrg|cueOrgMid) && !p.entry(j).Has(reference.Eponym|reference.Device|reference.Region):
	case nurses[p.word(i)] && p.at(j).shape == title1 && !lists && p.at(j).size() > 2 && p.ordinary(j) == 0 && p.region(j) == j && !p.eponymAt(n.end-1) && !p.entry(j).Has(reference.Eponym|reference.Device):
	case letters[p.word(i)] && p.at(j).shape == title1 && p.ordinary(j) <= 2 && p.isAny(n.end, ",:!") && n.words <= 2 && !p.cue(j, cueNever|cueRole|cueOrg|cueOrgMid):
	case t.cue&(cueMeet|cueGreet) != 0 && n.likely >= 1 && p.strength(j) >= 3 && !lists && !p.eponymAt(n.end-1):
	case t.cue&cueGreet != 0 && n.likely >= 1 && p.strength(j) >= 3 && p.is(j-1, ','):
	case t.cue&cueBy != 0 && n.likely >= 1 && p.strength(j) >= 5 && p.ordinary(j) == 0 && !lists && !p.eponymAt(n.end-1) && !p.entry(j).Has(reference.Eponym|reference.Device):
	default:
		return 0
	}
	if p.entry(j).Has(reference.Device) && !named && n.words == 1 {
		return 0
	}
	return p.putName(j, n.end, 0.85, "cue")
}

// nurses are callings before which a capitalised word that is no other word is
// a name.
var nurses = map[string]bool{"nurse": true, "Nurse": true, "surgeon": true, "Surgeon": true, "physician": true, "midwife": true, "Midwife": true, "therapist": true, "pharmacist": true, "chaplain": true, "secretary": true, "receptionist": true, "interpreter": true, "CRNA": true, "RN": true, "RT": true, "infirmiere": true, "infirmier": true, "interne": true, "sage": true, "carer": true, "Carer": true, "attorney": true, "lawyer": true}

// letters are the words that open a letter.
var letters = map[string]bool{"Dear": true, "dear": true, "Hi": true, "hi": true, "Hello": true, "hello": true, "Hey": true, "hey": true, "Bonjour": true, "bonjour": true, "Hola": true, "hola": true, "Cher": true, "Chere": true, "Thanks": true, "Estimado": true, "Estimada": true, "Team": false}

// cuedLower decides on a word in small letters, as in dictated talk.
func (p *page) cuedLower(i, j int, named bool) int {
	t := p.at(i)
	if x := p.at(j); p.small && (p.word(i) == "nurse" || p.word(i) == "doctor") && x.size() >= 5 && x.cue == 0 && x.entry.English()+x.entry.French() == 0 && !x.entry.Has(clinicalTraits|reference.Device) && !p.cueNear(j) {
		return p.putName(j, j+1, 0.7, "cue-lower")
	}
	if p.strength(j) < 4 || !p.likely(j) || p.entry(j).Has(reference.Drug) && !named || p.cueNear(j) || p.cue(j, cueTitle|cueMeasure|cueHead|cueKin|cueRole|cueAct) {
		return 0
	}
	given := p.entry(j).Given()
	n := p.nameAt(j, reach{lower: true})
	if n.words == 0 {
		return 0
	}
	greet := t.cue&cueGreet != 0 && p.entry(i).French() != 1 || t.cue&cueGreet != 0 && p.french
	ends := p.isAny(n.end, ",.!?") || p.at(n.end).gap >= gapLine
	switch {
	case named && given+p.entry(j).Family() > 5:
	case n.words >= 2 && n.listed >= 2 && given >= 5 && p.entry(n.end-1).Family() >= 5 && t.cue&(cueKin|cueRole) != 0:
	case n.words >= 2 && n.likely >= 2 && given >= 5 && t.cue&(cueKin|cueRole|cueMeet|cueBy|cueGreet) != 0:
	case t.cue&(cueKin|cueRole) != 0 && given >= 6 && (p.ordinary(j) == 0 || p.small && given >= 7 && p.entry(j).English() > 2):
	case greet && given >= 5 && (ends || n.words >= 2 || greetings[p.word(i)]):
	default:
		return 0
	}
	return p.putName(j, n.end, 0.8, "cue-lower")
}

// twoUnknown says whether two words that no list of words, drugs or devices holds
// stand at token j with a capital each: "client Ingunn Thorvald".
func (p *page) twoUnknown(j int) bool {
	if p.caps || p.titled || p.opens(j) && !p.is(j-1, ':') {
		return false
	}
	for k := j; k < j+2; k++ {
		t := p.at(k)
		if t.kind != word || t.shape != title1 || t.size() < 3 || !p.near(k) || t.cue != 0 || t.entry.English() > 0 || t.entry.French() > 0 && !p.english || p.taken[k] || t.entry.Has(clinicalTraits|reference.Device|reference.Drug|reference.Eponym|reference.Nationality|reference.Region|reference.Facility) {
			return false
		}
	}
	next := p.at(j + 2)
	return !p.cue(j+2, cueHead|cueOrg|cueOrgMid|cueStreet) && !(next.kind == word && next.shape == title1 && next.gap == gapSpace) && !p.drugBeside(j, j+2)
}
