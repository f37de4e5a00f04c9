package export

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"chaperone/internal/audit"

	"github.com/google/go-cmp/cmp"
)

// houseWords are the fields that only this program or its operator writes. No
// request, no patient and no answer has a way into them; everything else must
// not leave as it is.
var houseWords = []string{
	"Facts.Version", "Facts.Time", "Facts.Who.Tenant", "Facts.Deed.Action", "Facts.Deed.Surface", "Facts.Deed.Form", "Facts.Deed.Simulated", "Facts.Deed.Team", "Facts.Deed.Door", "Facts.Deed.Region",
	"Facts.Deed.Agreement", "Facts.Deed.Retention", "Facts.Deed.Places", "Facts.Ruling.", "Facts.Note.Event",
	"Facts.Outcome.Result", "Facts.Outcome.Status", "Facts.Outcome.ErrorCode", "Facts.Outcome.Restored", "Facts.Outcome.Unknown",
	"Facts.Outcome.Brought", "Facts.Outcome.Withheld", "Facts.Outcome.TookMicros", "Facts.Outcome.Cost", "Facts.Outcome.Received", "Facts.Outcome.Sent",
	"Facts.Outcome.Upstream.Status", "Facts.Outcome.Upstream.InputTokens", "Facts.Outcome.Upstream.OutputTokens",
	"Facts.Outcome.Upstream.CacheRead", "Facts.Outcome.Upstream.CacheWrite",
}

// plant puts a canary of its own into every field that is not a house word.
func plant(v reflect.Value, path, canary string, planted *[]string) {
	for _, w := range houseWords {
		if path == w || strings.HasSuffix(w, ".") && strings.HasPrefix(path, w) {
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem(), path, canary, planted)
	case reflect.Struct:
		for i := range v.NumField() {
			plant(v.Field(i), path+"."+v.Type().Field(i).Name, canary, planted)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), path, canary, planted)
	case reflect.String:
		v.SetString(canary)
		*planted = append(*planted, path)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int{canary: 1}))
		*planted = append(*planted, path)
	}
}

// AUD-07 and DLP: a receiver that nobody approved gets nothing that a request or
// an answer put into the record, in any format.
func TestNothingThatARequestCanSayLeavesWithoutAnApproval(t *testing.T) {
	for _, canary := range []string{"Marchbanks", "marchbanks", "otilia.marchbanks", "4471982", "1958-04-12", "req_marchbanks", "claude-marchbanks", "claude-4471982", "us.marchbanks"} {
		for _, kind := range []audit.Kind{audit.KindIntent, audit.KindOutcome, audit.KindNote} {
			l := line(7)
			l.Kind = kind
			var planted []string
			plant(reflect.ValueOf(&l.Facts).Elem(), "Facts", canary, &planted)
			if len(planted) < 12 {
				t.Fatalf("only %d fields were planted: %v", len(planted), planted)
			}
			for _, format := range Formats() {
				docs, err := Encode(format, masked.Event("clinic/record", l, false))
				if err != nil {
					t.Fatal(err)
				}
				for _, doc := range docs {
					if strings.Contains(strings.ToLower(string(doc)), strings.ToLower(canary)) {
						t.Errorf("%s, %s: the canary %s left: %s", format, stages[kind], canary, doc)
					}
				}
			}
		}
	}
}

func TestAnApprovedReceiverGetsTheRecordAsItIs(t *testing.T) {
	e := masked.Event("clinic/record", line(1), true)
	if diff := cmp.Diff(exchange(), e.Facts); diff != "" || !e.Identified {
		t.Error(diff)
	}
}

func TestPeopleAreToldApartByPseudonyms(t *testing.T) {
	a := masked.facts(exchange())
	other := exchange()
	other.Deed.Patient = "MRN-0000001"
	other.Who.Tenant = "clinic"
	b := masked.facts(other)
	if a.Deed.Patient == b.Deed.Patient || a.Who.User != b.Who.User || !strings.HasPrefix(a.Deed.Patient, "patient-") {
		t.Errorf("%q %q %q %q", a.Deed.Patient, b.Deed.Patient, a.Who.User, b.Who.User)
	}
	away := exchange()
	away.Who.Tenant = "elsewhere"
	if c := masked.facts(away); c.Deed.Patient == a.Deed.Patient {
		t.Error("two houses share a pseudonym")
	}
	nobody := exchange()
	nobody.Deed.Patient = notStated
	if d := masked.facts(nobody); d.Deed.Patient != notStated {
		t.Errorf("nobody became %q", d.Deed.Patient)
	}
}

func TestADamagedRowIsPassedOnAsDamaged(t *testing.T) {
	l := line(3)
	l.Damaged, l.Facts = true, audit.Facts{}
	for _, format := range Formats() {
		for _, identified := range []bool{false, true} {
			docs, err := Encode(format, masked.Event("clinic/record", l, identified))
			if err != nil || len(docs) != 1 {
				t.Fatal(format, err, len(docs))
			}
			if format != FormatCEF && !json.Valid(docs[0]) {
				t.Errorf("%s: %s", format, docs[0])
			}
		}
	}
}

func FuzzNoFormatBreaksOnOddRecords(f *testing.F) {
	f.Add("messages.create", "MRN-4471982", "dr.osei", "claude-sonnet-5-5", "treatment", uint8(2), true)
	f.Add("", "", "", "", "", uint8(0), false)
	f.Add("a\nb|c=d\\", "\x00\xff", "]\"", "claude-", "\u2028", uint8(9), true)
	f.Fuzz(func(t *testing.T, action, patient, user, model, purpose string, kind uint8, whole bool) {
		l := line(uint64(kind))
		l.Kind = audit.Kind(kind)
		l.Facts.Deed.Action, l.Facts.Deed.Patient, l.Facts.Who.User, l.Facts.Deed.Model, l.Facts.Deed.Purpose = action, patient, user, model, purpose
		if !whole {
			l.Facts.Ruling, l.Facts.Outcome = nil, nil
		}
		for _, identified := range []bool{false, true} {
			for _, format := range Formats() {
				docs, err := Encode(format, masked.Event("clinic/record", l, identified))
				if err != nil {
					t.Fatal(format, err)
				}
				for _, doc := range docs {
					if strings.ContainsAny(string(doc), "\n\r") {
						t.Errorf("%s broke a line: %q", format, doc)
					}
					if format != FormatCEF && !json.Valid(doc) {
						t.Errorf("%s is no JSON: %q", format, doc)
					}
				}
			}
		}
		plain, err := json.Marshal(masked.facts(l.Facts))
		if err != nil {
			t.Fatal(err)
		}
		known, err := json.Marshal(exchange())
		if err != nil {
			t.Fatal(err)
		}
		if len(patient) > 6 && patient != notStated && strings.Contains(string(plain), patient) && !strings.Contains(string(known)+action, patient) {
			t.Errorf("the patient %q is in %s", patient, plain)
		}
	})
}
