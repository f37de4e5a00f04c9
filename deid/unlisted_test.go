package deid

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// What no list has must be found by what stands around it.

func TestInstitutionsAreFoundByTheirShortForms(t *testing.T) {
	check(t, []string{
		"seen at {org|Mercy General}", "transferred to {org|Harlan Memorial} on {date|3/9}", "from {org|Lakeview Regional}", "born at {org|Dell Children's}", "she was seen at {org|mayo clinic} twice", "admitted from {org|Maple Ridge SNF}",
		"his employer is {org|Acme Trucking}", "she works at {org|Brightfield Foods}", "he worked for {org|Tarrow Freight} for years", "travaille chez {org|Bombardier}", "trabaja en {org|Construcciones Vega}",
		"suivi au {org|CLSC de la Petite-Patrie}", "réside à l'{org|EHPAD Les Tilleuls}", "opéré à la {org|Clinique Saint-Augustin}", "adressé au {org|CH de Valenciennes}", "à {org|Hôpital Bichat}",
		"taken to the Operating Room", "sent to the Recovery Room", "transferred to Postanesthesia Care Unit", "works at home", "working with a walker", "Is the Approach Reliable?", "surgery at noon", "works as a nurse",
	})
}

func TestNamesAreFoundByTheirSigns(t *testing.T) {
	check(t, []string{
		"i'm nurse {name|kelly} today", "{name|May Rose}, NP", "my son {name|Theo} is 4", "he is married to {name|Rosemary}", "so {name|hank} your a1c is up", "this is {name|maribel} she is new here",
		"{name|DUPONT Jean} 58 ans", "{name|Tremblay, Huguette}, DDN {date|1941-09-30}", "Mme {name|DURAND Sylvie}", "fille {name|Léa} prévenue", "his wife {name|Ana} drove", "Pr {name|VASSEUR} opère",
		"spelled {name|C-O-L-D-W-E-L-L}", "Baby Girl {name|Ostrowski}, 36 wk", "{name|Cadwaladr}, 81F, fell", "file {name|Thornquist_Mabel}_MRI.pdf", "called for {name|J.S.} today", "grossed by {name|SK}.",
		"<family value=\"{name|Ravenscroft}\"/>", "{\"family\":\"{name|Okazaki}\"}"[:0] + "the family of {name|Anna Okazaki}", "tell {name|Quillfeather} to come in", "did {name|Trudy} call?", "Best,\n{name|Rhea Castellanos-Wright}",
		"Kaplan-Meier curves", "Child-Pugh class B", "the patient is better", "U.S. sites, 2 p.m.", "Best practice,\nGuidelines", "given by IV push", "CBC, 54 labs",
	})
}

func TestShortDatesStandWithoutAWord(t *testing.T) {
	check(t, []string{
		"s/p fall {date|9/14}, hip fx", "F/U {date|1/26}", "came in on {date|march twelfth}", "on {date|the twenty-first of April}", "{date|February third twenty twenty-five}", "le {date|3 mars}", "el {date|tres de mayo}",
		"valid {date|3/11/25}-{date|6/9/25}", "DOB: {date|O3/l4/1951}", "complaint {date|17/03}", "rescheduled {date|5/13} w/ her",
		"Apgars 8/9", "strength 4/5 throughout", "pain 7/10", "MMSE 12/30", "pupils 5/3", "24/7", "one 1/2 tablet", "Norco 5/325", "BiPAP 12/5", "20/40 vision", "GCS 14/15", "a 7/7 course",
	})
}

func TestAgesOverEightyNineWhereAgesStand(t *testing.T) {
	check(t, []string{
		"Ms {name|Roe}, {age|93}, from here", "she is {age|92} and uses oxygen", "{age|93}M with sepsis", "{age|93} y.o. woman", "gran is {age|98}, well", "mujer de {age|91} años",
		"rate is 92 and regular", "heart rate 92; 97% compliance; 101 F.", "score was 95, up from 90", "she is 89 and well",
	})
}

func TestYearsOfBirthFollowTheYear(t *testing.T) {
	for year, want := range map[int]int{2026: 0, 2031: 1} {
		if got := len(engine().In(year).Find("born in 1940", Where{})); got != want {
			t.Errorf("in %d: %d findings, want %d", year, got, want)
		}
	}
}

func TestPlacesWithoutAListEntry(t *testing.T) {
	check(t, []string{
		"she lives in {place|Wauchula}", "a farmer from {place|Sandy Hollow}", "moved to {place|Pflugerville}", "{street|27 Moorside Close}, {place|Todmorden} {postal|OL14 8QT}", "{street|44 Te Ngae Road}, {place|Rotorua} {postal|3010}",
		"vive en {street|Calle Mayor 12}, {place|Madrid}", "{postal|44000} {place|Nantes}", "ward {street|7, bed 22}", "bed {street|14B}", "{street|Hwy 41 and Pine St}", "{street|88 ch. du Lac}, {place|Shediac} NB",
		"lives in fear", "from Medtronic", "bed rest", "Room temperature", "ward round", "from Ontario",
	})
}

func TestNumbersWithoutAKnownLabel(t *testing.T) {
	check(t, []string{
		"juror no. {code|118-4402}", "kit {any|NS90213377}", "Ref {any|KL/22/4471}", "my username here is {code|ada_w31}", "Kaiser #: {member|1100 2938 4756}", "call {phone|five five five zero one two three} please", "phone {phone|(217)555-0143}", "Phone: {phone|(6l4) 555-Ol72}",
		"BMS-986165 was given", "NCT01234567", "PMID 31562797", "image #1452", "CD4 count 350",
	})
}

// TestEncodedTextIsRead: base64 and hex that decode to somebody are taken
// whole; what decodes to nobody, or to no text, stays.
func TestEncodedTextIsRead(t *testing.T) {
	person := `{"name":"Jane Roe","ssn":"123-45-6789"}`
	for what, c := range map[string]struct {
		text  string
		found bool
	}{
		"base64":            {"data: " + base64.StdEncoding.EncodeToString([]byte(person)), true},
		"base64 for links":  {"?q=" + base64.RawURLEncoding.EncodeToString([]byte(person)), true},
		"hex":               {hex.EncodeToString([]byte(person)), true},
		"base64 in base64":  {base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(person)))), true},
		"nobody":            {base64.StdEncoding.EncodeToString([]byte("the quick brown fox jumps over it")), false},
		"no text":           {base64.StdEncoding.EncodeToString([]byte("\x00\x01\x02\xff\xfe and more of it \x00")), false},
		"a word of letters": {strings.Repeat("abcdefgh", 8), false},
	} {
		t.Run(what, func(t *testing.T) {
			got := engine().Find(c.text, Where{})
			if (len(got) > 0) != c.found {
				t.Errorf("%d findings, want some: %v", len(got), c.found)
			}
		})
	}
}
