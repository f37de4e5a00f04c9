package answer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chaperone"
	"chaperone/internal/audit"
)

// ids are the exchanges of an answer by their number, and how each was found.
func ids(a *audit.Answer) []string {
	var list []string
	for _, l := range a.Lines {
		if l.Kind == "exchange" {
			list = append(list, strings.TrimLeft(l.ID[24:], "0")+" "+l.Found+" "+l.Ten.Result)
		}
	}
	return list
}

// busy is a record in which several things happened.
func busy(t testing.TB) *house {
	h := newHouse(t)
	h.happen("4471902", nil)
	h.happen("MRN-88", func(i *audit.Intent, _ *audit.Outcome) {
		i.Who.ID, i.What.Surface, i.What.Session = "dr.okafor", "claude-code", "s2"
	})
	h.happen("", func(i *audit.Intent, o *audit.Outcome) { i.What.Session, o.Result = "s2", audit.Timeout })
	h.happen("other", func(i *audit.Intent, _ *audit.Outcome) { i.What.Session, i.Why.Basis = "s2", "declared" })
	h.happen("4471902", func(i *audit.Intent, o *audit.Outcome) {
		i.Why.Basis, i.Why.Purpose, i.What.Session = "role", chaperone.PurposeResearch, "s3"
		i.Ruling.Decision, o.Result, o.Status = audit.Refused, audit.RefusedResult, 403
	})
	h.happen("", func(i *audit.Intent, _ *audit.Outcome) { i.What.Session = "s4" })
	h.happen("4471902", func(i *audit.Intent, _ *audit.Outcome) { i.Who.Tenant = "another" })
	h.happen("4471902", func(i *audit.Intent, o *audit.Outcome) {
		i.Why.Basis, i.What.Session, o.Result = "break-glass", "s3", ""
	})
	return h
}

func TestQuestionsFindWhatTheyAskFor(t *testing.T) { // AUD-09
	h := busy(t)
	link := func(a audit.Alias) {
		t.Helper()
		h.must(h.log.LinkAlias(t.Context(), officer, audit.Link{Patient: ref("4471902"), Alias: a, Reason: audit.Content("same person by chart review")}))
	}
	link(aPatient("MRN-88"))
	link(audit.Alias{Kind: audit.AliasName, Value: "Marchbanks, Otilia"})
	link(audit.Alias{Kind: audit.AliasPlaceholder, Value: "NAME-7K2QAX"})
	link(audit.Alias{Kind: audit.AliasSession, Value: "s4"})
	whole := []string{
		"1 reference ok", "2 reference ok", "3 same-session timeout", "5 reference refused", "6 session ok", "8 reference pending",
	}
	for name, c := range map[string]struct {
		q    audit.Question
		want []string
	}{
		"a patient by one number, across the other":    {audit.Question{About: aPatient("4471902")}, whole},
		"a patient by the other number":                {audit.Question{About: aPatient("MRN-88")}, whole},
		"a patient by name, in any order and case":     {audit.Question{About: audit.Alias{Kind: audit.AliasName, Value: "otilia  MARCHBANKS"}}, whole},
		"a patient by a placeholder":                   {audit.Question{About: audit.Alias{Kind: audit.AliasPlaceholder, Value: "NAME-7K2QAX"}}, whole},
		"a patient nobody knows":                       {audit.Question{About: aPatient("nobody")}, nil},
		"a person":                                     {audit.Question{Person: "dr.okafor"}, []string{"2 person ok"}},
		"a person about a patient":                     {audit.Question{Person: "dr.okafor", About: aPatient("4471902")}, []string{"2 reference ok"}},
		"an outcome":                                   {audit.Question{Outcome: audit.Timeout}, []string{"3 time timeout"}},
		"what is still open":                           {audit.Question{Outcome: audit.Pending}, []string{"8 time pending"}},
		"a decision":                                   {audit.Question{Decision: audit.Refused}, []string{"5 time refused"}},
		"who looked without a relation":                {audit.Question{Unrelated: true}, []string{"4 time ok", "5 time refused", "8 time pending"}},
		"who looked at one patient without a relation": {audit.Question{Unrelated: true, About: aPatient("4471902")}, []string{"5 reference refused", "8 reference pending"}},
		"a time, of one tenant alone": {audit.Question{To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}, []string{
			"1 time ok", "2 time ok", "3 time timeout", "4 time ok", "5 time refused", "6 time ok", "8 time pending",
		}},
		"a time before everything": {audit.Question{To: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.ask(c.q)
			if diff := cmp.Diff(c.want, ids(a)); diff != "" {
				t.Error(diff)
			}
			if a.Totals.Exchanges != len(c.want) || a.Totals.Lines != len(a.Lines) {
				t.Errorf("totals %+v", a.Totals)
			}
		})
	}
}

func TestALinkThatIsTakenApartFindsNothingMore(t *testing.T) {
	h := busy(t)
	k := audit.Link{Patient: ref("4471902"), Alias: aPatient("MRN-88"), Reason: audit.Content("chart review")}
	h.must(h.log.LinkAlias(t.Context(), officer, k))
	if a := h.ask(audit.Question{About: aPatient("MRN-88")}); len(a.Known) != 2 {
		t.Errorf("known by %d", len(a.Known))
	}
	k.Remove = true
	h.must(h.log.LinkAlias(t.Context(), officer, k))
	a := h.ask(audit.Question{About: aPatient("4471902")})
	if len(a.Known) != 1 || slices.Contains(ids(a), "2 reference ok") {
		t.Errorf("still linked: %v", ids(a))
	}
	other := officer
	other.Tenant = "another"
	k.Remove = false
	h.must(h.log.LinkAlias(t.Context(), other, k))
	if a := h.ask(audit.Question{About: aPatient("4471902")}); len(a.Known) != 1 {
		t.Error("another tenant's link counts")
	}
}

func TestALinkThatNoLongerOpensIsSaidToBeMissing(t *testing.T) {
	h := busy(t)
	h.must(h.log.LinkAlias(t.Context(), officer, audit.Link{Patient: ref("4471902"), Alias: aPatient("MRN-88"), Reason: audit.Content("chart review")}))
	for _, r := range h.journal.Rows() {
		if r.Class == string(audit.PatientLinked) {
			h.must(h.sealer.Destroy(r.KeyID))
		}
	}
	if a := h.ask(audit.Question{About: aPatient("4471902")}); len(a.Known) != 1 || !strings.Contains(strings.Join(a.Remarks, " "), "do not open any more") {
		t.Errorf("remarks %v", a.Remarks)
	}
}

func TestAQuestionIsRecordedWithItsReasonBeforeItIsAnswered(t *testing.T) { // AUD-11, AUD-18
	h := busy(t)
	before := len(h.journal.Rows())
	a := h.ask(audit.Question{About: aPatient("4471902")})
	rows := h.journal.Rows()
	if len(rows) != before+1 || rows[before].Class != string(audit.RecordAsked) {
		t.Fatalf("%d rows more, the last %q", len(rows)-before, rows[len(rows)-1].Class)
	}
	full, err := h.log.Show(t.Context(), fmt.Sprint(before))
	h.must(err)
	if got := string(full.Note.Content["detail"]); !strings.Contains(got, "request 17 of the patient") || !strings.Contains(got, "4471902") {
		t.Errorf("the record has %q", got)
	}
	if full.Ten.User != "p.officer" || full.Ten.Patient != "4471902" {
		t.Errorf("%+v", full.Ten)
	}
	// The patient sees who asked about them, this very question included.
	if last := a.Lines[len(a.Lines)-1]; last.Ten.Action != "record.asked" || last.Ten.User != "p.officer" {
		t.Errorf("the last line is %+v", last.Ten)
	}
	h.journal.Fault = func(_ context.Context, _ []audit.Row) (bool, error) { return false, errors.New("no space left") }
	q := audit.Question{Tenant: "clinic", About: aPatient("4471902")}
	if a, err := h.log.Ask(t.Context(), officer, audit.Content("request 17"), q); a != nil || codeOf(err) != "record_unavailable" {
		t.Errorf("without a record: %v, %v", a, err)
	}
}

func TestQuestionsWithoutAnAnswerAreRefusedInWords(t *testing.T) {
	h := newHouse(t)
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		reason string
		q      audit.Question
		want   string
	}{
		"no reason":                        {" \n", audit.Question{}, "question_reason"},
		"another tenant's":                 {"r", audit.Question{Tenant: "another"}, "question_malformed"},
		"an alias of no kind":              {"r", audit.Question{About: audit.Alias{Kind: "face", Value: "x"}}, "question_malformed"},
		"a reference that is none":         {"r", audit.Question{About: aPatient("Otilia Marchbanks")}, "question_malformed"},
		"a name without letters":           {"r", audit.Question{About: audit.Alias{Kind: audit.AliasName, Value: " -- "}}, "question_malformed"},
		"an outcome that is none":          {"r", audit.Question{Outcome: "fine"}, "question_malformed"},
		"a time that ends first":           {"r", audit.Question{From: day, To: day}, "question_malformed"},
		"an accounting of everybody":       {"r", audit.Question{Accounting: true}, "question_malformed"},
		"an accounting of seven years":     {"r", audit.Question{Accounting: true, About: aPatient("1"), From: day.AddDate(-7, 0, 0), To: day}, "question_malformed"},
		"an accounting with something out": {"r", audit.Question{Accounting: true, About: aPatient("1"), Person: "dr.lee"}, "question_malformed"},
		"one exchange that is not there":   {"r", audit.Question{Exchange: "01935000-0000-7000-8000-0000000000ff"}, "record_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.q.Tenant == "" {
				c.q.Tenant = "clinic"
			}
			a, err := h.log.Ask(t.Context(), officer, audit.Content(c.reason), c.q)
			if a != nil || codeOf(err) != c.want {
				t.Errorf("%v, %v", a, err)
			}
			if strings.Contains(fmt.Sprint(err), "Otilia") {
				t.Error("the error repeats what was asked")
			}
		})
	}
}

func TestAnAccountingListsWhat164528Lists(t *testing.T) { // 45 CFR 164.528(b)
	h := newHouse(t)
	purpose := func(p chaperone.Purpose) func(*audit.Intent, *audit.Outcome) {
		return func(i *audit.Intent, _ *audit.Outcome) { i.Why.Purpose = p }
	}
	h.happen("4471902", nil) // treatment is exempt
	h.happen("4471902", purpose(chaperone.PurposeOperations))
	h.happen("4471902", purpose(chaperone.PurposeResearch))
	h.clock = h.clock.AddDate(0, 0, 9)
	h.happen("4471902", purpose(chaperone.PurposeResearch))
	h.happen("4471902", purpose(chaperone.PurposeNone)) // not stated is not exempt
	h.happen("4471902", func(i *audit.Intent, _ *audit.Outcome) {
		i.Why.Purpose, i.Ruling.Decision = chaperone.PurposeResearch, audit.Concealed
	})
	h.happen("4471902", func(i *audit.Intent, _ *audit.Outcome) {
		i.Why.Purpose, i.Where.Simulated = chaperone.PurposeResearch, true
	})
	h.happen("4471902", func(i *audit.Intent, o *audit.Outcome) {
		i.Why.Purpose, o.Result = chaperone.PurposeResearch, audit.RefusedResult
	})
	h.happen("", purpose(chaperone.PurposeResearch)) // in the same session, naming nobody
	h.happen("other", purpose(chaperone.PurposeResearch))
	a := h.ask(audit.Question{Accounting: true, About: aPatient("4471902")})
	if a.Totals.Disclosed != 3 || a.Totals.Exchanges != 9 {
		t.Errorf("totals %+v", a.Totals)
	}
	var got []string
	for _, s := range a.Series {
		got = append(got, s.Recipient+" | "+s.Purpose+" | "+s.What+" | "+s.Frequency)
	}
	want := []string{
		"anthropic, agreement baa-1 | research | date name | 2 times in 10 days",
		"anthropic, agreement baa-1 | not stated | date name | once",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if years := a.Question.To.Sub(a.Question.From).Hours() / 24 / 365; years < 5.9 || years > 6.1 {
		t.Errorf("it covers %.1f years", years)
	}
}

func codeOf(err error) string {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own.Code
	}
	return fmt.Sprint(err)
}
