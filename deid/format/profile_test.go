package format_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/deid/format"
)

func profiles(t testing.TB) map[string]deid.Profile {
	t.Helper()
	limited, err := deid.LimitedDataSet("DUA-7")
	if err != nil {
		t.Fatal(err)
	}
	custom, err := deid.ParseCustom([]byte("treatments:\n  date: shift\n  postal: area\n  age: band\n  org: keep\n"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]deid.Profile{
		"safe-harbor": deid.SafeHarbor(), "dataset": deid.SafeHarborDataset(), "limited": limited, "minimum": deid.Minimum(), "custom": custom,
		"realistic": deid.SafeHarbor().Realistic(), "custom, realistic": custom.Realistic(),
	}
}

func deskUnder(t testing.TB, p deid.Profile) *desk {
	t.Helper()
	e, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	s := deid.NewSession(nil, &steady{})
	return &desk{t, s, format.NewConcealer(e, s, p, thisYear)}
}

// always are identifiers of the stories that no profile keeps.
var always = []string{"Smith", "Jones", "Samsa", "Hara", "DOE", "JANE", "4471902", "123-45-6789", "123456789", "555-0146", "Quux", "Elm St", "ELM ST", "p77", "W123456789"}

func TestDocumentsStayValidUnderEveryProfile(t *testing.T) {
	for profile, p := range profiles(t) {
		for name, s := range stories() {
			t.Run(profile+"/"+name, func(t *testing.T) {
				d := deskUnder(t, p)
				raw := []byte(s.text)
				out := d.conceal(s.format, raw)
				before, after := d.parse(s.format, raw), d.parse(s.format, out)
				if a, b := len(slices.Collect(before.Loci())), len(slices.Collect(after.Loci())); a != b && s.format != format.Mail {
					t.Errorf("%d places became %d in:\n%s", a, b, out)
				}
				if s.format == format.JSON && !json.Valid(out) {
					t.Errorf("not JSON any more:\n%s", out)
				}
				for _, w := range always {
					if slices.Contains(s.gone, w) && bytes.Contains(out, []byte(w)) {
						t.Errorf("%q stays in:\n%s", w, out)
					}
				}
				if back := d.reveal(s.format, out); !s.reduced && profile != "dataset" && !strings.HasPrefix(profile, "custom") && !bytes.Equal(back, raw) {
					t.Errorf("it comes back as:\n%s\nnot as:\n%s", back, raw)
				}
			})
		}
	}
}

func TestFieldsThatMustHoldADateAreTreatedAsTheProfileSays(t *testing.T) {
	const patient = `{"resourceType":"Patient","id":"p77","birthDate":"1931-02-03","deceasedDateTime":"2024-05-01T10:00:00-05:00","meta":{"lastUpdated":"2024-05-06T07:08:09Z"}}`
	for profile, want := range map[string][]string{
		"safe-harbor": {`"birthDate":"1936"`, `"deceasedDateTime":"2024"`, `"2024-01-01T00:00:00Z"`},
		"dataset":     {`"birthDate":"1936"`, `"deceasedDateTime":"2024"`, `"2024-01-01T00:00:00Z"`},
		"limited":     {`"birthDate":"1931-02-03"`, `"2024-05-01T10:00:00-05:00"`, `"2024-05-06T07:08:09Z"`},
	} {
		out := string(deskUnder(t, profiles(t)[profile]).conceal(format.JSON, []byte(patient)))
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %s is not in %s", profile, w, out)
			}
		}
	}
	d := deskUnder(t, profiles(t)["custom"])
	out := d.conceal(format.JSON, []byte(patient))
	var shifted struct{ BirthDate, DeceasedDateTime string }
	if err := json.Unmarshal(out, &shifted); err != nil || !fhirDateTime.MatchString(shifted.BirthDate) || !fhirDateTime.MatchString(shifted.DeceasedDateTime) ||
		shifted.BirthDate == "1931-02-03" || !strings.HasSuffix(shifted.DeceasedDateTime, "T10:00:00-05:00") {
		t.Errorf("%v %s", err, out)
	}
	if back := d.reveal(format.JSON, out); string(back) != patient {
		t.Errorf("it comes back as %s", back)
	}
}

func TestAColumnOfBirthDatesKeepsItsYears_DEI03(t *testing.T) {
	const table = "name,dob,admitted,zip,age\nJohn Smith,1957-04-03,2024-03-15,62704,67\nMary Jones,1931-02-03,2024-03-16,03601,93\n"
	want := "name,dob,admitted,zip,age\nNAME,1957,2024,627,67\nNAME,90 or older,2024,000,90 or older\n"
	out := string(deskUnder(t, deid.SafeHarborDataset()).conceal(format.CSV, []byte(table)))
	for _, span := range slices.Backward(deid.Placeholders(out)) {
		out = out[:span[0]] + "NAME" + out[span[1]:]
	}
	if out != want {
		t.Errorf("got:\n%s", out)
	}
}

func TestTheFHIRSamplesStayValidUnderEveryProfile(t *testing.T) {
	dir, checked := dataDir(t, "structured/fhir"), 0
	for _, p := range profiles(t) {
		n := 0
		eachFile(t, dir, func(path string, raw []byte) {
			var before, after any
			if n++; n%5 != 0 || filepath.Ext(path) != ".json" || len(raw) > 1<<20 || json.Unmarshal(raw, &before) != nil {
				return
			}
			if m, ok := before.(map[string]any); !ok || m["resourceType"] == nil {
				return
			}
			out := deskUnder(t, p).conceal(format.JSON, raw)
			if err := json.Unmarshal(out, &after); err != nil {
				t.Fatalf("%s under %s: %v", path, p, err)
			}
			checkFHIR(t, path+" under "+p.String(), before, after)
			checked++
		})
	}
	t.Logf("%d documents", checked)
}

func TestTheHL7AndCDASamplesKeepTheirShapeUnderEveryProfile(t *testing.T) {
	for folder, kind := range map[string]struct {
		format format.Name
		marks  string
	}{"structured/hl7v2": {format.HL7v2, "|\r\n"}, "structured/ccda": {format.XML, "<"}} {
		dir, checked := dataDir(t, folder), 0
		for _, p := range profiles(t) {
			n := 0
			eachFile(t, dir, func(path string, raw []byte) {
				if n++; n%5 != 0 || len(raw) > 1<<20 {
					return
				}
				if _, err := format.Parse(kind.format, raw); err != nil {
					return // not of this format
				}
				d := deskUnder(t, p)
				out := d.conceal(kind.format, raw)
				d.parse(kind.format, out)
				for _, mark := range kind.marks {
					if a, b := bytes.Count(raw, []byte(string(mark))), bytes.Count(out, []byte(string(mark))); a != b {
						t.Errorf("%s under %s: %d marks %q became %d", path, p, a, mark, b)
					}
				}
				checked++
			})
		}
		t.Logf("%s: %d documents", folder, checked)
	}
}
