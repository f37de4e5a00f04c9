package deid

import "chaperone/phi"

// doneBy are what somebody does who is then named by initials: "grossed by SK".
var doneBy = map[string]bool{"grossed": true, "Grossed": true, "dictated": true, "transcribed": true, "Transcribed": true, "typed": true, "signed": true, "entered": true, "scribed": true, "reviewed": true, "drawn": true, "collected": true, "hung": true, "given": true, "checked": true, "verified": true, "witnessed": true, "read": true, "seen": true, "performed": true, "done": true, "placed": true, "obtained": true, "administered": true, "documented": true, "recorded": true, "DRAWN": true, "CHECKED": true, "TYPED": true, "par": true}

// noInitials are pairs of capitals with full stops that name nobody.
var noInitials = map[string]bool{"US": true, "UK": true, "AM": true, "PM": true, "PO": true, "IV": true, "NP": true, "MD": true, "DO": true, "RN": true, "PA": true, "OR": true, "ER": true, "ED": true, "ID": true, "DC": true, "BC": true, "QD": true, "LL": true, "CT": true, "OD": true, "OS": true, "OU": true, "HS": true, "PR": true, "IM": true, "SQ": true, "LP": true, "TB": true, "HR": true, "BP": true, "JP": true, "EF": true, "NG": true, "GI": true, "GU": true, "EU": true, "LA": true, "NY": true, "VA": true, "AD": true, "CE": true, "UN": true, "EC": true, "PT": true, "OT": true}

// byInitials takes "J.S." and "SK" where the words beside them speak of a
// person.
func (p *page) byInitials(i int) int {
	t := p.at(i)
	before := p.word(i - 1)
	if t.shape == upper2 && t.size() <= 3 && t.size() > 1 && (before == "by" || before == "BY" || before == "par") && doneBy[p.word(i-2)] && t.entry.English() == 0 && !noInitials[p.word(i)] && t.cue&(cueCredential|cueNever) == 0 && !departments[p.word(i)] && (p.at(i+1).kind == punct || p.at(i+1).kind == edge || p.at(i+1).kind == digits || p.at(i+1).gap >= gapLine) {
		p.put(phi.Name, i, i+1, 0.7, "initials")
		return i + 1
	}
	if t.shape != initial || !p.is(i+1, '.') || p.at(i+1).gap != gapNone || p.at(i+2).shape != initial || p.at(i+2).gap != gapNone || !p.is(i+3, '.') || p.at(i+3).gap != gapNone {
		return 0
	}
	end := i + 4
	if p.at(end).kind == word && p.at(end).gap == gapNone || p.at(end).shape == initial && p.is(end+1, '.') || noInitials[p.word(i)+p.word(i+2)] || i > 0 && t.gap == gapNone && p.at(i-1).kind != punct {
		return 0
	}
	dated := i > 0 && p.taken[i-1] && p.at(i-1).kind == digits
	switch before {
	case "by", "patient", "Patient", "pt", "Pt", "client", "Client", "resident", "for", "with", "from", "and", "scribe", "about", "cc", "Re", "re", "nurse", "tech", "named":
	default:
		if !dated && !(p.opens(i) && p.cue(end, cueAct) && p.at(end).shape == lower1) {
			return 0
		}
	}
	p.put(phi.Name, i, end, 0.75, "initials")
	return end
}
