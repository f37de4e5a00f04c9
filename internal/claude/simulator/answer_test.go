package simulator

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCitationsPointAtTheWordsTheyQuote(t *testing.T) {
	doc := "Zoë 😷 note.\n" + syntheticNote(t)
	body := `{"model":"claude-opus-5","max_tokens":4096,"messages":[{"role":"user","content":[` +
		`{"type":"document","title":"Visit","source":{"type":"text","media_type":"text/plain","data":` + string(encode(doc)) + `},"citations":{"enabled":true}},` +
		`{"type":"text","text":"Summarise this visit."}]}]}`
	runes := []rune(doc)
	n := 0
	for _, b := range answer(t, body).Content {
		for _, c := range b.Citations {
			n++
			if c.Type != "char_location" || c.DocumentIndex != 0 || *c.DocumentTitle != "Visit" {
				t.Fatalf("got %+v", c)
			}
			if got := string(runes[*c.StartCharIndex:*c.EndCharIndex]); got != c.CitedText {
				t.Errorf("at its offsets stands %q, not %q", got, c.CitedText)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d citations", n)
	}
}

func TestCitationsOfADocumentInBlocksNameTheBlock(t *testing.T) {
	body := `{"model":"claude-opus-5","max_tokens":4096,"messages":[{"role":"user","content":[` +
		`{"type":"document","source":{"type":"content","content":[{"type":"text","text":"Vitals: BP 120/80"},` +
		`{"type":"text","text":"Medications:\n- Metformin 500 mg daily"}]},"citations":{"enabled":true}},` +
		`{"type":"text","text":"List the medicines."}]}]}`
	var found bool
	for _, b := range answer(t, body).Content {
		for _, c := range b.Citations {
			found = true
			if c.Type != "content_block_location" || *c.StartBlockIndex != 1 || *c.EndBlockIndex != 2 {
				t.Errorf("got %+v", c)
			}
		}
	}
	if !found {
		t.Error("no citation")
	}
}

func TestCitationsAndASchemaTogetherAreRefused(t *testing.T) {
	w := ask(t, "/v1/messages", `{"model":"claude-opus-5","max_tokens":4096,"messages":[{"role":"user","content":[`+
		`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"},"citations":{"enabled":true}},`+
		`{"type":"text","text":"y"}]}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}`)
	if w.Code != 400 {
		t.Errorf("status %d", w.Code)
	}
}

func TestASchemaBindsTheAnswer(t *testing.T) {
	schema := `{"type":"object","required":["patient","medications","severity","seen_again","score"],"properties":{` +
		`"patient":{"type":"object","properties":{"name":{"type":"string"},"date_of_birth":{"type":"string"}},"required":["name"]},` +
		`"medications":{"type":"array","items":{"$ref":"#/$defs/med"}},` +
		`"problems":{"type":"array","items":{"type":"string"}},` +
		`"severity":{"type":"string","enum":["low","high"]},"seen_again":{"type":["boolean","null"]},` +
		`"score":{"type":"integer","minimum":3}},` +
		`"$defs":{"med":{"type":"object","properties":{"name":{"type":"string"},"dose":{"type":"string"}},"required":["name","dose"]}}}`
	m := answer(t, prompt("Fill this in.\n"+syntheticNote(t), `"output_config":{"format":{"type":"json_schema","schema":`+schema+`}}`))
	var got struct {
		Patient struct {
			Name string `json:"name"`
			Born string `json:"date_of_birth"`
		}
		Medications []struct{ Name, Dose string }
		Problems    []string
		Severity    string
		SeenAgain   *bool `json:"seen_again"`
		Score       int
	}
	if err := json.Unmarshal([]byte(m.text()), &got); err != nil {
		t.Fatalf("%v in %s", err, m.text())
	}
	if got.Patient.Name != "NAME-7K2QAX" || got.Patient.Born != "DATE-3MT9B0" || got.Severity != "low" || got.Score != 3 ||
		got.SeenAgain == nil || len(got.Medications) < 4 || got.Medications[0].Name != "Metformin" ||
		got.Medications[0].Dose != "1000 mg" || len(got.Problems) != 3 {
		t.Errorf("got %+v", got)
	}
}

func TestASchemaThatHoldsItselfEnds(t *testing.T) {
	schema := `{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["next"],"properties":{"next":{"$ref":"#/$defs/node"}}}}}`
	if got := fill([]byte(schema), readNote(nil), true); !json.Valid(got) {
		t.Errorf("got %s", got)
	}
	loop := `{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}`
	if got := fill([]byte(loop), readNote(nil), true); !json.Valid(got) {
		t.Errorf("got %s", got)
	}
}

const chartTools = `"tools":[{"name":"lookup_formulary","description":"Look up whether a drug is on the plan's formulary",` +
	`"input_schema":{"type":"object","properties":{"drug_name":{"type":"string"},"member_id":{"type":"string"}},"required":["drug_name"]}},` +
	`{"name":"schedule_follow_up","description":"Schedule a follow-up appointment for a patient",` +
	`"input_schema":{"type":"object","properties":{"patient_name":{"type":"string"},"reason":{"type":"string"},` +
	`"weeks":{"type":"integer","minimum":1},"urgency":{"type":"string","enum":["routine","urgent"]}},"required":["patient_name","weeks","urgency"]}}]`

func TestAToolIsCalledWhenTheInstructionAsksForWhatItDoes(t *testing.T) {
	cases := map[string]struct {
		ask, more, tool, input string
	}{
		"by its name": {
			"Schedule an urgent follow-up.", "", "schedule_follow_up",
			`{"patient_name":"NAME-7K2QAX","reason":"Type 2 diabetes, uncontrolled (E11.65)","weeks":2,"urgency":"urgent"}`,
		},
		"by its description": {"Is the drug on the formulary of the plan?", "", "lookup_formulary", `{"drug_name":"Metformin"}`},
		"by force":           {"Summarise this.", `"tool_choice":{"type":"tool","name":"lookup_formulary"}`, "lookup_formulary", `{"drug_name":"Metformin"}`},
		"not when forbidden": {"Schedule a follow-up.", `"tool_choice":{"type":"none"}`, "", ""},
		"not for other jobs": {"Summarise this.", "", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			more := []string{chartTools}
			if c.more != "" {
				more = append(more, c.more)
			}
			m := answer(t, prompt(c.ask+"\n\n"+syntheticNote(t), more...))
			i := slices.IndexFunc(m.Content, func(b gotBlock) bool { return b.Type == "tool_use" })
			if c.tool == "" {
				if i >= 0 {
					t.Fatalf("it called %s", m.Content[i].Name)
				}
				return
			}
			if i < 0 || m.StopReason != "tool_use" {
				t.Fatalf("no call: %s", m.text())
			}
			if m.Content[i].Name != c.tool {
				t.Errorf("it called %s", m.Content[i].Name)
			}
			if diff := cmp.Diff(c.input, string(m.Content[i].Input)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheResultOfAToolIsPutIntoWords(t *testing.T) {
	body := `{"model":"claude-opus-5","max_tokens":4096,` + chartTools + `,"messages":[` +
		`{"role":"user","content":"Schedule a follow-up for NAME-7K2QAX."},` +
		`{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"schedule_follow_up","input":{}}]},` +
		`{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"{\"booked\":true,\"on\":\"DATE-V0HW51\"}"}]}]}]}`
	m := answer(t, body)
	if m.StopReason != "end_turn" {
		t.Fatalf("stop %q", m.StopReason)
	}
	if strings.Contains(m.text(), "Schedule a follow-up") {
		t.Errorf("the instruction was taken for a plan:\n%s", m.text())
	}
	for _, want := range []string{"schedule_follow_up answered:", "- booked: true", "- on: DATE-V0HW51", "NAME-7K2QAX", signedLine} {
		if !strings.Contains(m.text(), want) {
			t.Errorf("%q is missing in:\n%s", want, m.text())
		}
	}
}

func TestWithoutAnythingClinicalItSaysWhatItIs(t *testing.T) {
	got := answer(t, prompt("What is the capital of France? NAME-7K2QAX wants to know.")).text()
	for _, want := range []string{"simulator", "NAME-7K2QAX", signedLine} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}

func TestMedicinesAreFoundInRunningText(t *testing.T) {
	cases := map[string]string{
		"Increase insulin glargine to 22 units nightly.":             "insulin glargine 22 units nightly",
		"Lisinopril was increased from 10 mg to 20 mg once daily.":   "Lisinopril 20 mg once daily",
		"He takes metformin 500 mg BID and aspirin 81 mg daily.":     "metformin 500 mg BID; aspirin 81 mg daily",
		"Amoxicillin/clavulanate 875/125 mg twice daily for 7 days.": "Amoxicillin/clavulanate 875/125 mg twice daily",
		"Albuterol inhaler 2 puffs every 4-6 hours as needed.":       "Albuterol 2 puffs every 4-6 hours",
		"Creatinine 1.1 mg/dL, glucose 110 mg/dL.":                   "",
		"Take 5 mg in the morning.":                                  "",
	}
	for text, want := range cases {
		var got []string
		for _, m := range findMedicines(split(0, text)) {
			got = append(got, m.plain())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDeniedConditionsAreNoProblems(t *testing.T) {
	got := findProblems(split(0, "Denies asthma. No history of stroke. Has COPD and gout. Family history of diabetes."))
	var labels []string
	for _, f := range got {
		labels = append(labels, f.label)
	}
	if diff := cmp.Diff([]string{"COPD", "gout"}, labels); diff != "" {
		t.Error(diff)
	}
}

func TestSentencesKnowTheirPlace(t *testing.T) {
	text := "Seen by Dr. Example at 3 p.m. today. BP 120/80; HR 70.\r\n\n## Plan\n1) Return in 2 weeks. Call us!\n"
	var got []string
	for _, s := range split(0, text) {
		if text[s.start:s.end] != s.text {
			t.Errorf("at its place stands %q, not %q", text[s.start:s.end], s.text)
		}
		got = append(got, s.text)
	}
	want := []string{"Seen by Dr. Example at 3 p.m. today.", "BP 120/80;", "HR 70.", "Return in 2 weeks.", "Call us!"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzAnswerNeverPanicsAndStaysJSON(f *testing.F) {
	f.Add("Summarise this. Medications:\n- Metformin 500 mg daily\nPlan: return in 2 weeks.")
	f.Add("[[simulate:echo]] \x00\xff")
	f.Add("[[simulate:chunk=3]] ## Plan:\n* :\n1. \n--- Dr. ")
	f.Add("Patient: NAME-7K2QAX DOB: DATE-3MT9B0; A/P: 1. x - y: z")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "[[simulate:hang") || strings.Contains(text, "[[simulate:truncate") || text == "" {
			t.Skip("it would wait or hang up, as scripted")
		}
		w := ask(t, "/v1/messages", prompt(text))
		if !strings.Contains(text, "simulate:html") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("not JSON: %q", w.Body)
		}
		if w.Code >= 500 && !strings.Contains(text, "[[simulate:") {
			t.Errorf("status %d", w.Code)
		}
	})
}
