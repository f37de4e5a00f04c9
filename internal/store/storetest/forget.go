package storetest

import (
	"testing"
	"time"

	"chaperone/internal/vault"
)

// Forgetter runs the suite of vault.Forgetter.
func Forgetter(t *testing.T, s interface {
	VaultStore
	vault.Forgetter
},
) {
	put(t, s, session(1, time.Hour), surrogate("A", 1))
	put(t, s, session(2, time.Hour), surrogate("A", 2))
	one, other := session(1, time.Hour).ID, session(2, time.Hour).ID
	for range 2 { // the second time there is nothing, and that is no error
		if err := s.Forget(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := s.Session(t.Context(), one); ok || err != nil {
		t.Errorf("the forgotten session: there %v, %v", ok, err)
	}
	if left := items(t, s, 1, vault.SpaceSurrogates, ""); len(left) != 0 {
		t.Errorf("%d pairs of the forgotten session are left", len(left))
	}
	if _, ok, err := s.Session(t.Context(), other); !ok || err != nil {
		t.Errorf("the other session: there %v, %v", ok, err)
	}
	if left := items(t, s, 2, vault.SpaceSurrogates, ""); len(left) != 1 {
		t.Errorf("%d pairs of the other session are left", len(left))
	}
}
