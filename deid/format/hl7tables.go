package format

import (
	"strconv"
	"strings"

	"chaperone/phi"
)

// partUse is what a component of a data type is.
type partUse struct {
	kind phi.Kind // None: free text
	code bool     // a code of a table: it stays
}

// ownKind marks the component that holds what the field is for.
const ownKind = phi.Kind(255)

// fieldUse is what a field of a segment is.
type fieldUse struct {
	data  string   // a data type of dataTypes; "" for simple text
	kind  phi.Kind // of the field, where the data type leaves it open
	birth bool     // a date of birth
}

// The components of the data types (HL7 v2.9, chapter 2A), one letter each:
//
//	n name   s street   c city   p postal   o organisation   i own kind
//	d date   t phone    e e-mail b code, stays   l licence   r record
//	y device x account  . free text
//
// These tables are closed and never change.
var dataTypes = map[string][]partUse{
	"CX":  parts("i..bbodd.."), // a check digit is free text: it goes with nothing
	"XPN": parts("nnn...bb..bdd.n"),
	"XCN": parts("innn....b....o.b..dd...."),
	"CNN": parts("innn........"),
	"NDL": parts("idd.sso.osn"),
	"PPN": parts("innn....b....b.d"),
	"XAD": parts("ssc.p.bccb.ddd.....s...n"),
	"XTN": parts("tbbetttt.tttdd....."),
	"XON": parts("o.i.b..b.i"),
	"PL":  parts("osso.bss..i"),
	"HD":  parts("i.b"),
	"EI":  parts("i..b"),
	"EIP": parts("ii"),
	"CE":  parts("b.bb.b"),
	"CWE": parts("b.bb.bbb...b...."),
	"CNE": parts("b.bb.bbb.."),
	"CF":  parts("b.bb.b"),
	"DT":  parts("d"), "TS": parts("db"), "DTM": parts("d"), "DR": parts("dd"), "TQ": parts("...dd..."), "DLN": parts("lbd"), "JCC": parts("b.."), "CP": parts("bbbbbb"), "DLD": parts("bd"),
	"FC": parts("bd"), "PRL": parts("b.."), "SPS": parts("b....."), "FN": parts("nnnnn"), "SAD": parts("sss"), "RP": parts("ib.."), "ED": parts(".bbb."), "MO": parts("bb"), "NM": parts("."), "SN": parts("bbbb"),
	"ST": parts("i"), "TX": parts("."), "FT": parts("."), "TM": parts("b"), "ID": parts("i"), "IS": parts("i"), "SI": parts("b"), "PT": parts("bb"), "VID": parts("bbb"), "PLN": parts("ib.d"), "PRN": parts("i"), "DIN": parts("d"), "MSG": parts("bbb"), "AUI": parts("id."),
}

var partLetters = map[rune]partUse{
	'n': {kind: phi.Name}, 's': {kind: phi.Street}, 'c': {kind: phi.Place}, 'p': {kind: phi.Postal}, 'o': {kind: phi.Org}, 'i': {kind: ownKind},
	'd': {kind: phi.Date}, 't': {kind: phi.Phone}, 'e': {kind: phi.Email}, 'b': {code: true}, 'l': {kind: phi.Licence}, 'r': {kind: phi.Record},
	'y': {kind: phi.Device}, 'x': {kind: phi.Account}, '.': {},
}

func parts(letters string) []partUse {
	list := make([]partUse, 0, len(letters))
	for _, r := range letters {
		list = append(list, partLetters[r])
	}
	return list
}

// segments says what the fields of segments are that identify; all other fields
// of these segments, and all segments not named, are free text. "3:CX:record"
// is field 3, data type CX, kind record.
var segments = parseSegments(`
MSH 4:HD:org 6:HD:org 7:TS 8:ST:code 9:MSG 10:ST:code 12:VID 22:XON 23:XON 24:HD:org 25:HD:org
FHS 4:HD:org 6:HD:org 7:TS 9:ST:code 11:ST:code
BHS 4:HD:org 6:HD:org 7:TS 9:ST:code 11:ST:code
SFT 1:XON 6:TS
EVN 2:TS 3:TS 5:XCN:licence 6:TS 7:HD:org
PID 2:CX:record 3:CX:record 4:CX:record 5:XPN 6:XPN 7:TS::birth 9:XPN 10:CWE 11:XAD 12::place 13:XTN 14:XTN 15:CWE 16:CWE 17:CWE 18:CX:account 19::ident 20:DLN 21:CX:record 22:CWE 23::place 26:CWE 27:CWE 28:CWE 29:TS 33:TS 34:HD:org 35:CWE 36:CWE 38:CWE 39:CWE 40:XTN
PD1 3:XON 4:XCN:licence 8:CWE 10:CX:record 14:XON 17:TS 18:TS
NK1 2:XPN 3:CWE 4:XAD 5:XTN 6:XTN 7:CWE 8:DT 9:DT 11:JCC 12:CX:record 13:XON 16:TS::birth 20:CWE 26:XPN 28:CWE 30:XPN 31:XTN 32:XAD 33:CX:record 35:CWE 37::ident 38::place 40:XTN 41:XTN
PV1 3:PL:code 5:CX:account 6:PL:code 7:XCN:licence 8:XCN:licence 9:XCN:licence 11:PL:code 17:XCN:licence 19:CX:account 20:FC 25:DT 30:DT 34:DT 37:DLD 39:IS 42:PL:code 43:PL:code 44:TS 45:TS 50:CX:account 52:XCN:licence 54:CX:account
PV2 1:PL:code 3:CWE 8:TS 9:TS 13:XCN:licence 14:DT 17:DT 23:XON 26:DT 28:DT 29:DT 33:TS 35:DT 46:DT 47:TS 48:TS
MRG 1:CX:record 2:CX:record 3:CX:account 4:CX:record 5:CX:account 6:CX:account 7:XPN
GT1 2:CX:account 3:XPN 4:XPN 5:XAD 6:XTN 7:XTN 8:TS::birth 10:CWE 11:CWE 12::ident 13:DT 14:DT 16:XPN 17:XAD 18:XTN 19:CX:account 21:XON 26:TS 29:CX:account 32:DT 33:DT 36:CWE 41:CWE 42:XPN 43:CWE 44:CWE 45:XPN 46:XTN 51:XON 54:CWE 56::place
IN1 2:CWE 3:CX:member 4:XON 5:XAD 6:XPN 7:XTN 8::member 9:XON 10:CX:member 11:XON 12:DT 13:DT 14:AUI:code 16:XPN 17:CWE 18:TS::birth 19:XAD 24:DT 26:DT 28:TS 29:DT 30:XCN:licence 36::member 43:CWE 44:XAD 46::member 49:CX:member 52::place 53:CX:member 55:CWE
IN2 1:CX:record 2::ident 3:XCN:licence 6::member 7:XPN 8::member 9:XPN 10::member 22:XPN 25:CX:member 26:CX:member 29:CWE 40:XPN 49:XPN 50:XTN 51:CWE 52:XPN 53:XTN 55:DT 57:XPN 58:XTN 61:CX:member 62:CX:member 63:XTN 64:XTN 69:XON 70:XON 71:CWE
IN3 2:CX:member 3:XCN:licence 6:TS 7:TS 8:XCN:licence 9:DT 10:DT 12:DT 13:DT 14:XCN:licence 15:XTN 16:XTN 18:TS 19:XTN 21:XTN 25:XCN:licence
ACC 1:TS 2:CWE 3::place 5:CWE 7:XCN:licence 10::licence 11:XAD 13:CX:record 16:CX:record
ORC 2:EI:code 3:EI:code 4:EI:code 7:TQ 8:EIP:code 9:TS 10:XCN:licence 11:XCN:licence 12:XCN:licence 13:PL:code 14:XTN 15:TS 16:CWE 19:XCN:licence 20:CWE 21:XON 22:XAD 23:XTN 24:XAD 25:CWE 27:TS 29:CWE 33:EI:code 36:EI:code
OBR 2:EI:code 3:EI:code 4:CWE 6:TS 7:TS 8:TS 10:XCN:licence 12:CWE 14:TS 16:XCN:licence 17:XTN 22:TS 27:TQ 28:XCN:licence 29:EIP:code 31:CWE 32:NDL:licence 33:NDL:licence 34:NDL:licence 35:NDL:licence 36:TS 44:CWE 49:CWE 50:XCN:licence 51:EI:code 52:EI:code 53:EI:code 54:EI:code
OBX 3:CWE 6:CWE 12:TS 14:TS 15:CWE 16:XCN:licence 17:CWE 18:EI:device 19:TS 20:CWE 21:EI:code 23:XON 24:XAD 25:XCN:licence 27:EI:code 33:EIP:code
NTE 5:XCN:licence 6:TS 7:TS
ROL 1:EI:code 3:CWE 4:XCN:licence 5:TS 6:TS 9:CWE 10:CWE 11:XAD 12:XTN 13:PL:code 14:XON
PRT 1:EI:code 4:CWE 5:XCN:licence 6:CWE 7:CWE 8:XON 9:PL:code 10:EI:device 11:TS 12:TS 13:CWE 14:XAD 15:XTN 16:EI:device 17:TS 18:TS 19:ST:device 20:ST:device 21:ST:device 22:PRN:code
DG1 3:CWE 5:TS 16:XCN:licence 19:TS 20:EI:code 22:EI:code
DRG 2:TS
PR1 3:CWE 5:TS 8:XCN:licence 11:XCN:licence 12:XCN:licence 15:CWE 19:EI:code 23:PL:code 24:EI:code
AL1 3:CWE 6:DT
IAM 3:CWE 7:EI:code 11:DT 13:TS 14:XPN 18:XCN:licence 19:XON 20:TS 26:TS 27:TS 28:XCN:licence 29:XON 30:TS
DB1 3:CX:record 5:DT 6:DT 7:DT
PDA 1:CWE 2:PL:code 4:TS 5:XCN:licence 7:DR 8:XCN:licence
ARV 6:DR
TXA 4:TS 5:XCN:licence 6:TS 7:TS 8:TS 9:XCN:licence 10:XCN:licence 11:XCN:licence 12:EI:code 13:EI:code 14:EI:code 15:EI:code 16:ST:code 22:PPN:licence 23:XCN:licence
RF1 6:EI:code 7:TS 8:TS 9:TS 11:EI:code 12:TS 17:DT
SCH 1:EI:code 2:EI:code 5:CWE 11:TQ 12:XCN:licence 13:XTN 14:XAD 15:PL:code 16:XCN:licence 17:XTN 18:XAD 19:PL:code 20:XCN:licence 21:XTN 22:PL:code 23:EI:code 24:EI:code 26:EI:code 27:EI:code
AIS 3:CWE 4:TS
AIG 3:CWE 8:TS
AIL 3:PL:code 6:TS
AIP 3:XCN:licence 6:TS
RGS 3:CWE
SPM 2:EIP:code 3:EIP:code 4:CWE 10:XON 17:DR 18:TS 19:TS 30:CX:code 31:CX:code
SAC 3:EI:code 4:EI:code 7:TS
TQ1 7:TS 8:TS
FT1 2::code 3::code 4:DR 5:TS 7:CWE 16:PL:code 19:CWE 20:XCN:licence 21:XCN:licence 23:EI:code 24:XCN:licence 25:CWE 31:CX:code 40:XCN:licence 42:DT
RXA 3:TS 4:TS 5:CWE 10:XCN:licence 11:PL:code 15::device 16:TS 17:CWE 22:TS 27:PL:code 28:XAD
RXE 2:CWE 13:XCN:licence 14:XCN:licence 15::code 18:TS 28:XAD 30:XCN:licence 32:TS
RXO 1:CWE 14:XCN:licence 15:XCN:licence
RXD 2:CWE 3:TS 7::code 10:XCN:licence 18::device 19:TS
RXR 1:CWE 2:CWE
CTD 1:CWE 2:XPN 3:XAD 4:PL:code 5:XTN 7:PLN:licence
CTI 1:EI:code
STF 1:CWE 2:CX:licence 3:XPN 6:TS::birth 8:CWE 10:XTN 11:XAD 12:DIN 13:DIN 15::email 23:DT 24:XPN
PRA 1:CWE 6:PLN:licence
AUT 1:CWE 2:CWE 3::org 4:TS 5:TS 6:EI:code
CON 1:SI 6:XPN 13:TS 14:TS 24:XPN
PEO 7:TS 8:TS 9:TS 10:TS 25:XPN 26:XAD 27:XTN 28:XCN:licence
PES 1:XON 2:XCN:licence 3:XAD 4:XTN 10:TS
QRD 1:TS 4::code 8:XCN:record
QRF 2:TS 3:TS
QPD 2::code 3:CX:record
ARQ 1:EI:code 2:EI:code 15:XCN:licence 16:XTN 17:XAD 18:PL:code 19:XCN:licence 20:XTN 24:EI:code
MFE 2::code 3:TS
DSP 3:TX
ERR 2:ST
MSA 2:ST:code
PDC 1:XON
OM1 2:CWE 17:XTN
UB1 1:SI
UB2 1:SI
IAR 1:CWE
GP1 1:IS
LOC 1:PL:code 4:XON 5:XAD 6:XTN
NST 1:ID
`)

func parseSegments(table string) map[string]map[int]fieldUse {
	all := map[string]map[int]fieldUse{}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		words := strings.Fields(line)
		fields := map[int]fieldUse{}
		for _, w := range words[1:] {
			p := strings.Split(w+":::", ":")
			n, _ := strconv.Atoi(p[0]) // the table is ours, and a test reads it
			kind, _ := phi.ParseKind(p[2])
			fields[n] = fieldUse{p[1], kind, p[3] == "birth"}
		}
		all[words[0]] = fields
	}
	return all
}
