package vault_test

import (
	"context"
	"testing"
	"time"

	"chaperone/internal/vault"
	"chaperone/phi"
)

// Forget makes memory a vault.Forgetter.
func (m *memory) Forget(_ context.Context, id vault.Handle) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return m.fault
	}
	delete(m.sessions, id)
	delete(m.items, id)
	return nil
}

func TestASessionIsKeptLongerThanNobodyUsesIt(t *testing.T) {
	c := openCellar(t)
	until := c.now.Add(30 * 24 * time.Hour)
	if err := c.KeepUntil(t.Context(), "batch", until); err != nil {
		t.Fatal(err)
	}
	for _, s := range []vault.SessionID{"batch", "chat"} {
		if err := c.Seal(t.Context(), s, []phi.Surrogate{pair("NAME-1", "Marta Example")}); err != nil {
			t.Fatal(err)
		}
	}
	c.now = until.Add(-time.Minute)
	if _, err := c.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := c.unseal(t, "batch"); got != "map[NAME-1:name Marta Example]" {
		t.Errorf("the kept session has %s", got)
	}
	if got := c.unseal(t, "chat"); got != "map[]" {
		t.Errorf("the other session has %s", got)
	}
	if err := c.KeepUntil(t.Context(), "batch", c.now); err != nil { // never back
		t.Fatal(err)
	}
	c.now = c.now.Add(2 * time.Hour)
	if got := c.unseal(t, "batch"); got != "map[]" {
		t.Errorf("past its end it has %s", got)
	}
}

func TestAForgottenSessionIsGoneAtOnce(t *testing.T) {
	c := openCellar(t)
	if err := c.Seal(t.Context(), "file", []phi.Surrogate{pair("NAME-1", "Marta Example")}); err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(t.Context(), "file"); err != nil {
		t.Fatal(err)
	}
	if got := c.unseal(t, "file"); got != "map[]" || len(c.store.items) != 0 {
		t.Errorf("%s, %d items", got, len(c.store.items))
	}
	bare := openCellar(t)
	v, err := vault.Open(t.Context(), vault.Config{Root: loadKeys(t, keyFile(t)), Sessions: struct{ vault.Sessions }{bare.store}, Keys: newMemory()})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if err := v.Forget(t.Context(), "file"); err == nil {
		t.Error("a store that cannot forget said that it had")
	}
}
