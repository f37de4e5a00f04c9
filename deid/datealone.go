package deid

import "strings"

// someone says whether the text speaks of one person: what happens to nobody
// in particular is dated to nobody's harm.
func (p *page) someone() bool {
	if p.person == 0 {
		p.person = 1
		for i := range p.tok {
			if t := &p.tok[i]; t.kind == word && (t.size() <= 9 && someoneWords[strings.ToLower(p.word(i))] || t.shape == title1 && happened[p.word(i)]) {
				p.person = 2
				break
			}
		}
	}
	return p.person == 2 || len(p.out) > 0
}

var someoneWords = wordSet(`he she his her him hers my me i mom mum dad mother father wife husband son daughter sister brother pt patient resident client gentleman lady
	mr mrs ms dr mrn mrns acct csn dob ssn charts baby grandma grandpa aunt uncle elle il patiente monsieur madame mme ella paciente infant newborn neighbour neighbor`)

// happened open the notes that leave out who it was.
var happened = wordSet(`Diagnosed Admitted Seen Started Stopped Fell Presented Hospitalized Hospitalised Underwent Treated Quit Lost Returned Moved Retired Discharged Transferred Born Widowed Divorced Married Hx Missed Completed Opere Operee Hospitalise Hospitalisee Vu Vue Suivi Suivie Ingreso Visto Vista Depuis`)

// monthAlone takes a month without day and year where it dates what happened
// to somebody: "last seen in March", "since January", "depuis mars".
func (p *page) monthAlone(i int) int {
	t := p.at(i)
	if t.cue&cueMonth == 0 || t.size() < 3 || !p.near(i) && !p.is(i-1, '-') || p.guidelineAfter(i+1) {
		return 0
	}
	w := p.word(i)
	if t.shape == lower1 && (len(w) < 4 || w == "sept" && p.french) {
		return 0
	}
	if end := p.midMonth(i); end > 0 {
		return end
	}
	switch p.word(i + 1) {
	case "dernier", "prochain", "passe", "pasado", "proximo", "ultimo":
		if p.near(i+1) && !p.english {
			return p.ifSomeone(i+1, true)
		}
	}
	j := i - 1
	if p.word(j) == "the" || p.word(j) == "early" || p.word(j) == "late" || p.word(j) == "mid" {
		return p.ifSomeone(i, p.word(j) != "the")
	}
	lead := strings.ToLower(p.word(j))
	switch {
	case (w == "may" || w == "march" || w == "mars") && lead != "in" && lead != "since" && lead != "depuis" && lead != "until" && lead != "en" && p.word(j-1) != "mois", w == "May" && (lead == "this" || lead == "by"):
		return 0
	case monthLeads[lead] && p.at(j).kind == word:
		return p.ifSomeone(i, !p.each(j))
	case (lead == "and" || lead == "or" || lead == "to" || lead == "through" || lead == "et" || p.is(j, ',') || p.isAny(j, "-/")) && len(p.out) > 0 && p.out[len(p.out)-1].Rule == "date" && p.out[len(p.out)-1].End >= int(p.at(j).start)-1:
		return p.ifSomeone(i, true)
	}
	return 0
}

// monthLeads stand before a month that dates something.
var monthLeads = wordSet(`in since last this next until till by from through during between before after past early late mid
	depuis en debut fin courant des debuts desde hasta of de`)

// each says whether every year is meant, or the word after "of" is not one
// that a month's part goes by.
func (p *page) each(j int) bool {
	switch p.word(j) {
	case "of", "de":
		switch p.word(j - 1) {
		case "mois", "mes", "fin", "debut", "end", "beginning", "start", "middle", "month", "half", "week", "part", "first", "last":
			return false
		}
		return true
	case "by", "from":
		return p.cue(j-1, cueAct|cueMeet) && p.cue(j+1, cueMonth) && p.entry(j+1).Given() >= 6 && p.at(j+1).size() <= 6
	}
	return p.word(j-1) == "every" || p.word(j-1) == "each"
}

func (p *page) ifSomeone(i int, ok bool) int {
	if !ok || !p.someone() {
		return 0
	}
	return i + 1
}

// midMonth takes the month of "mid-July".
func (p *page) midMonth(i int) int {
	if p.is(i-1, '-') && p.at(i).gap == gapNone && (strings.EqualFold(p.word(i-2), "mid") || strings.EqualFold(p.word(i-2), "mi")) {
		return p.ifSomeone(i, true)
	}
	return 0
}

// dayOfMonth takes a day that stands for itself: "on the 14th", "moved to the
// 21st", "on the twenty third". The toe, the percentile and the visit of that
// number are no days.
func (p *page) dayOfMonth(i int) int {
	end := 0
	switch {
	case ordinalDigits(p.word(i)) > 0:
		end = i + 1
	default:
		end = p.ordinalWords(i)
	}
	if end == 0 {
		return 0
	}
	if p.chartedDay(i, end) {
		return p.dateTail(end)
	}
	if p.word(i-1) != "the" || !p.near(i) {
		return 0
	}
	tail := p.dateTail(end)
	switch p.word(i - 2) {
	case "on", "On", "by", "until", "since":
		if p.cue(i, cueOrdinal) && p.at(i).value < 3 {
			return 0
		}
	case "of":
		switch p.word(i - 3) {
		case "night", "morning", "evening", "afternoon", "day", "week", "weekend":
		default:
			return 0
		}
	case "til", "yesterday", "today", "tomorrow", "tmrw", "from", "to", "before", "after", "is", "for", "till":
		if p.cue(i, cueOrdinal) && tail == end && p.word(i-2) != "til" || p.at(i).value < 3 && p.cue(i, cueOrdinal) {
			return 0
		}
	default:
		return 0
	}
	if tail > end || p.at(end).kind == edge || p.at(end).gap >= gapLine || p.isAny(end, ".,;:?!)") {
		return tail
	}
	switch p.word(end) {
	case "then", "can", "at", "in", "since", "again", "where", "shows", "showed", "was", "is", "and", "or", "to", "for", "with", "but", "so", "because", "if", "when", "after", "before", "until", "through", "via", "from", "per", "he", "she", "we", "they", "i", "I":
		return end
	}
	return 0
}

// ordinalWords yields the end of a day in words at token i: "third", "twenty
// fifth"; 0 if there is none.
func (p *page) ordinalWords(i int) int {
	if p.cue(i, cueOrdinal) {
		return i + 1
	}
	if !p.cue(i, cueNumber) || p.at(i).value != 20 && p.at(i).value != 30 {
		return 0
	}
	j := i + 1
	if p.is(j, '-') {
		j++
	}
	if !p.cue(j, cueOrdinal) || !p.near(j) {
		return 0
	}
	return j + 1
}

// frenchDay takes the second day of a sentence: "vue le 12 juin, sortie le 19".
func (p *page) frenchDay(i int) int {
	if w := p.word(i - 1); !p.french || !p.between(i, 1, 31) || w != "le" && w != "du" && w != "au" || !p.near(i) || p.guard[i] {
		return 0
	}
	if w := p.word(i - 2); w == "sur" || w == "jusqu" && p.cue(i+1, cueMeasure) || w == "egal" || w == "inferieur" || w == "superieur" {
		return 0
	}
	if p.is(i+1, ',') && p.cue(i+2, cueRue|cueStreet) {
		return 0
	}
	if p.isAny(i+1, ".,;)?!") && !(p.at(i+2).kind == digits && p.at(i+2).gap == gapNone) || p.at(i+1).gap >= gapLine || p.at(i+1).kind == edge {
		return i + 1
	}
	if w := p.word(i + 1); w == "courant" || w == "crt" || w == "ct" {
		return i + 2
	}
	if p.word(i+1) == "au" && p.between(i+2, 1, 31) && p.near(i+2) {
		return i + 3
	}
	switch p.word(i + 1) {
	case "est", "et", "a", "pour", "puis", "avec", "chez", "ou", "apres", "lors", "suite", "quand", "car", "pendant", "vers", "sur", "matin", "soir", "prochain", "dernier", "ne", "il", "elle", "on", "je":
		return i + 1
	}
	return 0
}
