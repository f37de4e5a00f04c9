// Package phi names the kinds of identifiers that make health information
// identifiable (45 CFR 164.514(b)(2)(i), the eighteen of Safe Harbor), and holds
// Text, which refuses to be printed, logged or marshalled. It imports nothing
// of ours and finds nothing itself; package deid does.
package phi

// Kind is a kind of identifier. The list is closed; see Kinds.
type Kind uint8

// The kinds. None is the zero value and is never found.
const (
	None      Kind = iota
	Name           // (A) names of the patient, relatives, staff, anyone
	Place          // (B) city, county, precinct and other subdivisions smaller than a state or province
	Street         // (B) street address, room and bed, landmark
	Postal         // (B) ZIP code, postal code
	Org            // (B) facility, employer, school: places people are found at
	Date           // (C) elements of dates finer than a year
	Age            // (C) ages over 89
	Phone          // (D) telephone numbers
	Fax            // (E) fax numbers
	Email          // (F) e-mail addresses
	Ident          // (G) social security, social insurance and other national numbers
	Record         // (H) medical record numbers
	Member         // (I) health plan beneficiary and health card numbers
	Account        // (J) account numbers
	Licence        // (K) certificate and licence numbers, NPI, DEA
	Vehicle        // (L) vehicle identifiers, licence plates
	Device         // (M) device identifiers and serial numbers
	Link           // (N) URLs
	Host           // (O) IP and hardware addresses
	Biometric      // (P) biometric identifiers
	Image          // (Q) full-face photographs and comparable images
	Code           // (R) any other unique number, characteristic or code
	Literal        // text of the user's that looks like one of our placeholders; it identifies nobody
	kindEnd
)

type kindFacts struct {
	name, word, letter, plain string
}

// The words of placeholders are neutral: a label such as "SSN" beside a token
// makes models refuse (spec of the engine, section 6.1). None is the tail of
// another, so that a scan from any position meets at most one.
var facts = [kindEnd]kindFacts{
	None:      {"none", "", "", "nothing"},
	Name:      {"name", "NAME", "A", "a name"},
	Place:     {"place", "PLACE", "B", "a place smaller than a state or province"},
	Street:    {"street", "STREET", "B", "a street address"},
	Postal:    {"postal", "POSTAL", "B", "a postal code"},
	Org:       {"org", "ORG", "B", "the name of a facility, employer or school"},
	Date:      {"date", "DATE", "C", "a date finer than a year"},
	Age:       {"age", "AGE", "C", "an age over 89"},
	Phone:     {"phone", "PHONE", "D", "a telephone number"},
	Fax:       {"fax", "FAX", "E", "a fax number"},
	Email:     {"email", "EMAIL", "F", "an e-mail address"},
	Ident:     {"ident", "IDENT", "G", "a national identity number"},
	Record:    {"record", "RECORD", "H", "a medical record number"},
	Member:    {"member", "MEMBER", "I", "a health plan or health card number"},
	Account:   {"account", "ACCOUNT", "J", "an account number"},
	Licence:   {"licence", "LICENCE", "K", "a certificate or licence number"},
	Vehicle:   {"vehicle", "VEHICLE", "L", "a vehicle identifier"},
	Device:    {"device", "DEVICE", "M", "a device identifier"},
	Link:      {"link", "LINK", "N", "a web address"},
	Host:      {"host", "HOST", "O", "a network address"},
	Biometric: {"biometric", "BIOMETRIC", "P", "a biometric identifier"},
	Image:     {"image", "PICTURE", "Q", "a photograph"},
	Code:      {"code", "CODE", "R", "another unique number or code"},
	Literal:   {"literal", "LITERAL", "", "text that looks like a placeholder"},
}

// Kinds lists every kind that can be found, in Safe Harbor's order; Literal
// comes last.
func Kinds() []Kind {
	list := make([]Kind, 0, kindEnd-1)
	for k := Name; k < kindEnd; k++ {
		list = append(list, k)
	}
	return list
}

// ParseKind returns the kind of that name, and false if there is none.
func ParseKind(name string) (Kind, bool) {
	for k := Name; k < kindEnd; k++ {
		if facts[k].name == name {
			return k, true
		}
	}
	return None, false
}

func (k Kind) facts() kindFacts {
	if k >= kindEnd {
		return facts[None]
	}
	return facts[k]
}

// String is the kind's name in policies, records and reports: "name", "record".
func (k Kind) String() string { return k.facts().name }

// Word is the word a placeholder of this kind begins with: "NAME".
func (k Kind) Word() string { return k.facts().word }

// SafeHarbor is the letter of 45 CFR 164.514(b)(2)(i) that the kind falls
// under, "A" to "R"; empty for kinds that are not identifiers.
func (k Kind) SafeHarbor() string { return k.facts().letter }

// Plain says in plain words what the kind is: "a telephone number".
func (k Kind) Plain() string { return k.facts().plain }

// Identifies reports whether text of this kind can point at a person.
func (k Kind) Identifies() bool { return k != None && k != Literal && k < kindEnd }
