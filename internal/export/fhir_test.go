package export

import (
	"encoding/json"
	"slices"
	"testing"

	"chaperone/internal/audit"
)

// What IHE's BALP asks of a disclosure at its source. The e2e tests let other
// people's models of FHIR R4 read whole exports.
func TestAnExchangeThatSentIdentifiersIsADisclosure(t *testing.T) {
	docs, err := Encode(FormatFHIR, masked.Event("clinic/record", line(1), true))
	if err != nil || len(docs) != 2 {
		t.Fatal(err, len(docs))
	}
	type code struct{ System, Code string }
	var got struct {
		Meta    struct{ Profile []string }
		Type    code
		Subtype []code
		Action  string
		Agent   []struct {
			Type struct{ Coding []code }
			Who  struct{ Display string }
		}
		Source struct{ Observer struct{ Display string } }
		Entity []struct {
			Type code
			What struct {
				Identifier struct{ System, Value string }
			}
		}
	}
	if err := json.Unmarshal(docs[0], &got); err != nil {
		t.Fatal(err)
	}
	agent := func(c string) int {
		for i, a := range got.Agent {
			if a.Type.Coding[0].Code == c {
				return i
			}
		}
		t.Fatalf("no agent %s", c)
		return -1
	}
	agent("110152")
	source := got.Agent[agent("110153")]
	patient := got.Entity[slices.IndexFunc(got.Entity, func(e struct {
		Type code
		What struct {
			Identifier struct{ System, Value string }
		}
	},
	) bool {
		return e.Type.Code == "1"
	})]
	if !slices.Equal(got.Meta.Profile, []string{balp + "PrivacyDisclosure.Source"}) || got.Type != (code{dicom, "110106"}) || got.Action != "R" ||
		!slices.Contains(got.Subtype, code{lifecycle, "disclose"}) || source.Who != got.Source.Observer ||
		patient.What.Identifier.Value != "MRN-4471982" || len(got.Entity) < 2 {
		t.Errorf("%s", docs[0])
	}
}

func TestNoDisclosureIsClaimedWhereNoIdentifierLeft(t *testing.T) {
	for name, edit := range map[string]func(*audit.Facts){
		"concealed":  func(f *audit.Facts) { f.Ruling = &audit.RulingFacts{Decision: audit.Concealed} },
		"refused":    func(f *audit.Facts) { f.Outcome = &audit.OutcomeFacts{Result: audit.RefusedResult} },
		"no patient": func(f *audit.Facts) { f.Deed.Patient = notStated },
		"no ruling":  func(f *audit.Facts) { f.Ruling = nil },
	} {
		l := line(1)
		edit(&l.Facts)
		if p := patternOf(masked.Event("clinic/record", l, true)); p.profile != "" {
			t.Errorf("%s: it claims %s", name, p.profile)
		}
	}
}
