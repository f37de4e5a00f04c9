package deid

import "chaperone/reference"

// dayAlone says whether two numbers with a slash at token i are month and day
// although no word says so. Charts write "s/p fall 9/14", "(6/11)" and "CT
// 10/2"; they also write strengths, scores, fractions, doses and durations
// that way, so that what is left is a day: a second number that no scale or
// course ends in, or a first above twelve.
func (p *page) dayAlone(i int) bool {
	if !p.is(i+1, '/') || p.is(i+3, '.') && p.at(i+4).kind == digits && p.at(i+4).gap == gapNone || p.at(i+3).gap == gapNone && (p.at(i+3).kind == word || p.isAny(i+3, "%/") || p.is(i+3, '-') && p.at(i+4).gap == gapNone && p.at(i+4).kind != punct && p.at(i+4).kind != edge && !p.oneOfSeveral(i) && !p.daysOfMonth(i)) || i > 0 && p.isAny(i-1, "+<>=$") {
		return false
	}
	if p.isAny(i-1, "-/") && p.at(i).gap == gapNone {
		return false
	}
	a, b := p.number(i), p.number(i+2)
	month, day := a, b
	if a > 12 {
		month, day = b, a
	}
	if a == 24 && b == 7 || month < 1 || month > 12 || day < 1 || day > 31 || p.at(i+2).size() > 2 {
		return false
	}
	if p.word(i)[0] == '0' && p.at(i).size() == 2 && b > 12 || p.timeAt(i+3, false, false) > 0 && p.is(i+4, ':') {
		return true // 05/29; 11/20 03:15
	}
	if s := p.word(i + 2); len(s) == 2 && s[0] == '0' && (a > 12 || p.word(i)[0] == '0') {
		return !p.scored(i)
	}
	if a > b && b > 1 && a <= 12 {
		return !p.scored(i) && !(a == 12 && b == 5)
	}
	switch {
	case b == 2 || b == 3 || b == 4 || b == 5 || b == 6 || b == 7 || b == 10 || b == 12 || b == 52 || b == 100:
		return p.charted(i, i+3) && (b != 5 && b != 10 || a > 12 || (p.word(i-1) == "u" || p.word(i-1) == "appt" || p.word(i-1) == "visit") && !p.scored(i)) && !(a < b && b < 5)
	case a == b:
		return p.charted(i, i+3)
	case b == 30 && a > 20, b == 15 && a > 2 && a != 4 && a < 16 && p.scored(i), b == 20 && (a == 1 || a == 10 || a == 12):
		return p.charted(i, i+3) && !p.scored(i)
	}
	return !p.scored(i)
}

// scored says whether a score, a dose or a setting is named within four tokens
// before token i.
func (p *page) scored(i int) bool {
	for j := i - 1; j >= i-2 && j >= 0 && p.same(j+1); j-- {
		if p.entry(j).Has(reference.Drug) && (j == i-1 || p.at(i-1).kind != word || p.cue(i-1, cueMeasure)) {
			return true
		}
	}
	return p.scaled(i)
}

// scaled is scored without the doses: a drug may stand before the days it was
// given on.
func (p *page) scaled(i int) bool {
	if p.word(i-1) == "ER" && (p.word(i+4) == "PR" || p.word(i+3) == "PR") || p.word(i-1) == "PR" { // receptors
		return true
	}
	for j := i - 1; j >= i-5 && j >= 0 && p.same(j+1); j-- {
		if scales[p.word(j)] || j == i-1 && tight[p.word(j)] {
			return true
		}
		if p.is(j, ';') || p.is(j, '.') && p.at(j+1).gap > gapNone {
			return false
		}
	}
	return scales[p.word(i+3)] || p.cue(i+3, cueMeasure) && !(p.at(i+3).size() == 1 && p.is(i+4, '/'))
}

// scales are written as one number over another.
var scales = map[string]bool{
	"Apgar": true, "pupils": true, "Pupils": true, "PERRL": true, "PERRLA": true, "size": true, "peep": true, "PEEP": true, "decreasing": true, "Apgars": true, "APGAR": true, "APGARS": true, "apgars": true, "apgar": true, "GCS": true, "gcs": true, "MMSE": true, "MoCA": true, "MOCA": true, "PHQ": true, "GAD": true, "BiPAP": true, "bipap": true, "BIPAP": true, "IPAP": true, "IPPV": true, "BP": true, "bp": true, "TA": true, "EVA": true, "VAS": true, "pain": true, "Pain": true, "Aldrete": true, "Epworth": true, "ESS": true, "Braden": true, "AUDIT": true, "SOFA": true, "nodes": true, "LN": true, "cores": true, "vision": true, "VA": true, "OD": true, "OS": true, "OU": true, "strength": true, "score": true, "scored": true, "scale": true, "grade": true, "Snellen": true, "acuity": true, "Bovie": true, "ratio": true, "IOP": true, "dolor": true, "douleur": true, "Gleason": true, "positive": true, "tablet": true, "tab": true, "mg": true, "pack": true, "reflexes": true, "pulses": true, "power": true, "murmur": true, "Norco": true, "Percocet": true, "Vicodin": true, "lobes": true, "criteria": true, "questions": true, "items": true, "points": true, "stage": true, "Hep": true, "PFT": true, "Score": true, "SCORE": true,
}

// tight are words that make a ratio of the two numbers right after them.
var tight = map[string]bool{"out": true, "of": true, "sur": true, "x": true, "X": true, "q": true, "every": true, "near": true, "level": true, "teeth": true, "beats": true, "to": true, "about": true}

// charted says whether the words beside tokens a to b are those that dates
// stand beside in a chart: they lead to one, or open a line with it.
func (p *page) charted(a, b int) bool {
	if p.scored(a) || p.measureAround(a, b) {
		return false
	}
	if p.at(a).gap >= gapLine && !p.is(b, ')') {
		return p.at(b).gap >= gapLine || p.is(b, ':') || p.is(b, '-') || p.at(b).kind == digits || p.cue(b, cueLabel)
	}
	j := a - 1
	if p.isAny(j, "(:-") {
		j--
	}
	if chartWords[p.word(j)] || p.cue(j, cueWeekday|cueDateWord) && !p.cue(j, cueFunction) {
		return true
	}
	switch p.word(b) {
	case "appt", "appointment", "visit", "at", "clinic", "surgery", "admission", "labs", "note", "scan", "call":
		return p.near(b)
	}
	return false
}

// chartWords stand before a day of a chart.
var chartWords = map[string]bool{
	"on": true, "On": true, "ON": true, "CALLED": true, "called": true, "appt": true, "Appt": true, "appointment": true, "visit": true, "adm": true, "Adm": true, "ADM": true, "dc": true, "DC": true, "discharge": true, "discharged": true, "admit": true, "admitted": true, "seen": true, "Seen": true, "labs": true, "Labs": true, "CT": true, "MRI": true, "CXR": true, "US": true, "echo": true, "Echo": true, "EKG": true, "ORIF": true, "surgery": true, "since": true, "until": true, "till": true, "thru": true, "her": true, "his": true, "PCP": true, "F": true, "U": true, "fu": true, "f": true, "u": true, "followup": true, "due": true, "started": true, "stopped": true, "given": true, "last": true, "next": true, "by": true, "le": true, "du": true, "au": true, "rdv": true, "RDV": true, "el": true, "dia": true, "cx": true, "Cx": true, "BCx": true, "cultures": true, "collected": true, "drawn": true, "repeat": true, "scan": true, "biopsy": true, "bx": true, "Rx": true, "refill": true, "filled": true, "DOI": true, "DOS": true, "dos": true, "LMP": true, "EGD": true, "colonoscopy": true, "w": true, "ICU": true, "op": true, "Op": true, "preop": true, "up": true, "Up": true, "change": true, "round": true, "rounds": true, "MFFD": true, "Rescheduled": true, "rescheduled": true, "missed": true, "gave": true, "meeting": true, "Meeting": true, "floor": true, "Rehab": true, "rehab": true, "SNF": true, "home": true, "clinic": true, "X": false, "xray": true, "DATE": true, "Date": true, "date": true, "Cath": true, "cath": true, "TTE": true, "fell": true, "fall": true, "Fall": true, "injury": true, "onset": true, "born": true, "MOHS": true, "procedure": true, "here": true, "ED": true, "ER": true, "PET": true, "mammo": true, "DEXA": true, "scheduled": true, "effective": true, "signed": true, "slot": true, "vu": true, "vue": true, "vus": true, "lapses": true, "anticipated": true, "expected": true, "planned": true, "INR": true, "bloods": true, "Bloods": true, "review": true, "Review": true, "booked": true, "expires": true, "ends": true, "removed": true, "inserted": true, "placed": true, "extubated": true, "intubated": true, "reviewed": true, "recheck": true, "closed": true, "opened": true, "Recall": true, "recall": true, "moved": true, "renewed": true,
}
