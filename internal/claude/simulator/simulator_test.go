package simulator

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden answers")

func newHandler(t testing.TB) http.Handler {
	t.Helper()
	h, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask posts a body and returns the whole answer.
func ask(t testing.TB, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Anthropic-Version", "2023-06-01")
	w := httptest.NewRecorder()
	newHandler(t).ServeHTTP(w, req)
	return w
}

// answer asks for an answer without a stream and decodes it.
func answer(t testing.TB, body string) gotMessage {
	t.Helper()
	w := ask(t, "/v1/messages", body)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	var m gotMessage
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

type gotMessage struct {
	ID           string     `json:"id"`
	Model        string     `json:"model"`
	Content      []gotBlock `json:"content"`
	StopReason   string     `json:"stop_reason"`
	StopSequence *string    `json:"stop_sequence"`
	Usage        usage      `json:"usage"`
}

type gotBlock struct {
	Type      string          `json:"type"`
	Text      string          `json:"text"`
	Thinking  string          `json:"thinking"`
	Signature string          `json:"signature"`
	Data      string          `json:"data"`
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Input     json.RawMessage `json:"input"`
	Citations []citation      `json:"citations"`
}

// text is all text blocks, joined.
func (m gotMessage) text() string {
	var b strings.Builder
	for _, c := range m.Content {
		b.WriteString(c.Text)
	}
	return b.String()
}

// prompt is a request with one user text.
func prompt(text string, more ...string) string {
	fields := []string{
		`"model":"claude-opus-5"`, `"max_tokens":4096`,
		`"messages":[{"role":"user","content":` + string(encode(text)) + `}]`,
	}
	return "{" + strings.Join(append(fields, more...), ",") + "}"
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// The note that the answers below are about. Everybody in it is invented, and
// it is concealed as Chaperone would have it.
func syntheticNote(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "note.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestEachJobIsAnsweredOutOfTheWordsOfTheNote(t *testing.T) {
	jobs := map[string]string{
		"summary":        "Summarise this visit for the chart.",
		"soap":           "Write a SOAP note from this.",
		"lists":          "List the problems, the medicines and the follow-ups.",
		"medicines":      "Which medications is the patient taking?",
		"prior_auth":     "Draft a prior authorization letter for continuous glucose monitoring.",
		"interactions":   "Check for drug interactions.",
		"patient_letter": "Write a letter to the patient about this visit.",
		"codes":          "Suggest ICD-10 codes.",
		"json":           "Extract this as JSON.",
		"question":       "When is the potassium to be checked again?",
	}
	for name, instruction := range jobs {
		t.Run(name, func(t *testing.T) {
			m := answer(t, prompt(instruction+"\n\n"+syntheticNote(t)))
			if m.StopReason != "end_turn" || len(m.Content) != 1 {
				t.Fatalf("stop %q with %d blocks", m.StopReason, len(m.Content))
			}
			golden(t, "job_"+name+".md", []byte(m.text()+"\n"))
		})
	}
}
