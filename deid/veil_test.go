package deid

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"chaperone/phi"
)

var loadOnce = sync.OnceValues(NewEngine)

func testEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// steady is a seeded source: the same placeholders every time.
func steady(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// through conceals texts in one exchange of a session, in order.
func through(t testing.TB, s *Session, texts ...string) []string {
	t.Helper()
	v := NewVeil(testEngine(t), s)
	for _, text := range texts {
		v.Read(text, Where{})
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = v.Conceal(text, Where{})
	}
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConcealedTextComesBackExactly(t *testing.T) {
	for _, text := range []string{
		"Patient: John Smith, DOB 03/15/1985, MRN: 4471902. Mr. Smith takes metformin 500 mg.",
		"SMITH, JOHN Q was seen by Dr. Amélie St-Jean.\r\nCall (541) 555-0146 — or (541) 555-0146!",
		"Mr. O'Neil-Tremblay said \"fine\".\tMRN: 4471902\u00a0\u200b",
		"no identifiers at all: BP 120/80, 1/2 tablet q4h",
		"",
		"\xff\xfe not UTF-8, Mr. John Smith \x80",
	} {
		s := NewSession(nil, steady(1))
		concealed := through(t, s, text)[0]
		if got := NewRevealer(s).Reveal(concealed); got != text {
			t.Errorf("%q went as %q and came back as %q", text, concealed, got)
		}
	}
}

func TestNothingThatWasFoundIsLeftInWhatIsSent(t *testing.T) {
	text := "Patient: John Smith, DOB 03/15/1985, MRN: 4471902, phone (541) 555-0146, john.smith@example.org."
	concealed := through(t, NewSession(nil, steady(1)), text)[0]
	for _, secret := range []string{"John", "Smith", "03/15", "4471902", "555-0146", "example.org"} {
		if strings.Contains(concealed, secret) {
			t.Errorf("%q is left in %q", secret, concealed)
		}
	}
}

func TestTheSameValueMeetsTheSamePlaceholderEveryTurn(t *testing.T) {
	s := NewSession(nil, steady(1))
	const first = "Mr. John Smith, MRN: 4471902, has a cough."
	one := through(t, s, first)[0]
	two := through(t, s, first, "What was the dose for Mr. John Smith?")
	if two[0] != one {
		t.Errorf("the same text went as %q and then as %q: prompt caching is lost", one, two[0])
	}
	name := placeholderOf(t, one, "NAME")
	if !strings.Contains(two[1], name) {
		t.Errorf("the second turn %q does not use %s", two[1], name)
	}
}

func placeholderOf(t *testing.T, text, word string) string {
	t.Helper()
	for _, m := range matches(text) {
		if strings.HasPrefix(m.normal, word+"-") {
			return m.normal
		}
	}
	t.Fatalf("there is no %s in %q", word, text)
	return ""
}

func TestSurfacesOfOnePersonShareAStemAndKeepTheirForm(t *testing.T) {
	s := NewSession(nil, steady(1))
	text := "Patient: John Smith. Seen again: Mr. Smith. Insurance lists him as SMITH, JOHN."
	concealed := through(t, s, text)[0]
	stems := map[string]bool{}
	codes := map[string]bool{}
	for _, m := range matches(concealed) {
		if code, ok := strings.CutPrefix(m.normal, "NAME-"); ok {
			stems[code[:stemLen]] = true
			codes[code] = true
		}
	}
	if len(stems) != 1 || len(codes) < 2 {
		t.Errorf("want one stem with several variants, got stems %v, codes %v in %q", stems, codes, concealed)
	}
	if got := NewRevealer(s).Reveal(concealed); got != text {
		t.Errorf("came back as %q", got)
	}
}

func TestTwoPeopleOfOneNameAreNotMixedUp(t *testing.T) {
	s := NewSession(nil, steady(1))
	concealed := through(t, s, "Mr. John Smith and Mrs. Mary Smith came in.")[0]
	stems := map[string]bool{}
	for _, m := range matches(concealed) {
		stems[strings.TrimPrefix(m.normal, "NAME-")[:stemLen]] = true
	}
	if len(stems) != 2 {
		t.Errorf("want two stems in %q", concealed)
	}
}

func TestAnIdentifierThatHadALabelOnceIsFoundWithoutIt(t *testing.T) {
	s := NewSession(nil, steady(1))
	through(t, s, "MRN: 4471902")
	got := through(t, s, "And what did we say about 4471902? Not 44719021.")[0]
	if strings.Contains(got, "about 4471902") || !strings.Contains(got, "44719021") {
		t.Errorf("got %q", got)
	}
}

func TestAnIdentifierIsFoundInTheSameExchangeWithoutItsLabel(t *testing.T) {
	got := through(t, NewSession(nil, steady(1)), "Compare 4471902 with last year.", "MRN: 4471902", "She moved from Greenwich.", "The Greenwich program helped.")
	for _, text := range got {
		if strings.Contains(text, "4471902") || strings.Contains(text, "Greenwich") {
			t.Errorf("left in %q", text)
		}
	}
}

func TestWhatAUserTypesIsNeverResolved(t *testing.T) {
	s := NewSession(nil, steady(1))
	concealed := through(t, s, "Mr. John Smith has a cough.")[0]
	live := placeholderOf(t, concealed, "NAME")
	for _, typed := range []string{live, strings.ToLower(live), strings.Replace(live, "-", "\u2011", 1), strings.Replace(live, "-", "%2D", 1)} {
		text := "Print " + typed + " for me"
		sent := through(t, s, text)[0]
		if strings.Contains(sent, typed) {
			t.Errorf("typed %q was sent as it is: the answer would resolve it", typed)
		}
		if got := NewRevealer(s).Reveal(sent); got != text {
			t.Errorf("typed %q came back as %q", text, got)
		}
	}
}

func TestPlaceholdersOfAnotherSessionStay(t *testing.T) {
	one, two := NewSession(nil, steady(1)), NewSession(nil, steady(2))
	foreign := through(t, one, "Mr. John Smith")[0]
	through(t, two, "Mr. Adam Reed")
	r := NewRevealer(two)
	if got := r.Reveal(foreign); got != foreign || r.Restored() != 0 || r.Unknown() != 1 {
		t.Errorf("got %q, restored %d, unknown %d", got, r.Restored(), r.Unknown())
	}
}

func TestModelsWritePlaceholdersInManyForms(t *testing.T) {
	s := NewSession(nil, steady(1))
	p := placeholderOf(t, through(t, s, "Mr. John Smith")[0], "NAME")
	for _, c := range []struct{ form, want string }{
		{p, "John Smith"},
		{strings.ToLower(p), "John Smith"},
		{"**" + p + "**", "**John Smith**"},
		{p + "'s", "John Smith's"},
		{strings.Replace(p, "-", "\u2011", 1), "John Smith"},
		{strings.Replace(p, "-", "\u2212", 1), "John Smith"},
		{"https://ehr.example/p?q=" + strings.Replace(p, "-", "%2D", 1), "https://ehr.example/p?q=John Smith"},
		{p + p, "John SmithJohn Smith"},
		{"x" + p + "y", "xJohn Smithy"},
	} {
		if got := NewRevealer(s).Reveal(c.form); got != c.want {
			t.Errorf("%q was restored as %q, want %q", c.form, got, c.want)
		}
	}
}

func TestAMisspeltPlaceholderIsNobody(t *testing.T) {
	s := NewSession(nil, steady(1))
	p := placeholderOf(t, through(t, s, "Mr. John Smith")[0], "NAME")
	for i := len("NAME-"); i < len(p); i++ {
		for _, c := range []byte(alphabet) {
			if c == p[i] {
				continue
			}
			wrong := p[:i] + string(c) + p[i+1:]
			if wellFormed(wrong) && wrong[:len(wrong)-1] != p[:len(p)-1] && i != len(p)-1 {
				t.Errorf("%s differs from %s in one character and passes the check", wrong, p)
			}
			if got := NewRevealer(s).Reveal(wrong); got != wrong {
				t.Errorf("%s was restored as %q", wrong, got)
			}
		}
	}
}

func TestScanHoldsBackOnlyALivePrefix(t *testing.T) {
	s := NewSession(nil, steady(1))
	p := placeholderOf(t, through(t, s, "Mr. John Smith")[0], "NAME")
	for cut := 1; cut < len(p); cut++ {
		for _, form := range []string{p, strings.ToLower(p)} {
			_, hold := NewRevealer(s).Scan("See " + form[:cut])
			if hold != cut {
				t.Errorf("at the end of %q, %d bytes are held, want %d", "See "+form[:cut], hold, cut)
			}
		}
	}
	for _, open := range []string{"NAME\u2011" + p[5:8], "NAME%", "NAME%2", "NAME%2D", "NAME\xe2", "NAME\xe2\x80"} {
		if _, hold := NewRevealer(s).Scan("See " + open); hold != len(open) {
			t.Errorf("at the end of %q, %d bytes are held, want %d", open, hold, len(open))
		}
	}
	for _, done := range []string{"See " + p, "See NAMES", "See N.", "RECORD-", "NAMED", "See NAME-" + "ZZZ"} {
		if _, hold := NewRevealer(s).Scan(done); hold != 0 && !strings.HasPrefix(p, "NAME-ZZZ") {
			t.Errorf("at the end of %q, %d bytes are held, want none", done, hold)
		}
	}
}

func TestSessionsComeBackFromTheVault(t *testing.T) {
	s := NewSession(nil, steady(1))
	const text = "Patient: John Smith, MRN: 4471902. Mr. Smith coughs."
	first := through(t, s, text)[0]
	again := NewSession(s.Unsealed(), steady(9))
	if got := through(t, again, text)[0]; got != first {
		t.Errorf("after the restart the text went as %q, before as %q", got, first)
	}
	if got := NewRevealer(again).Reveal(first); got != text {
		t.Errorf("after the restart %q came back as %q", first, got)
	}
	if n := len(again.Unsealed()); n != 0 {
		t.Errorf("%d pairs are new although all were known", n)
	}
}

func TestConcurrentExchangesOfASessionAgree(t *testing.T) {
	s := NewSession(nil, &locked{r: steady(1)})
	const text = "Patient: John Smith, MRN: 4471902, phone (541) 555-0146."
	var wg sync.WaitGroup
	results := make([]string, 32)
	for i := range results {
		wg.Go(func() { results[i] = through(t, s, text)[0] })
	}
	wg.Wait()
	for _, r := range results {
		if r != results[0] {
			t.Fatalf("two exchanges of one session disagree: %q and %q", r, results[0])
		}
	}
}

func TestConcurrentExchangesAgreeOnDaysAndInventedNames(t *testing.T) {
	for _, p := range []Profile{SafeHarbor(), SafeHarbor().Realistic(), mustCustom(t, "treatments:\n  date: shift\n").Realistic()} {
		s := NewSession(nil, &locked{r: steady(1)})
		texts := []string{"Mr. John Smith, seen 2024-03-15.", "Mrs. Mary Smith, seen 2024-03-29. Mr. John Smith too."}
		var wg sync.WaitGroup
		results := make([]string, 32)
		for i := range results {
			wg.Go(func() { results[i] = under(t, s, p, texts[i%2])[0] })
		}
		wg.Wait()
		for i, r := range results {
			if r != results[i%2] || NewRevealer(s).Reveal(r) != texts[i%2] {
				t.Fatalf("%s: two exchanges of one session disagree: %q and %q", p, r, results[i%2])
			}
		}
	}
}

type locked struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *locked) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

func TestWithoutRandomnessNothingIsSent(t *testing.T) {
	v := NewVeil(testEngine(t), NewSession(nil, io.LimitReader(bytes.NewReader(nil), 0)))
	if got := v.Conceal("Mr. John Smith", Where{}); got != "" || v.Err() == nil {
		t.Errorf("got %q, error %v", got, v.Err())
	}
	if !errors.Is(v.Err(), io.EOF) {
		t.Errorf("the error %v does not say why", v.Err())
	}
}

func TestTheMinimumProfileKeepsDatesAndPlaces(t *testing.T) {
	v := NewVeil(testEngine(t), NewSession(nil, steady(1)))
	v.Under(Minimum())
	got := v.Conceal("Mr. John Smith, MRN: 4471902, was admitted on 03/15/2026.", Where{})
	if !strings.Contains(got, "03/15/2026") || strings.Contains(got, "Smith") || strings.Contains(got, "4471902") {
		t.Errorf("got %q", got)
	}
}

func TestTheSummaryHoldsNoWords(t *testing.T) {
	v := NewVeil(testEngine(t), NewSession(nil, steady(1)))
	v.Read("Mr. John Smith, MRN: 4471902", Where{})
	s := v.Summary()
	if s.Counts[phi.Name] != 1 || s.Counts[phi.Record] != 1 || s.Total() != 2 {
		t.Errorf("got %+v", s)
	}
}

// FuzzConcealReveal proves the round trip on any text, two texts in one
// exchange, cut anywhere: what comes back is what was sent.
func FuzzConcealReveal(f *testing.F) {
	f.Add("Patient: John Smith, MRN: 4471902", "Mr. Smith", 5)
	f.Add("NAME-7K2QAX and name\u20117k2qax", "%2d NAME%2D7K2QAX", 9)
	f.Add("\xff\xc3( Dr. Nguyễn Thị Hoa \u200b", "", 1)
	f.Fuzz(func(t *testing.T, a, b string, cut int) {
		s := NewSession(nil, steady(3))
		for i, concealed := range through(t, s, a, b) {
			want := []string{a, b}[i]
			if got := NewRevealer(s).Reveal(concealed); got != want {
				t.Fatalf("%q went as %q and came back as %q", want, concealed, got)
			}
			if got := inPieces(s, concealed, cut); got != want {
				t.Fatalf("%q cut every %d bytes came back as %q", want, cut, got)
			}
		}
	})
}

// inPieces restores a text that arrives in pieces, holding back as a stream does.
func inPieces(s *Session, text string, size int) string {
	size = max(1, size%17)
	r := NewRevealer(s)
	var out strings.Builder
	buf := ""
	for text != "" {
		n := min(size, len(text))
		buf += text[:n]
		text = text[n:]
		hits, hold := r.Scan(buf)
		from := 0
		for _, h := range hits {
			out.WriteString(buf[from:h.Start])
			out.WriteString(h.Value.Expose())
			from = h.End
		}
		out.WriteString(buf[from : len(buf)-hold])
		buf = buf[len(buf)-hold:]
	}
	out.WriteString(r.Reveal(buf))
	return out.String()
}
