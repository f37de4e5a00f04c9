package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// announced takes an institution that nothing in its own name gives away, by
// the words before it: "works for Acme Trucking", "his employer is Acme",
// "transferred from Banner Desert", "travaille chez Acme".
func (p *page) announced(i int) int {
	if p.at(i).cue&cueAnnounce == 0 {
		return 0
	}
	how := announces[strings.ToLower(p.word(i))]
	if how == 0 || p.caps || p.word(i) == "LOC" || p.word(i) == "loc" || how == byWord && p.at(i).shape != lower1 && !p.is(i+1, ':') && p.at(i+1).shape != lower1 {
		return 0
	}
	j := i + 1
	if how == byVerb {
		if j = p.preposition(i); j == i+1 {
			return 0
		}
	}
	for n := 0; n < 2 && (p.word(j) == "the" || p.word(j) == "is" || p.word(j) == "was" || p.word(j) == "l" || p.is(j, '\'') || p.is(j, ':') || p.word(j) == "a" && p.french || p.word(j) == "un"); n++ {
		j++
	}
	if j == i+1 && how != byWord || !p.near(j) || p.taken[min(j, len(p.tok)-1)] {
		return 0
	}
	article := p.at(j).shape == title1 && (p.word(j) == "La" || p.word(j) == "Le" || p.word(j) == "Les" || p.word(j) == "The") && p.at(j+1).capital() && p.near(j+1)
	if article {
		j++
	}
	end, words, proper := p.capitals(j)
	if words == 1 {
		if x := p.initialsOfHospital(i, j); x > 0 {
			return x
		}
	}
	if words == 0 || p.cue(j, cueTitle) || p.region(j) >= end {
		return 0
	}
	work := how == byWord && p.word(i) != "via" || employs[strings.ToLower(p.word(i))]
	if masked(p.word(j)) || how == byVerb && words == 1 && p.word(j-1) == "by" && p.word(j-2) == "followed" {
		return 0
	}
	if p.word(end-1) == "State" && words == 2 && p.entry(j).Has(reference.Region) && (p.word(j-2) == "student" || p.word(i) == "student" || p.word(i) == "works" || p.word(i) == "taught") {
		proper++
	}
	if !p.institution(j, end, words, proper, work) {
		return 0
	}
	from := j
	if article && p.near(j) {
		from--
	}
	end = p.frenchTail(p.ofPlace(end))
	p.put(phi.Org, from, end, 0.8, "announced")
	return end
}

// frenchTail goes on over "du Lac" and "des Pins" behind an institution's name.
func (p *page) frenchTail(end int) int {
	for n := 0; n < 2; n++ {
		j := end
		for k := 0; k < 2 && (p.cue(j, cueParticle) || p.word(j) == "des" || p.is(j, '\'')) && p.at(j).gap <= gapSpace && p.at(j).shape == lower1; k++ {
			j++
		}
		if j == end || !p.at(j).capital() || !p.near(j) || p.english {
			return end
		}
		end = j + 1
	}
	return end
}

// How a word announces an institution.
const (
	byWord = iota + 1 // at once: employer is X, chez X
	byVerb            // with a preposition: works at X
)

var announces = func() map[string]int {
	m := map[string]int{}
	for _, w := range strings.Fields(`attends owns loc chez empleador employer employeur hospital pharmacy school via`) {
		m[w] = byWord
	}
	for _, w := range strings.Fields(`xfer fell sleeps grader retired laid served member sings plays prays volunteers etudie inscrite inscrit interne prepose preposee alumno alumna accepted accountant admitted appointment appt arrived atendido barista bill born brought caissier caissiere cajera cajero came cariste cashier chef cleans clerk cook copay covered custodian d dc delivered dialysis discharge discharged drives drove electrician employed ems engineer enrolled evaluated fax faxed followed foreman guard her him hired hospitalise hospitalised hospitalized is janitor job lab manager mechanic obrero ouvrier performed practice letter professeur professor rcvd received receptionist records recvd referred rehab released room seen sent shift son stabbed staying stays student studies supervisor surgery taken taught teacher teaches trabaja trabajaba trabajaron trabajo transfer transfere transferred transported travaillait travaille treated vendeur vendeuse waiter waitress was welder work worked working works`) {
		m[w] = byVerb
	}
	return m
}()

// employs are the verbs after which any name with a capital is an employer.
var employs = wordSet(`grader retired laid served volunteers prepose preposee accountant barista caissier caissiere cajera cajero cariste cashier chef cleans clerk cook custodian drives drove electrician employed engineer foreman guard hired janitor job mechanic obrero ouvrier professeur professor receptionist supervisor taught teacher teaches trabaja trabajaba trabajaron trabajo travaillait travaille vendeur vendeuse waiter waitress welder work worked working works`)

// changed are what medicines are, and people to them: "was switched to",
// "is allergic to".
var changed = wordSet(`switched changed converted transitioned allergic sensitive resistant exposed intolerant titrated weaned bridged escalated limited related due secondary attributed similar compared equivalent added increased decreased reduced advanced restarted stepped narrowed broadened sensitized addicted responsive refractory linked`)

// preposition yields the token after at, for, from, to or by within two tokens
// after the verb at i.
func (p *page) preposition(i int) int {
	for j, n := i+1, 0; n < 4 && p.same(j); j, n = j+1, n+1 {
		if changed[p.word(j)] {
			return i + 1
		}
		switch p.word(j) {
		case "at", "from", "to", "by", "chez", "@", "en", "outside", "behind", "inside":
			return j + 1
		case "a":
			if p.french && employs[strings.ToLower(p.word(i))] {
				return j + 1
			}
		case "for", "with", "para", "pour", "as":
			if employs[strings.ToLower(p.word(i))] {
				return j + 1
			}
			return i + 1
		}
		if t := p.at(j); t.kind == punct && !p.is(j, '/') || t.capital() && t.size() > 3 && t.shape != upper2 {
			return i + 1
		}
	}
	return i + 1
}

// capitals yields the end of the capitalised words from token j on, how many
// there are, and how many of them can be a name of their own.
func (p *page) capitals(j int) (end, words, proper int) {
	end = j
	for k := j; k < j+9; k++ {
		t := p.at(k)
		switch {
		case k > j && t.gap > gapSpace:
			return end, words, proper
		case t.kind == word && (t.capital() || t.shape == camel) && t.cue&(cueFunction|cueWeekday|cueLabel)&^cueLabel == 0 && !(t.cue&cueMonth != 0 && p.dated(k)):
			if words > 0 && t.cue&cueLabel != 0 && t.cue&cueOrg == 0 && p.is(k+1, ':') {
				return end, words, proper
			}
			words++
			end = k + 1
			if t.cue&(cueNever|cueOrgMid|cueOrg|cueDirection) == 0 && !t.entry.Has(clinicalTraits|reference.Region|reference.Nationality) && !departments[p.word(k)] && !generalWords[p.word(k)] {
				proper++
			}
		case words > 0 && t.shape == title1 && (p.word(k) == "El" || p.word(k) == "La" || p.word(k) == "Los" || p.word(k) == "Las" || p.word(k) == "Le" || p.word(k) == "Les") && p.at(k+1).capital() && p.near(k+1):
		case p.is(k, '&') && words > 0, p.isAny(k, "'-") && t.gap == gapNone && words > 0, p.word(k) == "s" && p.is(k-1, '\''), p.is(k, '.') && t.gap == gapNone && p.at(k-1).size() <= 2 && words > 0 && p.at(k+1).capital():
			if p.word(k) == "s" {
				end = k + 1
			}
		case p.word(k) == "op" && p.is(k-1, '-') && t.gap == gapNone:
			end = k + 1
		default:
			return end, words, proper
		}
	}
	return end, words, proper
}

// departments are parts of any hospital, as they are said: they are no names.
var departments = map[string]bool{
	"ED": true, "ER": true, "ICU": true, "MICU": true, "SICU": true, "CCU": true, "NICU": true, "PICU": true, "PACU": true, "OR": true, "OB": true, "GYN": true, "PT": true, "OT": true, "IR": true, "CT": true, "MRI": true, "Neuro": true, "Ortho": true, "Cards": true, "Tele": true, "Psych": true, "Peds": true, "Onc": true, "Derm": true, "Uro": true, "Endo": true, "Rheum": true, "Heme": true, "ENT": true, "GI": true, "ID": true, "PCP": true, "EMS": true, "SNF": true, "LTAC": true, "AMA": true, "RA": true, "DC": true, "Urgent": true, "Same": true, "Day": true, "Step": true, "Down": true, "Ambulatory": true, "Home": true, "Telemetry": true, "Triage": true, "Trauma": true, "Bay": true, "Labor": true, "Delivery": true, "West": true, "Radiology": true, "Cardiology": true, "Oncology": true, "Pathology": true, "Surgery": true, "Medicine": true, "Neurology": true, "Urology": true, "Nephrology": true, "SAU": true, "AMU": true, "EPAU": true, "GP": true, "NHS": true, "CHF": true, "MI": true, "Headache": true, "Wound": true, "Fracture": true, "Memory": true, "Anticoagulation": true, "Diabetes": true,
}

// institution decides on the capitalised words from a to b that work or care
// announced.
func (p *page) institution(a, b, words, proper int, work bool) bool {
	t := p.at(a)
	last := p.word(b - 1)
	if last == "s" {
		last = p.word(b-3) + "s"
	}
	if hospitalEnds[last] && words > 1 && (proper > 0 || !generalWords[p.word(a)]) {
		return true
	}
	if proper == 0 || masked(p.word(a)) || !work && rooms[p.word(b-1)] {
		return false
	}
	if words == 1 {
		plain := t.entry.English() == 0 || t.entry.English() > 3
		if t.entry.Has(reference.Eponym) || p.eponymAt(a) || t.shape == upper2 && t.size() < 3 || t.entry.Has(clinicalTraits) {
			return false
		}
		if t.entry.Has(reference.Facility) {
			return true
		}
		if work {
			return (plain || !p.is(b, '-')) && t.entry.Place() < 6 && t.entry.Given() < 6
		}
		return plain && t.shape == title1 && t.size() > 4 && t.entry.English() == 0 && p.strength(a) < 4 && t.entry.Place() < 2 && !t.entry.Has(reference.Device) && p.at(b).kind == punct
	}
	if work {
		return true
	}
	if e, x := p.phraseAt(a, reference.PlaceHead, isTown); e >= b && x.Place() > 0 {
		return false
	}
	return p.strength(a) < 6 || p.ordinary(a) > 1 || p.cue(b-1, cueOrgMid|cueOrg)
}

// rooms end the names of parts of a hospital.
var rooms = map[string]bool{"Room": true, "Suite": true, "Unit": true, "Lab": true, "Laboratory": true, "Department": true, "Area": true, "Nursery": true, "Floor": true, "Ward": true, "Bay": true, "Service": true, "Team": true, "Surgery": true, "Clinic": true}

// hospitalEnds close the short form of a hospital's or home's name: "Mercy
// General".
var hospitalEnds = map[string]bool{
	"General": true, "Memorial": true, "Regional": true, "Methodist": true, "Presbyterian": true, "Lutheran": true, "Baptist": true, "Adventist": true, "Childrens": true, "Samaritan": true, "Mercy": true, "Deaconess": true, "Rehab": true, "SNF": true, "Manor": true, "Surgery": true, "Practice": true, "Dental": true, "Infirmary": true, "Hospice": true, "Heart": true, "Shriners": true, "Community": true, "Medical": true, "Health": true, "Healthcare": true, "Care": true, "Place": true, "Meadows": true, "Court": true, "Lodge": true, "Pharmacy": true, "DHB": true, "Elementary": true, "Preschool": true, "ALF": true, "LTC": true, "Home": true,
}

// shortHospital takes "Mercy General" and "Sacred Heart" after at, from and
// to, wherever they stand.
func (p *page) shortHospital(i int) int {
	switch p.word(i - 1) {
	case "at", "from", "to", "At", "From", "@", "in", "of", "by", "via", "outside":
	default:
		if !p.is(i-1, ',') || !p.near(i) || p.at(i-2).shape != lower1 {
			return 0
		}
	}
	if p.caps || !p.at(i).capital() || p.at(i).shape == initial || p.cue(i, cueFunction|cueTitle) {
		return 0
	}
	end, words, proper := p.capitals(i)
	if words < 2 || words > 4 || proper == 0 || p.cue(i, cueNever) || p.at(i).entry.Has(clinicalTraits) || departments[p.word(i)] {
		return 0
	}
	switch p.word(end - 1) {
	case "TCU", "ALF", "LTAC", "LTACH", "AFH", "IRF", "General", "Memorial", "Regional", "Methodist", "Presbyterian", "Lutheran", "Baptist", "Adventist", "Samaritan", "Deaconess", "Rehab", "SNF", "Manor", "DHB", "EMS", "Endoscopy", "Oncology", "Orthopedics", "Dermatology", "Primary":
	case "Surgery", "Practice", "Dental", "Elementary", "Hospice":
		if p.word(i-1) != "at" && p.word(i-1) != "from" && p.word(i-1) != "to" || p.ordinary(i) > 2 {
			return 0
		}
	case "ER", "ED":
		if words < 2 || p.ordinary(i) > 0 && p.entry(i).Place() == 0 {
			return 0
		}
	case "s":
		if p.word(end-3) != "Children" && p.word(end-3) != "Women" {
			return 0
		}
	case "Heart":
		if p.word(i) != "Sacred" {
			return 0
		}
	default:
		return 0
	}
	p.put(phi.Org, i, end, 0.82, "short-hospital")
	return end
}

// wordSet makes a set of the words of a text.
func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
