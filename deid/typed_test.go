package deid_test

import (
	"errors"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/phi"
)

func typedVeil(t *testing.T, random interface{ Read([]byte) (int, error) }) *deid.Veil {
	t.Helper()
	e, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	return deid.NewVeil(e, deid.NewSession(nil, random))
}

// What a document's format says to be a name is one, however it looks, and is
// known in every other text of the exchange.
func TestATextReadAsAKindIsThatKindAndIsRemembered(t *testing.T) {
	v := typedVeil(t, &counting{})
	v.Read("then qoth left", deid.Where{})
	at := v.ReadAs(phi.Name, "Qoth")
	list := v.Replacements("Qoth", at)
	if len(list) != 1 || list[0].Kind != phi.Name || list[0].Start != 0 || list[0].End != 4 {
		t.Fatalf("got %+v", list)
	}
	if out := v.Conceal("then qoth left", deid.Where{}); !strings.HasPrefix(out, "then NAME-") || !strings.HasSuffix(out, " left") {
		t.Errorf("got %q", out)
	}
}

// The replacements of a text are what Conceal makes of it.
func TestReplacementsSayWhatConcealDoes(t *testing.T) {
	v := typedVeil(t, &counting{})
	const text = "Mr. John Smith, MRN: 4471902, and see NAME-7K2QAX."
	var b strings.Builder
	from := 0
	for _, r := range v.Replacements(text, deid.Where{}) {
		b.WriteString(text[from:r.Start] + r.Text)
		from = r.End
	}
	b.WriteString(text[from:])
	if want := v.Conceal(text, deid.Where{}); b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestReplacementsEndWithTheRandomness(t *testing.T) {
	v := typedVeil(t, nothing{})
	if list := v.Replacements("Mr. John Smith", deid.Where{}); list != nil || v.Err() == nil {
		t.Errorf("got %v, %v", list, v.Err())
	}
}

// counting is a source of bytes that are always the same.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.n = c.n*5 + 7
		p[i] = c.n
	}
	return len(p), nil
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, errors.New("there is none") }
