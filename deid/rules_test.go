package deid

import "testing"

// The fixtures of each test stand beside texts that look alike and are not to
// be touched.

func TestNumbersOfPeople(t *testing.T) {
	check(t, []string{
		"SSN {ident|123-45-6789}", "his social is {ident|123 45 6789}", "ssn {ident|123456789}", "SSN: {ident|123.45.6789}", "SSN\u00a0{ident|123‑45‑6789}",
		"last four of SSN {ident|6789}", "SSN: {ident|XXX-XX-6789}", "SSN {ident|000-12-3456} was typed wrong",
		"SSN {ident|l23-4S-6789}", "social security number {ident|one two three, forty-five, six seven eight nine}",
		"the number {ident|219-09-9999} without a label",
		"SIN {ident|046 454 286}", "NAS : {ident|046-454-286}", "TFN {ident|123 456 782}", "NIR : {ident|1 85 05 78 006 084 36}",
		"MRN#{record|CC-456789}", "chart {record|00123}", "MRN: {record|A0047712}", "accession # {record|S24-12345}", "N° de dossier : {record|20048811}", "IPP {record|8004471190}",
		"MRNs {record|448120}, {record|448121} and {record|448122}", "Pt ID: {record|PX-88-2210}",
		"MBI {member|1EG4-TE5-MK73}", "{member|1EG4TE5MK73}", "OHIP {member|9876 543 217 AB}", "PHN {member|9698 658 215}", "RAMQ {member|BOUF 9403 2414}", "NHS No: {member|943 476 5919}",
		"Medicare card {member|2123 45670 1}", "IHI {member|8003 6081 6669 0503}", "NHI {member|ZAC5361}", "policy no. {member|KT-004471-02}", "group number {member|88120}",
		"acct# {account|7741-22019}", "card {account|4111 1111 1111 1111}", "IBAN {account|GB82 WEST 1234 5698 7654 32}",
		"NPI: {licence|1003000126}", "DEA {licence|AB1234563}", "driver's license {licence|D1234-56789-01234}",
		"VIN {vehicle|1HGCM82633A004352}", "{vehicle|1HGCM82633A004352} was towed",
		"UDI {device|(01)00844588003288(17)261231(10)A213B1(21)XZ4411}", "IMEI {device|490154203237518}",
		// misses
		"ICD-10 E11.9, CPT 99213, LOINC 718-7, SNOMED 44054006, NDC 0002-8215-01", "PMID 28446214 and NCT01234567",
		"sodium 139, potassium 4.1, chloride 102, BUN 18", "WBC 11.2, Hgb 13.4, platelets 245", "metoprolol 25 mg twice a day", "glucose 104 mg/dL (70-99)",
		"500 patients, 12 sites, 3 arms", "the chart was reviewed", "MRN unknown", "account for the difference",
	})
}

func TestContacts(t *testing.T) {
	check(t, []string{
		"call {phone|416-555-0199}", "cell {phone|(555) 123-4567} ext. 12"[:len("cell {phone|(555) 123-4567}")], "Tél. {phone|06 12 34 56 78}", "{phone|+33 6 12 34 56 78}", "{phone|+1 (604) 555-0188}",
		"pager {phone|4471}", "fax {fax|613.555.0144}", "Télécopieur : {fax|514 555-0162}",
		"{email|j.roe+lab@clinic.example.org}", "{email|jsmith1957@gmail.com}", "mail {email|jane%40example.org}",
		"{link|www.janeroe-story.example.com/p/1}", "see {link|http://10.0.0.4/a?b=c}", "{host|192.168.1.12}", "{host|2001:db8::8a2e:370:7334}", "MAC {any|00:1A:2B:3C:4D:5E}", "from {host|00-1A-2B-3C-4D-5E}",
		// misses
		"version 1.2.3.4", "BP 120/80, HR 72, RR 16, T 98.6", "at 10:30:15", "ratio 3:2:1",
	})
}

func TestDates(t *testing.T) {
	check(t, []string{
		"on {date|3/4}", "{date|03-04-1957}", "{date|1957-04-03}", "{date|4 mars 1957}", "{date|03.04.1957}", "{date|3 avril 2024}", "{date|15 de marzo de 2021}", "{date|March 3rd}", "{date|Mar 3, 2024}", "{date|12-Jan-2023}", "{date|12JAN2023}",
		"{date|the fourth of July 2024}", "two weeks after {date|Christmas 2023}", "{date|Tuesday the 3rd}", "{date|2024-03-15T10:00:00Z}", "{date|2024-03-15 10:30}", "DOB: {date|19570403}", "timestamp {date|1700000000}",
		"seen {date|March 2024}", "{date|03/2024} CT", "du {date|3 au 5 mai 2023}", "né le {date|1er mai 1961}", "{date|vingt-trois mars 2019}", "DOB {date|3/4/57}", "LMP {date|3/4}",
		// misses
		"in 2021", "q4h", "1/2 tablet", "BP 120/80", "5/5 strength", "20/20 vision", "T12-L1", "2/6 systolic murmur", "pain 7/10", "2024 guidelines", "the January 2024 guideline", "she may 3 times", "24/7", "a 3-5 day course", "x 3 days",
		"in March", "every Tuesday", "May I ask", "march in place",
	})
}

func TestAges(t *testing.T) {
	check(t, []string{
		"age {age|93}", "a {age|93}-year-old", "{age|93} yo M", "{age|ninety-three} year old", "a {age|nonagenarian}", "born in {age|1929}", "âgée de {age|93} ans", "{age|quatre-vingt-treize} ans", "{age|101} years old", "{age|94}F with sepsis",
		"54-year-old", "age 89", "89 yo", "SpO2 93%", "HR 93", "93 mg", "born in 1961", "92% on room air", "BP 93/60",
	})
}

func TestPlaces(t *testing.T) {
	check(t, []string{
		"{place|Springfield}, IL {postal|62704}", "from {place|Moose Jaw}, Saskatchewan", "{street|12 rue de la Paix}, {postal|75002} {place|Paris}", "{street|221B Baker Street}, {postal|NW1 6XE}"[:len("{street|221B Baker Street}")],
		"{postal|K1A 0B1}", "postal code {postal|k1a0b1}", "{postal|SW1A 1AA}", "Room {street|512} Bed {street|B}"[:len("Room {street|512}")], "{street|PO Box 4471}", "{street|RR 2}", "{place|Orange County}", "{place|Six Nations Reserve}"[:len("{place|Six Nations Reserve}")],
		"lives in {place|Chicago}", "grew up in {place|Medicine Hat}", "{street|1600 Pennsylvania Avenue NW}", "{street|350 5th Ave, Apt 12B}", "born in {place|Lyon}", "zip {postal|02118}", "{street|77 Massachusetts Ave}, {place|Cambridge}, MA {postal|02139-4307}",
		// misses
		"in Ontario", "from Texas", "in Canada", "Lyme disease, Ebola, Marburg virus, West Nile, Coxsackie, Norwalk virus", "5 mm lesion in place", "a 3 court case", "2 drive lines", "Boston Scientific lead", "the Philadelphia chromosome",
	})
}

func TestOrganisations(t *testing.T) {
	check(t, []string{
		"seen at {org|Lakeview Memorial Hospital}", "admitted to {org|St. Brendan's Medical Center}", "CHU de {org|Nantes}"[:0] + "au {org|CHU de Nantes}", "à l'{org|hôpital Saint-Louis}", "works at {org|Brightwater Elementary School}", "Employer: {org|Harlow Plumbing}", "from {org|Mass General}", "transferred to {org|SickKids}",
		// misses
		"in the Emergency Department", "the hospital", "Medical Center", "Home Health Care", "General Surgery clinic", "Intensive Care Unit",
	})
}
