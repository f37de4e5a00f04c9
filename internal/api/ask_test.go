package api_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
)

const (
	aReason = "request 17 of the patient"
	nobody  = "Otilia Marchbanks" // who never lived
)

// happened records one exchange of a tenant about a patient.
func (d *desk) happened(t *testing.T, tenant, id, patient string) {
	t.Helper()
	p, err := chaperone.NewPatientRef(patient)
	must(t, err)
	_, err = d.log.Refuse(t.Context(), audit.Intent{
		Exchange: chaperone.ExchangeID(id),
		Who:      chaperone.Principal{Tenant: tenant, ID: "dr.lee", Role: chaperone.RoleClinician, From: netip.IPv6Loopback()},
		Why:      audit.Why{Patient: p, Purpose: chaperone.PurposeTreatment, Reason: audit.Content("about " + nobody), Basis: "care-team"},
		What:     audit.What{Action: "messages.create"},
		Ruling:   audit.Ruling{Decision: audit.Refused},
		Received: audit.Content(nobody + " was seen"),
	}, audit.Outcome{Result: audit.RefusedResult, Status: 403})
	must(t, err)
}

func ofPatient(ref string) api.Alias { return api.Alias{Kind: audit.AliasReference, Value: ref} }

func TestAQuestionGoesOverTheSocketAndComesBackAsAPackThatVerifies(t *testing.T) { // AUD-09, AUD-10
	d := newDesk(t)
	c := api.NewClient(d.socket)
	d.happened(t, "clinic", "01935000-0000-7000-8000-000000000001", "4471902")
	d.happened(t, "another", "01935000-0000-7000-8000-000000000002", "4471902")
	must(t, c.LinkAlias(t.Context(), api.LinkRequest{
		Patient: "4471902", Alias: api.Alias{Kind: audit.AliasName, Value: nobody}, Reason: "same person by chart review",
	}))
	var pack bytes.Buffer
	must(t, c.Ask(t.Context(), api.Ask{Reason: aReason, Form: api.AskPack, About: api.Alias{Kind: audit.AliasName, Value: "MARCHBANKS, otilia"}}, &pack))
	r, err := verify.CheckPack(bytes.NewReader(pack.Bytes()), int64(pack.Len()), "")
	must(t, err)
	if !r.OK() || r.Lines != 4 { // one exchange, the link's two events, this question
		t.Errorf("%+v", r)
	}
	for name, c := range map[string]struct {
		ask  api.Ask
		code string
	}{
		"no reason":                         {api.Ask{Form: "json"}, "question_reason"},
		"a reason that says nothing":        {api.Ask{Form: "json", Reason: "asdf"}, "question_reason"},
		"a form that is none":               {api.Ask{Form: "doc", Reason: aReason}, "question_malformed"},
		"a patient that is none":            {api.Ask{Form: "json", Reason: aReason, About: ofPatient(nobody)}, "question_malformed"},
		"another tenant's exchange":         {api.Ask{Form: "json", Reason: aReason, Exchange: "01935000-0000-7000-8000-000000000002"}, "record_not_found"},
		"an exchange that is not there":     {api.Ask{Form: "pack", Reason: aReason, Exchange: "01935000-0000-7000-8000-00000000000f"}, "record_not_found"},
		"one exchange and a person at once": {api.Ask{Form: "json", Reason: aReason, Exchange: "1", Person: "dr.lee"}, "question_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := api.NewClient(d.socket).Ask(t.Context(), c.ask, &out)
			if codeOf(err) != c.code || out.Len() > 0 {
				t.Errorf("%v, %d bytes", err, out.Len())
			}
			if strings.Contains(fmt.Sprint(err), nobody) {
				t.Error("the error repeats what was asked")
			}
		})
	}
}

func TestAnotherTenantsExchangeIsNotShown(t *testing.T) {
	d := newDesk(t)
	d.happened(t, "another", "01935000-0000-7000-8000-000000000002", "4471902")
	if raw, err := api.NewClient(d.socket).Show(t.Context(), "01935000-0000-7000-8000-000000000002", true); codeOf(err) != "record_not_found" {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func TestNothingIsAnsweredThatCannotBeRecorded(t *testing.T) { // AUD-03, AUD-18
	d := newDesk(t)
	d.happened(t, "clinic", "01935000-0000-7000-8000-000000000001", "4471902")
	d.full.Store(true)
	defer d.full.Store(false)
	var out bytes.Buffer
	err := api.NewClient(d.socket).Ask(t.Context(), api.Ask{Reason: aReason, Form: "csv", About: ofPatient("4471902")}, &out)
	if codeOf(err) != "record_unavailable" || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

// A canary: after questions, links and packs, no file of the house has the name or
// the words in the clear.
func TestQuestionsLeaveNobodysNameInAFile(t *testing.T) { // AUD-02
	d := newDesk(t)
	c := api.NewClient(d.socket)
	d.happened(t, "clinic", "01935000-0000-7000-8000-000000000001", "PATIENT-4471902-X")
	must(t, c.LinkAlias(t.Context(), api.LinkRequest{
		Patient: "PATIENT-4471902-X", Alias: api.Alias{Kind: audit.AliasName, Value: nobody}, Reason: nobody + " said so herself",
	}))
	for _, form := range []string{"json", "csv", "xlsx", "pdf", "pack"} {
		var out bytes.Buffer
		must(t, c.Ask(t.Context(), api.Ask{Reason: "for " + nobody + " herself", Form: form, About: ofPatient("PATIENT-4471902-X")}, &out))
		if out.Len() == 0 {
			t.Errorf("%s is empty", form)
		}
	}
	files := 0
	must(t, filepath.WalkDir(filepath.Dir(d.socket), func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // the tree's driver renames files as it goes
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil //nolint:nilerr // the same
		}
		files++
		for _, canary := range []string{nobody, "Marchbanks", "PATIENT-4471902-X", "herself"} {
			if bytes.Contains(text, []byte(canary)) {
				t.Errorf("%s has %q", path, canary)
			}
		}
		return nil
	}))
	if files < 4 {
		t.Errorf("only %d files were searched", files)
	}
}
