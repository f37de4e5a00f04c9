package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheAddressOfADatabaseIsReadStrictly(t *testing.T) {
	for name, c := range map[string]struct{ src, fault string }{
		"an address":                  {"store: {postgres: {url: postgres://u@127.0.0.1/house}}", ""},
		"several hosts":               {"store: {postgres: {url: 'postgres://u@a.example:5432,b.example:5433/house?sslmode=verify-full'}}", ""},
		"a file":                      {"store: {postgres: {url_file: db.url}}", ""},
		"nothing":                     {"store:", ""},
		"a password":                  {"store:\n  postgres:\n    url: postgres://u:hunter2@127.0.0.1/house", "chaperone.yaml:3:10: the address holds a password"},
		"a password, several hosts":   {"store: {postgres: {url: 'postgres://u:hunter2@a,b/house'}}", "holds a password"},
		"a password among parameters": {"store: {postgres: {url: 'postgres://u@h/house?password=hunter2'}}", "holds a password"},
		"no user":                     {"store: {postgres: {url: postgres://127.0.0.1/house}}", "not the address of a database"},
		"no database":                 {"store: {postgres: {url: postgres://u@127.0.0.1}}", "not the address of a database"},
		"another scheme":              {"store: {postgres: {url: mysql://u@h/house}}", "wrong form"},
		"key and value":               {"store: {postgres: {url: host=h password=hunter2}}", "wrong form"},
		"both":                        {"store: {postgres: {url: postgres://u@h/house, url_file: f}}", "two addresses"},
		"an unknown kind":             {"store: {mysql: {}}", "mysql is unknown here"},
		"a list":                      {"store: []", "here belong settings"},
	} {
		f, faults := Parse("chaperone.yaml", []byte(c.src))
		if c.fault == "" && len(faults) > 0 || c.fault != "" && len(faults) != 1 {
			t.Errorf("%s: %v", name, faults)
			continue
		}
		if c.fault == "" {
			continue
		}
		if said := faults[0].String(); !strings.Contains(said, c.fault) || strings.Contains(said, "hunter2") {
			t.Errorf("%s: %s", name, said)
		}
		if strings.Contains(f.Store.Postgres.URL, "hunter2") {
			t.Errorf("%s: the password was kept", name)
		}
	}
}

func TestTheFileOfAnAddressCountsFromTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	f, faults := Parse(filepath.Join(dir, "chaperone.yaml"), []byte("store: {postgres: {url_file: db.url}}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	path := filepath.Join(dir, "db.url")
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		ok   bool
	}{
		"an address with a password":  {"postgres://u:hunter2@127.0.0.1/house\n", 0o600, true},
		"more lines":                  {"postgres://u:hunter2@127.0.0.1/house\n# said by nobody\n", 0o600, true},
		"readable by everybody":       {"postgres://u:hunter2@127.0.0.1/house\n", 0o644, false},
		"empty":                       {"", 0o600, false},
		"something else":              {"hunter2\n", 0o600, false},
		"an address without a scheme": {"u:hunter2@127.0.0.1/house", 0o600, false},
	} {
		os.Remove(path)
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		url, err := f.Store.Postgres.Address()
		if (err == nil) != c.ok || c.ok && url != "postgres://u:hunter2@127.0.0.1/house" {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error repeats the address", name)
		}
	}
}

// FuzzDatabaseAddress: whatever is taken for an address has no password, and what
// is refused is not repeated.
func FuzzDatabaseAddress(f *testing.F) {
	for _, s := range []string{
		"postgres://u@127.0.0.1/house", "postgresql://u@a:1,b:2/h?sslmode=verify-full", "postgres://u:p@h/d", "postgres://u@h/d?password=p",
		"postgres://u@[::1]:5432/d", "postgres://,u:p@h/d", "postgres://u@h,x:p@y/d", "postgres://u@/d?host=/run", "postgres://u:@h/d",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		quoted, err := json.Marshal(address)
		if err != nil {
			t.Skip()
		}
		file, faults := Parse("c.yaml", []byte(`{"store": {"postgres": {"url": `+string(quoted)+`}}}`))
		if len(faults) > 0 {
			if file.Store.Postgres.URL != "" {
				t.Error("a refused address was kept")
			}
			return
		}
		if file.Store.Postgres.URL == "" {
			return
		}
		authority, _, _ := strings.Cut(strings.SplitN(address, "://", 2)[1], "/")
		if user, _, ok := strings.Cut(authority, "@"); !ok || strings.Contains(user, ":") || strings.Count(authority, "@") != 1 {
			t.Errorf("taken: %q", address)
		}
	})
}
