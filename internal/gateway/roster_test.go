package gateway

import (
	"encoding/base64"
	"strings"
	"testing"

	"chaperone/phi"

	"github.com/google/go-cmp/cmp"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestARosterIsReadInBothForms(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		want []fact
	}{
		"nothing in it": {`{}`, nil},
		"the plain form": {
			`{"names":["Ana Okafor"," "],"birthDate":"1957-03-04","identifiers":["Q7731"],"phones":["(541) 555-0146"],"emails":["ana@example.org"],"addresses":["9 Fennel Row"]}`,
			[]fact{
				{phi.Date, "1957-03-04"},
				{phi.Name, "Ana Okafor"},
				{phi.Record, "Q7731"},
				{phi.Phone, "(541) 555-0146"},
				{phi.Email, "ana@example.org"},
				{phi.Street, "9 Fennel Row"},
			},
		},
		"a FHIR Patient": {
			`{"resourceType":"Patient","active":true,"identifier":[{"value":"Q7731"}],"name":[{"family":"Okafor","given":["Ana"]}],"gender":"female","birthDate":"1957-03-04","address":[{"city":"Yuma","state":"AZ"}]}`,
			[]fact{{phi.Code, "Q7731"}, {phi.Name, "Okafor"}, {phi.Name, "Ana"}, {phi.Date, "1957-03-04"}, {phi.Place, "Yuma"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readRoster([]string{b64(c.json)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(fact{})); diff != "" && len(c.want)+len(got) > 0 {
				t.Error(diff)
			}
		})
	}
	if got, err := readRoster(nil); err != nil || got != nil {
		t.Errorf("without the header: %v, %v", got, err)
	}
}

func TestARosterOutOfItsFormIsRefused(t *testing.T) {
	for name, values := range map[string][]string{
		"empty":                 {""},
		"no base64":             {"Ana Okafor"},
		"no JSON":               {b64("Ana Okafor")},
		"no object":             {b64(`["Ana"]`)},
		"an unknown field":      {b64(`{"name":"Ana"}`)},
		"another type":          {b64(`{"names":"Ana"}`)},
		"something behind it":   {b64(`{} {}`)},
		"another FHIR resource": {b64(`{"resourceType":"Practitioner","name":[{"family":"Okafor"}]}`)},
		"two of them":           {b64(`{}`), b64(`{}`)},
		"too many facts":        {b64(`{"names":["` + strings.Repeat(`a","`, mostFacts) + `b"]}`)},
		"a fact too long":       {b64(`{"names":["` + strings.Repeat("a", mostFact+1) + `"]}`)},
		"too long":              {b64(`{"birthDate":"` + strings.Repeat(" ", mostRoster) + `"}`)},
		"nested without end":    {b64(strings.Repeat(`{"names":`, 2000))},
	} {
		if got, err := readRoster(values); err == nil || len(got) > 0 || strings.Contains(err.Error(), "Ana") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func FuzzReadRoster(f *testing.F) {
	for _, s := range []string{`{}`, `{"names":["Ana"]}`, `{"resourceType":"Patient","name":[{"family":"O"}]}`, "\xff", `{"names":null}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range []string{s, b64(s)} {
			list, err := readRoster([]string{v})
			if err != nil && len(list) > 0 || len(list) > mostFacts {
				t.Errorf("%d facts, %v", len(list), err)
			}
			for _, k := range list {
				if k.kind == phi.None || k.text == "" || len(k.text) > mostFact {
					t.Errorf("kept %v", k.kind)
				}
			}
		}
	})
}
