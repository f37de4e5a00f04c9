package vault_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/internal/vault"
	"chaperone/phi"
)

// cellar is a vault over memory with a clock of its own.
type cellar struct {
	*vault.Vault
	store *memory
	root  string // path of its key file
	now   time.Time
}

func openCellar(t testing.TB) *cellar {
	t.Helper()
	c := &cellar{store: newMemory(), root: keyFile(t), now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	c.open(t)
	t.Cleanup(func() { c.Close() })
	return c
}

func (c *cellar) open(t testing.TB) {
	t.Helper()
	var err error
	c.Vault, err = vault.Open(t.Context(), vault.Config{
		Root: loadKeys(t, c.root), Sessions: c.store, Keys: c.store,
		Clock: func() time.Time { return c.now }, Idle: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// reopen is a restart.
func (c *cellar) reopen(t testing.TB) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.open(t)
}

func pair(placeholder, words string) phi.Surrogate {
	return phi.Surrogate{Placeholder: placeholder, Kind: phi.Name, Value: phi.Seal(words)}
}

func exposed(pairs []phi.Surrogate) map[string]string {
	out := map[string]string{}
	for _, p := range pairs {
		out[p.Placeholder] = p.Kind.String() + " " + p.Value.Expose()
	}
	return out
}

func (c *cellar) unseal(t *testing.T, s vault.SessionID) string {
	t.Helper()
	pairs, err := c.Unseal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(exposed(pairs))
}

func TestWhatASessionSealedItGetsBackAndNoOtherSessionDoes(t *testing.T) {
	c := openCellar(t)
	if err := c.Seal(t.Context(), "morning", []phi.Surrogate{pair("NAME-7K2QAX", "Otilia Marchbanks"), pair("NAME-7K2QBY", "")}); err != nil {
		t.Fatal(err)
	}
	if err := c.Seal(t.Context(), "morning", []phi.Surrogate{pair("NAME-7K2QAX", "Otilia Marchbanks"), pair("NAME-33333C", "Bram Ode")}); err != nil {
		t.Fatalf("sealing the same again: %v", err)
	}
	if got := c.unseal(t, "morning"); got != "map[NAME-33333C:name Bram Ode NAME-7K2QAX:name Otilia Marchbanks NAME-7K2QBY:name ]" {
		t.Errorf("got %s", got)
	}
	if got := c.unseal(t, "evening"); got != "map[]" {
		t.Errorf("another session got %s", got)
	}
}

func TestAPlaceholderNeverStandsForTwoThings(t *testing.T) {
	c := openCellar(t)
	if err := c.Seal(t.Context(), "s", []phi.Surrogate{pair("NAME-7K2QAX", "Otilia Marchbanks")}); err != nil {
		t.Fatal(err)
	}
	err := c.Seal(t.Context(), "s", []phi.Surrogate{pair("NAME-NEWNEW", "Bram Ode"), pair("NAME-7K2QAX", "Bram Ode")})
	if code(err) != "surrogate_conflict" {
		t.Errorf("Seal: %v", err)
	}
	if got := c.unseal(t, "s"); got != "map[NAME-7K2QAX:name Otilia Marchbanks]" {
		t.Errorf("after the refusal: %s", got)
	}
}

func TestASessionEndsAfterItsLastUse(t *testing.T) {
	c := openCellar(t)
	if err := c.Seal(t.Context(), "s", []phi.Surrogate{pair("NAME-7K2QAX", "Otilia Marchbanks")}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // each use moves the end on
		c.now = c.now.Add(50 * time.Minute)
		if got := c.unseal(t, "s"); got == "map[]" {
			t.Fatal("the session ended although it was in use")
		}
	}
	c.now = c.now.Add(61 * time.Minute)
	if got := c.unseal(t, "s"); got != "map[]" {
		t.Errorf("an expired session yields %s before it is swept", got)
	}
	if n, err := c.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("Sweep = %d, %v", n, err)
	}
	if len(c.store.sessions)+len(c.store.items) != 0 {
		t.Error("something of the session is left")
	}
}

func TestAnExpiredSessionStartsAnewUnderAnotherKey(t *testing.T) {
	c := openCellar(t)
	seal := func(p phi.Surrogate) {
		t.Helper()
		if err := c.Seal(t.Context(), "s", []phi.Surrogate{p}); err != nil {
			t.Fatal(err)
		}
	}
	seal(pair("NAME-7K2QAX", "Otilia Marchbanks"))
	c.now = c.now.Add(2 * time.Hour)
	seal(pair("NAME-7K2QAX", "Bram Ode"))
	if got := c.unseal(t, "s"); got != "map[NAME-7K2QAX:name Bram Ode]" {
		t.Errorf("got %s", got)
	}
}

func TestNothingAtRestIsInTheClear(t *testing.T) { // CRY-03
	c := openCellar(t)
	ctx := t.Context()
	if err := c.Seal(ctx, "session-of-dr-lee", []phi.Surrogate{pair("NAME-7K2QAX", "Otilia Marchbanks")}); err != nil {
		t.Fatal(err)
	}
	if err := c.Remember(ctx, "session-of-dr-lee", "thinking key", []byte("about Otilia Marchbanks")); err != nil {
		t.Fatal(err)
	}
	sealed, _, _, err := c.SealContent(ctx, "r1", "exchange", []byte("Otilia Marchbanks was seen"))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := c.SealFacts("r1", []byte("patient Marchbanks"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Signer(ctx, "record"); err != nil {
		t.Fatal(err)
	}
	dump := fmt.Sprintf("%s %s %s %s", string(sealed), string(facts), raw(c.store.sessions), raw(c.store.items)+raw(c.store.keys))
	for _, words := range []string{"Marchbanks", "Otilia", "dr-lee", "thinking key"} {
		if strings.Contains(dump, words) {
			t.Errorf("%q is in the clear", words)
		}
	}
}

// raw prints byte slices as text, so that words in them would show.
func raw(v any) string { return fmt.Sprintf("%q", fmt.Sprintf("%s", v)) }

func TestWhatWasChangedAtRestDoesNotOpen(t *testing.T) {
	for name, tamper := range map[string]func(items []vault.Item){
		"a bit of the value":            func(items []vault.Item) { items[0].Sealed[20] ^= 1 },
		"a value cut short":             func(items []vault.Item) { items[0].Sealed = items[0].Sealed[:10] },
		"two placeholders change names": func(items []vault.Item) { items[0].Name, items[1].Name = items[1].Name, items[0].Name },
	} {
		t.Run(name, func(t *testing.T) {
			c := openCellar(t)
			if err := c.Seal(t.Context(), "s", []phi.Surrogate{pair("NAME-AAAAAA", "Otilia"), pair("NAME-BBBBBB", "Bram")}); err != nil {
				t.Fatal(err)
			}
			for _, items := range c.store.items {
				tamper(items)
			}
			if pairs, err := c.Unseal(t.Context(), "s"); code(err) != "vault_damaged" || pairs != nil {
				t.Errorf("Unseal = %v, %v", pairs, err)
			}
		})
	}
}

func TestManyRequestsMayOpenOneSessionAtOnce(t *testing.T) {
	c := openCellar(t)
	var wg sync.WaitGroup
	for n := range 64 {
		wg.Go(func() {
			if err := c.Seal(context.Background(), "s", []phi.Surrogate{pair(fmt.Sprintf("NAME-%06d", n), "Otilia")}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if pairs, err := c.Unseal(t.Context(), "s"); err != nil || len(pairs) != 64 {
		t.Errorf("%d pairs, %v", len(pairs), err)
	}
}

func TestAStoreThatFailsMakesSealingFail(t *testing.T) {
	c := openCellar(t)
	c.store.fault = errors.New("disk full")
	if err := c.Seal(t.Context(), "s", []phi.Surrogate{pair("NAME-AAAAAA", "Otilia")}); code(err) != "vault_unavailable" {
		t.Errorf("Seal: %v", err)
	}
	if _, err := c.Unseal(t.Context(), "s"); code(err) != "vault_unavailable" {
		t.Errorf("Unseal: %v", err)
	}
	if _, _, _, err := c.SealContent(t.Context(), "r", "k", []byte("x")); code(err) != "vault_unavailable" {
		t.Errorf("SealContent: %v", err)
	}
}

func TestTheWrongRootKeyIsToldApart(t *testing.T) {
	c := openCellar(t)
	_, err := vault.Open(t.Context(), vault.Config{Root: loadKeys(t, keyFile(t)), Sessions: c.store, Keys: c.store})
	if code(err) != "vault_key_wrong" || !strings.Contains(err.Error(), c.RootID()) {
		t.Errorf("Open: %v; it should name key %s", err, c.RootID())
	}
	if _, err := vault.Open(t.Context(), vault.Config{Sessions: c.store, Keys: c.store}); code(err) != "vault_key_missing" {
		t.Errorf("without a key: %v", err)
	}
}

func TestMemoryLivesWithItsSession(t *testing.T) {
	c := openCellar(t)
	ctx := t.Context()
	if err := c.Remember(ctx, "s", "k", []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := c.Remember(ctx, "s", "k", []byte("second")); err != nil {
		t.Fatal(err)
	}
	if blob, ok, err := c.Recall(ctx, "s", "k"); string(blob) != "second" || !ok || err != nil {
		t.Errorf("Recall = %q, %v, %v", blob, ok, err)
	}
	for _, miss := range [][2]string{{"s", "other"}, {"other", "k"}} {
		if _, ok, err := c.Recall(ctx, vault.SessionID(miss[0]), miss[1]); ok || err != nil {
			t.Errorf("Recall%v = %v, %v", miss, ok, err)
		}
	}
	if got := c.unseal(t, "s"); got != "map[]" {
		t.Errorf("memory shows among the pairs: %s", got)
	}
	c.now = c.now.Add(2 * time.Hour)
	if _, ok, err := c.Recall(ctx, "s", "k"); ok || err != nil {
		t.Errorf("after the session's end: %v, %v", ok, err)
	}
}

func TestContentOpensForItsRecordAloneAndNotAfterItsKeyIsGone(t *testing.T) {
	c := openCellar(t)
	ctx := t.Context()
	for _, plain := range [][]byte{[]byte("x"), []byte(strings.Repeat("blood pressure 128 over 82. ", 500)), bytes.Repeat([]byte{0, 1, 2, 255}, 3)} {
		sealed, id, _, err := c.SealContent(ctx, "r1", "exchange", plain)
		if err != nil {
			t.Fatal(err)
		}
		if len(plain) > 1000 && len(sealed) > len(plain)/2 {
			t.Errorf("%d bytes of repeated text take %d sealed", len(plain), len(sealed))
		}
		if got, err := c.OpenContent(ctx, "r1", "exchange", id, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("OpenContent: %v", err)
		}
		if _, err := c.OpenContent(ctx, "r2", "exchange", id, sealed); code(err) != "vault_damaged" {
			t.Errorf("for another record: %v", err)
		}
		if _, err := c.OpenContent(ctx, "r1", "note", id, sealed); code(err) != "vault_damaged" {
			t.Errorf("for another use: %v", err)
		}
		sealed[len(sealed)-1] ^= 1
		if _, err := c.OpenContent(ctx, "r1", "exchange", id, sealed); code(err) != "vault_damaged" {
			t.Errorf("changed: %v", err)
		}
		for range 2 {
			if err := c.DestroyContent(ctx, id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.OpenContent(ctx, "r1", "exchange", id, sealed); code(err) != "content_gone" {
			t.Errorf("after its key was destroyed: %v", err)
		}
	}
}

func TestFactsOpenForTheirRecordAlone(t *testing.T) {
	c := openCellar(t)
	sealed, err := c.SealFacts("r1", []byte("facts"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.OpenFacts("r1", sealed); err != nil || string(got) != "facts" {
		t.Errorf("OpenFacts = %q, %v", got, err)
	}
	if _, err := c.OpenFacts("r2", sealed); code(err) != "vault_damaged" {
		t.Errorf("for another record: %v", err)
	}
	for at := range sealed {
		sealed[at] ^= 1
		if _, err := c.OpenFacts("r1", sealed); code(err) != "vault_damaged" {
			t.Errorf("byte %d changed: %v", at, err)
		}
		sealed[at] ^= 1
	}
}

func TestKeyedHashesTellEverythingApart(t *testing.T) {
	c, other := openCellar(t), openCellar(t)
	if first, again := c.BlindIndex("patient", "1"), c.BlindIndex("patient", "1"); first != again {
		t.Error("equal values have different indexes")
	}
	seen := map[string]string{}
	for name, h := range map[string][]byte{
		"a, bc": c.MAC("p", []byte("a"), []byte("bc")), "ab, c": c.MAC("p", []byte("ab"), []byte("c")), "abc": c.MAC("p", []byte("abc")),
		"another purpose": c.MAC("q", []byte("abc")), "another root": other.MAC("p", []byte("abc")),
		"nothing": c.MAC("p"), "an empty part": c.MAC("p", nil),
	} {
		if was, twice := seen[string(h)]; twice {
			t.Errorf("%s and %s have the same hash", name, was)
		}
		seen[string(h)] = name
	}
	if c.BlindIndex("patient", "1") == c.BlindIndex("person", "1") || c.BlindIndex("patient", "1") == other.BlindIndex("patient", "1") {
		t.Error("fields or roots share an index")
	}
}

func TestASignerIsTheSameAfterARestart(t *testing.T) {
	c := openCellar(t)
	first, err := c.Signer(t.Context(), "record")
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Signer(t.Context(), "record")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := again.Sign([]byte("message"))
	if err != nil || !ed25519.Verify(first.Public(), []byte("message"), sig) {
		t.Errorf("the key changed (%v)", err)
	}
	other, err := c.Signer(t.Context(), "another")
	if err != nil || other.Public().Equal(first.Public()) {
		t.Errorf("two names share a key (%v)", err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", first, first, first); strings.ContainsAny(shown, "[]0") {
		t.Errorf("a signer shows %q", shown)
	}
}

func BenchmarkSealContent(b *testing.B) {
	c := openCellar(b)
	plain := []byte(strings.Repeat("blood pressure 128 over 82, seen in clinic. ", 94))
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if _, _, _, err := c.SealContent(context.Background(), "r", "exchange", plain); err != nil {
			b.Fatal(err)
		}
	}
}

func TestASessionSaysWhenItEndsAndAskingIsNoUseOfIt(t *testing.T) {
	c := openCellar(t)
	if _, ok, err := c.Until(t.Context(), "s"); ok || err != nil {
		t.Errorf("a session that never was: %v, %v", ok, err)
	}
	if err := c.Seal(t.Context(), "s", nil); err != nil {
		t.Fatal(err)
	}
	end := c.now.Add(time.Hour)
	c.now = end.Add(-time.Minute)
	if until, ok, err := c.Until(t.Context(), "s"); !ok || err != nil || !until.Equal(end) {
		t.Errorf("got %v, %v, %v", until, ok, err)
	}
	c.now = end
	if _, ok, err := c.Until(t.Context(), "s"); ok || err != nil {
		t.Errorf("after its end: %v, %v", ok, err)
	}
}
