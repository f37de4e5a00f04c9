package gateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/gateway"
)

func TestInspectionSendsAndKeepsNothing(t *testing.T) { // DLP-21
	h := newHouse(t, plan{policy: "clinic-no-phi"})
	before := h.log.Size()
	const text = "Mr. John Smith, MRN: 4471902, has a cough."
	w := h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":"`+text+`"}`)
	var got gateway.Inspection
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if !got.Identifies || got.Decision != "refused" || got.Next == "" || strings.Contains(got.Preview, "Smith") || strings.Contains(got.Preview, "4471902") {
		t.Errorf("got %+v", got)
	}
	kinds := map[string]string{}
	for _, f := range got.Findings {
		kinds[f.Kind] = text[f.Start:f.End]
	}
	if kinds["RECORD"] != "4471902" || !strings.Contains(kinds["NAME"], "John Smith") {
		t.Errorf("found %v", kinds)
	}
	if h.upstream.count() != 0 || h.log.Size() != before {
		t.Errorf("%d calls reached Claude, the record grew by %d", h.upstream.count(), h.log.Size()-before)
	}
	list, err := h.log.Query(t.Context(), audit.Filter{Tenant: "clinic"})
	must(t, err)
	for _, s := range list {
		if s.Kind == "exchange" {
			t.Errorf("an exchange was recorded: %+v", s)
		}
	}
}

func TestInspectionOfCleanTextSaysSo(t *testing.T) {
	h := newHouse(t, plan{})
	w := h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":"What is the usual dose of metformin?"}`)
	var got gateway.Inspection
	must(t, json.Unmarshal(w.Body.Bytes(), &got))
	if got.Identifies || got.Decision != "clean" || got.Preview != "What is the usual dose of metformin?" {
		t.Errorf("got %+v", got)
	}
}

func TestInspectionRefusesWhatItCannotRead(t *testing.T) {
	h := newHouse(t, plan{})
	for _, body := range []string{"", "{}", `{"text":5}`, "{\"text\":\"\xff\"}", `["text"]`} {
		if w := h.send(http.MethodPost, "/v1/chaperone/inspect", body); w.Code != http.StatusBadRequest {
			t.Errorf("%q was answered with %d: %s", body, w.Code, w.Body)
		}
	}
	if w := h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":"x"}`, "X-Api-Key", ""); w.Code != http.StatusUnauthorized {
		t.Errorf("a stranger got %d", w.Code)
	}
	list, err := h.log.Query(t.Context(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote, Limit: 1})
	must(t, err)
	if len(list) != 1 || list[0].Ten.Action != string(audit.AccessDenied) {
		t.Errorf("a credential that does not count left no record (IAM-09): %+v", list)
	}
}
