package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"chaperone/internal/allowance"
	"chaperone/internal/policy"
	"chaperone/regulation"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAnEmptyFileIsTheDefault(t *testing.T) {
	for name, src := range map[string]string{
		"no bytes": "", "only a comment": "# nothing\n", "only names": "doors:\nlimits:\nlog:\n", "an empty mapping": "{}",
	} {
		got, faults := Parse("chaperone.yaml", []byte(src))
		if len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
		if diff := cmp.Diff(Default(), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAnAbsentFileIsTheDefaultOnlyAtTheDefaultPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"", DefaultPath} {
		got, faults := Load(path)
		if diff := cmp.Diff(Default(), got); diff != "" || len(faults) > 0 {
			t.Errorf("%q: %v %s", path, faults, diff)
		}
	}
	if _, faults := Load("chaperon.yaml"); len(faults) != 1 {
		t.Errorf("a misspelt path must be a fault, got %v", faults)
	}
}

func TestTheDefaultSendsNothingAnywhere(t *testing.T) {
	f := Default()
	d, ok := f.Door(f.DefaultDoor)
	if !ok || !d.Facts().Simulated || f.Policy != policy.Default || !strings.HasPrefix(f.Listen, "127.0.0.1:") {
		t.Errorf("%+v", f)
	}
}

func TestTheTemplateLoadsAndEqualsTheDefault(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(DefaultPath, Template(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, faults := Load(DefaultPath)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if diff := cmp.Diff(Default(), got); diff != "" {
		t.Error(diff)
	}
}

// The examples of the template are the lines where # is followed by no space or
// by the spaces of an indentation.
var example = regexp.MustCompile(`(?m)^#([a-z]|  +[-a-z#])`)

func TestTheExamplesOfTheTemplateAreValid(t *testing.T) {
	src := string(Template())
	head, rest, _ := strings.Cut(src, "\ndoors:")
	src = head + "\ndoors:" + example.ReplaceAllString(rest, "$1")
	got, faults := Parse("chaperone.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := Door{
		Name: "anthropic", Kind: policy.DoorAnthropic, URL: "https://api.anthropic.com", Key: Key{File: "anthropic.key"},
		Agreement: Agreement{
			ID: "BAA-2026-01", Holder: "Anthropic", ApprovedBy: "privacy-officer",
			Signed: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), Expires: time.Date(2027, 5, 4, 0, 0, 0, 0, time.UTC),
			Covers: []policy.Category{policy.CategoryMentalHealth}, ApprovedOn: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), Gates: map[policy.Gate]policy.Signature{},
		},
		Configuration: "hipaa", Region: "us", Country: "US", Models: []string{"claude-sonnet-5-5", "claude-haiku-5-5"}, TLSMin: "1.3",
		Fallback: []string{"sydney"}, Repeat: true,
	}
	for _, g := range policy.Gates() {
		want.Agreement.Gates[g] = policy.Signature{On: want.Agreement.Signed, By: map[bool]string{true: "it-lead", false: "privacy-officer"}[g == policy.GateAccessControl || g == policy.GateEncryption]}
	}
	d, _ := got.Door("anthropic")
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"US", "CA"}, got.Residency); diff != "" {
		t.Error(diff)
	}
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	if s := d.Facts().Agreement.Standing(at); s != policy.InForce {
		t.Errorf("the agreement stands as %v", s)
	}
	if diff := cmp.Diff(want.Agreement.Covers, d.Facts().Agreement.Covers); diff != "" {
		t.Error(diff)
	}
}

const door = "doors:\n  - name: a\n    kind: anthropic\n    key_env: ANTHROPIC_API_KEY\n"

// Each case holds one or more faults; want are the beginnings of the reports.
var faulty = []struct {
	name, src string
	want      []string
}{
	{"an unknown setting", "lissten: 1\n", []string{"c.yaml:1:1: lissten is unknown here: the settings here are listen,"}},
	{"a setting set twice", "tenant: a\nlog: {level: info}\ntenant: b\n", []string{"c.yaml:3:1: tenant is set twice: remove one; the first is in line 1"}},
	{"several faults at once", "tenant: a b\nlog:\n  level: loud\nsession:\n  idle: 3\n", []string{
		"c.yaml:1:9: this value has the wrong form", "c.yaml:3:10: this value is not one of those there are: write debug, info, warn, error",
		"c.yaml:5:9: this length of time is out of range: write it like 30s, 10m or 8h, from 1m0s to 168h0m0s",
	}},
	{"text that is no YAML", "doors: [\n", []string{"c.yaml:"}},
	{"a list instead of settings", "- a\n", []string{"c.yaml:1:1: here belong settings of the form name: value"}},
	{"two documents", "tenant: a\n---\ntenant: b\n", []string{"c.yaml:2:1: there is more than one document"}},
	{"an alias", "tenant: &t a\ndata: *t\n", []string{"c.yaml:1:9: anchors", "c.yaml:2:7: anchors"}},
	{"a tag", "tenant: !!str a\n", []string{"c.yaml:1:9: anchors"}},
	{"an address others can reach (CRY-01)", "listen: 0.0.0.0:8787\n", []string{"c.yaml:1:9: this address can be reached"}},
	{"an address on every interface (CRY-01)", "listen: :8787\n", []string{"c.yaml:1:9: this address can be reached"}},
	{"no address", "listen: 127.0.0.1\n", []string{"c.yaml:1:9: this is not an address"}},
	{"a policy that does not exist", "policy: anything-goes\n", []string{"c.yaml:1:9: there is no shipped policy of this name: they are conceal-everything,"}},
	{"no doors", "doors: []\n", []string{"c.yaml:1:8: the list of doors is empty"}},
	{"a door without a name, kind or key", "doors:\n  - country: US\n", []string{"c.yaml:2:5: the door has no name", "c.yaml:2:5: the door has no kind"}},
	{"a door without a key", "doors:\n  - {name: a, kind: anthropic}\n", []string{"c.yaml:2:5: the door has no key"}},
	{"two doors of one name", door + "  - {name: a, kind: simulator}\ndefault_door: a\n", []string{"c.yaml:5:5: another door has this name"}},
	{"two doors and no default", door + "  - {name: b, kind: simulator}\n", []string{"c.yaml:2:3: there are several doors and no default_door"}},
	{"a default that is no door", door + "default_door: b\n", []string{"c.yaml:5:15: there is no door of this name"}},
	{"a door to a cloud without its region", "doors:\n  - {name: a, kind: bedrock}\n", []string{"c.yaml:2:5: the door has no region: set region"}},
	{"a setting of another platform", "doors:\n  - {name: a, kind: vertex, region: us-east5, project: clinic-1, inference_profile: us}\n", []string{"c.yaml:2:85: inference_profile is not for a door of this kind: remove it"}},
	{"a platform's setting at the vendor's own door", door + "    workspace: w\n", []string{"c.yaml:5:16: workspace is not for a door of this kind"}},
	{"an endpoint of one's own that is nowhere", "doors:\n  - {name: a, kind: compatible, key_env: K}\n", []string{"c.yaml:2:5: the door has no url: say where your endpoint is"}},
	{"an endpoint of one's own without a key", "doors:\n  - {name: a, kind: compatible, url: https://x.example/y}\n", []string{"c.yaml:2:5: the door has no key"}},
	{"Foundry without a resource", "doors:\n  - {name: a, kind: foundry, key_env: K}\n", []string{"c.yaml:2:5: the door has no resource"}},
	{"Foundry with half an application", "doors:\n  - {name: a, kind: foundry, resource: r, key_env: K, entra_tenant: t}\n", []string{"c.yaml:2:5: an application has a directory and an id"}},
	{"Foundry without a key", "doors:\n  - {name: a, kind: foundry, resource: r}\n", []string{"c.yaml:2:5: the door has no key"}},
	{"a pin that is none (CRY-02)", door + "    pins: [sha256/abc]\n", []string{"c.yaml:5:12: this is not the hash of a public key"}},
	{"a store that is none", "doors:\n  - {name: a, kind: anthropic, key_secret: {store: drawer, name: x}}\n", []string{"c.yaml:2:52: this value is not one of those there are: write vault, aws, google, azure"}},
	{"a secret without what its store needs", "doors:\n  - name: a\n    kind: anthropic\n    key_secret: {store: vault, name: x}\n", []string{
		"c.yaml:4:17: the secret has no address", "c.yaml:4:17: the secret has no field", "c.yaml:4:17: the secret has no token_file",
	}},
	{"a store over http (CRY-01)", "doors:\n  - name: a\n    kind: anthropic\n    key_secret: {store: vault, name: x, field: k, token_file: t, address: http://v.example}\n", []string{"c.yaml:4:17: the store's address is not one: write https://host"}},
	{"model ids that are a list", "doors:\n  - {name: a, kind: bedrock, region: us-east-1, model_ids: [x]}\n", []string{"c.yaml:2:60: here belong settings"}},
	{"two places for a key", door + "    key_file: k\n", []string{"c.yaml:5:15: the door has more than one place for its key"}},
	{"http to another machine (CRY-01)", door + "    url: http://example.org\n    insecure_http: true\n", []string{"c.yaml:5:10: text would travel unencrypted: write https://"}},
	{"http to loopback without saying so (CRY-01)", door + "    url: http://127.0.0.1:9\n", []string{"c.yaml:5:10: text would travel unencrypted"}},
	{"another scheme", door + "    url: ftp://example.org\n", []string{"c.yaml:5:10: this is not the address of a door"}},
	{"an address with a password", door + "    url: https://u:p@example.org/x?y\n", []string{"c.yaml:5:10: the address holds more than a host"}},
	{"half an agreement (BAA-03)", door + "    configuration: hipaa\n    agreement: {id: B1, signed: 2026-01-01}\n", []string{
		"c.yaml:6:16: the agreement has no holder", "c.yaml:6:16: the agreement has no expires", "c.yaml:6:16: the agreement has no approved_by", "c.yaml:6:16: the agreement has no approved_on",
	}},
	{"an agreement that ends before it begins", door + "    configuration: hipaa\n    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-01, signed: 2026-01-02, expires: 2026-01-01}\n", []string{"c.yaml:6:16: the agreement ends before it begins"}},
	{"a sensitive matter that there is not (DLP-11)", door + "    configuration: hipaa\n    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-01, signed: 2026-01-01, expires: 2027-01-01, covers: [genetics, gentics]}\n", []string{"c.yaml:6:137: this value is not one of those there are: write substance-use, mental-health,"}},
	{"a date that is none", door + "    configuration: hipaa\n    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-01, signed: 2026-02-30, expires: 2027-01-01}\n", []string{"c.yaml:6:85: this is not a date"}},
	{"an agreement that nobody signs (BAA-02)", door + "    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-01, signed: 2026-01-01, expires: 2027-01-01}\n", []string{"c.yaml:5:16: the vendor signs no agreement for an ordinary organisation: set configuration"}},
	{"a feature that cannot be named (BAA-14)", door + "    configuration: zdr\n    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-01, signed: 2026-01-01, expires: 2027-01-01, names: [claude-code, batches]}\n", []string{"c.yaml:6:139: this value is not one of those there are: write cache-diagnostics, claude-code,"}},
	{"an agreement dated back by one person (BAA-03)", door + "    configuration: zdr\n    agreement: {id: B1, holder: A, approved_by: p, approved_on: 2026-01-02, countersigned_by: p, signed: 2026-01-01, expires: 2027-01-01}\n", []string{"c.yaml:6:16: the agreement begins before it was approved: set countersigned_by"}},
	{"a gate that nobody signed for (BAA-10)", door + "    configuration: zdr\n    agreement: {gates: {audit: {on: 2026-01-01}, luck: {}}}\n", []string{"c.yaml:6:32: this gate is not signed for: set on and by", "c.yaml:6:50: luck is unknown here"}},
	{"a subcontractor without a name (BAA-07)", door + "    configuration: zdr\n    agreement: {subcontractors: [{agreement: B-2}]}\n", []string{"c.yaml:6:34: the subcontractor has no name: set name"}},
	{"a plan that there is not (BAA-11)", door + "    plan: platinum\n", []string{"c.yaml:5:11: this value is not one of those there are: write api, enterprise, team, pro, max, free"}},
	{"a simulator with a key", "doors:\n  - {name: a, kind: simulator, key_env: X}\n", []string{"c.yaml:2:5: a simulator has no url, key or agreement"}},
	{"a door that falls back to itself or to nothing (RTE-05)", door + "    fallback: [a, b, b]\n", []string{
		"c.yaml:2:5: the door falls back to itself", "c.yaml:2:5: the door falls back to one that is not there", "c.yaml:2:5: the door falls back to one that is not there", "c.yaml:5:22: this door is already in the list",
	}},
	{"a door's or a team's allowance that one person could use up (RTE-09)", "allowances:\n  - {each: person, tokens_per_day: 1000}\n  - {each: door, usd_per_month: 100}\n", []string{"c.yaml:3:5: one person could use up what others share: add an allowance of each person for the same window, smaller"}},
	{"an allowance that limits nothing (RTE-09)", "allowances:\n  - {each: person}\n", []string{"c.yaml:2:5: the allowance limits nothing: set one of requests_per_minute"}},
	{"a door without prices that stands in under a budget in money (RTE-09)", "allowances:\n  - {each: person, usd_per_day: 1}\n  - {each: door, usd_per_day: 10}\n" + door + "    fallback: [b]\n  - {name: b, kind: compatible, url: 'https://b.example', key_env: B}\ndefault_door: a\n", []string{
		"c.yaml:9:5: this door has no prices, so it cannot stand in for another under a budget in money: set its prices, or take it out of fallback",
	}},
	{"a region that Amazon does not have", "doors:\n  - {name: a, kind: bedrock, country: US, region: mars-1}\n", []string{"c.yaml:2:51: this is not the form of a region there: write one of Amazon's, like us-east-1"}},
	{"a region that Google does not have", "doors:\n  - {name: a, kind: vertex, project: clinic-1, region: us-east-1}\n", []string{"c.yaml:2:56: this is not the form of a region there: write one of Google's, like us-east5, or global, us or eu"}},
	{"allowances that are none", "allowances:\n  - {usd_per_day: 0}\n  - {each: ward, requests_per_minute: 0}\n", []string{
		"c.yaml:2:5: the allowance does not say whose it is", "c.yaml:2:19: this is not an amount of US dollars", "c.yaml:3:12: this value is not one of those there are: write person, key, team, door", "c.yaml:3:39: this number is out of range",
	}},
	{"a person in two teams", "teams:\n  - {name: heart, people: [ann, bob]}\n  - {name: lung, people: [ann]}\n", []string{"c.yaml:3:27: this person is already in a team"}},
	{"half a price", door + "    prices: [{model: claude-opus-5, input: 5}]\n", []string{"c.yaml:5:14: the price is not complete"}},
	{"a simulator that stands in for Claude", door + "    fallback: [b]\n  - {name: b, kind: simulator}\ndefault_door: a\n", []string{"c.yaml:2:5: the simulator and a real door cannot stand in for each other"}},
	{"a country in small letters", door + "    country: us\n", []string{"c.yaml:5:14: this value has the wrong form"}},
	{"a door whose country is not known although residency matters (RTE-02)", door + "residency: [CA]\n", []string{"c.yaml:2:5: the door has no country"}},
	{"half an assessment (RTE-04)", "cross_border: {id: CB-1, from: 2026-01-01, until: 2027-01-01, countries: [US]}\n", []string{"c.yaml:1:15: the assessment is not complete: set id"}},
	{"an assessment that ends before it begins (RTE-04)", "cross_border: {id: CB-1, approved_by: p, from: 2026-01-02, until: 2026-01-01, countries: [US]}\n", []string{"c.yaml:1:15: the assessment ends before it begins"}},
	{"limits out of range", "limits: {request_bytes: 1, header_bytes: 1TiB, concurrency: 0, read_timeout: 1}\n", []string{
		"c.yaml:1:25: this size is out of range: write bytes or KiB, MiB, GiB, from 1KiB to 1GiB", "c.yaml:1:42: this size", "c.yaml:1:61: this number", "c.yaml:1:78: this length of time",
	}},
	{"a body that shrinks by decompression", "limits: {request_bytes: 64MiB, decoded_bytes: 32MiB}\n", []string{"c.yaml:1:9: decoded_bytes is smaller"}},
	{"neither true nor false", "insecure_listen: yes\n", []string{"c.yaml:1:18: this is neither true nor false"}},
}

func TestEveryFaultIsReportedAtItsPlace(t *testing.T) {
	for _, c := range faulty {
		t.Run(c.name, func(t *testing.T) {
			_, faults := Parse("c.yaml", []byte(c.src))
			if len(faults) != len(c.want) {
				t.Fatalf("got %d faults, want %d:\n%v", len(faults), len(c.want), faults)
			}
			for i, f := range faults {
				if !strings.HasPrefix(f.String(), c.want[i]) {
					t.Errorf("got  %s\nwant %s", f, c.want[i])
				}
				if f.Hint == "" {
					t.Errorf("%s: no hint", f)
				}
			}
		})
	}
}

// A fault is printed to terminals and build logs: a secret in the wrong place
// must not be repeated there (IAM-05).
func TestAllowancesTeamsAndPricesAreRead_RTE09(t *testing.T) {
	f, faults := Parse("c.yaml", []byte("allowances:\n  - {each: person, usd_per_month: 12.5, requests_per_minute: 60}\n  - {each: team, only: heart, usd_per_month: 100}\n"+
		"teams:\n  - {name: heart, people: [ann]}\n"+door+"    prices: [{model: claude-opus-99, input: 1, output: 2, cache_write: 1.25, cache_write_hour: 2, cache_read: 0.1}]\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := []allowance.Rule{{Each: allowance.Person}, {Each: allowance.Team, Only: "heart"}}
	want[0].Limits[allowance.MoneyPerMonth], want[0].Limits[allowance.RequestsPerMinute] = 12_500_000, 60
	want[1].Limits[allowance.MoneyPerMonth] = 100_000_000
	if diff := cmp.Diff(want, f.Allowances); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"ann": "heart"}, f.Teams); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]regulation.Price{{ID: "claude-opus-99", Input: 1, Output: 2, CacheWrite: 1.25, CacheWriteHour: 2, CacheRead: 0.1}}, f.Doors[0].Prices); diff != "" {
		t.Error(diff)
	}
}

func TestNoFaultRepeatsAValue(t *testing.T) {
	const secret = "sk-ant-canary0123456789"
	for _, src := range []string{
		secret + ": 1\n", "key: " + secret + "\n", "tenant: '" + secret + " x'\n", "policy: " + secret + "\n", "listen: " + secret + "\n",
		"log: {level: " + secret + "}\n", "default_door: " + secret + "\n", "residency: [" + secret + "]\n", "session: {idle: " + secret + "}\n",
		door + "    url: https://" + secret + "@example.org\n", door + "    url: " + secret + "\n", door + "    key: " + secret + "\n",
		door + "    agreement: " + secret + "\n", door + "    configuration: hipaa\n    agreement: {signed: " + secret + "}\n", "tenant: *" + secret + "\n",
		"doors:\n  - name: a\n    kind: anthropic\n    key_env: " + secret + "\n", "doors:\n  - name: a\n    kind: anthropic\n    key_file: " + secret + "\n",
		"tenant: \"" + secret + "\n", "a: b: " + secret + "\n", "!" + secret + " x\n", "%" + secret + "\n---\na: 1\n",
	} {
		_, faults := Parse("c.yaml", []byte(src))
		if len(faults) == 0 {
			t.Errorf("no fault in %q", src)
		}
		for _, f := range faults {
			if strings.Contains(strings.ToLower(f.String()), "canary") {
				t.Errorf("%q is repeated: %s", src, f)
			}
		}
	}
}

func TestRelativePathsCountFromTheFile(t *testing.T) {
	f, faults := Parse("/etc/chaperone/c.yaml", []byte("data: d\npolicy: own.cedar\ndoors:\n  - {name: a, kind: anthropic, key_file: k}\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := []string{f.Data, f.Policy, f.Doors[0].Key.File}
	if diff := cmp.Diff([]string{"/etc/chaperone/d", "/etc/chaperone/own.cedar", "/etc/chaperone/k"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfThePolicyFileAreReportedWithIt(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("own.cedar", "permit (principal, action, resource);\n")
	path := write("c.yaml", "policy: own.cedar\ntenant: a b\n")
	_, faults := Load(path)
	if len(faults) != 3 || faults[0].File != path || !strings.HasPrefix(faults[1].String(), filepath.Join(dir, "own.cedar")+":1:1: the rule has no @id") {
		t.Errorf("%v", faults)
	}
	path = write("c.yaml", "policy: absent.cedar\n")
	if _, faults := Load(path); len(faults) != 1 || !strings.Contains(faults[0].What, "cannot be read") {
		t.Errorf("%v", faults)
	}
}

func TestTheCountryNorwayIsNotFalse(t *testing.T) {
	f, faults := Parse("c.yaml", []byte(door+"    country: NO\n"))
	if len(faults) > 0 || f.Doors[0].Country != "NO" {
		t.Errorf("%v %+v", faults, f.Doors)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Template())
	for _, c := range faulty {
		f.Add([]byte(c.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, faults := Parse("c.yaml", src)
		for _, x := range faults {
			if x.Line < 1 || x.Col < 1 || x.What == "" || strings.ContainsAny(x.String(), "\n\r") {
				t.Errorf("a fault without a place or of several lines: %q", x)
			}
		}
		if len(faults) > 0 {
			return
		}
		if _, ok := file.Door(file.DefaultDoor); !ok || file.Limits.RequestBytes <= 0 || file.Tenant == "" || file.Data == "" {
			t.Errorf("accepted, but not usable: %+v", file)
		}
	})
}

// RTE-01: every platform has a door.
func TestEveryKindOfDoorCanBeConfigured(t *testing.T) {
	const src = `
default_door: direct
doors:
  - {name: direct, kind: anthropic, key_env: K, pins: ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}
  - {name: runtime, kind: bedrock, region: us-east-1, inference_profile: us, model_ids: {claude-a: "arn:aws:bedrock:x"}, metadata_credentials: true}
  - {name: messages, kind: bedrock-messages, region: us-east-1, url: https://vpce-1.example, insecure_private_address: true}
  - {name: aws, kind: claude-platform-aws, region: us-east-1, workspace: wrkspc_1}
  - {name: vertex, kind: vertex, region: global, project: clinic-1, google_credentials_file: google.json}
  - {name: google, kind: google-cloud, project: clinic-1, workspace: wrkspc_1}
  - {name: foundry, kind: foundry, resource: clinic-ai, entra_tenant: t, entra_client: c, key_file: secret}
  - {name: cellar, kind: compatible, url: https://claude.hospital.example/gate, key_credential: cellar, key_header: authorization}
  - {name: simulator, kind: simulator}
`
	f, faults := Parse("/etc/c.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var kinds []policy.DoorKind
	for _, d := range f.Doors {
		kinds = append(kinds, d.Kind)
	}
	less := func(a, b policy.DoorKind) bool { return a < b }
	if diff := cmp.Diff(policy.DoorKinds(), kinds, cmpopts.SortSlices(less)); diff != "" {
		t.Error(diff)
	}
	runtime, _ := f.Door("runtime")
	want := Platform{Profile: "us", ModelIDs: map[string]string{"claude-a": "arn:aws:bedrock:x"}, Metadata: true}
	if diff := cmp.Diff(want, runtime.Platform); diff != "" || runtime.URL != "" || runtime.Region != "us-east-1" {
		t.Errorf("%s %+v", diff, runtime)
	}
	vertex, _ := f.Door("vertex")
	cellar, _ := f.Door("cellar")
	if vertex.Platform.Credentials != "/etc/google.json" || cellar.URL != "https://claude.hospital.example/gate" {
		t.Errorf("%+v %+v", vertex, cellar)
	}
}

// Whoever signs for it: text that travels in the clear is not encrypted (BAA-10).
func TestAGateFailsWhereTheSettingsContradictIt_BAA10(t *testing.T) {
	for name, c := range map[string]struct {
		file File
		want int
	}{
		"as it comes":                  {Default(), 0},
		"open to others":               {File{Listen: "0.0.0.0:8787", InsecureListen: true}, 1},
		"allowed, but on loopback":     {File{Listen: "[::1]:8787", InsecureListen: true}, 0},
		"a door without encryption":    {File{Listen: "127.0.0.1:1", Doors: []Door{{InsecureHTTP: true}}}, 1},
		"an address that is not whole": {File{Listen: "", InsecureListen: true}, 1},
	} {
		if got := c.file.FailingGates(); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
