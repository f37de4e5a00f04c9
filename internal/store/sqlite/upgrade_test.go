package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/identity"
)

func TestAStateOfTheVersionBeforeDevicesIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	old, err := openFile(t.Context(), path, schema{steps: stateSchema.steps[:1]})
	if err != nil {
		t.Fatal(err)
	}
	err = old.do(t.Context(), func(ctx context.Context, w *conn) error {
		_, err := w.exec(ctx, `INSERT INTO credential
			(kind, id, tenant, owner, role, environment, purposes, networks, label, hash, created)
			VALUES ('key', '6r3s7dht', 'clinic', 'ward-3', 'clinician', 'production', 'null', 'null', '', x'01', 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.close(); err != nil {
		t.Fatal(err)
	}
	s, err := OpenState(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Credential(t.Context(), identity.KindKey, "6r3s7dht")
	if err != nil || c.Holder.Role != chaperone.RoleClinician || c.Parent != "" {
		t.Errorf("the key of before: %+v %v", c, err)
	}
	token := identity.Credential{Kind: identity.KindAccess, ID: "00000000", Parent: "9k2m4x7c", Hash: []byte{1}, Created: time.UnixMicro(1).UTC()}
	if err := s.PutCredential(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Credential(t.Context(), identity.KindAccess, "00000000"); err != nil || got.Parent != token.Parent {
		t.Errorf("%+v %v", got, err)
	}
}
