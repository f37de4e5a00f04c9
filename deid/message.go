package deid

import (
	"strings"

	"chaperone/phi"
)

// findMessages takes identifying fields of HL7 v2 messages by their position
// (HL7 v2.5.1, chapters 3, 4, 6 and 7). Every line that begins with a segment
// name and the field mark of its message is read so; what no position names is
// still read as text.
func (p *page) findMessages() {
	s := p.txt
	m := encoding{'|', '^', '~', '&'}
	for from := 0; from < len(s); {
		end := from
		for end < len(s) && s[end] != '\n' && s[end] != '\r' {
			end++
		}
		line := s[from:end]
		if len(line) > 4 && segmentName(line[:3]) {
			if line[:3] == "MSH" && !isAlnum(line[3]) && line[3] != ' ' {
				p.message = true
				m.field = line[3]
				if len(line) > 8 && !isAlnum(line[4]) && !isAlnum(line[5]) && !isAlnum(line[7]) {
					m.component, m.repeat, m.part = line[4], line[5], line[7]
				}
			}
			if line[3] == m.field {
				p.segment(line, from, m)
			}
		}
		from = end + 1
	}
}

// encoding are the marks of a message, as its MSH segment declares them.
type encoding struct{ field, component, repeat, part byte }

func segmentName(s string) bool {
	for i := 0; i < 3; i++ {
		if !(s[i] >= 'A' && s[i] <= 'Z' || i > 0 && s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return true
}

// segment takes the identifying fields of one segment.
func (p *page) segment(line string, from int, m encoding) {
	fields := hl7Fields[line[:3]]
	n, at := 0, 4
	if line[:3] == "MSH" {
		n = 1
	}
	for at <= len(line) && n < 64 {
		n++
		end := next(line, at, m.field)
		switch f, ok := fields[n]; {
		case end == at || line[:3] == "MSH" && n < 3:
		case ok:
			p.field(f, line[at:end], from+at, m)
		default:
			p.coded(line[at:end], from+at, m)
		}
		at = end + 1
	}
}

// next yields the place of the mark in s at or after at, or the end of s.
func next(s string, at int, mark byte) int {
	if i := strings.IndexByte(s[at:], mark); i >= 0 {
		return at + i
	}
	return len(s)
}

// hl7Field says of what kind a field is; what its components hold follows from
// that.
type hl7Field struct {
	kind phi.Kind
}

// coded shields the code in a field that a classification's name follows:
// 44054006^Type 2 diabetes^SCT.
func (p *page) coded(text string, from int, m encoding) {
	first := next(text, 0, m.component)
	if first == len(text) {
		return
	}
	second := next(text, first+1, m.component)
	if second == len(text) {
		return
	}
	p.shield(p.tokenAt(from), p.tokenAt(from+first))
}

// field takes the repetitions of a field.
func (p *page) field(f hl7Field, text string, from int, m encoding) {
	for at := 0; at <= len(text); {
		end := next(text, at, m.repeat)
		p.components(f, text[at:end], from+at, m)
		at = end + 1
	}
}

// components takes the identifying components of one repetition, each part by
// itself, so that the marks of the message stay.
func (p *page) components(f hl7Field, text string, from int, m encoding) {
	for n, at := 1, 0; at <= len(text); n++ {
		end := next(text, at, m.component)
		for a := at; a <= end; {
			b := min(next(text[:end], a, m.part), end)
			if part := text[a:b]; strings.TrimSpace(part) != "" && part != `""` {
				if kind := componentKind(f.kind, n, part); kind != phi.None {
					p.sweep(kind, from+a, from+b, 0.97, "hl7")
				}
			}
			a = b + 1
		}
		at = end + 1
	}
}

// componentKind says what component n of a field of this kind is. Suffixes,
// degrees, states, countries and type codes stay.
func componentKind(kind phi.Kind, n int, part string) phi.Kind {
	switch kind {
	case phi.Street: // XAD: street, other, city, state, zip, country, type, other, county
		switch n {
		case 1, 2:
			return phi.Street
		case 3, 9:
			return phi.Place
		case 5:
			return phi.Postal
		}
		return phi.None
	case phi.Name: // XPN: family, given, further, suffix, prefix, degree
		if n <= 3 {
			return phi.Name
		}
		return phi.None
	case phi.Licence: // XCN: id, family, given, further
		if n == 1 {
			return phi.Licence
		}
		if n <= 4 {
			return phi.Name
		}
		return phi.None
	case phi.Phone: // XTN: number, use, equipment, e-mail
		if n == 4 {
			return phi.Email
		}
		if n == 2 || n == 3 || !strings.ContainsAny(part, "0123456789") {
			return phi.None
		}
		return phi.Phone
	case phi.Record: // CX: id, check digit
		if n <= 2 {
			return phi.Record
		}
		return phi.None
	case phi.Member, phi.Account, phi.Ident, phi.Org:
		if n <= 1 {
			return kind
		}
		return phi.None
	case phi.Date:
		if len(part) < 5 || n > 1 {
			return phi.None
		}
		return phi.Date
	case phi.Device:
		if n > 1 {
			return phi.None
		}
		return phi.Device
	case phi.Place: // PL: point of care, room, bed, facility
		if n <= 3 {
			return phi.Street
		}
		if n == 4 {
			return phi.Org
		}
		return phi.None
	}
	return kind
}

var (
	hlName    = hl7Field{kind: phi.Name}
	hlPeople  = hl7Field{kind: phi.Licence}
	hlStreet  = hl7Field{kind: phi.Street}
	hlPhone   = hl7Field{kind: phi.Phone}
	hlRecord  = hl7Field{kind: phi.Record}
	hlDate    = hl7Field{kind: phi.Date}
	hlOrg     = hl7Field{kind: phi.Org}
	hlMember  = hl7Field{kind: phi.Member}
	hlAccount = hl7Field{kind: phi.Account}
	hlIdent   = hl7Field{kind: phi.Ident}
	hlBed     = hl7Field{kind: phi.Place}
)

// hl7Fields are the identifying fields by segment and position.
var hl7Fields = map[string]map[int]hl7Field{
	"MSH": {4: hlOrg, 6: hlOrg, 7: hlDate, 10: hlRecord},
	"EVN": {2: hlDate, 3: hlDate, 5: hlPeople, 6: hlDate, 7: hlOrg},
	"PID": {2: hlRecord, 3: hlRecord, 4: hlRecord, 5: hlName, 6: hlName, 7: hlDate, 9: hlName, 11: hlStreet, 12: hlBed, 13: hlPhone, 14: hlPhone, 18: hlAccount, 19: hlIdent, 20: {kind: phi.Record}, 21: hlRecord, 23: hlOrg, 29: hlDate, 33: hlDate, 40: hlPhone},
	"PD1": {3: hlOrg, 4: hlPeople},
	"NK1": {2: hlName, 4: hlStreet, 5: hlPhone, 6: hlPhone, 8: hlDate, 9: hlDate, 12: hlRecord, 13: hlOrg, 16: hlDate, 26: hlName, 30: hlName, 31: hlPhone, 32: hlStreet, 33: hlRecord, 37: hlIdent},
	"PV1": {3: hlBed, 5: hlRecord, 6: hlBed, 7: hlPeople, 8: hlPeople, 9: hlPeople, 11: hlBed, 17: hlPeople, 19: hlRecord, 42: hlBed, 44: hlDate, 45: hlDate, 50: hlRecord, 52: hlPeople},
	"PV2": {1: hlBed, 2: hlBed, 8: hlDate, 9: hlDate, 13: hlPeople, 23: hlOrg, 33: hlDate, 47: hlDate},
	"GT1": {2: hlRecord, 3: hlName, 4: hlName, 5: hlStreet, 6: hlPhone, 7: hlPhone, 8: hlDate, 12: hlIdent, 13: hlDate, 14: hlDate, 16: hlOrg, 17: hlStreet, 18: hlPhone, 19: hlRecord, 21: hlOrg},
	"IN1": {3: hlMember, 4: hlOrg, 5: hlStreet, 6: hlName, 7: hlPhone, 8: hlMember, 9: hlOrg, 10: hlMember, 11: hlOrg, 12: hlDate, 13: hlDate, 16: hlName, 18: hlDate, 19: hlStreet, 36: hlMember, 44: hlStreet, 49: hlMember},
	"IN2": {1: hlRecord, 2: hlIdent, 3: hlOrg, 6: hlMember, 7: hlName, 8: hlMember, 9: hlName, 10: hlMember, 40: hlName, 49: hlName, 50: hlPhone, 52: hlName, 53: hlPhone, 61: hlMember, 63: hlPhone, 64: hlPhone, 69: hlOrg, 70: hlOrg},
	"MRG": {1: hlRecord, 2: hlRecord, 3: hlAccount, 4: hlRecord, 5: hlRecord, 7: hlName},
	"ORC": {2: hlRecord, 3: hlRecord, 4: hlRecord, 7: hlDate, 9: hlDate, 10: hlPeople, 11: hlPeople, 12: hlPeople, 13: hlBed, 14: hlPhone, 15: hlDate, 19: hlPeople, 21: hlOrg, 22: hlStreet, 23: hlPhone, 24: hlStreet},
	"OBR": {2: hlRecord, 3: hlRecord, 6: hlDate, 7: hlDate, 8: hlDate, 10: hlPeople, 14: hlDate, 16: hlPeople, 17: hlPhone, 18: hlRecord, 19: hlRecord, 20: hlRecord, 21: hlRecord, 22: hlDate, 27: hlDate, 28: hlPeople, 32: hlPeople, 33: hlPeople, 34: hlPeople, 35: hlPeople, 36: hlDate},
	"OBX": {14: hlDate, 16: hlPeople, 18: {kind: phi.Device}, 19: hlDate, 23: hlOrg, 24: hlStreet, 25: hlPeople},
	"TXA": {4: hlDate, 5: hlPeople, 6: hlDate, 7: hlDate, 8: hlDate, 9: hlPeople, 10: hlPeople, 11: hlPeople, 12: hlRecord, 13: hlRecord, 14: hlRecord, 22: hlPeople},
	"DG1": {5: hlDate, 16: hlPeople, 19: hlDate},
	"AL1": {6: hlDate},
	"PR1": {5: hlDate, 8: hlPeople, 11: hlPeople, 12: hlPeople},
	"ACC": {1: hlDate, 3: hlStreet, 7: hlPeople, 11: hlStreet},
	"PDA": {2: hlBed, 4: hlDate, 5: hlPeople, 6: hlDate, 7: hlDate, 8: hlPeople, 9: hlDate},
	"RF1": {6: hlRecord, 7: hlDate, 8: hlDate, 9: hlDate, 11: hlRecord, 18: hlPeople},
	"DB1": {3: hlRecord, 5: hlDate, 6: hlDate, 7: hlDate},
	"RXA": {3: hlDate, 4: hlDate, 10: hlPeople, 15: hlRecord, 16: hlDate},
	"RXE": {13: hlPeople, 15: hlRecord},
	"SPM": {2: hlRecord, 17: hlDate, 18: hlDate},
	"SCH": {1: hlRecord, 2: hlRecord, 11: hlDate, 12: hlPeople, 16: hlPeople, 20: hlPeople},
	"AIP": {3: hlPeople, 6: hlDate},
	"AIL": {3: hlBed, 6: hlDate},
	"ROL": {4: hlPeople, 5: hlDate, 6: hlDate, 11: hlStreet, 12: hlPhone},
	"FT1": {2: hlRecord, 4: hlDate, 5: hlDate, 16: hlBed, 20: hlPeople, 21: hlPeople, 23: hlRecord},
	"NTE": {5: hlPeople, 6: hlDate},
	"PRD": {2: hlName, 3: hlStreet, 4: hlBed, 5: hlPhone, 7: hlRecord},
	"CTD": {2: hlName, 3: hlStreet, 4: hlBed, 5: hlPhone, 7: hlRecord},
	"QRD": {1: hlDate, 4: hlRecord, 8: hlPeople},
}
