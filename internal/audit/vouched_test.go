package audit_test

import (
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
)

// Where a second party is required, nothing is sent without one; what has
// happened is recorded all the same, or the house would hide its own refusals.
func TestWithoutARequiredWitnessNothingIsIntendedAndEverythingElseIsRecorded(t *testing.T) {
	var missing error
	journal := &audittest.Journal{}
	log, err := audit.Open(t.Context(), audit.Config{
		Journal: journal, Sealer: audittest.NewSealer(), Index: audittest.Index, Signer: audittest.NewSigner("record"),
		Tree: t.TempDir(), Pace: 100 * time.Millisecond, Vouched: func() error { return missing },
	})
	if err != nil {
		t.Fatal(err)
	}
	intent := func(id string) audit.Intent {
		return audit.Intent{
			Exchange: chaperone.ExchangeID(id), Who: chaperone.Principal{Tenant: "clinic", ID: "dr.lee"},
			Ruling: audit.Ruling{Decision: audit.Concealed},
		}
	}
	open, err := log.Intend(t.Context(), intent("01935000-0000-7000-8000-000000000001"))
	if err != nil {
		t.Fatal(err)
	}
	missing = chaperone.NewError(chaperone.KindUnavailable, "record_unwitnessed", "Nobody witnesses the record", "Wait", nil)
	if _, err := log.Intend(t.Context(), intent("01935000-0000-7000-8000-000000000002")); chaperone.AsError(err).Code != "record_unwitnessed" {
		t.Errorf("an intent: %v", err)
	}
	if err := log.Ready(); chaperone.AsError(err).Code != "record_unwitnessed" {
		t.Errorf("ready: %v", err)
	}
	if n := len(journal.Rows()); n != 1 {
		t.Errorf("%d rows after an intent that was refused", n)
	}
	if err := open.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
		t.Errorf("an outcome: %v", err)
	}
	if _, err := log.Refuse(t.Context(), intent("01935000-0000-7000-8000-000000000002"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
		t.Errorf("a refusal: %v", err)
	}
	if err := log.Note(t.Context(), audit.Event{Kind: audit.WitnessAlarm, Subject: "unwitnessed"}); err != nil {
		t.Errorf("an event: %v", err)
	}
	missing = nil
	if _, err := log.Intend(t.Context(), intent("01935000-0000-7000-8000-000000000003")); err != nil {
		t.Errorf("once it is witnessed again: %v", err)
	}
	if err := log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
