package deid

import "testing"

// TestLabelsAreKnownInManyWordings: numbers of people, payers, vehicles and
// charts as they are written in several countries.
func TestLabelsAreKnownInManyWordings(t *testing.T) {
	check(t, []string{
		"his social security number is {ident|219 44 8120}", "social sec # {any|219448120}", "ssn ends in {ident|8120}", "last 4 ssn {ident|8120}", "passport no {ident|X4471820}",
		"passport {ident|AB1234567}", "DNI {ident|48213377K}", "NIE {ident|X1234567L}", "CURP {ident|CIFY850412MMCFNL08}", "tfn {ident|123 456 782}", "CRN {ident|204 118 772A}",
		"SIN is {ident|046454286}", "numéro de sécu {ident|2 69 11 33 063 118 28}", "n° ss {ident|2 69 11 33 063 118 28}", "INSEE {any|269113306311828}",
		"my social's {ident|219-44-8120}", "soc {ident|219-44-8120}", "Centrelink ref {ident|204 118 772A}", "insurance {any|XQJ884201973}", "Blue Cross {any|XQJ884201973}",
		"policy# {member|HMO-55120-7788}", "health card {member|4471-882-210-KJ}", "medicare number {member|2953 71882 1}", "medicare {member|1EG4TE5MK73}", "NHI {member|ZJM0089}",
		"NHI: {member|ZJM0089}", "NHI number is {member|ZJM0089}", "NHS {member|485 777 3456}", "CHI {member|0101501234}", "OHIP# {member|5584 486 674 KF}", "HCN {member|5584486674KF}",
		"MSP {member|9698 658 215}", "AHC {member|12345-6789}", "RAMQ {member|TREM 5503 2219}", "NAM {member|TREM55032219}", "member {member|W223819045}",
		"Medicaid ID {member|AB12345C}", "member ID is {member|998-22-1044A}", "subscriber {member|88120447}", "DVA {member|NX901234}", "carte vitale {member|269113306311828}",
		"DEA {licence|BH1234563}", "license {licence|A-118842}", "NPI is {licence|1942338706}", "badge {licence|4417}", "DL {licence|S530-4601-9983}",
		"driver's licence {licence|WILLI908021SM9AK}", "colegiado {licence|28/44120}", "colegiado nº {licence|28/44120}", "nº col. {licence|284412}", "GMC {licence|7012345}",
		"AHPRA {licence|MED0001234567}", "permis {licence|14882}", "state license no. {licence|MD.44102}", "CPSO {licence|88213}", "CLIA {licence|49D0221801}",
		"RPPS {licence|10003344556}", "license #{licence|RN-771204}", "plate {vehicle|8KLT442}", "license plate {vehicle|8KLT442}", "rego {vehicle|1AB2CD}",
		"tail number {vehicle|N552LF}", "VIN {vehicle|4S4BSANC5J3288121}", "immatriculé {vehicle|AB-123-CD}", "MRN is {record|B-550-2189}", "medical record {record|3390218}",
		"mrn {record|0044812}", "hospital no {record|RXF4471209}", "hosp no. {record|RXF4471209}", "UR {record|0448127}", "chart number is {record|771204}", "NHC {record|4418820}",
		"IPP {record|8004412290}", "dossier n° {record|224518}", "case # {record|24-0931}", "accession {record|RAD-24-118832}", "Rx {record|6620114}",
		"MR# {record|448120}", "unit no {record|448120}", "pt # {record|448120}", "acct {account|2003-88120}", "claim {any|88-4471920-C}", "card ending {account|4402}",
		"card ending in {account|4402}", "IBAN {account|FR76 3000 6000 0112 3456 7890 189}", "serial {device|RNB664120S}", "s/n {device|HM-2201-88471}",
		"serial number is {device|23191447732}", "lot {device|AHBVC441AA}", "IMEI {device|356938035643809}",
	})
}
