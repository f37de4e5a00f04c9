package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/gateway"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
)

// batchAPI is a Claude with batches and files, that keeps what it is sent and
// answers every line with its own text. It shares no code with the simulator.
type batchAPI struct {
	lines   []string // JSON texts of the last batch, in order
	results string   // in place of its own
	made    int
}

func (a *batchAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch path := r.URL.Path; {
	case r.Method == "POST" && path == claude.BatchesPath:
		var body struct {
			Requests []struct {
				ID     string `json:"custom_id"`
				Params struct {
					Messages []struct{ Content json.RawMessage }
				}
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, `{}`, http.StatusBadRequest)
			return
		}
		a.lines = nil
		for _, one := range body.Requests {
			a.lines = append(a.lines, fmt.Sprintf(`{"custom_id":%q,"result":{"type":"succeeded","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":%s}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}}}`,
				one.ID, one.Params.Messages[0].Content))
		}
		a.made++
		fmt.Fprintf(w, `{"id":"msgbatch_%d","type":"message_batch","processing_status":"in_progress","results_url":null}`, a.made)
	case strings.HasSuffix(path, "/results"):
		w.Header().Set("Content-Type", "application/x-jsonl")
		text := a.results
		if text == "" {
			text = strings.Join(a.lines, "\n") + "\n"
		}
		fmt.Fprint(w, text)
	case r.Method == "POST" && path == claude.FilesPath:
		a.made++
		fmt.Fprintf(w, `{"id":"file_%d","type":"file","filename":"file.txt"}`, a.made)
	case r.Method == "GET" && path == claude.BatchesPath:
		fmt.Fprint(w, `{"data":[{"id":"msgbatch_of_others","type":"message_batch"},{"id":"msgbatch_1","type":"message_batch","results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_1/results"}],"has_more":false}`)
	case r.Method == "GET" && path == claude.FilesPath:
		fmt.Fprint(w, `{"data":[{"id":"file_of_others","type":"file","filename":"x"},{"id":"file_1","type":"file","filename":"file.txt"}],"has_more":false}`)
	default:
		fmt.Fprintf(w, `{"id":%q,"type":"deleted"}`, regexp.MustCompile(`(msgbatch|file)_\w+`).FindString(path))
	}
}

// line is one line of a batch; more are its members besides.
func line(id, text string, more ...string) string {
	return fmt.Sprintf(`{"custom_id": %q, "params": %s%s}`, id, ask(text), strings.Join(append([]string{""}, more...), ", "))
}

func batchOf(lines ...string) string { return `{"requests": [` + strings.Join(lines, ", ") + `]}` }

func about(patient string) string { return fmt.Sprintf(`"chaperone": {"patient": %q}`, patient) }

// results reads results as a client does: text or error code by custom_id.
func results(t *testing.T, w *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	found := map[string]string{}
	for s := bufio.NewScanner(w.Body); s.Scan(); {
		var one struct {
			ID     string `json:"custom_id"`
			Result struct {
				Message struct{ Content []struct{ Text string } }
				Error   struct {
					Error struct {
						Details struct {
							Code string `json:"error_code"`
						}
					}
				}
			}
		}
		must(t, json.Unmarshal(s.Bytes(), &one))
		if _, twice := found[one.ID]; twice {
			t.Errorf("%s came twice", one.ID)
		}
		found[one.ID] = one.Result.Error.Error.Details.Code
		if len(one.Result.Message.Content) > 0 {
			found[one.ID] = one.Result.Message.Content[0].Text
		}
	}
	return found
}

func wantResults(t *testing.T, w *httptest.ResponseRecorder, want map[string]string) {
	t.Helper()
	got := results(t, w)
	for id, text := range want {
		if got[id] != text {
			t.Errorf("%s: %q, want %q", id, got[id], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines, want %d", len(got), len(want))
	}
}

const resultsOfOne = claude.BatchesPath + "/msgbatch_1/results"

// TestABatchEndsWeeksLaterInAnotherProcess: sessions that nobody uses end after
// hours; that of a batch lives as long as its results do.
func TestABatchEndsWeeksLaterInAnotherProcess(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{settings: gateway.Settings{Session: time.Hour}})
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	if w := h.send("POST", claude.BatchesPath, batchOf(line("zyx-"+mrn, note), line("other", "How are you?"))); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	h.shut()
	h.clock.Add(28 * 24 * time.Hour)
	h.open()
	must(t, h.gateway.Sweep(t.Context()))
	w := h.send("GET", resultsOfOne, "")
	wantResults(t, w, map[string]string{"zyx-" + mrn: note, "other": "How are you?"})
	h.wantResult(w, audit.OK)
	h.clock.Add(4 * 24 * time.Hour)
	must(t, h.gateway.Sweep(t.Context()))
	wantError(t, h.send("GET", resultsOfOne, ""), 404, "batch_unknown")
	h.keepsItsWord()
	h.verifies()
}

// TestNobodySeesTheBatchOrTheFileOfAnother: to others it is not there.
func TestNobodySeesTheBatchOrTheFileOfAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	if w := h.send("POST", claude.BatchesPath, batchOf(line("a", note))); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	w := h.upload("zyx.txt", "text/plain", note)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"filename":"zyx.txt"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	owner := h.credential
	for _, path := range []string{claude.BatchesPath, claude.FilesPath} {
		w := h.send("GET", path, "")
		if body := w.Body.String(); !strings.Contains(body, `_1"`) || strings.Contains(body, "others") || strings.Contains(body, "api.anthropic.com") {
			t.Errorf("the owner's list: %s", body)
		}
	}
	h.credential = h.issue(identity.KeySpec{Owner: "somebody-else", Role: chaperone.RoleClinician})
	calls := h.upstream.count()
	for _, c := range []struct{ method, path, code string }{
		{"GET", claude.BatchesPath + "/msgbatch_1", "batch_unknown"},
		{"GET", resultsOfOne, "batch_unknown"},
		{"POST", claude.BatchesPath + "/msgbatch_1/cancel", "batch_unknown"},
		{"DELETE", claude.BatchesPath + "/msgbatch_1", "batch_unknown"},
		{"GET", claude.BatchesPath + "/msgbatch_nowhere", "batch_unknown"},
		{"GET", claude.BatchesPath + "/Mr.%20" + family, "batch_unknown"},
		{"GET", claude.FilesPath + "/file_1", "file_unknown"},
		{"GET", claude.FilesPath + "/file_1/content", "file_unknown"},
		{"DELETE", claude.FilesPath + "/file_1", "file_unknown"},
	} {
		wantError(t, h.send(c.method, c.path, ""), 404, c.code)
	}
	wantError(t, h.send("POST", "/v1/messages", withFile("file_1")), 404, "file_unknown")
	if n := h.upstream.count() - calls; n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	for _, path := range []string{claude.BatchesPath, claude.FilesPath} {
		if body := h.send("GET", path, "").Body.String(); !strings.Contains(body, `"data":[]`) || strings.Contains(body, "_1") {
			t.Errorf("the list of another: %s", body)
		}
	}
	h.credential = h.issue(identity.KeySpec{Owner: "test-client", Role: chaperone.RoleClinician})
	if w := h.send("GET", claude.BatchesPath+"/msgbatch_1", ""); w.Code != 200 {
		t.Errorf("the same person with another key: %d", w.Code)
	}
	h.credential = owner
	h.keepsItsWord()
}

// TestALineIsInTheRecordOfItsPatient: before the batch leaves, and again when its
// result is read (AUD-09).
func TestALineIsInTheRecordOfItsPatient(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	made := h.send("POST", claude.BatchesPath, batchOf(line("a", note, about("P-1")), line("b", "well"), line("c", "ill", about("P-2")), line("d", "fine", about("P-1"))))
	if made.Code != 200 {
		t.Fatalf("%d %s", made.Code, made.Body)
	}
	noTrace(t, "what left", h.upstream.last().body, "P-1", "P-2", "chaperone")
	read := h.send("GET", resultsOfOne, "")
	if len(results(t, read)) != 4 {
		t.Errorf("%s", read.Body)
	}
	patient, err := chaperone.NewPatientRef("P-1")
	must(t, err)
	events, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Patient: patient})
	must(t, err)
	if len(events) != 2 || events[1].Ten.Action != "batch.lines" || events[1].Subject != made.Header().Get("Request-Id") ||
		events[0].Ten.Action != "batch.results" || events[0].Subject != read.Header().Get("Request-Id") {
		t.Fatalf("%+v", events)
	}
	if found := events[1].Ten.PHI; !strings.Contains(found, "name×1") {
		t.Errorf("the lines of this patient are said to hold: %s", found)
	}
	lines := h.detail(events[1].Seq)
	if lines != `{"requests":[1,4]}` {
		t.Errorf("the lines are %s", lines)
	}
	if told := h.detail(events[0].Seq); !strings.Contains(told, family) || !strings.Contains(told, "fine") || strings.Contains(told, "ill") {
		t.Error("the results under this patient are not those of their lines")
	}
	h.keepsItsWord()
	h.verifies()
}

// detail opens the words of an event.
func (h *house) detail(seq uint64) string {
	full, err := h.log.Show(context.Background(), fmt.Sprint(seq))
	must(h.t, err)
	return string(full.Note.Content["detail"])
}

// TestResultsThatGoWrong: whatever the other side does, every line has one answer
// and the record says what happened.
func TestResultsThatGoWrong(t *testing.T) {
	t.Parallel()
	one := `{"custom_id":"line-0","result":{"type":"succeeded","message":{"content":[{"type":"text","text":"well"}]}}}`
	for name, c := range map[string]struct {
		results string
		a, b    string
		result  audit.Result
		code    string
	}{
		"nothing came":              {"\n", "batch_result_missing", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
		"a line is missing":         {one + "\n", "well", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
		"a line is cut":             {one + "\n" + `{"custom_id":"line-1","res`, "well", "batch_results_cut", audit.Truncated, "upstream_truncated"},
		"a line is no JSON":         {one + "\nline-1\n", "well", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
		"a line is HTML":            {"<html>" + family + "</html>\n" + one + "\n", "well", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
		"a line came twice":         {one + "\n" + strings.Replace(one, "well", "ill", 1) + "\n" + strings.Replace(one, "line-0", "line-1", 1) + "\n", "well", "well", audit.UpstreamError, "batch_result_unknown"},
		"a line of another's batch": {one + "\n" + strings.Replace(one, "line-0", family, 1) + "\n", "well", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
		"lines without an end":      {one + "\n" + strings.Repeat("x\n", 1000), "well", "batch_results_cut", audit.UpstreamError, "upstream_malformed"},
		"a place that is none":      {strings.Replace(one, "line-0", "line-00", 1) + "\n" + strings.Replace(one, "line-0", "line--1", 1), "batch_result_missing", "batch_result_missing", audit.UpstreamError, "batch_result_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{})
			h.upstream.answer = (&batchAPI{results: c.results}).ServeHTTP
			h.send("POST", claude.BatchesPath, batchOf(line("a", note), line("b", "well?")))
			w := h.send("GET", resultsOfOne, "")
			wantResults(t, w, map[string]string{"a": c.a, "b": c.b})
			if got := h.wantResult(w, c.result).Outcome.Facts.Outcome.ErrorCode; got != c.code {
				t.Errorf("the record says %s, want %s", got, c.code)
			}
			h.keepsItsWord()
		})
	}
}

// TestResultsThatCannotBeRecordedAreNotReleased: what the record does not hold is
// not given out, and the client cannot take what it has for the whole.
func TestResultsThatCannotBeRecordedAreNotReleased(t *testing.T) {
	t.Parallel()
	h, b := newBrittleHouse(t, plan{})
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	var lines []string
	for n := range 300 { // of several pieces
		lines = append(lines, line(fmt.Sprint("id-", n), "well?"))
	}
	h.send("POST", claude.BatchesPath, batchOf(lines...))
	notes := 0
	b.journal.breaks(only(audit.KindNote, func(context.Context, audit.Row) (bool, error) {
		if notes++; notes == 2 {
			return false, errDisk
		}
		return false, nil
	}))
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if cut, _ := recover().(error); !errors.Is(cut, http.ErrAbortHandler) {
				t.Errorf("the connection is not broken off: %v", cut)
			}
		}()
		h.handler.ServeHTTP(w, h.request("GET", resultsOfOne, ""))
	}()
	if n := strings.Count(w.Body.String(), "\n"); n != 128 {
		t.Errorf("%d lines were released, want those of one piece", n)
	}
	h.wantResult(w, audit.Failed)
	b.journal.breaks(nil)
	if n := len(results(t, h.send("GET", resultsOfOne, ""))); n != 300 {
		t.Errorf("%d lines when it works again", n)
	}
	h.keepsItsWord()
}

// TestAClientThatLeavesItsResults: the record says so, and it may come again.
func TestAClientThatLeavesItsResults(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	api := &batchAPI{}
	h.upstream.answer = api.ServeHTTP
	h.send("POST", claude.BatchesPath, batchOf(line("a", note)))
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-jsonl")
		fmt.Fprintln(w, api.lines[0])
		<-r.Context().Done()
	}
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan *httptest.ResponseRecorder)
	calls := h.upstream.count()
	go func() { left <- h.do(h.request("GET", resultsOfOne, "").WithContext(ctx)) }()
	eventually(t, "Claude was asked", func() bool { return h.upstream.count() > calls })
	leave()
	h.wantResult(<-left, audit.ClientGone)
	h.upstream.answer = api.ServeHTTP
	wantResults(t, h.send("GET", resultsOfOne, ""), map[string]string{"a": note})
	h.keepsItsWord()
}

// TestWhatHasNoOwnerIsNobodys: where the house fails between the vendor's answer
// and its own memory, the client is told, the outcome is on record with the id,
// and nobody can read what was made.
func TestWhatHasNoOwnerIsNobodys(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(h *house) *httptest.ResponseRecorder{
		"a batch": func(h *house) *httptest.ResponseRecorder {
			return h.send("POST", claude.BatchesPath, batchOf(line("a", note)))
		},
		"a file": func(h *house) *httptest.ResponseRecorder { return h.upload("a.txt", "text/plain", note) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, b := newBrittleHouse(t, plan{})
			api := &batchAPI{}
			h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
				b.sessions.breaks(vaultFull) // from now on
				api.ServeHTTP(w, r)
			}
			w := make(h)
			wantError(t, w, 503, "vault_unavailable")
			full := h.wantResult(w, audit.Failed)
			if !strings.Contains(string(full.Outcome.Content["answered"]), `_1"`) {
				t.Error("the record does not say what was made")
			}
			b.sessions.breaks(nil)
			h.upstream.answer = api.ServeHTTP
			wantError(t, h.send("GET", resultsOfOne, ""), 404, "batch_unknown")
			wantError(t, h.send("GET", claude.FilesPath+"/file_1", ""), 404, "file_unknown")
			h.keepsItsWord()
		})
	}
}

// plainDoor is a door that has neither batches nor files.
type plainDoor struct{ claude.Door }

// TestADoorWithoutThemSaysSoByName: nothing is read and nothing sent.
func TestADoorWithoutThemSaysSoByName(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: func(h *house) claude.Door {
		return plainDoor{claude.NewHandlerDoor("claude", h.upstream, false)}
	}})
	for _, c := range []struct{ method, path string }{
		{"POST", claude.BatchesPath}, {"GET", claude.BatchesPath}, {"POST", claude.FilesPath}, {"GET", claude.FilesPath},
	} {
		w := h.send(c.method, c.path, batchOf(line("a", note)))
		if e := wantError(t, w, 404, "not_offered"); !strings.Contains(e.Error.Message, "The door claude has no ") {
			t.Errorf("%s %s: %s", c.method, c.path, e.Error.Message)
		}
	}
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	h.keepsItsWord()
}

// TestResultsFromElsewhereAreWithheld: each line of a batch that is pinned to a
// place must say that it ran there (RTE-03).
func TestResultsFromElsewhereAreWithheld(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{residency: []string{"US"}})
	at := func(n int, geo string) string {
		return fmt.Sprintf(`{"custom_id":"line-%d","result":{"type":"succeeded","message":{"content":[{"type":"text","text":"well"}],"usage":{"inference_geo":%q}}}}`+"\n", n, geo)
	}
	h.upstream.answer = (&batchAPI{results: at(0, "us") + at(1, "global")}).ServeHTTP
	if w := h.send("POST", claude.BatchesPath, batchOf(line("a", note), line("b", note))); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if n := strings.Count(string(h.upstream.last().body), `"inference_geo":"us"`); n != 2 {
		t.Errorf("%d lines are pinned", n)
	}
	w := h.send("GET", resultsOfOne, "")
	wantResults(t, w, map[string]string{"a": "well", "b": "residency_echo"})
	h.wantResult(w, audit.UpstreamError)
	events, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote, Limit: 1})
	must(t, err)
	if len(events) != 1 || events[0].Ten.Action != string(audit.OutOfPlace) {
		t.Errorf("%+v", events)
	}
	h.keepsItsWord()
}

// TestAPatientOfALineThatIsNone is refused with its place, and without its words.
func TestAPatientOfALineThatIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	w := h.send("POST", claude.BatchesPath, batchOf(line("a", "well"), line("b", "ill", about("Mr. "+family))))
	if e := wantError(t, w, 400, "batch_malformed"); !strings.HasPrefix(e.Error.Message, "Request 2 of the batch: ") {
		t.Error(e.Error.Message)
	}
	h.keepsItsWord()
}

// TestTheDoorOfABatchIsWhereItLies: whoever made it need not say it again.
func TestTheDoorOfABatchIsWhereItLies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	far := &upstream{answer: (&batchAPI{}).ServeHTTP}
	h.also = []gateway.Door{{
		Door:  claude.NewHandlerDoor("far", far, false),
		Facts: policy.DoorFacts{Name: "far", Kind: policy.DoorAnthropic, Connection: "anthropic-standard"},
	}}
	h.furnish()
	h.send("POST", claude.BatchesPath, batchOf(line("a", note)), "X-Chaperone-Door", "far")
	wantResults(t, h.send("GET", resultsOfOne, ""), map[string]string{"a": note})
	wantError(t, h.send("GET", resultsOfOne, "", "X-Chaperone-Door", "claude"), 404, "batch_unknown")
	if far.count() != 2 || h.upstream.count() != 0 {
		t.Errorf("%d calls there, %d here", far.count(), h.upstream.count())
	}
	for _, c := range far.calls {
		noTrace(t, "what left", c.body)
	}
}

// TestALineMayReferToAFile: what Claude quotes of the file comes back in its words,
// in the results as in an answer.
func TestALineMayReferToAFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	if w := h.upload("a.txt", "text/plain", note); w.Code != 200 {
		t.Fatal(w.Body)
	}
	name := nth(string(h.upstream.last().body), "NAME", "1")
	quoted := fmt.Sprintf(`{"custom_id":"line-0","result":{"type":"succeeded","message":{"content":[{"type":"text","text":"It is %s."}]}}}`+"\n", name)
	h.upstream.answer = (&batchAPI{results: quoted}).ServeHTTP
	if w := h.send("POST", claude.BatchesPath, `{"requests": [{"custom_id": "a", "params": `+withFile("file_1")+`}]}`); w.Code != 200 {
		t.Fatal(w.Body)
	}
	w := h.send("GET", resultsOfOne, "")
	wantResults(t, w, map[string]string{"a": "It is Ludo " + family + "."})
	if out := h.wantResult(w, audit.OK).Outcome.Facts.Outcome; out.Restored != 1 || out.Unknown != 0 {
		t.Errorf("restored %d, unknown %d", out.Restored, out.Unknown)
	}
	h.keepsItsWord()
}

// TestResultsAreReleasedWhileMoreCome: nothing waits for the end of a long list.
func TestResultsAreReleasedWhileMoreCome(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	api := &batchAPI{}
	h.upstream.answer = api.ServeHTTP
	var lines []string
	for n := range 200 {
		lines = append(lines, line(fmt.Sprint("id-", n), "well?"))
	}
	h.send("POST", claude.BatchesPath, batchOf(lines...))
	read := make(chan struct{})
	h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-jsonl")
		for n, one := range api.lines {
			if n == 150 {
				<-read
			}
			fmt.Fprintln(w, one)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.serve().URL+resultsOfOne, nil)
	must(t, err)
	r.Header.Set("X-Api-Key", h.key)
	r.Header.Set("Anthropic-Version", "2023-06-01")
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	for n := range 128 {
		if !in.Scan() {
			t.Fatalf("line %d did not come: %v", n, in.Err())
		}
	}
	close(read)
	n := 128
	for in.Scan() {
		n++
	}
	if n != 200 || in.Err() != nil {
		t.Errorf("%d lines, %v", n, in.Err())
	}
	h.keepsItsWord()
}
