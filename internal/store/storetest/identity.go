package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"chaperone"
	"chaperone/internal/identity"
)

// Identity runs the suite of identity.Store. open opens the same store each time
// it is called within one test.
func Identity(t *testing.T, open func(t *testing.T) (s identity.Store, close func() error)) {
	for name, test := range map[string]func(*testing.T, identity.Store){
		"a credential comes back as it was put":  credentialSame,
		"an id is taken once within its kind":    credentialTaken,
		"credentials are listed by tenant":       credentialList,
		"a credential is ended exactly once":     credentialEnds,
		"one that has ended is never shown live": credentialFresh,
		"what is not there is unknown":           credentialUnknown,
		"expired tokens are forgotten":           credentialForgotten,
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
}

func credential(kind identity.CredentialKind, id, tenant string, age int) identity.Credential {
	return identity.Credential{
		Kind: kind, ID: id, Hash: []byte{1, 2, 3}, Created: noon.Add(time.Duration(age) * time.Second),
		Holder: identity.Holder{Tenant: tenant, Owner: "dr.lee", Role: chaperone.RoleClinician, Label: "ward 3"},
	}
}

func putCredential(t *testing.T, s identity.Store, c identity.Credential) {
	t.Helper()
	if err := s.PutCredential(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func credentialSame(t *testing.T, s identity.Store) {
	full := credential(identity.KindKey, "full", "clinic", 0)
	full.Expires, full.LastUsed, full.Ended = noon.Add(time.Hour), noon.Add(time.Minute), noon.Add(time.Second)
	full.Parent = "device"
	full.Holder.Environment = chaperone.EnvironmentDevelopment
	full.Holder.Purposes = []chaperone.Purpose{chaperone.PurposeTreatment, chaperone.PurposePayment}
	full.Holder.CIDRs = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	for _, want := range []identity.Credential{full, credential(identity.KindLink, "bare", "clinic", 1)} {
		putCredential(t, s, want)
		got, err := s.Credential(t.Context(), want.Kind, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func credentialTaken(t *testing.T, s identity.Store) {
	putCredential(t, s, credential(identity.KindKey, "one", "clinic", 0))
	if err := s.PutCredential(t.Context(), credential(identity.KindKey, "one", "other", 1)); !errors.Is(err, identity.ErrTaken) {
		t.Errorf("the same id again: %v", err)
	}
	putCredential(t, s, credential(identity.KindLink, "one", "clinic", 2)) // another kind, another credential
}

func credentialList(t *testing.T, s identity.Store) {
	for _, c := range []identity.Credential{
		credential(identity.KindKey, "young", "clinic", 9), credential(identity.KindKey, "old", "clinic", 1),
		credential(identity.KindKey, "foreign", "other", 1), credential(identity.KindLink, "link", "clinic", 1),
	} {
		putCredential(t, s, c)
	}
	list, err := s.Credentials(t.Context(), identity.KindKey, "clinic")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	if diff := cmp.Diff([]string{"old", "young"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func credentialEnds(t *testing.T, s identity.Store) {
	putCredential(t, s, credential(identity.KindLink, "link", "clinic", 0))
	if err := s.TouchCredential(t.Context(), identity.KindLink, "link", noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	var firsts atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			first, err := s.EndCredential(context.Background(), identity.KindLink, "link", noon.Add(time.Hour))
			if err != nil {
				t.Error(err)
			}
			if first {
				firsts.Add(1)
			}
		})
	}
	wg.Wait()
	if firsts.Load() != 1 {
		t.Errorf("%d of 32 ended it", firsts.Load())
	}
	got, err := s.Credential(t.Context(), identity.KindLink, "link")
	if err != nil || !got.Ended.Equal(noon.Add(time.Hour)) || !got.LastUsed.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v, %v", got, err)
	}
}

// credentialFresh: whoever asks after a credential has ended is told so, however
// many ask for it all the while (IAM-09).
func credentialFresh(t *testing.T, s identity.Store) {
	for n := range 20 {
		id := fmt.Sprint("k", n)
		putCredential(t, s, credential(identity.KindKey, id, "clinic", 0))
		var ended atomic.Bool
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for last := false; !last; {
					last = ended.Load()
					got, err := s.Credential(context.Background(), identity.KindKey, id)
					if err != nil || last && got.Ended.IsZero() {
						t.Errorf("asked after it ended: %+v, %v", got, err)
						return
					}
					got.Hash[0] ^= 1 // what a caller does with it is its own
				}
			})
		}
		if err := s.TouchCredential(t.Context(), identity.KindKey, id, noon.Add(time.Minute)); err != nil {
			t.Error(err)
		}
		if _, err := s.EndCredential(t.Context(), identity.KindKey, id, noon.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		ended.Store(true)
		wg.Wait()
		got, err := s.Credential(t.Context(), identity.KindKey, id)
		want := credential(identity.KindKey, id, "clinic", 0)
		if err != nil || !got.LastUsed.Equal(noon.Add(time.Minute)) || !bytes.Equal(got.Hash, want.Hash) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func credentialUnknown(t *testing.T, s identity.Store) {
	_, err := s.Credential(t.Context(), identity.KindKey, "nobody")
	errTouch := s.TouchCredential(t.Context(), identity.KindKey, "nobody", noon)
	_, errEnd := s.EndCredential(t.Context(), identity.KindKey, "nobody", noon)
	for _, err := range []error{err, errTouch, errEnd} {
		if !errors.Is(err, identity.ErrUnknown) {
			t.Errorf("%v", err)
		}
	}
}

func credentialForgotten(t *testing.T, s identity.Store) {
	forgets, ok := s.(identity.Forgetter)
	if !ok {
		t.Fatal("the store cannot forget")
	}
	for id, c := range map[string]struct {
		kind    identity.CredentialKind
		expires time.Time
		stays   bool
	}{
		"old":     {identity.KindAccess, noon.Add(-time.Second), false},
		"live":    {identity.KindAccess, noon.Add(time.Second), true},
		"endless": {identity.KindAccess, time.Time{}, true},
		"other":   {identity.KindRefresh, noon.Add(-time.Second), true},
	} {
		one := credential(c.kind, id, "clinic", 0)
		one.Expires = c.expires
		putCredential(t, s, one)
		if err := forgets.ForgetCredentials(t.Context(), identity.KindAccess, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Credential(t.Context(), c.kind, id); (err == nil) != c.stays {
			t.Errorf("%s: %v", id, err)
		}
	}
}
