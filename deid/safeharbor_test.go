package deid

import (
	"testing"

	"chaperone/phi"
)

// TestSafeHarborFindsEveryKind has at least one fixture for each of the
// eighteen kinds of 45 CFR 164.514(b)(2)(i): DLP-02, DLP-10.
func TestSafeHarborFindsEveryKind(t *testing.T) {
	fixtures := map[string][]string{
		"A": {"Patient {name|Odile Framboisier} came in with a cough."},
		"B": {
			"She lives at {street|48 Larkspur Lane}, {place|Springfield}, IL {postal|62704}.",
			"Transferred from {org|Maplewood Regional Hospital} last night.",
		},
		"C": {"Admitted on {date|March 15, 2024} and discharged {date|3/19/2024}.", "This {age|93}-year-old man fell."},
		"D": {"Call her at {phone|(416) 555-0142}."},
		"E": {"Fax: {fax|613-555-0177}"},
		"F": {"Write to {email|odile.f@example.org} about it."},
		"G": {"SSN: {ident|219-09-9999}"},
		"H": {"MRN {record|987654}"},
		"I": {"Member ID: {member|XQH 4471 2290}"},
		"J": {"Account number {account|0047-11892}"},
		"K": {"NPI {licence|1234567893}"},
		"L": {"License plate: {vehicle|BKR 4471}"},
		"M": {"The pacemaker, serial number {device|PJN-448120-S}, was checked."},
		"N": {"Results at {link|https://portal.example.org/r/8841}"},
		"O": {"Signed in from {host|203.0.113.77}"},
		"P": {"Fingerprint ID: {biometric|FP-99812-AC}"},
		"Q": {"The chart holds a {image|full-face photograph} of him."},
		"R": {"Study subject ID {record|TRX-0093}; user name: {code|oframb77}"},
	}
	seen := map[string]bool{}
	for _, k := range phi.Kinds() {
		if letter := k.SafeHarbor(); letter != "" && len(fixtures[letter]) == 0 {
			t.Errorf("no fixture for %s (%s)", k, letter)
		}
		seen[k.SafeHarbor()] = true
	}
	for letter := byte('A'); letter <= 'R'; letter++ {
		if !seen[string(letter)] {
			t.Errorf("no kind falls under (%c)", letter)
		}
		t.Run(string(letter), func(t *testing.T) { check(t, fixtures[string(letter)]) })
	}
}

// TestGuideExamples classifies prompts as the source guide does: four that may
// not be sent as they are, four that may (DLP-05, DLP-06, DLP-08).
func TestGuideExamples(t *testing.T) {
	check(t, []string{
		"Patient {name|Thomas Reed}, DOB {date|1979-11-02}, has type 2 diabetes",
		"Patient MRN {record|554210}, in hospital {date|April 3-8}, with pneumonia",
		"A 55-year-old with hypertension from the {place|Boston} area",
		"55-year-old patient with hypertension from {place|Boston} area",
		"Give me the discharge summary for patient ID {record|123456}",
		"Summarize how a 55-year-old with hypertension and diabetes usually presents",
		"Write a discharge summary template for orthopedic patients after surgery",
		"Analyze this deidentified dataset of 500 patient records showing medication patterns",
		"Help me write documentation guidelines for our EHR",
		"Make a reminder template for flu shots that goes out in March",
	})
}
