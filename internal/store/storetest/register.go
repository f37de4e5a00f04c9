package storetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/internal/register"
)

// Register runs the suite of register.Store. open opens the same store each time
// it is called within one test.
func Register(t *testing.T, open func(t *testing.T) (s register.Store, close func() error)) {
	for name, test := range map[string]func(t *testing.T, open func() (register.Store, func() error)){
		"entries come back in their order after a restart": entriesOrder,
		"a number is taken once, and none is left out":     entriesDense,
		"of many who want a number, one gets it":           entriesRace,
		"a document comes back as it was put":              documentSame,
		"what one tenant keeps another does not see":       registerTenants,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, func() (register.Store, func() error) { return open(t) })
		})
	}
}

func closing(t *testing.T, done func() error) {
	t.Helper()
	if err := done(); err != nil {
		t.Error(err)
	}
}

func addEntry(t *testing.T, s register.Store, tenant string, number int, sealed string) {
	t.Helper()
	if err := s.AddEntry(t.Context(), register.Row{Tenant: tenant, Number: number, Sealed: []byte(sealed)}); err != nil {
		t.Fatal(err)
	}
}

func entriesOrder(t *testing.T, open func() (register.Store, func() error)) {
	s, done := open()
	for i, text := range []string{"one", "two", "three"} {
		addEntry(t, s, "clinic", i+1, text)
	}
	closing(t, done)
	s, done = open()
	defer closing(t, done)
	got, err := s.Entries(t.Context(), "clinic")
	if err != nil {
		t.Fatal(err)
	}
	want := []register.Row{{Tenant: "clinic", Number: 1, Sealed: []byte("one")}, {Tenant: "clinic", Number: 2, Sealed: []byte("two")}, {Tenant: "clinic", Number: 3, Sealed: []byte("three")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func entriesDense(t *testing.T, open func() (register.Store, func() error)) {
	s, done := open()
	defer closing(t, done)
	addEntry(t, s, "clinic", 1, "one")
	if err := s.AddEntry(t.Context(), register.Row{Tenant: "clinic", Number: 1, Sealed: []byte("other")}); !errors.Is(err, register.ErrTaken) {
		t.Errorf("the same number again: %v", err)
	}
	if err := s.AddEntry(t.Context(), register.Row{Tenant: "clinic", Number: 3, Sealed: []byte("three")}); !errors.Is(err, register.ErrGap) {
		t.Errorf("a number left out: %v", err)
	}
	got, err := s.Entries(t.Context(), "clinic")
	if err != nil || len(got) != 1 || string(got[0].Sealed) != "one" {
		t.Errorf("%v, %v", got, err)
	}
}

func entriesRace(t *testing.T, open func() (register.Store, func() error)) {
	s, done := open()
	defer closing(t, done)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			switch err := s.AddEntry(context.Background(), register.Row{Tenant: "clinic", Number: 1, Sealed: []byte("x")}); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, register.ErrTaken):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 16 got it", won.Load())
	}
}

func documentSame(t *testing.T, open func() (register.Store, func() error)) {
	s, done := open()
	defer closing(t, done)
	want := register.Document{Tenant: "clinic", Digest: strings.Repeat("a", 64), Key: "key-1", Sealed: []byte("sealed")}
	for _, d := range []register.Document{want, {Tenant: want.Tenant, Digest: want.Digest, Key: "key-2", Sealed: []byte("again")}} {
		if err := s.AddDocument(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Document(t.Context(), want.Tenant, want.Digest)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := s.Document(t.Context(), "clinic", strings.Repeat("b", 64)); !errors.Is(err, register.ErrUnknown) {
		t.Errorf("what is not there: %v", err)
	}
}

func registerTenants(t *testing.T, open func() (register.Store, func() error)) {
	s, done := open()
	defer closing(t, done)
	addEntry(t, s, "clinic", 1, "ours")
	addEntry(t, s, "other", 1, "theirs")
	if err := s.AddDocument(t.Context(), register.Document{Tenant: "clinic", Digest: strings.Repeat("a", 64), Key: "k", Sealed: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Entries(t.Context(), "other")
	if err != nil || len(got) != 1 || string(got[0].Sealed) != "theirs" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := s.Document(t.Context(), "other", strings.Repeat("a", 64)); !errors.Is(err, register.ErrUnknown) {
		t.Errorf("another tenant's document: %v", err)
	}
}
