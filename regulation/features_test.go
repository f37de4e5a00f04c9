package regulation

import (
	"strings"
	"testing"
)

func matrix(t *testing.T) Matrix {
	t.Helper()
	m, err := LoadMatrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheMatrixSaysWhichFeatureAMarkIs_BAA14(t *testing.T) {
	m := matrix(t)
	for mark, want := range map[string]string{
		"path /v1/files":                     "files never never",
		"path /v1/files/file_1/content":      "files never never",
		"path /v1/messages":                  "messages covered covered",
		"path /v1/messages/batches":          "batches never never",
		"source file":                        "files never never",
		"source base64":                      "messages covered covered",
		"tool web_search_20250305":           "web-search covered covered",
		"tool web_search_20260209 direct":    "web-search covered covered",
		"tool web_search_20260209":           "web-search-filtered never never",
		"tool web_search_20990101 direct":    "web-search-filtered never never",
		"tool web_fetch_20260318":            "web-fetch never covered",
		"tool code_execution_20260521":       "code-execution never never",
		"caller code_execution_20260521":     "programmatic-tools never never",
		"tool computer_20251124":             "computer-use if_named covered",
		"tool browser_toolset_20260801":      "browser-use never covered",
		"tool bash_20250124":                 "client-tools covered covered",
		"tool bash_20990101":                 "",
		"tool tool_search_tool_bm25_2025111": "tool-search never covered",
		"beta context-management-2025-06-27": "context-editing never covered",
		"beta compact-2026-09-04":            "context-editing never covered",
		"beta message-threads-2026-08-12":    "",
		"field mcp_servers":                  "mcp-connector never never",
		"field diagnostics":                  "cache-diagnostics never if_named",
		"field thread":                       "",
		"source url":                         "",
		"block container_upload":             "code-execution never never",
		"block fallback":                     "",
	} {
		kind, name, _ := strings.Cut(mark, " ")
		row, ok := m.Feature(Mark{kind, name})
		got := ""
		if ok {
			got = row.Name + " " + string(row.Under(ArrangementHIPAA)) + " " + string(row.Under(ArrangementZDR))
		}
		if got != want {
			t.Errorf("%s: %q, want %q", mark, got, want)
		}
	}
}

func TestEveryRowOfTheMatrixDecides_BAA14(t *testing.T) {
	m := matrix(t)
	if len(m.Features) < 30 || m.Status != InForce || m.VerifiedOn.Before(m.Effective.Time) {
		t.Errorf("%d features, %+v", len(m.Features), m.Source)
	}
	for _, r := range append(append(m.Features, m.Surfaces...), m.Models...) {
		if r.Under(NoArrangement) != Unlisted || r.Under("telepathy") != Unlisted {
			t.Errorf("%s is covered where nothing is", r.Name)
		}
		for _, mark := range r.Marks {
			name := strings.TrimSuffix(mark.Name, "*")
			found, ok := m.Feature(Mark{mark.Kind, name})
			if mark.Kind == "model" {
				found, ok = m.Model(name)
			}
			if !ok || found.Name != r.Name {
				t.Errorf("%s: %s leads to %q", r.Name, mark, found.Name)
			}
		}
	}
}

func TestAModelIsKnownByAnyOfItsIDs_RTE11(t *testing.T) {
	m := matrix(t)
	for id, want := range map[string]string{
		"claude-sonnet-5": "models", "claude-sonnet-5-5": "models", "claude-opus-4-6-20260501": "models",
		"us.anthropic.claude-opus-4-6-v1:0": "models", "anthropic.claude-sonnet-5-v1": "models", "claude-opus-4-6@20260501": "models",
		"claude-fable-5": "covered-models", "claude-mythos-5-2": "covered-models", "anthropic.claude-fable-5-1-v1:0": "covered-models",
		"claude-sonnet-6": "", "claude-sonnet-5-latest": "", "": "", "John Smith": "",
	} {
		if row, _ := m.Model(id); row.Name != want {
			t.Errorf("%q: %q, want %q", id, row.Name, want)
		}
	}
	if row, _ := m.Model("claude-fable-5"); row.Retention != "30-days" || row.ZDR != NotCovered || row.HIPAA != Covered {
		t.Errorf("%+v", row)
	}
}

func TestAMatrixThatDoesNotDecideIsRefused(t *testing.T) {
	good := "cite: c\ntitle: t\nstatus: in_force\neffective: 2026-01-01\nverified_on: 2026-11-21\nreliability: confirmed\ncloud_reliability: reported\nsource: s\n" +
		"features:\n  - {name: f, plain: p, hipaa: never, zdr: covered, cloud: never, line: l, instead: i, marks: [tool a_*]}\n" +
		"surfaces:\n  - {name: s, plain: p, hipaa: covered, zdr: covered, cloud: covered, line: l}\n" +
		"models:\n  - {name: m, plain: p, hipaa: covered, zdr: covered, cloud: covered, line: l, marks: [model a]}\n"
	read := func(src string) error {
		var m Matrix
		if err := decode("test", []byte(src), &m, func() Source { return m.Source }); err != nil {
			return err
		}
		return m.check()
	}
	if err := read(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a verdict that is none":      {"hipaa: never", "hipaa: maybe"},
		"no verdict":                  {"zdr: covered, cloud: never", "cloud: never"},
		"nothing instead":             {"instead: i, ", ""},
		"no line of the source":       {"line: l, instead", "instead"},
		"a mark of no kind":           {"tool a_*", "telepathy a"},
		"a mark for everything":       {"tool a_*", "tool *"},
		"a mark without a name":       {"tool a_*", "tool"},
		"a star inside a mark":        {"tool a_*", "tool a*b"},
		"a mark that stands twice":    {"model a", "tool a_*"},
		"a field that is unknown":     {"name: f", "nam: f"},
		"a column nobody vouches for": {"cloud_reliability: reported", "cloud_reliability: sure"},
	} {
		if err := read(strings.Replace(good, change[0], change[1], 1)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzTheMatrixIsReadWithoutHarm(f *testing.F) {
	src, err := files.ReadFile("features.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("features: [{marks: ['tool a']}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var m Matrix
		if decode("fuzz", src, &m, func() Source { return m.Source }) == nil && m.check() == nil {
			for _, r := range m.Features {
				for _, mark := range r.Marks {
					if _, ok := m.Feature(Mark{mark.Kind, strings.TrimSuffix(mark.Name, "*")}); !ok {
						t.Errorf("%s is not found again", mark)
					}
				}
			}
		}
	})
}
