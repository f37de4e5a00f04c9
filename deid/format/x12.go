package format

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"chaperone/phi"
)

// x12 takes X12 interchanges of health care: eligibility (270, 271), review
// (278), payment (835) and claim (837). What an element is follows from the
// tables; codes and amounts stay; elements of segments that are not in them are
// free text. What names the partners of the interchange itself (ISA, GS) stays.
type x12 struct {
	b         *builder
	component byte
}

// x12Begins reports whether a text begins as an interchange does. ISA is of
// fixed length: 106 bytes with its terminator.
func x12Begins(text []byte) bool {
	if len(text) < 106 || string(text[:3]) != "ISA" || isNameStart(text[3]) {
		return false
	}
	for _, at := range []int{6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103} {
		if text[at] != text[3] {
			return false
		}
	}
	for _, mark := range []byte{text[3], text[104], text[105]} {
		if letterOrDigit(mark) || mark == ' ' {
			return false
		}
	}
	return bytes.Count(text[:106], text[3:4]) == 16 && bytes.IndexByte(text[:105], text[105]) < 0
}

func letterOrDigit(c byte) bool {
	return isNameStart(c) && c != '_' || c >= '0' && c <= '9'
}

func parseX12(raw []byte) (*Document, error) {
	from := 0
	for from < len(raw) && raw[from] <= ' ' {
		from++
	}
	if !x12Begins(raw[from:]) {
		return nil, &Fault{Format: X12, Line: 1, What: "it does not begin with a whole ISA segment"}
	}
	element, end := raw[from+3], raw[from+105]
	x := &x12{b: &builder{name: X12, raw: raw}, component: raw[from+104]}
	number := 0
	for start := from; start < len(raw); {
		stop := start
		for stop < len(raw) && raw[stop] != end {
			stop++
		}
		lead := start
		for lead < stop && raw[lead] <= ' ' {
			lead++
		}
		if lead < stop {
			number++
			x.segment(number, cut(raw, lead, stop, element))
		}
		start = stop + 1
	}
	return x.b.document(), nil
}

func (x *x12) segment(number int, elements []piece) {
	id := x.text(elements, 0)
	rules, known := x12Segments[id]
	shown := fmt.Sprintf("segment %d", number)
	if known {
		shown += " " + id
	}
	for i := 1; i < len(elements); i++ {
		l := Locus{Path: fmt.Sprintf("%s%02d", shown, i)}
		rule, ok := rules[i]
		if !known {
			rule = "."
		} else if !ok {
			// A code, an amount or a count, by the table; a date may go with a code.
			if !x12Envelope[id] {
				x.dates(elements[i], l)
			}
			continue
		}
		if id == "REF" && i == 2 && x.text(elements, 1) == "" {
			rule = "#"
		}
		if rule = x.settle(id, rule, elements, i); rule == "" {
			continue
		}
		x.element(elements[i], l, rule)
	}
}

// dates takes the components of a composite of codes that are dates: "BBR:0DTJ:D8:20240506".
func (x *x12) dates(e piece, l Locus) {
	l.Kind, l.Form = phi.Date, FormDay
	for _, c := range cut(x.b.raw, e.from, e.to, x.component) {
		text := string(x.b.raw[c.from:c.to])
		from, to, isRange := strings.Cut(text, "-")
		if hl7Date(from) && (!isRange || hl7Date(to)) {
			x.b.add(token{start: c.from, end: c.to, text: text}, l)
		}
	}
}

// x12Envelope are segments whose numbers go in pairs.
var x12Envelope = set("ISA GS ST SE GE IEA")

func (x *x12) text(elements []piece, i int) string {
	if i >= len(elements) {
		return ""
	}
	return string(x.b.raw[elements[i].from:elements[i].to])
}

// settle replaces a rule that depends on another element of the segment.
func (x *x12) settle(id, rule string, elements []piece, i int) string {
	before := x.text(elements, i-1)
	switch rule {
	case "who": // a person or an organisation, by NM102
		if x.text(elements, 2) == "1" {
			return "name"
		}
		return "org"
	case "byid": // an id by the qualifier before it
		return x12IDs[before]
	case "byref":
		if k, ok := x12Refs[before]; ok {
			return k
		}
		return "code"
	case "bycom": // a communication number
		return x12Contacts[before]
	case "bydate": // a date by the format before it
		if before == "TM" {
			return ""
		}
		return "date"
	}
	if id == "N1" && rule == "org" && x12People[x.text(elements, 1)] {
		return "name"
	}
	return rule
}

// element takes one element with its components.
func (x *x12) element(e piece, l Locus, rule string) {
	comps := []piece{e}
	if rule == "." {
		comps = cut(x.b.raw, e.from, e.to, x.component)
	}
	for _, c := range comps {
		text := string(x.b.raw[c.from:c.to])
		at := l
		switch rule {
		case ".":
		case "birth":
			at.Kind, at.Form = phi.Date, FormBirthDay
		case "date":
			at.Kind, at.Form = phi.Date, FormDay
		case "label":
			at.Label = "name"
		default:
			kind, _ := phi.ParseKind(rule)
			at.Kind = kind
		}
		if rule == "." && hl7Date(strings.TrimSpace(text)) {
			at.Kind, at.Form = phi.Date, FormDay
		}
		x.b.add(token{start: c.from, end: c.to, text: text}, at)
	}
}

// x12Segments says which elements of the segments hold text that identifies;
// what is left out holds codes, counts, amounts and control numbers, which go
// in pairs and stay. "9:byid" is element 9, whose kind its qualifier tells.
// Sources: the implementation guides 005010X279A1, X217, X221A1, X222A2, X223A3.
var x12Segments = parseX12Table(`
ISA 9:date
GS 4:date
GE
IEA
ST
SE
BHT 3:code 4:date
BPR 7:account 9:account 10:code 13:account 15:account 16:date
BGN 2:code 3:date
NM1 3:who 4:name 5:name 6:. 7:. 9:byid 12:who
N1 2:org 4:byid
N2 1:org 2:org
N3 1:street 2:street
N4 1:place 2:. 3:postal 6:place
PER 2:name 4:bycom 6:bycom 8:bycom
DMG 2:birth
REF 2:byref 3:.
DTP 3:bydate
DTM 2:date 6:bydate
CLM 1:account 2:. 10:.
CLP 1:account 7:code
SBR 3:member 4:org
TRN 2:code 3:code 4:code
INS 12:date
PAT 6:date
NTE 2:.
K3 1:.
MSG 1:.
PWK 6:code 7:.
III 4:.
EB 5:.
UM
HCR 2:code 4:.
SVC
SV1 7:.
SV2
SV3
SV5
HI
CAS
AMT
QTY
LX
HL
AAA
PRV 3:byid
PLB 1:licence 2:date
SVD 1:code
CR1 9:. 10:.
CR2 10:. 11:.
CRC
OI
MOA
MIA
CL1
LQ
HSD
LS
LE
EQ
RDM 2:name 3:email
ACT 1:account 3:account
CUR
TS3 1:licence 3:date
TS2
LIN 3:.
CTP
MEA
DN1
DN2
TOO
HCP 4:code
`)

func parseX12Table(table string) map[string]map[int]string {
	all := map[string]map[int]string{}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		words := strings.Fields(line)
		rules := map[int]string{}
		for _, w := range words[1:] {
			n, rule, _ := strings.Cut(w, ":")
			i, _ := strconv.Atoi(n) // the table is ours, and a test reads it
			rules[i] = rule
		}
		all[words[0]] = rules
	}
	return all
}

// x12IDs is what an id is, by its qualifier (element 66, 128). Taxonomy and
// other code lists are none.
var x12IDs = map[string]string{
	"": "code", "MI": "member", "II": "member", "C": "member", "N": "member", "MR": "member", "34": "ident", "SY": "ident", "24": "code", "FI": "code", "EI": "code", "XX": "licence", "HPI": "licence",
	"PI": "code", "XV": "code", "46": "code", "45": "code", "PP": "licence", "SV": "licence", "EQ": "record", "ZZ": "code", "1": "code", "93": "code", "94": "code", "BD": "code", "BS": "code", "A": "code",
	"PXC": "", "UR": "link",
}

// x12Refs is what a reference is, by its qualifier (element 128); any other is
// a code that identifies.
var x12Refs = map[string]string{
	"SY": "ident", "EA": "record", "MRN": "record", "1W": "member", "IG": "member", "1L": "member", "6P": "member", "0F": "member", "HJ": "member", "49": "member", "3H": "account", "EJ": "account",
	"0B": "licence", "1C": "licence", "1G": "licence", "1D": "licence", "HPI": "licence", "TJ": "code", "EI": "code", "D9": "code", "F8": "code", "G1": "code", "9F": "code", "6R": "code",
	"PXC": "", "LU": "code", "F5": "", "9A": "", "9C": "", "XZ": "code", "CT": "code", "F2": "", "0K": "", "1S": "", "APC": "", "BB": "code", "18": "member", "N6": "member", "CE": "",
}

var x12Contacts = map[string]string{"TE": "phone", "WP": "phone", "HP": "phone", "CP": "phone", "AP": "phone", "EX": "phone", "FX": "fax", "EM": "email", "UR": "link", "ED": "code", "": ""}

// x12People are entity codes of N1 that name persons.
var x12People = set("IL QC 74 QD S1 GW 03 LR")
