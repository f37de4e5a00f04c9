package deid

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/deid/synth"
	"chaperone/phi"
)

// turn is one request of a session: its texts in order, and what is done to them.
type turn struct {
	texts   []leaf
	engine  *Engine
	profile Profile
	told    []hint
	keep    bool // it is refused after it was read: nothing is concealed
}

// seen is all that an exchange lets others see.
type seen struct {
	Sent     []string
	Summary  Summary
	Findings [][]Finding
	Pairs    int
}

func (x turn) through(s *Session) seen {
	v := NewVeil(x.engine, s)
	v.Under(x.profile)
	for _, h := range x.told {
		v.Know(h.kind, h.text)
	}
	for _, l := range x.texts {
		v.Read(l.text, Where{Label: l.label})
	}
	out := seen{Summary: v.Summary()}
	for _, l := range x.texts {
		out.Findings = append(out.Findings, v.Findings(l.text, Where{Label: l.label}))
		if !x.keep {
			out.Sent = append(out.Sent, v.Conceal(l.text, Where{Label: l.label}))
		}
	}
	out.Pairs = len(s.Unsealed())
	return out
}

// talk makes up a session: every turn sends what was said before and one text
// more, in which people of earlier texts may be named again in other words.
func talk(t *testing.T, seed uint64) []turn {
	r := rand.New(rand.NewPCG(seed, 9))
	w, err := synth.NewWorld(seed)
	if err != nil {
		t.Fatal(err)
	}
	styles := synth.Styles()
	profiles := []Profile{SafeHarbor(), SafeHarborDataset(), Minimum(), SafeHarbor().Realistic()}
	profile := profiles[r.IntN(len(profiles))]
	rules := engine().With(oneWord("amoxicillin"))
	var said []leaf
	var words []string
	var turns []turn
	for range 3 + r.IntN(6) {
		n, err := w.Note(styles[r.IntN(len(styles))])
		if err != nil {
			t.Fatal(err)
		}
		text := n.Text[:min(len(n.Text), 600)]
		text = strings.ToValidUTF8(text, "")
		for _, s := range n.Spans {
			if s.Kind == phi.Name && r.IntN(2) == 0 {
				words = append(words, strings.Fields(n.Text[s.Start:s.End])...)
			}
		}
		if len(words) > 0 && r.IntN(2) == 0 {
			text += " then " + strings.ToLower(words[r.IntN(len(words))]) + " again"
		}
		label := []string{"", "", "note", "name"}[r.IntN(4)]
		said = append(said, leaf{text, label})
		x := turn{texts: append([]leaf(nil), said...), engine: engine(), profile: profile, keep: r.IntN(6) == 0}
		switch r.IntN(6) {
		case 5: // a text that is refused, and never sent again
			if len(words) > 0 {
				x.texts = append(x.texts, leaf{"Patient: Mr. " + words[r.IntN(len(words))] + ", MRN: 66" + fmt.Sprint(1000+seed), ""})
				x.keep = true
			}
		case 0:
			x.engine = engine().In(2027)
		case 1:
			x.engine = rules
		case 2:
			if len(words) > 0 {
				x.told = []hint{{phi.Name, words[0]}, {phi.Record, "MRN" + fmt.Sprint(100000+seed)}}
			}
		case 3:
			x.profile = profiles[r.IntN(len(profiles))]
		}
		turns = append(turns, x)
	}
	return turns
}

// oneWord are rules of a house that look for one word.
type oneWord string

func (w oneWord) Candidates(text, _ string) (found []Finding) {
	if i := strings.Index(strings.ToLower(text), string(w)); i >= 0 {
		found = append(found, Finding{Kind: phi.Account, Start: i, End: i + len(w), Score: 0.95, Rule: "house"})
	}
	return found
}
func (oneWord) Allowed(string) []Allowance { return nil }
func (w oneWord) Digest() string           { return string(w) }

// What a session remembers of the texts it has read saves work and changes
// nothing: not what leaves, not what is counted, not what is kept.
func TestWhatIsRememberedOfATextChangesNothing(t *testing.T) {
	for seed := range uint64(60) {
		all, none, little := NewSession(nil, steady(byte(seed))), NewSession(nil, steady(byte(seed))), NewSession(nil, steady(byte(seed)))
		none.memo, little.memo = newMemo(0), newMemo(4<<10)
		for i, x := range talk(t, seed) {
			want := x.through(none)
			for name, s := range map[string]*Session{"everything": all, "little": little} {
				if diff := cmp.Diff(want, x.through(s)); diff != "" {
					t.Fatalf("session %d, turn %d: a session that remembers %s (+) goes another way than one that remembers nothing (-):\n%s", seed, i, name, diff)
				}
			}
		}
		if len(none.memo.young)+len(none.memo.old) > 0 {
			t.Fatal("a session without room remembers something")
		}
	}
}

// A name or number that is learnt later is found in the texts that were read
// before, for as long as the session lives.
func TestWhatIsLearntLaterIsFoundInWhatIsRemembered(t *testing.T) {
	for early, late := range map[string]string{
		"the plan of dhillonq is unchanged": "Patient: Dimitri Dhillonq",
		"then 7741902 was fine":             "Patient record, MRN: 7741902.",
	} {
		s := NewSession(nil, steady(3))
		through := func(texts ...leaf) string {
			return turn{texts: texts, engine: engine()}.through(s).Sent[0]
		}
		for range 2 {
			if sent := through(leaf{early, ""}); sent != early {
				t.Fatalf("%q became %q before anybody was named: the test shows nothing", early, sent)
			}
		}
		for n := range 3 {
			if sent := through(leaf{early, ""}, leaf{late, ""}); sent == early {
				t.Errorf("turn %d after it was learnt: sent %q", n, sent)
			}
		}
		if sent := through(leaf{early, ""}); sent == early {
			t.Errorf("without what it was learnt from: sent %q", sent)
		}
	}
}

// What somebody was told of for one exchange is not taken for known in another.
func TestWhatWasToldForOneExchangeIsNotRemembered(t *testing.T) {
	s := NewSession(nil, steady(3))
	x := turn{texts: []leaf{{"then 7741902 was fine", ""}}, engine: engine(), keep: true, told: []hint{{phi.Record, "7741902"}}}
	if found := x.through(s).Findings[0]; len(found) != 1 {
		t.Fatalf("what was told of is found %d times", len(found))
	}
	x.told = nil
	if found := x.through(s).Findings[0]; len(found) != 0 {
		t.Error("what was told of once is still looked for")
	}
}

func TestAnUnchangedTextIsNotReadAgain(t *testing.T) {
	s := NewSession(nil, steady(4))
	x := turn{texts: []leaf{{busyNote, ""}, {cleanNote, "note"}}, engine: engine()}
	x.through(s)
	x.through(s)
	for _, l := range x.texts {
		r := s.memo.get(x.engine.keyFor(l.text, l.label))
		if r == nil || !r.complete {
			t.Fatal("a text is not remembered")
		}
		if whole, ok := s.recallWhole(r, l.text, len(s.people()), newKnownIndex()); !ok || !shared(whole, r.whole) {
			t.Error("what was made of a text is worked out again though nothing was learnt")
		}
	}
}

func TestWhatIsRememberedHasItsBounds(t *testing.T) {
	m := newMemo(64 << 10)
	held := func() (n int) {
		for _, list := range []map[memoKey]*remembered{m.young, m.old} {
			for _, r := range list {
				n += r.size()
			}
		}
		return n
	}
	for i := range 5000 {
		m.put(engine().keyFor(fmt.Sprint(i), ""), &remembered{found: make([]Finding, i%40)})
		if held() > m.room {
			t.Fatalf("after %d texts %d bytes are held", i, held())
		}
	}
	before := len(m.young)
	m.put(engine().keyFor("huge", ""), &remembered{found: make([]Finding, 10_000)})
	if m.get(engine().keyFor("huge", "")) != nil || len(m.young) != before {
		t.Error("one text drives out all others")
	}
}

// The key holds everything that a finding depends on, and no two parts of it can
// be taken for others.
func TestATextIsRememberedAsItWasRead(t *testing.T) {
	e := engine()
	keys := map[memoKey]string{}
	for name, k := range map[string]memoKey{
		"a text": e.keyFor("a text", ""), "another": e.keyFor("a texT", ""), "under a label": e.keyFor("a text", "name"),
		"in another year": e.In(2031).keyFor("a text", ""), "by rules of a house": e.With(oneWord("x")).keyFor("a text", ""),
		"with the label in it": e.keyFor("namea text", ""), "rules as a label": e.keyFor("a text", "x"),
	} {
		if other, taken := keys[k]; taken {
			t.Errorf("%s is taken for %s", name, other)
		}
		keys[k] = name
	}
}

func TestASessionMayBeUsedByManyAtOnce(t *testing.T) {
	s := NewSession(nil, &locked{r: steady(5)})
	var all sync.WaitGroup
	for seed := range uint64(4) {
		turns := talk(t, seed)
		all.Go(func() {
			for _, x := range turns {
				x.through(s)
			}
		})
	}
	all.Wait()
}

// A session knows a few words of each text that it has read, and holds no text:
// not its bytes, and no part of them that would keep the whole in memory.
func TestASessionKeepsNoTextInMemory(t *testing.T) {
	const size, texts = 64 << 10, 20
	for _, p := range []Profile{SafeHarbor(), SafeHarborDataset(), SafeHarbor().Realistic()} {
		s := NewSession(nil, steady(6))
		v := NewVeil(engine(), s)
		v.Under(p)
		v.Conceal(busyNote, Where{}) // what is loaded when it is first needed
		before := heap()
		for i := range texts {
			v := NewVeil(engine(), s)
			v.Under(p)
			text := fmt.Sprintf("Patient: Mr. Adam%c Quent%c, MRN: %d, DOB 01/%02d/1957, seen March %d, 2026.", 'a'+i%26, 'a'+i/26, 5550000+i, 1+i%28, 1+i%28)
			text += strings.Repeat(".", size)
			if v.Conceal(text, Where{}) == text {
				t.Fatal("nothing was found")
			}
		}
		if held := heap() - before; held > texts*size/8 {
			t.Errorf("%s: after %d texts of %d bytes the session holds %d", p, texts, size, held)
		}
		runtime.KeepAlive(s)
	}
}

// heap is how many bytes are in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
