package daemon

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/internal/register"
	"chaperone/internal/store"
)

// configured is a configuration over a data directory that was used once.
func configured(t *testing.T, src string) Options {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "chaperone.yaml")
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, faults := config.Load(path)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	cfg.Data = filepath.Join(dir, "data")
	cfg.Listen = "127.0.0.1:0"
	opts := Options{Config: cfg, Version: "test", Log: io.Discard}.withDefaults()
	k, err := openKeep(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return opts
}

// managing opens a client of what is kept.
func managing(t *testing.T, opts Options) *api.Client {
	t.Helper()
	client, stop, err := Manage(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return client
}

const gates = `gates: {access_control: {on: 2026-05-04, by: it}, encryption: {on: 2026-05-04, by: it}, audit: {on: 2026-05-04, by: it}, training: {on: 2026-05-04, by: it}, risk_assessment: {on: 2026-05-04, by: it}}`

const flowSource = `
default_door: direct
policy: baa-direct
residency: [US]
doors:
  - name: direct
    kind: anthropic
    key_env: K
    configuration: hipaa
    country: US
    agreement: {id: BAA-1, holder: Anthropic, signed: 2026-05-04, expires: 2027-05-04, approved_by: po, approved_on: 2026-05-04, ` + gates + `}
  - {name: sydney, kind: bedrock, region: ap-southeast-2, country: AU}
  - {name: simulator, kind: simulator}
`

// The picture is read from what doors are ruled by: a change of either shows.
func TestAChangeOfARouteChangesTheDataFlow_RTE08(t *testing.T) {
	opts := configured(t, flowSource)
	on := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	drawn := func(cfg config.File, at time.Time) register.Flow {
		t.Helper()
		f, err := Dataflow(cfg, at)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	before := drawn(opts.Config, on)
	var said []string
	for _, d := range before.Doors {
		said = append(said, fmt.Sprint(d.Name, " ", d.Carries, " ", d.Places))
	}
	if want := []string{"direct identified [US]", "sydney nothing [AU]", "simulator identified []"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	if again := drawn(opts.Config, on); again.Digest() != before.Digest() {
		t.Error("the same configuration has two digests")
	}
	moved := opts.Config
	moved.Doors = slices.Clone(moved.Doors)
	moved.Doors[1].Region = "ap-southeast-1"
	if drawn(moved, on).Digest() == before.Digest() {
		t.Error("a door moved and the digest did not")
	}
	if ended := drawn(opts.Config, on.AddDate(1, 0, 0)); ended.Digest() == before.Digest() || ended.Doors[0].Carries != string(policy.LoadPlaceholders) {
		t.Errorf("the agreement ended and the picture says %s", ended.Doors[0].Carries)
	}
}

// vendor is a Claude on loopback that answers as it is told and keeps what it got.
type vendor struct {
	mu     sync.Mutex
	status int
	bodies []string
	*httptest.Server
}

func newVendor(t *testing.T, status int) *vendor {
	v := &vendor{status: status}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v.mu.Lock()
		v.bodies = append(v.bodies, r.Method+" "+r.URL.Path+" "+string(body))
		v.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(v.status)
		_, _ = io.WriteString(w, `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ready"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) got() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.bodies)
}

func drillSource(first, second, abroad string) string {
	door := func(name, url, country, rest string) string {
		return fmt.Sprintf("  - {name: %s, kind: compatible, url: %s, key_env: K, country: %s, insecure_http: true, insecure_private_address: true%s}\n", name, url, country, rest)
	}
	return "default_door: first\nresidency: [CA]\ndoors:\n" + door("first", first, "CA", ", fallback: [second]") + door("second", second, "CA", "") + door("abroad", abroad, "US", "")
}

func TestADrillIsTimedRecordedAndKept_RTE06(t *testing.T) {
	t.Setenv("K", "made-up")
	first, second, abroad := newVendor(t, 200), newVendor(t, 200), newVendor(t, 200)
	opts := configured(t, drillSource(first.URL, second.URL, abroad.URL))
	var mu sync.Mutex
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	opts.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); now = now.Add(5 * time.Millisecond); return now }
	client := managing(t, opts)
	e, err := client.Drill(t.Context(), "it-lead", "first", strings.Repeat("a", 64))
	if err != nil {
		t.Fatal(err)
	}
	if e.By != "it-lead" || e.Drill.Stand != "second" || e.Drill.Took <= 0 || !strings.Contains(e.Drill.Resulted, "second stands in, for text without identifiers only") || e.Drill.Flow == "" {
		t.Errorf("%+v", e.Drill)
	}
	for i, want := range []register.Probe{
		{Door: "second", Inside: true, StandsIn: true, Reached: true, Status: 200},
		{Door: "abroad", Fault: "outside_residency"},
	} {
		got := e.Drill.Probes[i]
		if want.Reached != (got.Took > 0) {
			t.Errorf("%s took %s", got.Door, got.Took)
		}
		got.Took = 0
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if len(first.got()) != 0 || len(abroad.got()) != 0 {
		t.Error("the door that is down, or one abroad, was asked")
	}
	if got := second.got(); len(got) != 1 || !strings.Contains(got[0], "This is a drill") {
		t.Errorf("%q", got)
	}
	kept, err := client.Register(t.Context())
	if err != nil || len(kept) != 1 || kept[0].Drill == nil {
		t.Errorf("%+v, %v", kept, err)
	}
	var actions []string
	if err := client.Record(t.Context(), map[string][]string{}, 0, func(s api.Summary) error {
		actions = append(actions, s.Ten.Action+" "+s.Door+" "+s.Ten.Result)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"register.changed  ok", "drill.failover second ok"}; !slices.Equal(actions, want) {
		t.Errorf("%q, want %q", actions, want)
	}
}

func TestADrillSaysThatWorkStops_RTE06(t *testing.T) {
	t.Setenv("K", "made-up")
	for name, c := range map[string]struct {
		down, source string
		words, fault string
	}{
		"the door that stands in fails too": {"first", drillSource("http://127.0.0.1:1", newVendor(t, 529).URL, "http://127.0.0.1:1"), "no other door answers inside the rules", "door_answered_badly"},
		"it cannot be reached":              {"first", drillSource("http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1"), "no other door answers inside the rules", "door_unreachable"},
		"nothing names it":                  {"second", drillSource(newVendor(t, 200).URL, "http://127.0.0.1:1", "http://127.0.0.1:1"), "first answers, and no fallback names it", ""},
	} {
		t.Run(name, func(t *testing.T) {
			client := managing(t, configured(t, c.source))
			e, err := client.Drill(t.Context(), "it-lead", c.down, "")
			if err != nil {
				t.Fatal(err)
			}
			if e.Drill.Stand != "" || e.Drill.Took != 0 || !strings.Contains(e.Drill.Resulted, c.words) || e.Drill.Probes[0].Fault != c.fault {
				t.Errorf("%+v", e.Drill)
			}
		})
	}
	client := managing(t, configured(t, drillSource("http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1")))
	if _, err := client.Drill(t.Context(), "it-lead", "cellar", ""); chaperone.AsError(err).Code != "unknown_door" {
		t.Errorf("%v", err)
	}
}

// A house that is older than its register opens with an empty one.
func TestDataFromBeforeTheRegisterOpens_BAA05(t *testing.T) {
	opts := configured(t, "tenant: clinic\n")
	if err := os.RemoveAll(filepath.Dir(store.RegisterFile(opts.Config.Data))); err != nil {
		t.Fatal(err)
	}
	client := managing(t, opts)
	if list, err := client.Register(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	digest, err := client.KeepDocument(t.Context(), []byte("the signed paper"))
	if err != nil {
		t.Fatal(err)
	}
	v := register.Version{
		Agreement: "BAA-1", Holder: "Anthropic", Signed: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), Expires: time.Date(2027, 5, 4, 0, 0, 0, 0, time.UTC),
		File: register.File{Name: "baa.pdf", Digest: digest},
	}
	if _, err := client.PutDown(t.Context(), "po", api.Deed{Version: &v}); err != nil {
		t.Fatal(err)
	}
	if got, err := client.Document(t.Context(), digest); err != nil || string(got) != "the signed paper" {
		t.Errorf("%q, %v", got, err)
	}
	if raw, err := os.ReadFile(store.RegisterFile(opts.Config.Data)); err != nil || strings.Contains(string(raw), "the signed paper") || strings.Contains(string(raw), "Anthropic") {
		t.Errorf("the register lies open on the disk: %v", err)
	}
	shown, err := client.Show(t.Context(), "1", true)
	var full struct {
		Content map[string][]byte `json:"content"`
	}
	if err == nil {
		err = json.Unmarshal(shown, &full)
	}
	if err != nil || !strings.Contains(string(full.Content["detail"]), `"agreement":"BAA-1"`) {
		t.Errorf("the record does not hold what was put down: %s, %v", shown, err)
	}
}
