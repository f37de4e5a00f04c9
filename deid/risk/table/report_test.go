package table

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 5, time.FixedZone("", 3600))

func examine(t *testing.T, k int) Report {
	t.Helper()
	table := clinic(t)
	r, err := table.Examine(Question{
		Quasi: []string{"age", "sex", "zip3"}, Sensitive: []string{"diagnosis", "days"},
		Limit: Threshold{k}, Population: table, People: 5000,
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheReportHoldsNoValueOfAnyCell(t *testing.T) {
	b, err := json.Marshal(examine(t, 30))
	if err != nil {
		t.Fatal(err)
	}
	for _, col := range clinic(t).columns {
		for _, v := range col.values {
			// Numbers of one or two digits are everywhere; the words and codes are telling.
			if len(v) > 2 && strings.Contains(string(b), v) {
				t.Errorf("the report holds the value %q", v)
			}
		}
	}
}

func TestTheReportSaysWhetherTheThresholdIsMetAndWhatWouldMeetIt(t *testing.T) {
	met := examine(t, 12)
	if !met.Met || met.Suggestion != nil || met.Tau != 1.0/12 || met.Statement != Statement || met.Estimate == nil {
		t.Errorf("at k = 12: %+v", met)
	}
	if met.Made != time.Date(2026, 3, 4, 11, 0, 0, 0, time.UTC) {
		t.Errorf("made at %v", met.Made)
	}
	missed := examine(t, 30)
	if missed.Met || missed.Suggestion == nil || !missed.Suggestion.Met || len(missed.Suggestion.Steps) == 0 {
		t.Errorf("at k = 30: %+v", missed)
	}
	if nothing := examine(t, 0); nothing.Met || nothing.Suggestion.Met {
		t.Errorf("the zero threshold is met: %+v", nothing)
	}
}

func TestASignedReportIsGenuineUntilAnyoneTouchesIt(t *testing.T) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	public := private.Public().(ed25519.PublicKey)
	file, err := examine(t, 30).Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Verify(file, public)
	if err != nil || r.Rows != 400 || r.Suggestion == nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	var dense bytes.Buffer
	if err := json.Compact(&dense, file); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(dense.Bytes(), public); err != nil {
		t.Errorf("without its indentation: %v", err)
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32)).Public().(ed25519.PublicKey)
	if _, err := Verify(file, other); !errors.Is(err, ErrNotGenuine) {
		t.Errorf("by another key: %v", err)
	}
	for old, changed := range map[string]string{`"rows": 400`: `"rows": 401`, `"met": false`: `"met": true`, `Ed25519`: `Ed448`} {
		touched := strings.Replace(string(file), old, changed, 1)
		if touched == string(file) {
			t.Fatalf("the file has no %s", old)
		}
		if _, err := Verify([]byte(touched), public); !errors.Is(err, ErrNotGenuine) {
			t.Errorf("with %s: %v", changed, err)
		}
	}
	for _, junk := range []string{"", "{}", "[]", "null"} {
		if _, err := Verify([]byte(junk), public); err == nil || errors.Is(err, ErrNotGenuine) {
			t.Errorf("%q: %v", junk, err)
		}
	}
}
