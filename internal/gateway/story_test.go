package gateway_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/policy"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden stories with what happens now")

// TestExchanges plays every story in testdata/exchange: what a client asks under
// which policy, what Claude sees, what the client gets, and what the record
// holds. The stories are the specification; a privacy officer can read them.
//
// A story has a part "house" (policy, role, environment, agreement, door), then
// for each turn "request", "claude answers" (not where nothing may be sent, or
// where the built-in simulator answers), and the three results. {{NAME:1}} stands
// for the first placeholder of its kind that Claude was sent in this turn (in a
// request: in the turn before), {{NAME:1 of 1}} for that of turn 1, and
// {{NAME:1[:3]}} and {{NAME:1[3:]}} for its beginning and its end.
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/exchange/*.txtar")
	must(t, err)
	if len(files) < 25 {
		t.Fatalf("there are %d stories, want at least 25", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			play(t, file)
		})
	}
}

func play(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	must(t, err)
	parts := map[string]string{}
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	h := newHouse(t, readPlan(t, parts["house"]))
	second := h.secondOfStory()
	told := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{{Name: "house", Data: []byte(parts["house"])}}}
	for n := 1; ; n++ {
		turn := ""
		if n > 1 {
			turn = " " + strconv.Itoa(n)
		}
		request, ok := parts["request"+turn]
		if !ok {
			break
		}
		answers, scripted := parts["claude answers"+turn]
		if scripted {
			h.upstream.answer = h.answer(answers)
		} else if h.upstream.answer == nil {
			h.upstream.answer = func(http.ResponseWriter, *http.Request) { panic("this story sends nothing") }
		}
		more := second.answers(parts, turn)
		before := h.upstream.count()
		w := h.sendText(h.fill(request))
		told.Files = append(told.Files, txtar.File{Name: "request" + turn, Data: []byte(request)})
		if scripted {
			told.Files = append(told.Files, txtar.File{Name: "claude answers" + turn, Data: []byte(answers)})
		}
		told.Files = append(told.Files, more...)
		told.Files = append(told.Files,
			txtar.File{Name: "what Claude saw" + turn, Data: []byte(h.seen(before))},
			txtar.File{Name: "what the client saw" + turn, Data: []byte(clientSaw(w))},
			txtar.File{Name: "what the record holds" + turn, Data: []byte(h.recorded(w))},
		)
		told.Files = append(told.Files, second.saw(w, turn)...)
	}
	got := string(txtar.Format(told))
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	if diff := cmp.Diff(string(txtar.Format(archive)), got); diff != "" {
		t.Errorf("the story is no longer true (run with -update and review the difference):\n%s", diff)
	}
}

// readPlan reads the part "house": lines of "name: value", and a policy text
// behind a line "policy text:".
func readPlan(t *testing.T, text string) plan {
	p := plan{}
	settings, cedar, _ := strings.Cut(text, "policy text:\n")
	for _, line := range strings.Split(strings.TrimSpace(settings), "\n") {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "policy":
			p.policy = value
		case "role":
			p.role = chaperone.Role(value)
		case "environment":
			p.environment = chaperone.Environment(value)
		case "door":
			p.simulated = value == "the simulator"
		case "open gates":
			for _, g := range strings.Fields(value) {
				delete(p.agreement.Gates, policy.Gate(g))
			}
		case "plan":
			p.tier = value
		case "connection":
			p.connection = value
		case "stands in": // the kind and the country of a second door: "compatible in AU"
			p.standIn, p.adjust = value, standIn("second")
		case "country":
			p.country = value
		case "assessment": // of text that may cross the border: "CB-1 until 2027-01-01 for US"
			f := strings.Fields(value)
			until, err := time.Parse(time.DateOnly, f[2])
			must(t, err)
			p.settings.CrossBorder = policy.Assessment{ID: f[0], ApprovedBy: "privacy-officer", From: start.AddDate(0, -1, 0), Until: until, Countries: f[4:]}
		case "patients": // "CA-ON; AU in AU NZ": the law where none is stated, and rules
			law, rules, _ := strings.Cut(value, ";")
			p.settings.Jurisdiction = policy.Jurisdiction(law)
			if name, countries, ok := strings.Cut(strings.TrimSpace(rules), " in "); ok {
				p.settings.Jurisdictions = map[policy.Jurisdiction][]string{policy.Jurisdiction(name): strings.Fields(countries)}
			}
		case "residency":
			p.residency = strings.Fields(value)
		case "agreement":
			p.agreement = readAgreement(t, value)
		case "data use agreement":
			p.dataUse = readAgreement(t, value)
		case "determination":
			p.settings.Determination = readDetermination(t, value)
		case "":
		default:
			t.Fatalf("house: unknown setting %q", name)
		}
	}
	if cedar != "" {
		p.policy = cedar
	}
	return p
}

// readDetermination is one that keeps areas of postal codes, shifts dates and
// gives ages in bands, between two days: "2026-01-15 to 2027-01-15".
func readDetermination(t *testing.T, text string) *deid.Determination {
	from, to, _ := strings.Cut(text, " to ")
	d, err := deid.ParseDetermination([]byte("expert: Ada Example\nmethod: k of 11\nscope: this registry\ndetermined: " + from +
		"\nexpires: " + to + "\ntreatments: {date: generalise, postal: area, age: band, place: keep}\n"))
	must(t, err)
	return &d
}

// readAgreement reads "BAA-7 signed 2026-01-01 expires 2027-01-01", and behind
// "covers" the sensitive matters that it names.
func readAgreement(t *testing.T, text string) policy.Agreement {
	f := strings.Fields(text)
	var covers []policy.Category
	var names []string
	if i := slices.Index(f, "names"); i > 0 {
		f, names = f[:i], f[i+1:]
	}
	if len(f) > 6 && f[5] == "covers" {
		for _, c := range f[6:] {
			covers = append(covers, policy.Category(c))
		}
		f = f[:5]
	}
	if len(f) != 5 {
		t.Fatalf("house: agreement %q", text)
	}
	signed, err := time.Parse(time.DateOnly, f[2])
	must(t, err)
	expires, err := time.Parse(time.DateOnly, f[4])
	must(t, err)
	return policy.Agreement{ID: f[0], Signed: signed, Expires: expires, ApprovedBy: "privacy-officer", Covers: covers, Names: names, Gates: closedGates()}
}

// closedGates are the gates of a door that is ready.
func closedGates() map[policy.Gate]policy.Signature {
	all := map[policy.Gate]policy.Signature{}
	for _, g := range policy.Gates() {
		all[g] = policy.Signature{On: start.AddDate(-1, 0, 0), By: "privacy-officer"}
	}
	return all
}

// sendText sends a request written as in HTTP: a request line, headers, an
// empty line, the body.
func (h *house) sendText(text string) *httptest.ResponseRecorder {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	var header []string
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ": ")
		if value == "(revoked)" {
			must(h.t, h.identity.RevokeKey(context.Background(), "clinic", h.keyID))
			value = h.key
		}
		header = append(header, name, value)
	}
	return h.send(method, target, strings.TrimSuffix(body, "\n"), header...)
}

var (
	wanted      = regexp.MustCompile(`\{\{([A-Z]+):(\d+)(?: of (\d+))?(?:\[(\d*):(\d*)\])?\}\}`)
	placeholder = regexp.MustCompile(`\b[A-Z]+-[0-9A-HJKMNP-TV-Z]{6}\b`)
)

// fill puts the placeholders that Claude was sent into a script.
func (h *house) fill(script string) string {
	return wanted.ReplaceAllStringFunc(script, func(want string) string {
		m := wanted.FindStringSubmatch(want)
		sent := h.upstream.last().body
		if turn, err := strconv.Atoi(m[3]); err == nil {
			sent = h.upstream.calls[turn-1].body
		}
		found := nth(string(sent), m[1], m[2])
		from, to := 0, len(found)
		if n, err := strconv.Atoi(m[4]); err == nil {
			from = n
		}
		if n, err := strconv.Atoi(m[5]); err == nil {
			to = n
		}
		return found[from:to]
	})
}

// answer makes the handler of a scripted answer: a status line, headers, an
// empty line, the body. Streams are written line by line, so that every line
// ends a read.
func (h *house) answer(text string) http.HandlerFunc {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	status, err := strconv.Atoi(lines[0])
	must(h.t, err)
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, l := range lines[1:] {
			name, value, _ := strings.Cut(l, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		filled := h.fill(body)
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
			fmt.Fprint(w, strings.TrimSuffix(filled, "\n"))
			return
		}
		for _, line := range strings.SplitAfter(filled, "\n") {
			fmt.Fprint(w, line)
			http.NewResponseController(w).Flush()
		}
	}
}

// nth is the nth different placeholder of a kind in what Claude was sent.
func nth(sent, word, n string) string {
	want, _ := strconv.Atoi(n)
	seen := map[string]bool{}
	for _, p := range placeholder.FindAllString(sent, -1) {
		if strings.HasPrefix(p, word+"-") && !seen[p] {
			seen[p] = true
			if len(seen) == want {
				return p
			}
		}
	}
	return "(Claude was sent no " + word + " number " + n + ")"
}

// seen is everything that reached Claude since before.
func (h *house) seen(before int) string {
	if h.upstream.count() == before {
		return "nothing: not a byte was sent\n"
	}
	c := h.upstream.last()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", c.method, c.path)
	names := make([]string, 0, len(c.header))
	for name := range c.header {
		if name != "Content-Length" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(c.header[name], ", "))
	}
	if len(c.body) > 0 {
		fmt.Fprintf(&b, "\n%s\n", c.body)
	}
	return b.String()
}

func clientSaw(w *httptest.ResponseRecorder) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n", w.Code)
	for _, name := range []string{"Content-Type", "Retry-After", "X-Should-Retry", "X-Amzn-Errortype", "X-Chaperone-Decision", "X-Chaperone-Retention", "X-Chaperone-Simulated"} {
		if v := w.Header().Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	body := w.Body.String()
	if w.Header().Get("Content-Type") == "application/vnd.amazon.eventstream" {
		body = readFrames(w.Body)
	}
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSuffix(body, "\n"))
	return b.String()
}

// recorded writes the record of an exchange as a person would ask for it.
func (h *house) recorded(w *httptest.ResponseRecorder) string {
	return h.recordedOf(w.Header().Get("Request-Id"))
}

func (h *house) recordedOf(exchange string) string {
	full, err := h.log.Show(context.Background(), exchange)
	if err != nil {
		return h.newestEvent()
	}
	var b strings.Builder
	line := func(name string, value any) {
		if s := fmt.Sprint(value); s != "" && s != "[]" && s != "0" {
			fmt.Fprintf(&b, "%-9s %s\n", name, s)
		}
	}
	in, out := full.Intent.Facts, full.Outcome.Facts.Outcome
	line("user", full.Ten.User+" ("+full.Ten.Role+") from "+full.Ten.Address)
	line("action", full.Ten.Action)
	line("form", in.Deed.Form)
	line("patient", full.Ten.Patient)
	line("reason", full.Ten.Reason)
	line("basis", in.Deed.Basis)
	line("found", full.Ten.PHI)
	if r := in.Ruling.Residual; r != nil {
		line("crowd", fmt.Sprintf("%d, score %.2f, by %s", r.Crowd, r.Score, strings.Join(r.Why, ", ")))
	}
	line("speaks of", strings.Join(in.Ruling.Categories, ", "))
	line("door", in.Deed.Door+simulatedMark(in.Deed.Simulated))
	line("agreement", in.Deed.Agreement)
	line("law", in.Deed.Law)
	line("places", strings.Join(in.Deed.Places, ", "))
	line("retention", in.Deed.Retention)
	line("policy", in.Ruling.Profile)
	line("conceals", strings.TrimSpace(in.Ruling.Conceals+" "+in.Ruling.Ground))
	line("ruling", fmt.Sprint(in.Ruling.Decision, " by ", strings.Join(in.Ruling.Reasons, ", ")))
	line("result", full.Ten.Result+" "+full.Ten.Status)
	line("error", out.ErrorCode)
	line("ran in", out.Upstream.Region)
	line("stopped", out.Upstream.StopReason)
	line("restored", out.Restored)
	line("unknown", out.Unknown)
	line("brought", brought(out))
	line("sealed", strings.Join(append(partNames(full.Intent), partNames(full.Outcome)...), ", "))
	return b.String()
}

// brought says what only the answer had, and how much of it was taken out.
func brought(out *audit.OutcomeFacts) string {
	var list []string
	for kind, n := range out.Brought {
		list = append(list, fmt.Sprintf("%s×%d", kind, n))
	}
	sort.Strings(list)
	if out.Withheld > 0 {
		list = append(list, fmt.Sprintf("(%d withheld)", out.Withheld))
	}
	return strings.Join(list, " ")
}

func simulatedMark(simulated bool) string {
	if simulated {
		return " (SIMULATED)"
	}
	return ""
}

func partNames(r *audit.Record) []string {
	var names []string
	for _, p := range r.Facts.Parts {
		if p.Bytes > 0 {
			names = append(names, p.Name)
		}
	}
	return names
}

// newestEvent is what the record holds where nobody was admitted.
func (h *house) newestEvent() string {
	list, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote, Limit: 1})
	must(h.t, err)
	if len(list) == 0 {
		return "nothing\n"
	}
	return fmt.Sprintf("event     %s from %s, answered %s\n", list[0].Ten.Action, list[0].Ten.Address, list[0].Ten.Status)
}
