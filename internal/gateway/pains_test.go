package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/gateway"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
	"chaperone/internal/vault"
)

// The tests of this file are named after what users of other gateways have
// reported. Four of the twenty-two stand where they belong: 12 beside Bedrock's
// door, 17 with the built program (e2e), 18 with the daemon, 22 with the
// conformance suite.

func TestPain01NoPathIsLeftUnguarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "count_tokens") {
			h.answer("200\nContent-Type: application/json\n\n{\"input_tokens\": 7}\n")(w, r)
			return
		}
		h.answer(wholeAnswer("Well."))(w, r)
	}
	for _, path := range []string{
		"/v1/messages", "/v1/messages?beta=true", "/v1/messages/count_tokens", "/v1/messages/count_tokens?beta=true",
	} {
		before := h.upstream.count()
		if w := h.send("POST", path, ask(note)); w.Code != 200 || h.upstream.count() != before+1 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if sent := string(h.upstream.last().body); nth(sent, "RECORD", "1") == nth("", "RECORD", "1") {
			t.Errorf("%s: nothing was concealed", path)
		}
	}
	// Other ways of writing a path, and those of other APIs, are either not served
	// or guarded in the same way.
	for _, path := range []string{
		"/v1/complete", "/v1/messages/", "//v1/messages", "/V1/messages", "/v1/chat/completions", "/anthropic/v1/messages",
		"/model/claude-sonnet-5/invoke", "/v1/projects/p/locations/global/publishers/anthropic/models/claude-sonnet-5:rawPredict",
	} {
		before := h.upstream.count()
		w := h.send("POST", path, ask(note))
		if h.upstream.count() == before {
			if w.Code < 400 {
				t.Errorf("%s: %d, and nothing was sent", path, w.Code)
			}
			continue
		}
		if sent := string(h.upstream.last().body); nth(sent, "RECORD", "1") == nth("", "RECORD", "1") {
			t.Errorf("%s is a way round", path)
		}
	}
	h.keepsItsWord()
}

func TestPain02AStreamShowsNamesAndNotPlaceholders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	w := h.send("POST", "/v1/messages", ask(note, streaming))
	if got := spoken(w.Body.String()); got != note || placeholder.MatchString(got) {
		t.Errorf("the client reads %q", got)
	}
	h.keepsItsWord()
}

func TestPain03APlaceholderMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	text := "Patient: Ludo " + family + ", ü"
	for cut := 1; cut < len(text); cut++ {
		h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
			said := saidTo(r)
			at := min(cut, len(said)-1)
			for at > 0 && said[at]&0xc0 == 0x80 { // a delta is text: it is not cut inside a letter
				at--
			}
			_, stream, _ := strings.Cut(streamed(said[:at], said[at:]), "\n\n")
			w.Header().Set("Content-Type", "text/event-stream")
			for _, b := range []byte(stream) { // a network may cut anywhere
				_, _ = w.Write([]byte{b})
			}
		}
		w := h.send("POST", "/v1/messages", ask(text, streaming), "X-Chaperone-Session", "cuts")
		if got := spoken(w.Body.String()); got != text {
			t.Fatalf("cut at %d the client reads %q", cut, got)
		}
	}
	h.keepsItsWord()
}

// saidTo is the text of the last message of a request.
func saidTo(r *http.Request) string {
	var body struct {
		Messages []struct{ Content string }
	}
	readJSON(r.Body, &body)
	return body.Messages[len(body.Messages)-1].Content
}

func TestPain04TheFirstWordsArriveBeforeTheLastAreWritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: overNetwork})
	read := make(chan struct{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.answer(opened("Mr. {{NAME:1}} is", " quite"))(w, r)
		select {
		case <-read:
			fmt.Fprint(w, closed)
		case <-r.Context().Done():
		}
	}
	c := h.connect(h.serve(), ask(note, streaming))
	until(t, c, "Mr. Ludo "+family+" is")
	close(read) // only now is there an end
	until(t, c, "message_stop")
	h.keepsItsWord()
}

func TestPain05ToolCallsAndResultsInHistoryAreReadAndKeepTheirForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	if w := h.send("POST", "/v1/messages", chart[:len(chart)-1]+`, "stop_sequences": ["END"]}`); w.Code != 200 && w.Code != 502 {
		t.Fatal(w.Code, w.Body)
	}
	sent := h.upstream.last().body
	noTrace(t, "the history", sent)
	var was, now any
	must(t, json.Unmarshal([]byte(chart[:len(chart)-1]+`, "stop_sequences": ["END"]}`), &was))
	must(t, json.Unmarshal(sent, &now))
	if a, b := skeleton(was), skeleton(now); a != b {
		t.Errorf("the turns have another form:\n%s\n%s", a, b)
	}
}

// skeleton is the form of a JSON value: its members, types and ids, not its texts.
func skeleton(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, k := range []string{"type", "role", "id", "tool_use_id", "name"} {
			if s, ok := v[k].(string); ok && !strings.Contains(s, " ") && k != "name" {
				b.WriteString(k + "=" + s + " ")
			}
		}
		for _, k := range []string{"content", "input", "messages", "tools", "system", "metadata"} {
			if in, ok := v[k]; ok {
				b.WriteString(k + ":" + skeleton(in))
			}
		}
		return fmt.Sprintf("{%d %s}", len(v), b.String())
	case []any:
		var parts []string
		for _, in := range v {
			parts = append(parts, skeleton(in))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	return fmt.Sprintf("%T", v)
}

func TestPain06AToolGetsTheRealValues(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(strings.NewReplacer(
		`{"type":"text","text":""}`, `{"type":"tool_use","id":"toolu_01","name":"call","input":{}}`,
		"text_delta", "input_json_delta", `"text":"`, `"partial_json":"`,
	).Replace(streamed(`{\"number\": \"{{PHONE:1[:8]}}`, `{{PHONE:1[8:]}}\", \"who\": {\"mrn\": \"{{RECORD:1}}\"}}`)))
	w := h.send("POST", "/v1/messages", ask(note, streaming))
	if got := w.Body.String(); !strings.Contains(got, phone) || !strings.Contains(got, mrn) || placeholder.MatchString(got) {
		t.Errorf("the tool is called with %s", got)
	}
	h.keepsItsWord()
}

func TestPain07NoExchangeTakesItsValuesFromAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}}"))
	if w := h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Session", "ward-a"); !strings.Contains(w.Body.String(), family) {
		t.Fatal(w.Body)
	}
	theirs := nth(string(h.upstream.last().body), "NAME", "1")
	h.upstream.answer = h.answer(wholeAnswer(theirs))
	for _, session := range []string{"ward-b", ""} {
		w := h.send("POST", "/v1/messages", ask("Who is "+theirs+"?"), "X-Chaperone-Session", session)
		if strings.Contains(w.Body.String(), family) {
			t.Errorf("session %q reads what belongs to another", session)
		}
	}
	other := h.issue(identity.KeySpec{Owner: "another-client", Role: chaperone.RoleClinician})
	r := h.request("POST", "/v1/messages", ask("Who is "+theirs+"?"), "X-Chaperone-Session", "ward-a", "X-Api-Key", other.key)
	if w := h.do(r); w.Code != 200 || strings.Contains(w.Body.String(), family) {
		t.Errorf("another key with the same name of a session reads: %d %s", w.Code, w.Body)
	}
}

func TestPain08NothingRawStandsInLogsMetricsOrFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} {{PHONE:1}}"))
	w := h.send("POST", "/v1/messages", ask(note))
	if !strings.Contains(w.Body.String(), family) {
		t.Fatal(w.Body)
	}
	if got := string(h.shown(w).Intent.Content["received"]); !strings.Contains(got, family) {
		t.Error("the record does not hold what was said, so that looking for it proves nothing")
	}
	h.keepsItsWord()
	h.shut()
	h.eachFile(func(name string, raw []byte) { noTrace(t, name, raw, h.key) })
}

func TestPain09WhatIsOnlyRecordedIsNotChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{policy: "baa-direct", agreement: readAgreement(t, "BAA-7 signed 2026-01-01 expires 2027-01-01")})
	for _, script := range []string{streamed("NAME-R982C6 \\u00e9 is", " 1.0 <b>"), wholeAnswer(`\u00e9 NAME-R982C6 \/ 1.0`)} {
		h.upstream.answer = h.answer(script)
		body := ask(note)
		if strings.Contains(script, "event-stream") {
			body = ask(note, streaming)
		}
		w := h.send("POST", "/v1/messages", body, "X-Chaperone-Purpose", "treatment", "X-Chaperone-Patient", mrn,
			"X-Chaperone-Relation", "declared", "X-Chaperone-Reason", "Follow-up of a cough at the visit today")
		_, said, _ := strings.Cut(script, "\n\n")
		if w.Code != 200 || strings.TrimSpace(w.Body.String()) != strings.TrimSpace(said) {
			t.Errorf("%d: the client reads\n%s\nwant\n%s", w.Code, w.Body, said)
		}
		if got := string(h.upstream.last().body); got != body {
			t.Errorf("Claude was sent %s", got)
		}
	}
}

func TestPain10AStreamIsTreatedAsAnAnswerInOnePieceIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{{NAME:1}}, {{RECORD:1}}", "{{NAME:1}}'s {{PHONE:1}}.", "NAME-ZZZZZZ and {{EMAIL:1}}", "nobody"} {
		h := newHouse(t, plan{})
		h.upstream.answer = h.answer(wholeAnswer(text))
		whole := h.send("POST", "/v1/messages", ask(note))
		var m struct{ Content []struct{ Text string } }
		readJSON(strings.NewReader(whole.Body.String()), &m)
		h.upstream.answer = h.answer(streamed(text))
		stream := h.send("POST", "/v1/messages", ask(note, streaming))
		if len(m.Content) != 1 || m.Content[0].Text != spoken(stream.Body.String()) {
			t.Errorf("%q: in one piece %+v, streamed %q", text, m.Content, spoken(stream.Body.String()))
		}
	}
}

func TestPain11AFaultInThePartsThatProtectStopsTheRequest(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*breakage){
		"no randomness for placeholders": func(b *breakage) { b.random.breaks(func() error { return errors.New("none") }) },
		"no room for what restores":      func(b *breakage) { b.sessions.breaks(vaultFull) },
		"what restores cannot be read": func(b *breakage) {
			b.sessions.breaks(func(context.Context, string, []vault.Item) error { return errDisk })
		},
		"a crash while it works": func(b *breakage) { b.sessions.breaks(crashesAt("put")) },
		"no record":              func(b *breakage) { b.journal.breaks(diskFull) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, b := newBrittleHouse(t, plan{})
			breaks(b)
			w := h.send("POST", "/v1/messages", ask(note))
			if w.Code < 500 || h.upstream.count() != 0 {
				t.Errorf("%d, and %d calls reached Claude", w.Code, h.upstream.count())
			}
			readTold(t, w.Header().Get("Request-Id"), w.Body.Bytes())
		})
	}
}

func TestPain13ThePrefixOfACacheAndTheSignatureOfAThoughtStay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	const thought = `{"type":"thinking","thinking":"Let me see \u00e9.","signature":"EqQBCkgIARABGAIiQL8k3cZ9vVYfYtq2Jb7m+oXw1y0rS5uE/6nHcP4a"}`
	history := func(last string) string {
		return `{"model":"claude-sonnet-5","max_tokens":64,"system":[{"type":"text","text":"Chart of Mr. ` + family + `","cache_control":{"type":"ephemeral","ttl":"1h"}}],
		 "messages":[{"role":"user","content":` + fmt.Sprintf("%q", note) + `},{"role":"assistant","content":[` + thought + `,{"type":"text","text":"Noted."}]},{"role":"user","content":"` + last + `"}]}`
	}
	var before []string
	for _, last := range []string{"And now?", "And tomorrow?"} {
		if w := h.send("POST", "/v1/messages", history(last)); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		head, _, ok := strings.Cut(string(h.upstream.last().body), "And ")
		if !ok || !strings.Contains(head, thought) || !strings.Contains(head, `"cache_control":{"type":"ephemeral","ttl":"1h"}`) {
			t.Errorf("Claude was sent %s", head)
		}
		before = append(before, head)
	}
	if before[0] != before[1] {
		t.Errorf("the same history was sent as\n%s\nand as\n%s", before[0], before[1])
	}
	h.keepsItsWord()
}

func TestPain14ARecordIsOfTheSizeOfWhatWasSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} is well."))
	const many, most = 150, 32 << 10 // bytes an exchange, of which the four texts are about two thousand
	h.send("POST", "/v1/messages", ask(note))
	before := h.size()
	for range many {
		if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
	}
	if each := (h.size() - before) / many; each > most {
		t.Errorf("an exchange of two kilobytes took %d bytes, want at most %d", each, most)
	}
	t.Run("content ends when its time is over", func(t *testing.T) {
		t.Skip("the two clocks of retention are not built yet; see the life of a record in docs/architecture.md")
	})
}

// size is what the data directory takes on disk, in bytes, without the files that
// the database uses over and over.
func (h *house) size() int64 {
	var sum int64
	h.eachFile(func(name string, raw []byte) {
		if !strings.HasSuffix(name, "-wal") && !strings.HasSuffix(name, "-shm") {
			sum += int64(len(raw))
		}
	})
	return sum
}

// Its figures are of the heap: it does not run beside other tests.
func TestPain15MemoryDoesNotGrowWithTheExchanges(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} is well."))
	play := func(from, to int) uint64 {
		for n := from; n < to; n++ {
			w := h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Session", fmt.Sprintf("visit-%d", n))
			if w.Code != 200 {
				t.Fatal(w.Code, w.Body)
			}
		}
		h.upstream.mu.Lock()
		h.upstream.calls = nil
		h.upstream.mu.Unlock()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	first := play(0, 200) // more sessions than are kept in memory
	second := play(200, 400)
	if second > first && second-first > 8<<20 {
		t.Errorf("200 more sessions took %d bytes of memory", second-first)
	}
}

var gated = regexp.MustCompile(`(?i)licen[cs]e_?(key|token|server)|entitlement|premium|enterprise_?(only|edition|feature)|missing_enterprise|upgrade your plan`)

func TestPain16NothingIsBehindALicence(t *testing.T) {
	t.Parallel()
	files := 0
	for _, dir := range []string{"../../cmd", "../../internal", "../../deid", "../../conformance"} {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			text, err := os.ReadFile(path)
			if at := gated.Find(text); at != nil {
				t.Errorf("%s speaks of %q", path, at)
			}
			return err
		}))
	}
	if files < 100 {
		t.Fatalf("only %d files were read", files)
	}
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	w := h.send("POST", "/v1/messages", ask(note)) // with nothing bought there is a record of it, and roles
	h.wantResult(w, audit.OK)
	auditor := h.issue(identity.KeySpec{Owner: "auditor-key", Role: chaperone.RoleAuditor})
	if w := h.do(h.request("POST", "/v1/messages", ask(note), "X-Api-Key", auditor.key)); w.Code != http.StatusForbidden {
		t.Errorf("an auditor sends: %d", w.Code)
	}
	t.Run("single sign-on", func(t *testing.T) {
		t.Skip("OpenID Connect is not built yet; keys and one-time links are what there is")
	})
}

func TestPain19AnOverloadedClaudeIsToldAsSuch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: overNetwork})
	for status, kind := range map[int]string{429: "rate_limit_error", 529: "overloaded_error"} {
		h.upstream.answer = h.answer(fmt.Sprintf("%d\nContent-Type: application/json\nRetry-After: 7\nRetry-After-Ms: 6500\n\n", status) +
			`{"type":"error","error":{"type":"` + kind + `","message":"busy"},"request_id":"req_up"}`)
		calls := h.upstream.count()
		w := h.send("POST", "/v1/messages", ask(note, streaming), "X-Stainless-Retry-Count", "2")
		e := readTold(t, w.Header().Get("Request-Id"), w.Body.Bytes())
		if w.Code != status || e.Error.Type != kind || w.Header().Get("Retry-After") != "7" || w.Header().Get("Retry-After-Ms") != "6500" {
			t.Errorf("%d: %d %s %v", status, w.Code, w.Body, w.Header())
		}
		if n := h.upstream.count() - calls; n != 1 {
			t.Errorf("%d: it was sent %d times to a client that has retried twice already", status, n)
		}
	}
	h.keepsItsWord()
}

func TestPain20WhereTextMayGoIsARuleAndNoPreference(t *testing.T) {
	t.Parallel()
	down := chaperone.NewError(chaperone.KindUnavailable, "door_unreachable", "The door cannot be reached", "Try again later", nil)
	h := newHouse(t, plan{residency: []string{"AU"}, connection: "own-hardware", country: "AU", door: func(*house) claude.Door { return deadDoor{down} }})
	elsewhere := &upstream{answer: h.answer(wholeAnswer("Well."))}
	h.also = []gateway.Door{{
		Door:  claude.NewHandlerDoor("us", elsewhere, false),
		Facts: policy.DoorFacts{Name: "us", Kind: policy.DoorAnthropic, Connection: "own-hardware", Country: "US"},
	}}
	h.furnish()
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "door_unreachable")
	wantError(t, h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Door", "us"), http.StatusForbidden, "outside_residency")
	if n := elsewhere.count(); n != 0 {
		t.Errorf("%d calls went elsewhere", n)
	}
}

func TestPain21EveryKindMakesTheRoundTrip(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	text := "Patient: Ludo " + family + "; DOB: 03/04/1957; MRN: 90817263; SSN: 536-41-7729; Phone: (212) 555-0199; Fax: (212) 555-0198; " +
		"Email: ludo.zyx@example.org; Address: 12 Rose Lane, Springfield, IL 62704; Insurance member ID: XQB123456789; Credit card: 4539 1488 0343 6467; " +
		"IP address: 203.0.113.7; URL: https://portal.example.org/p/ludo; VIN: 1HGCM82633A004352; License plate: 7ABC123"
	w := h.send("POST", "/v1/messages", ask(text, streaming))
	if got := spoken(w.Body.String()); got != text {
		t.Errorf("the client reads\n%s\nwant\n%s", got, text)
	}
	sent := string(h.upstream.last().body)
	noTrace(t, "the request", []byte(sent), "03/04/1957", "536-41-7729", "555-0198", "Rose Lane", "62704", "XQB123456789", "4539", "203.0.113.7", "portal.example.org", "1HGCM82633A004352", "7ABC123")
	h.keepsItsWord()
}
