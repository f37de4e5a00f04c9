package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chaperone/internal/vault"
)

// VaultStore is what a vault needs of a store.
type VaultStore interface {
	vault.Sessions
	vault.Keys
}

// Vault runs the suite of vault.Sessions and vault.Keys. open opens the same
// store each time it is called within one test.
func Vault(t *testing.T, open func(t *testing.T) (s VaultStore, close func() error)) {
	for name, test := range map[string]func(*testing.T, VaultStore){
		"a session comes back as it was put":               sessionSame,
		"a surrogate is kept once and never replaced":      surrogatesOnce,
		"memory is replaced":                               memoryReplaced,
		"a session under another key is told apart":        sessionChanged,
		"an expiry moves on and never back":                expiryMovesOn,
		"expired sessions go with all they had":            expireAll,
		"one of many first puts wins and all see the same": sessionRace,
		"a key is kept once, read, and destroyed":          keyOnce,
	} {
		t.Run(name, func(t *testing.T) {
			s, done := open(t)
			defer func() {
				if err := done(); err != nil {
					t.Error(err)
				}
			}()
			test(t, s)
		})
	}
	t.Run("everything acknowledged is there after reopening", func(t *testing.T) {
		s, done := open(t)
		put(t, s, session(1, time.Hour), surrogate("A", 1))
		if err := s.PutKey(t.Context(), vault.KeyRow{ID: "k", Sealed: []byte{1}, Made: noon}); err != nil {
			t.Fatal(err)
		}
		if err := done(); err != nil {
			t.Fatal(err)
		}
		s, done = open(t)
		defer done()
		if items := items(t, s, 1, vault.SpaceSurrogates, ""); len(items) != 1 {
			t.Errorf("%d items", len(items))
		}
		if _, ok, err := s.Key(t.Context(), "k"); !ok || err != nil {
			t.Errorf("the key: %v, %v", ok, err)
		}
	})
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func session(n byte, life time.Duration) vault.SessionRow {
	return vault.SessionRow{ID: vault.Handle{n}, Key: []byte{n, 1, 2}, Expires: noon.Add(life)}
}

func surrogate(name string, check byte) vault.Item {
	return vault.Item{Space: vault.SpaceSurrogates, Name: name, Check: [16]byte{check}, Sealed: []byte{check, 9}}
}

func put(t *testing.T, s VaultStore, row vault.SessionRow, list ...vault.Item) {
	t.Helper()
	if err := s.Put(t.Context(), row, list); err != nil {
		t.Fatal(err)
	}
}

func items(t *testing.T, s VaultStore, n byte, space vault.Space, name string) []vault.Item {
	t.Helper()
	list, err := s.Items(t.Context(), vault.Handle{n}, space, name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func sessionSame(t *testing.T, s VaultStore) {
	if _, ok, err := s.Session(t.Context(), vault.Handle{1}); ok || err != nil {
		t.Errorf("before: %v, %v", ok, err)
	}
	want := []vault.Item{surrogate("A", 1), surrogate("B", 2)}
	put(t, s, session(1, time.Hour), want...)
	put(t, s, session(2, time.Hour), surrogate("A", 3))
	row, ok, err := s.Session(t.Context(), vault.Handle{1})
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if diff := cmp.Diff(session(1, time.Hour), row); diff != "" {
		t.Errorf("session (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, items(t, s, 1, vault.SpaceSurrogates, "")); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:], items(t, s, 1, vault.SpaceSurrogates, "B")); diff != "" {
		t.Errorf("one item (-want +got):\n%s", diff)
	}
	if list := items(t, s, 1, vault.SpaceMemory, ""); len(list) != 0 {
		t.Errorf("another space holds %d", len(list))
	}
}

func surrogatesOnce(t *testing.T, s VaultStore) {
	put(t, s, session(1, time.Hour), surrogate("A", 1))
	again := surrogate("A", 1)
	again.Sealed = []byte("sealed anew")
	put(t, s, session(1, time.Hour), again, surrogate("B", 2), surrogate("B", 2))
	if got := items(t, s, 1, vault.SpaceSurrogates, "A"); len(got) != 1 || got[0].Sealed[0] != 1 {
		t.Errorf("the first was replaced: %v", got)
	}
	for name, list := range map[string][]vault.Item{
		"kept with another check": {surrogate("C", 3), surrogate("A", 2)},
		"given with two checks":   {surrogate("D", 3), surrogate("D", 4)},
	} {
		if err := s.Put(t.Context(), session(1, 2*time.Hour), list); !errors.Is(err, vault.ErrExists) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := items(t, s, 1, vault.SpaceSurrogates, ""); len(got) != 2 {
		t.Errorf("a refused put left %d items", len(got))
	}
	if row, _, _ := s.Session(t.Context(), vault.Handle{1}); !row.Expires.Equal(noon.Add(time.Hour)) {
		t.Errorf("a refused put moved the expiry to %v", row.Expires)
	}
}

func memoryReplaced(t *testing.T, s VaultStore) {
	for n := range byte(3) {
		put(t, s, session(1, time.Hour), vault.Item{Space: vault.SpaceMemory, Name: "m", Check: [16]byte{n}, Sealed: []byte{n}})
	}
	if got := items(t, s, 1, vault.SpaceMemory, "m"); len(got) != 1 || got[0].Sealed[0] != 2 {
		t.Errorf("memory: %v", got)
	}
}

func sessionChanged(t *testing.T, s VaultStore) {
	put(t, s, session(1, time.Hour))
	other := session(1, time.Hour)
	other.Key = []byte("another")
	if err := s.Put(t.Context(), other, []vault.Item{surrogate("A", 1)}); !errors.Is(err, vault.ErrSessionChanged) {
		t.Errorf("Put: %v", err)
	}
	if got := items(t, s, 1, vault.SpaceSurrogates, ""); len(got) != 0 {
		t.Errorf("a refused put left %d items", len(got))
	}
}

func expiryMovesOn(t *testing.T, s VaultStore) {
	for _, life := range []time.Duration{time.Hour, 3 * time.Hour, 2 * time.Hour} {
		put(t, s, session(1, life))
	}
	if row, _, err := s.Session(t.Context(), vault.Handle{1}); err != nil || !row.Expires.Equal(noon.Add(3*time.Hour)) {
		t.Errorf("expires %v, %v", row.Expires, err)
	}
}

func expireAll(t *testing.T, s VaultStore) {
	put(t, s, session(1, time.Hour), surrogate("A", 1))
	put(t, s, session(2, 3*time.Hour), surrogate("A", 1))
	if n, err := s.Expire(t.Context(), noon.Add(2*time.Hour)); n != 1 || err != nil {
		t.Errorf("Expire = %d, %v", n, err)
	}
	if _, ok, _ := s.Session(t.Context(), vault.Handle{1}); ok || len(items(t, s, 1, vault.SpaceSurrogates, "")) != 0 {
		t.Error("something of the expired session is left")
	}
	if _, ok, _ := s.Session(t.Context(), vault.Handle{2}); !ok || len(items(t, s, 2, vault.SpaceSurrogates, "")) != 1 {
		t.Error("the live session lost something")
	}
}

func sessionRace(t *testing.T, s VaultStore) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for n := range 32 {
		wg.Go(func() {
			row := session(1, time.Hour)
			row.Key = fmt.Appendf(nil, "key %d", n)
			err := s.Put(context.Background(), row, nil)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, vault.ErrSessionChanged) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 32 won", won)
	}
}

func keyOnce(t *testing.T, s VaultStore) {
	want := vault.KeyRow{ID: "k", Owner: "record", Sealed: []byte{1, 2}, Made: noon}
	if err := s.PutKey(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := s.PutKey(t.Context(), vault.KeyRow{ID: "k", Sealed: []byte{3}, Made: noon}); !errors.Is(err, vault.ErrExists) {
		t.Errorf("again: %v", err)
	}
	got, ok, err := s.Key(t.Context(), "k")
	if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
		t.Errorf("Key: %v, %v (-want +got):\n%s", ok, err, diff)
	}
	want.Sealed = []byte{4, 5, 6}
	if err := s.ReplaceKey(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, _, err := s.Key(t.Context(), "k"); cmp.Diff(want, got) != "" || err != nil {
		t.Errorf("after it was replaced: %v, %v", got, err)
	}
	if err := s.ReplaceKey(t.Context(), vault.KeyRow{ID: "none", Made: noon}); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("one that is not there: %v", err)
	}
	for range 2 {
		if err := s.DropKey(t.Context(), "k"); err != nil {
			t.Error(err)
		}
	}
	if _, ok, err := s.Key(t.Context(), "k"); ok || err != nil {
		t.Errorf("after it was destroyed: %v, %v", ok, err)
	}
}
