package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"chaperone/deid/format"
	"chaperone/phi"
)

// fact is one thing that is known of the patient at hand.
type fact struct {
	kind phi.Kind
	text string
}

const (
	mostRoster = 16 << 10 // bytes of the header
	mostFacts  = 64
	mostFact   = 256 // bytes of one fact

	rosterForm = "base64url of a JSON object with names, birthDate, identifiers, phones, emails and addresses, or of a FHIR Patient, at most 16 KiB"
)

var errRoster = errors.New("gateway: roster: not of its form")

// known is the plain form of a roster.
type known struct {
	Names       []string `json:"names"`
	BirthDate   string   `json:"birthDate"`
	Identifiers []string `json:"identifiers"`
	Phones      []string `json:"phones"`
	Emails      []string `json:"emails"`
	Addresses   []string `json:"addresses"`
}

// readRoster reads what a caller knows of the patient, so that it is found in
// every text of the request however it is written there. It is used for that
// alone: it goes neither to Claude nor into the record. Errors repeat nothing of
// it.
func readRoster(values []string) ([]fact, error) {
	if len(values) == 0 {
		return nil, nil
	}
	raw, ok := decodeBase64(values[0])
	if len(values) > 1 || len(values[0]) > mostRoster || !ok {
		return nil, errRoster
	}
	doc, err := format.Parse(format.JSON, raw)
	if err != nil {
		return nil, errRoster
	}
	var patient struct {
		Type string `json:"resourceType"`
	}
	if json.Unmarshal(raw, &patient) != nil {
		return nil, errRoster
	}
	var list []fact
	if patient.Type == "Patient" {
		for l := range doc.Loci() {
			if l.Kind != phi.Image { // nobody looks for a photograph in a text
				list = append(list, fact{l.Kind, l.Text})
			}
		}
	} else if list, err = plainRoster(raw); err != nil {
		return nil, err
	}
	return bounded(list)
}

func plainRoster(raw []byte) ([]fact, error) {
	var k known
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields() // a misspelt field would be a name that is not looked for
	if d.Decode(&k) != nil || d.More() {
		return nil, errRoster
	}
	list := []fact{{phi.Date, k.BirthDate}}
	for _, of := range []struct {
		kind phi.Kind
		text []string
	}{
		{phi.Name, k.Names},
		{phi.Record, k.Identifiers},
		{phi.Phone, k.Phones},
		{phi.Email, k.Emails},
		{phi.Street, k.Addresses},
	} {
		for _, text := range of.text {
			list = append(list, fact{of.kind, text})
		}
	}
	return list, nil
}

// bounded keeps the facts that can be looked for.
func bounded(list []fact) ([]fact, error) {
	kept := list[:0]
	for _, f := range list {
		f.text = strings.TrimSpace(f.text)
		switch {
		case f.text == "" || f.kind == phi.None:
		case len(f.text) > mostFact || len(kept) == mostFacts:
			return nil, errRoster
		default:
			kept = append(kept, f)
		}
	}
	return kept, nil
}
