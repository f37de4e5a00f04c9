package postgres_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/store/postgres"
	"chaperone/internal/store/postgres/postgrestest"
	"chaperone/internal/store/storetest"
)

// server is the one that all tests here share; nil where none is installed.
var server *postgrestest.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = postgrestest.Start(); err != nil && !errors.Is(err, postgrestest.ErrMissing) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// prepared makes a database with the schema in it and yields the two URLs.
func prepared(t testing.TB) (owner, writer string) {
	t.Helper()
	name := server.Database(t)
	owner, writer = server.URL(name, postgrestest.Owner), server.URL(name, postgrestest.Writer)
	if err := postgres.Prepare(t.Context(), owner, writer, postgres.Version); err != nil {
		t.Fatal(err)
	}
	return owner, writer
}

func open(t testing.TB, url string) *postgres.Database {
	t.Helper()
	d, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// urls is one database for each test, so that opening twice opens the same.
type urls map[string]string

func (u urls) of(t *testing.T) string {
	if u[t.Name()] == "" {
		_, u[t.Name()] = prepared(t)
	}
	return u[t.Name()]
}

func TestJournal(t *testing.T) {
	u := urls{}
	storetest.Journal(t, func(t *testing.T) (audit.Journal, func() error) {
		d := open(t, u.of(t))
		return d.Journal, d.Close
	})
}

func TestVault(t *testing.T) {
	u := urls{}
	storetest.Vault(t, func(t *testing.T) (storetest.VaultStore, func() error) {
		d := open(t, u.of(t))
		return d.Vault, d.Close
	})
}

func TestVaultForgets(t *testing.T) {
	_, url := prepared(t)
	storetest.Forgetter(t, open(t, url).Vault)
}

func TestIdentity(t *testing.T) {
	u := urls{}
	storetest.Identity(t, func(t *testing.T) (identity.Store, func() error) {
		d := open(t, u.of(t))
		return d.State, d.Close
	})
}
