package vault_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/vault"
)

func code(err error) string {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own.Code
	}
	return fmt.Sprint(err)
}

func keyFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.key")
	if err := vault.CreateKeys(path, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadKeys(t testing.TB, path string) *vault.Root {
	t.Helper()
	root, err := vault.LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestARootKeyFileIsTheOwnersAloneAndNeverReplaced(t *testing.T) { // CRY-04
	path := keyFile(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	before, _ := os.ReadFile(path)
	if err := vault.CreateKeys(path, nil); code(err) != "vault_key_exists" {
		t.Errorf("creating again: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the key was replaced")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	if err := vault.CreateKeys(filepath.Join(path, "below", "a", "file"), nil); code(err) != "vault_key_unwritable" {
		t.Errorf("where no file can be: %v", err)
	}
}

func TestARootKeyPrintsAsItsIDOnly(t *testing.T) {
	path := keyFile(t)
	text, _ := os.ReadFile(path)
	secret := strings.TrimPrefix(strings.Split(string(text), "\n")[2], "key: ")
	root := loadKeys(t, path)
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if shown := fmt.Sprintf(form, root); strings.Contains(shown, secret) || !strings.Contains(shown, root.ID()) {
			t.Errorf("%s shows %q", form, shown)
		}
	}
}

func TestARootKeyFileThatIsNotRightIsRefusedInWordsThatHelp(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		code  string
	}{
		"missing":               {func(t *testing.T, path string) { os.Remove(path) }, "vault_key_missing"},
		"empty":                 {func(t *testing.T, path string) { os.Truncate(path, 0) }, "vault_key_damaged"},
		"short":                 {func(t *testing.T, path string) { os.Truncate(path, 60) }, "vault_key_damaged"},
		"readable by the group": {func(t *testing.T, path string) { os.Chmod(path, 0o640) }, "vault_key_unsafe"},
		"readable by all":       {func(t *testing.T, path string) { os.Chmod(path, 0o604) }, "vault_key_unsafe"},
		"a directory": {func(t *testing.T, path string) {
			os.Remove(path)
			os.Mkdir(path, 0o700)
		}, "vault_key_damaged"},
		"one letter of the key is another": {edit(func(s string) string {
			i := strings.Index(s, "key: ") + 10
			c := byte('A')
			if s[i] == c {
				c = 'B'
			}
			return s[:i] + string(c) + s[i+1:]
		}), "vault_key_damaged"},
		"a later version": {edit(func(s string) string { return strings.Replace(s, "v1", "v2", 1) }), "vault_key_damaged"},
		"a fifth line":    {edit(func(s string) string { return s + "more\n" }), "vault_key_damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := keyFile(t)
			c.spoil(t, path)
			_, err := vault.LoadKeys(path)
			own, ok := errors.AsType[*chaperone.Error](err)
			if !ok || own.Code != c.code || own.Kind != chaperone.KindUnavailable || own.Next == "" {
				t.Errorf("LoadKeys: %#v", err)
			}
		})
	}
}

func TestARootKeyFileMayHaveBeenTypedOnAnotherMachine(t *testing.T) {
	path := keyFile(t)
	want := loadKeys(t, path).ID()
	edit(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })(t, path)
	if got := loadKeys(t, path).ID(); got != want {
		t.Errorf("id %s, want %s", got, want)
	}
}

func edit(how func(string) string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(how(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzRootKeyFile(f *testing.F) {
	f.Add([]byte("chaperone root key v1\nid: 0011223344556677\nkey: AAAA\ncheck: 00\n"))
	f.Add([]byte("chaperone root key v1\nid: \nkey: \ncheck: \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "root.key")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Skip(err)
		}
		if root, err := vault.LoadKeys(path); err == nil {
			t.Errorf("a key nobody made is accepted: %v", root)
		}
	})
}
