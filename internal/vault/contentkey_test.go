package vault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// page is sealed content and the name of its key.
type page struct {
	record, key string
	sealed      []byte
}

func (c *cellar) page(t testing.TB, n int) page {
	t.Helper()
	record := fmt.Sprint("r", n)
	sealed, key, _, err := c.SealContent(t.Context(), record, "exchange", []byte("text of "+record))
	if err != nil {
		t.Fatal(err)
	}
	return page{record, key, sealed}
}

// opens is "yes", or the code of the error.
func (c *cellar) opens(t testing.TB, p page) string {
	t.Helper()
	got, err := c.OpenContent(t.Context(), p.record, "exchange", p.key, p.sealed)
	switch {
	case err != nil:
		return code(err)
	case string(got) != "text of "+p.record:
		return "another text"
	}
	return "yes"
}

func TestDestroyingContentDestroysOneRecordsAndNoOther(t *testing.T) { // AUD-14
	c := openCellar(t)
	var pages []page
	for n := range 600 { // more than two levels of the tree
		pages = append(pages, c.page(t, n))
	}
	gone := map[int]bool{0: true, 1: true, 17: true, 255: true, 256: true, 599: true}
	for n := range gone {
		if err := c.DestroyContent(t.Context(), pages[n].key); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string) {
		for n, p := range pages {
			want := "yes"
			if gone[n] {
				want = "content_gone"
			}
			if got := c.opens(t, p); got != want {
				t.Errorf("%s, record %d: %s, want %s", when, n, got, want)
			}
		}
	}
	check("while the keys are in use")
	pages = append(pages, c.page(t, 600))
	check("after another was sealed")
	c.reopen(t)
	check("after a restart")
	if err := c.DestroyContent(t.Context(), pages[2].key); err != nil {
		t.Fatal(err)
	}
	gone[2] = true
	check("after one more, of a tree that is not in use")
}

func TestNoContentKeyIsGivenTwice(t *testing.T) {
	c := openCellar(t)
	seen := map[string]bool{}
	for round := range 4 {
		for n := range 20 {
			p := c.page(t, n)
			if seen[p.key] {
				t.Fatalf("round %d: the key %s was given before", round, p.key)
			}
			seen[p.key] = true
		}
		switch round {
		case 1:
			c.reopen(t)
		case 2:
			c.now = c.now.Add(25 * time.Hour)
		}
	}
	if n := len(c.store.keys); n != 1+3 { // the root's claim, and a tree for each start and day
		t.Errorf("%d rows for 80 contents", n)
	}
}

func TestAKeyThatWasDestroyedBeforeItWasUsedIsNeverGiven(t *testing.T) {
	c := openCellar(t)
	first := c.page(t, 0)
	tree, _, _ := strings.Cut(first.key, ".")
	gone := map[string]bool{}
	for _, leaf := range []int{1, 2, 5, 16, 17, 40} {
		gone[fmt.Sprintf("%s.%d", tree, leaf)] = true
		if err := c.DestroyContent(t.Context(), fmt.Sprintf("%s.%d", tree, leaf)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 60 {
		p := c.page(t, n)
		if gone[p.key] || c.opens(t, p) != "yes" {
			t.Errorf("the key %s was given: %s", p.key, c.opens(t, p))
		}
	}
}

func TestATreeThatIsUsedUpIsFollowedByAnother(t *testing.T) {
	c := openCellar(t)
	first := c.page(t, 0)
	last := first
	for n := range 1 << 16 {
		last = c.page(t, n)
	}
	a, _, _ := strings.Cut(first.key, ".")
	b, _, _ := strings.Cut(last.key, ".")
	if a == b || c.opens(t, first) != "yes" || c.opens(t, last) != "yes" {
		t.Errorf("keys %s and %s: %s, %s", first.key, last.key, c.opens(t, first), c.opens(t, last))
	}
}

func TestNothingIsSealedUnderAKeyThatIsNotKept(t *testing.T) {
	c := openCellar(t)
	c.store.fault = errors.New("disk")
	if _, _, _, err := c.SealContent(t.Context(), "r", "exchange", []byte("x")); code(err) != "vault_unavailable" {
		t.Errorf("got %v", err)
	}
	c.store.fault = nil
	if got := c.opens(t, c.page(t, 1)); got != "yes" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestContentThatCouldNotBeDestroyedIsStillThere(t *testing.T) {
	c := openCellar(t)
	p := c.page(t, 1)
	c.store.fault = errors.New("disk")
	if err := c.DestroyContent(t.Context(), p.key); code(err) != "vault_unavailable" {
		t.Errorf("got %v", err)
	}
	c.store.fault = nil
	if got := c.opens(t, p); got != "yes" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestContentSealedBeforeThereWereTreesOpensAndIsDestroyed(t *testing.T) {
	c := openCellar(t)
	sealed, key, err := c.SealUnderOwnKey(t.Context(), "r9", "exchange", []byte("text of r9"))
	if err != nil {
		t.Fatal(err)
	}
	p := page{"r9", key, sealed}
	if got := c.opens(t, p); got != "yes" {
		t.Errorf("before: %s", got)
	}
	if err := c.DestroyContent(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if got := c.opens(t, p); got != "content_gone" {
		t.Errorf("after: %s", got)
	}
}

func TestAKeyTreeThatWasChangedOpensNothing(t *testing.T) {
	c := openCellar(t)
	p := c.page(t, 1)
	for id, row := range c.store.keys {
		if id == "root" {
			continue
		}
		row.Sealed[len(row.Sealed)-1] ^= 1
	}
	if got := c.opens(t, p); got != "vault_damaged" {
		t.Errorf("got %s", got)
	}
}
