package pack

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func parse(t *testing.T, src string) (*Pack, error) {
	t.Helper()
	return Parse("site.yaml", []byte(src))
}

func TestTheExampleLoads(t *testing.T) {
	p, err := Open("testdata/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "site" || p.Version != "3" || len(p.Rules) != 3 || len(p.Allow) != 2 || len(p.Deny) != 1 || len(p.Cases) != 2 || len(p.Digest()) != 12 {
		t.Errorf("%+v", p)
	}
	if c := p.Cases[0]; c.From != "INC-12" || c.Added.Format("2006-01-02") != "2026-11-22" || c.Line != 46 {
		t.Errorf("%+v", c)
	}
}

const head = "name: site\nversion: 1\n"

func rule(lines ...string) string {
	return head + "rules:\n  - id: mrn\n    kind: record\n    " + strings.Join(lines, "\n    ") + "\n"
}

// Each source has one fault or more; want are the beginnings of the reports.
var faulty = []struct {
	name, src string
	want      []string
}{
	{"nothing", "", []string{"1:1: the pack is empty"}},
	{"only a comment", "# soon\n", []string{"1:1: the pack is empty"}},
	{"no mapping", "- a\n", []string{"1:1: here belong keys of the form name: value"}},
	{"no YAML", "name: [\n", []string{"2:1: this is not valid YAML"}},
	{"no UTF-8", "name: \xff\n", []string{"1:1: the pack is not UTF-8 text"}},
	{"two documents", head + "---\nname: b\n", []string{"3:1: there is more than one document"}},
	{"an unknown key", head + "rulez: []\n", []string{"3:1: rulez is unknown here: the keys here are name, version,"}},
	{"a key twice", head + "name: b\n", []string{"3:1: name is written twice"}},
	{"a key without a value", "name:\nversion: 1\n", []string{"1:1: name has no value", "1:1: the pack has no name"}},
	{"no version", "name: site\nallow: [{words: Foley, reason: a ward}]\n", []string{"1:1: the pack has no version"}},
	{"nothing said", head, []string{"1:1: the pack says nothing"}},
	{"an alias", "name: &a site\nversion: *a\n", []string{"1:7: anchors, aliases and tags", "2:10: anchors, aliases and tags"}},
	{"a kind that is none", head + "rules:\n  - {id: a, kind: mrn, shape: A#, hits: [A1]}\n", []string{"4:19: there is no such kind: the kinds are name,"}},
	{"a kind that identifies nobody", head + "deny:\n  - {words: ab, kind: literal}\n", []string{"4:23: there is no such kind"}},
	{"a bad expression", rule(`regexp: 'CC-(\d'`, "hits: [CC-1]"), []string{"6:13: this is not an RE2 expression (missing closing ))"}},
	{"an expression with a lookahead", rule(`regexp: 'CC(?=\d)'`, "hits: [CC1]"), []string{"6:13: this is not an RE2 expression"}},
	{"an expression for a whole line", rule(`regexp: '^CC\d$'`, "hits: [CC1]"), []string{"6:13: an expression stands in the middle of a text"}},
	{"an expression that matches nothing", rule(`regexp: '\d*'`, "hits: [CC1]"), []string{"6:13: the expression matches nothing at all"}},
	{"an expression that begins with anything", rule(`regexp: '.+CC'`, "hits: [a CC]"), []string{"6:13: every text can begin a match"}},
	{"a bad shape", rule("shape: 'CC-#{6'", "hits: [CC-1]"), []string{"6:12: a { is not closed: see docs/guide/tuning.md"}},
	{"a shape and an expression", rule("shape: CC-#", `regexp: 'CC-\d'`, "hits: [CC-1]"), []string{"7:13: a rule has either a shape or a regexp"}},
	{"neither", rule("hits: [CC-1]"), []string{"4:5: rule mrn has neither a shape nor a regexp"}},
	{"no hits", rule("shape: CC-#"), []string{"4:5: rule mrn has no hits"}},
	{"no id", head + "rules:\n  - {kind: record, shape: CC-#, hits: [CC-1]}\n", []string{"4:5: a rule has an id and a kind"}},
	{"an id twice", head + "rules:\n  - {id: a, kind: record, shape: CC-#, hits: [CC-1]}\n  - {id: a, kind: code, shape: CD-#, hits: [CD-1]}\n", []string{"5:5: rule a has an id that is taken"}},
	{"a score that is none", rule("shape: CC-#", "score: 1", "hits: [CC-1]"), []string{"7:12: this score is out of range"}},
	{"a hit that is missed", rule("shape: CC-##", "hits:", "  - CC-12", "  - CC-1"), []string{"9:9: rule mrn misses its hit 2: it finds nothing there"}},
	{"a hit without its label", rule("shape: '######'", "labels: [MRN]", "hits: ['448120 today']"), []string{"8:12: rule mrn misses its hit 1: it finds nothing there: the form and, shortly before it, a label"}},
	{"a hit that is found elsewhere", rule("shape: CC-##", "hits: ['[[today]] CC-12']"), []string{"7:12: rule mrn fails its hit 1: it misses mark 1"}},
	{"a hit with more than its mark", rule("shape: CC-##", "hits: ['[[CC-13]] CC-12']"), []string{"7:12: rule mrn fails its hit 1: it finds more than the marks: bytes 6 to 11"}},
	{"a miss that is hit", rule("shape: CC-##", "hits: [CC-12]", "misses: [nothing, on CC-34 we]"), []string{"8:23: rule mrn hits its miss 2: it finds bytes 3 to 8 there"}},
	{"an allowance without a reason", head + "allow:\n  - words: Foley\n", []string{"4:5: what is allowed needs a reason"}},
	{"an allowance of nothing", head + "allow:\n  - reason: why not\n", []string{"4:5: this allows nothing"}},
	{"a denial without a kind", head + "deny:\n  - words: Foley\n", []string{"4:5: what is denied has words and a kind"}},
	{"a word of one letter", head + "deny:\n  - {words: [ab, a], kind: name}\n", []string{"4:18: a word has at least two letters or digits"}},
	{"a word on both lists", head + "allow:\n  - {words: [Ward 3, FOLEY], reason: wards}\ndeny:\n  - {words: Foley, kind: name}\n", []string{"1:1: word 2 of allow entry 1 is denied, too"}},
	{"a case without a text", head + "cases:\n  - from: INC-1\n", []string{"4:5: a case has a text"}},
	{"a case with an unknown mark", head + "cases:\n  - text: '{nmae|Jo}'\n", []string{"4:11: mark 1: there is no such kind"}},
	{"a case with an open mark", head + "cases:\n  - text: 'see {name|Jo and [[Mo]]'\n", []string{"4:11: mark 1: it is empty or not closed"}},
	{"a day that is none", head + "cases:\n  - text: a\n    added: today\n", []string{"5:12: this is not a date"}},
}

func TestEveryFaultIsReportedAtItsPlace(t *testing.T) {
	for _, c := range faulty {
		p, err := parse(t, c.src)
		var got Faults
		if !errors.As(err, &got) || p != nil {
			t.Errorf("%s: it loads (%v)", c.name, err)
			continue
		}
		for i, want := range c.want {
			if i >= len(got) || !strings.HasPrefix(got[i].String(), "site.yaml:"+want) {
				t.Errorf("%s: got\n%v\nwant %s", c.name, got, want)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d faults, want %d:\n%v", c.name, len(got), len(c.want), got)
		}
	}
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	_, err := parse(t, "name: Site\nversion: 1\nrules:\n  - {id: a, kind: mrn, shape: '{', score: 7, hits: [1]}\n  - {id: b}\nallow:\n  - {words: x, why: y}\n")
	var got Faults
	if !errors.As(err, &got) || len(got) != 7 {
		t.Errorf("%v", err)
	}
}

// A sample or a case may have come from a record: no fault may repeat it.
func TestFaultsRepeatNoTextOfThePack(t *testing.T) {
	const secret = "Zyxqvarden-448120"
	for _, src := range []string{
		rule("shape: 'CC-###'", "hits: ['"+secret+"']"),
		rule("shape: 'Zyxqvarden-######'", "hits: ["+secret+"]", "misses: ["+secret+"]"),
		rule(`regexp: 'Zyxqvarden-448120('`, "hits: [a]"),
		rule(`regexp: '(?P<Zyxqvarden448120'`, "hits: [a]"),
		rule("shape: 'Zyxqvarden-448120{'", "hits: [a]"),
		head + "allow: [{words: " + secret + ", reason: a}]\ndeny: [{words: " + secret + ", kind: name}]\n",
		head + "cases: [{text: '{name|" + secret + "'}]\n",
		head + secret + ": 1\n", head + "rules: " + secret + "\n", secret, "name: " + secret + "\n",
		head + "cases: [{text: a, from: '" + secret + "!', added: " + secret + "}]\n",
		"name: \"" + secret + "\n", "name: &" + secret + " a\n", head + "deny: [{words: *" + secret + "}]\n",
		head + "rules: [{id: a, kind: " + secret + "}]\n",
	} {
		_, err := parse(t, src)
		if err == nil {
			t.Errorf("it loads: %s", src)
			continue
		}
		if msg := strings.ToLower(err.Error()); strings.Contains(msg, "zyxqvarden") || strings.Contains(msg, "448120") {
			t.Errorf("a fault repeats the pack:\n%s", err)
		}
	}
}

func TestAFileThatIsNoPackIsRefused(t *testing.T) {
	dir := t.TempDir()
	large := dir + "/large.yaml"
	if err := os.WriteFile(large, []byte(strings.Repeat("# long\n", maxFile/7+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, large} {
		var faults Faults
		if _, err := Open(path); !errors.As(err, &faults) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := Load(dir+"/none.yaml", large); err == nil || len(err.(Faults)) != 2 { //nolint:errorlint // Load promises Faults
		t.Errorf("%v", err)
	}
}
