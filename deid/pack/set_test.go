package pack_test

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/deid"
	"chaperone/deid/pack"
	"chaperone/phi"
)

var engine = sync.OnceValue(func() *deid.Engine {
	e, err := deid.NewEngine()
	if err != nil {
		panic(err)
	}
	return e
})

// house is the engine with one pack.
func house(t testing.TB, src string) *deid.Engine {
	t.Helper()
	return engine().With(set(t, src))
}

func set(t testing.TB, sources ...string) *pack.Set {
	t.Helper()
	var packs []*pack.Pack
	for _, src := range sources {
		p, err := pack.Parse("site.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		packs = append(packs, p)
	}
	s, err := pack.Join(packs...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const head = "name: site\nversion: 1\n"

// told writes findings as kind=text (rule), one after the other.
func told(e *deid.Engine, text, label string) string {
	var list []string
	for _, f := range e.Find(text, deid.Where{Label: label}) {
		list = append(list, f.Kind.String()+"="+text[f.Start:f.End]+" ("+f.Rule+")")
	}
	return strings.Join(list, ", ")
}

func TestEveryCaseOfTheExampleHolds(t *testing.T) {
	s, err := pack.Load("testdata/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range s.Packs()[0].Cases {
		if why := c.Run(engine().With(s)); len(why) > 0 {
			t.Errorf("case %d: %v", i+1, why)
		}
		if why := c.Run(engine()); len(why) == 0 {
			t.Errorf("case %d proves nothing: it holds without the pack", i+1)
		}
	}
}

// DLP-14: a missed case becomes a regression case; it fails on the old rules
// and passes on the new.
func TestAMissedCaseFailsUntilARuleFindsIt(t *testing.T) {
	old := head + "rules:\n  - {id: other, kind: record, shape: ZZ-######, hits: [ZZ-448120]}\n"
	src, p, err := pack.AddCase("site.yaml", []byte(old), "Sent over with {record|QX 44/81} and [[QX 20/07]].", "INC-12", day)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Cases[0]
	if c.From != "INC-12" || !c.Added.Equal(day) {
		t.Errorf("%+v", c)
	}
	why := strings.Join(c.Run(house(t, string(src))), "; ")
	if why != "mark 1 is not found; mark 2 is found only in part" {
		t.Errorf("the old rules: %s", why)
	}
	mended := strings.Replace(string(src), "rules:\n", "rules:\n  - {id: qx, kind: record, shape: 'QX ##/##', hits: [QX 44/81]}\n", 1)
	if why := c.Run(house(t, mended)); len(why) > 0 {
		t.Errorf("the new rules: %v", why)
	}
}

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func TestACaseSaysWhatIsNotAsItIsMarked(t *testing.T) {
	rules := head + "rules:\n  - {id: qx, kind: record, shape: QX##, hits: [QX44]}\ncases:\n  - text: "
	for text, want := range map[string]string{
		`"took QX44"`:                    "nothing is marked, and bytes 5 to 9 are found as record (rule site:qx)",
		`"took {keep|QX44}"`:             "mark 1 must stay, and is found as record (rule site:qx)",
		`"took {member|QX44}"`:           "mark 1 is to be found as member, and is found as record (rule site:qx)",
		`"took [[QX44]]"`:                "",
		`"took {record|QX44 twice}"`:     "mark 1 is found only in part",
		`"took {keep|aspirin} and QX44"`: "",
		`"took aspirin {\"a\": [1]}"`:    "",
	} {
		p := set(t, rules+text+"\n").Packs()[0]
		if got := strings.Join(p.Cases[0].Run(house(t, rules+text+"\n")), "; "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestARuleFindsWhatTheEngineCannotKnow(t *testing.T) {
	e := house(t, head+`rules:
  - {id: qx, kind: record, shape: 'QX ##/##', hits: [QX 44/81]}
  - {id: old, kind: member, score: 0.99, shape: '#####', labels: [bleuet, pétale bleuâtre], hits: [bleuet 44812]}
  - {id: arm, kind: code, regexp: '\d\d\d', near: registry, score: 0.6, hits: [registry 448]}
`)
	for _, c := range []struct{ text, label, want string }{
		{"took QX 44/81 along", "", "record=QX 44/81 (site:qx)"},
		{"took ＱＸ\u00a044/8\u200b1 along", "", "record=ＱＸ\u00a044/8\u200b1 (site:qx)"},
		{"bleuet no. is: 44812", "", "member=44812 (site:old)"},
		{"Petale bleuatre 44812", "", "member=44812 (site:old)"},
		{"we enrolled 44812 of them", "", ""},
		{"the bleuet shows that of the 44812 of them", "", ""},
		{"bleuet\n\n44812", "", ""},
		{"44812", "patientBleuet_no", "member=44812 (site:old)"},
		{"448 in the registry", "", "code=448 (site:arm)"},
		{"448 in the pharmacy", "", ""},
		{"registry: 448 mg", "", ""}, // a dose: the guard holds against a weak rule
	} {
		if got := told(e, c.text, c.label); got != c.want {
			t.Errorf("%q under %q: %s, want %s", c.text, c.label, got, c.want)
		}
	}
}

func TestDeniedWordsAreAlwaysFound(t *testing.T) {
	e := house(t, head+"deny:\n  - {words: [Operation Sparrow, aspirin, Zoë, Жанна], kind: code}\n")
	for text, want := range map[string]string{
		"about OPERATION-SPARROW, then": "code=OPERATION-SPARROW (site:deny)",
		"operation\nsparrow":            "code=operation\nsparrow (site:deny)",
		"the operation of a sparrow":    "",
		"aspirin 100 mg":                "code=aspirin (site:deny)",
		"aspirins":                      "",
		"zoe sat":                       "code=zoe (site:deny)",
		"ЖАННА":                         "code=ЖАННА (site:deny)",
		"b3BlcmF0aW9uIHNwYXJyb3cgaXMgc3RhcnRlZA==": "code=b3BlcmF0aW9uIHNwYXJyb3cgaXMgc3RhcnRlZA== (encoded)",
	} {
		if got := told(e, text, ""); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// An allowance frees what is wholly allowed, and no more. What a label names or
// a check digit proves needs force.
func TestAllowedWordsStay(t *testing.T) {
	allow := head + `allow:
  - {words: [Zenobia Larkspur, Larkspur, Lyon], reason: names of wards}
  - {shape: PR-#######, reason: numbers of forms}
  - {words: 212-55-1239, reason: the number in our training slides}
`
	for _, c := range []struct{ text, without, with string }{
		{"She lives in Lyon with her sister.", "place=Lyon (", ""},
		{"Mrs. Zenobia Larkspur came.", "name=Zenobia Larkspur (title)", "name=Zenobia Larkspur (title)"},
		{"form PR-4481209 was filled", "code=PR-4481209 (", ""},
		{"SSN 212-55-1239", "ident=212-55-1239 (label)", "ident=212-55-1239 (label)"},
		{"212-55-1239", "ident=212-55-1239 (ssn)", "ident=212-55-1239 (ssn)"},
	} {
		if got := told(engine(), c.text, ""); !strings.Contains(got, c.without) {
			t.Errorf("%q is no test: without the pack %q", c.text, got)
		}
		if got := told(house(t, allow), c.text, ""); got != c.with {
			t.Errorf("%q: %s, want %s", c.text, got, c.with)
		}
	}
	forced := strings.Replace(allow, "slides}", "slides, force: true}", 1)
	if got := told(house(t, forced), "SSN 212-55-1239 and SSN 212-55-1238", ""); got != "ident=212-55-1238 (label)" {
		t.Errorf("forced: %s", got)
	}
	denied := "name: other\nversion: 1\ndeny:\n  - {words: 212-55-1239, kind: ident}\n"
	if got := told(engine().With(set(t, forced, denied)), "SSN 212-55-1239", ""); got != "ident=212-55-1239 (other:deny)" {
		t.Errorf("a word that another pack denies: %s", got)
	}
}

// Who is named in the exchange is concealed everywhere in it, whatever the
// allowances say: the memory of people stands above them.
func TestAnAllowanceFreesNoPatient(t *testing.T) {
	e := house(t, head+"allow:\n  - {words: Larkspur, reason: a ward}\n")
	v := deid.NewVeil(e, deid.NewSession(nil, rand.Reader))
	v.Read("Mrs. Zenobia Larkspur was seen.", deid.Where{})
	if got := v.Conceal("Yesterday Larkspur slept well.", deid.Where{}); strings.Contains(got, "Larkspur") {
		t.Errorf("the patient's name is left: %s", got)
	}
}

// A session remembers what it found in a text. New rules read it again.
func TestNewRulesReadAnOldTextAgain(t *testing.T) {
	session := deid.NewSession(nil, rand.Reader)
	const text = "took QX 44/81 along"
	for _, c := range []struct {
		engine *deid.Engine
		want   int
	}{{engine(), 0}, {house(t, head+"rules: [{id: qx, kind: record, shape: 'QX ##/##', hits: QX 44/81}]\n"), 1}, {engine(), 0}} {
		if found := deid.NewVeil(c.engine, session).Findings(text, deid.Where{}); len(found) != c.want {
			t.Errorf("%d findings, want %d", len(found), c.want)
		}
	}
}

func TestTheDigestChangesWithThePacks(t *testing.T) {
	one := head + "deny: [{words: ab, kind: name}]\n"
	other := "name: other\nversion: 1\ndeny: [{words: cd, kind: name}]\n"
	seen := map[string]bool{}
	for _, s := range []*pack.Set{set(t), set(t, one), set(t, one+"# a comment\n"), set(t, one, other), set(t, other, one)} {
		if seen[s.Digest()] {
			t.Errorf("%s comes twice", s.Digest())
		}
		seen[s.Digest()] = true
	}
	p, err := pack.Parse("a.yaml", []byte(one))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Join(p, p); err == nil {
		t.Error("two packs of one name are taken")
	}
}

// clean is text without anything that identifies.
const clean = "The patient presents with three days of productive cough and low-grade fever. Home medications include metformin 1000 mg twice daily and lisinopril 20 mg daily. Blood pressure 128/76, heart rate 96, oxygen saturation 94% on room air. Start azithromycin; repeat the chest radiograph in six weeks.\n"

// large is a pack with 5,000 denied words and 50 shapes.
func large() string {
	var b strings.Builder
	b.WriteString(head + "rules:\n")
	letters := "abcdefghijklmnopqrstuvwxyz"
	for i := range 50 {
		a, c := letters[i%26], letters[i/26]
		shape := []string{string([]byte{a, c}) + "-######", "@@####" + strings.Repeat("#", i/4%4) + "-" + string([]byte{a, c}), "##-##-" + string([]byte{a, c}) + "##", string([]byte{a}) + "#####[-#]" + string([]byte{c})}[i%4]
		hit := strings.NewReplacer("@", "q", "#", "7", "[", "", "]", "").Replace(shape)
		b.WriteString("  - {id: r" + string([]byte{a, c}) + ", kind: record, shape: '" + shape + "', hits: " + hit + "}\n")
	}
	b.WriteString("deny:\n  - kind: code\n    words:\n")
	for i := range 5000 {
		b.WriteString("      - Zq" + string([]byte{letters[i%26], letters[i/26%26], letters[i/676]}) + "word\n")
	}
	return b.String()
}

func BenchmarkClean64K(b *testing.B) {
	text := strings.Repeat(clean, 64<<10/len(clean))
	s := set(b, large())
	for _, c := range []struct {
		name string
		e    *deid.Engine
	}{{"alone", engine()}, {"with a large pack", engine().With(s)}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				c.e.Find(text, deid.Where{})
			}
		})
	}
	b.Run("the pack alone", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			s.Candidates(text, "")
		}
	})
}

// Texts made to be slow are read in linear time.
func BenchmarkHostile1M(b *testing.B) {
	s := set(b, head+`rules:
  - {id: a, kind: record, shape: '*{1,40}#', labels: [mrn, chart], near: [clinic], hits: [mrn clinic a1]}
  - {id: b, kind: code, regexp: '[a-z ]+\d', hits: [a b 1]}
deny: [{words: [a a a a a a a a a a a b], kind: code}]
`)
	for name, text := range map[string]string{"words": "a ", "numbers": "a1 ", "labels": "mrn a1 clinic "} {
		text = strings.Repeat(text, 1<<20/len(text))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.Candidates(text, "")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head + "rules:\n  - {id: qx, kind: record, shape: QX##, labels: a1, near: [b2], hits: [QX44], misses: [QY44]}\n"))
	f.Add([]byte(head + "allow:\n  - {words: [Foley], shape: '##', reason: r, force: true}\ndeny:\n  - {words: ab, kind: name}\n"))
	f.Add([]byte(head + "cases:\n  - text: \"{name|Jo} [[x]]\"\n    from: INC-1\n    added: 2026-11-22\n# end\n"))
	f.Add([]byte(head + "rules: [{id: r, kind: code, regexp: 'K[^ ]+', hits: ['[[K1]]']}]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := pack.Parse("f.yaml", src)
		if err != nil {
			return
		}
		s, err := pack.Join(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rules {
			for _, m := range r.Misses {
				for _, c := range s.Candidates(deid.Plain(m), "") {
					if c.Rule == p.Name+":"+r.ID {
						t.Fatalf("a rule that hits its own miss was loaded")
					}
				}
			}
		}
		text := deid.Plain(string(src))
		for _, c := range s.Candidates(text, "mrn") {
			if c.Start < 0 || c.Start >= c.End || c.End > len(text) || !c.Kind.Identifies() || c.Score > 1 {
				t.Fatalf("%+v", c)
			}
		}
		last := 0
		for _, a := range s.Allowed(text) {
			if a.Start < last || a.Start >= a.End || a.End > len(text) {
				t.Fatalf("%+v after %d", a, last)
			}
			last = a.End
		}
		after, q, err := pack.AddCase("f.yaml", src, "see {name|Jo}", "INC-1", day)
		if err != nil {
			return
		}
		if len(q.Cases) != len(p.Cases)+1 || q.Cases[len(p.Cases)].From != "INC-1" || len(after) <= len(src) {
			t.Fatalf("the case is not at the end:\n%s", after)
		}
	})
}

// FuzzFind: whatever stands in a text, findings with a pack have their place in
// it, and every denied word is among them.
func FuzzFind(f *testing.F) {
	s, err := pack.Load("testdata/site.yaml")
	if err != nil {
		f.Fatal(err)
	}
	e := engine().With(s)
	f.Add("Chart no. 448120 of Lyon", "mrn")
	f.Add("ＬＶ–448120\u200b and &#76;V-448121", "")
	f.Add("MSH|^~\\&|LV-448120|Zorblat", "PID.3")
	f.Fuzz(func(t *testing.T, text, label string) {
		text += "\nZorblat"
		last, denied := 0, false
		for _, f := range e.Find(text, deid.Where{Label: label}) {
			if f.Start < last || f.Start >= f.End || f.End > len(text) {
				t.Fatalf("%+v after %d of %d", f, last, len(text))
			}
			last = f.End
			denied = denied || f.End >= len(text) && f.Start <= len(text)-len("Zorblat")
		}
		if !denied {
			t.Fatal("the denied word is not found")
		}
	})
}

func TestKindsOfFindingsAreThoseOfTheRules(t *testing.T) {
	s := set(t, head+"rules: [{id: qx, kind: vehicle, shape: QX##, hits: QX44, score: 0.5}]\n")
	got := s.Candidates("QX12", "")
	if len(got) != 1 || got[0] != (deid.Finding{Kind: phi.Vehicle, Start: 0, End: 4, Score: 0.5, Rule: "site:qx"}) {
		t.Errorf("%+v", got)
	}
}

// The record of what was found says which rule of which pack it was.
func TestFindingsOfAnExchangeKeepTheirRule(t *testing.T) {
	e := house(t, head+"rules: [{id: qx, kind: record, shape: 'QX-######', hits: QX-448120}]\n")
	v := deid.NewVeil(e, deid.NewSession(nil, rand.Reader))
	for _, f := range v.Findings("took QX-448120 along", deid.Where{}) {
		if f.Rule != "site:qx" {
			t.Errorf("%+v", f)
		}
	}
}
