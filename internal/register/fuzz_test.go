package register_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"chaperone/internal/register"
)

// Whatever arrives is refused or kept, and what was kept opens again and can be
// judged.
func FuzzWhateverIsPutDown(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"version": null}`, `{"drill": {"down": "claude"}}`, `{"use_case": {"agreement": "BAA-1", "words": "letters"}}`,
		`{"review": {"agreement": "BAA-1", "version": -1, "as": "legal", "on": "2026-05-05T00:00:00Z"}}`,
		`{"incident": {"id": "I", "agreement": "BAA-1", "known": "0001-01-02T00:00:00Z", "words": "x"}}`,
		`{"termination": {"agreement": "BAA-1", "on": "9999-12-31T00:00:00Z", "words": "x"}}`,
		`{"decision": {"advice": {"route": "direct"}, "chosen": "direct"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d register.Deed
		if json.Unmarshal(text, &d) != nil {
			return
		}
		s := &shelf{}
		open := func() (*register.Register, error) {
			return register.Open(context.Background(), register.Config{
				Store: s, Sealer: s, Tenant: "clinic", Clock: func() time.Time { return date("2026-06-01") },
				Note: func(context.Context, register.Change) error { return nil },
			})
		}
		r, err := open()
		if err != nil {
			t.Fatal(err)
		}
		digest, err := r.Keep(context.Background(), []byte("paper"))
		if err != nil {
			t.Fatal(err)
		}
		base := register.Deed{Version: &register.Version{
			Agreement: "BAA-1", Holder: "A", Signed: date("2026-01-01"), Expires: date("2027-01-01"), File: register.File{Name: "p", Digest: digest},
		}}
		for _, deed := range []register.Deed{base, {UseCase: &register.UseCase{Agreement: "BAA-1", Words: "x"}}} {
			if _, err := r.Add(context.Background(), "me", deed); err != nil {
				t.Fatal(err)
			}
		}
		_, failed := r.Add(context.Background(), "me", d)
		again, err := open()
		if err != nil {
			t.Fatalf("what was kept does not open: %v", err)
		}
		if n := len(again.Entries()); (n == 3) != (failed == nil) {
			t.Fatalf("%d entries after %v", n, failed)
		}
		if _, err := register.Judge(register.Fold(again.Entries()), house(), date("2026-06-02")); err != nil {
			t.Fatal(err)
		}
	})
}
