package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The root key file is text, so that it can be printed, put in a safe and typed
// in again. Four lines, each ended by a line feed:
//
//	chaperone root key v1
//	id: 16 hexadecimal digits, public
//	key: 32 bytes in base64
//	check: 16 hexadecimal digits, a keyed hash over the id
//
// The check value finds a slip of the pen, not an attacker.
const (
	rootForm    = "chaperone root key v1"
	rootSize    = 32
	rootIDBytes = 8
	rootMaxFile = 4096
)

// Root is the root key in memory. It prints as its id only.
type Root struct {
	id  string
	key [rootSize]byte
}

// ID is the public id of the key.
func (r *Root) ID() string { return r.id }

// String yields the id, never the key.
func (r *Root) String() string { return "root key " + r.id }

// GoString yields the id, so that %#v leaks nothing either.
func (r *Root) GoString() string { return "vault.Root{" + r.id + "}" }

// Forget zeroes the key. Call it once the vault is open: the vault keeps what
// it derived, not the root itself.
func (r *Root) Forget() { clear(r.key[:]) }

// CreateKeys makes a root key and writes it to path, readable by its owner
// alone. It never replaces a file: the error is a *chaperone.Error with code
// vault_key_exists then, and vault_key_unwritable when the file cannot be
// written. The file is whole and durable or not there at all.
func CreateKeys(path string, random io.Reader) error {
	if random == nil {
		random = rand.Reader
	}
	var r Root
	id := make([]byte, rootIDBytes)
	if _, err := io.ReadFull(random, id); err != nil {
		return errKeyWrite(err)
	}
	if _, err := io.ReadFull(random, r.key[:]); err != nil {
		return errKeyWrite(err)
	}
	defer r.Forget()
	r.id = hex.EncodeToString(id)
	text := r.marshal()
	defer clear(text)
	return placeOnce(path, text)
}

// LoadKeys reads a root key file. Each way it can fail is a *chaperone.Error
// that names the next step: vault_key_missing, vault_key_unsafe (permissions
// wider than 0600), vault_key_damaged.
func LoadKeys(path string) (*Root, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errKeyMissing(err)
	}
	if err != nil {
		return nil, errStore(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, errStore(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errKeyDamaged(fmt.Errorf("vault: the root key is not a regular file"))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, errKeyUnsafe()
	}
	text, err := io.ReadAll(io.LimitReader(f, rootMaxFile))
	if err != nil {
		return nil, errStore(err)
	}
	defer clear(text)
	return parseRoot(text)
}

func (r *Root) marshal() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nid: %s\nkey: %s\ncheck: %s\n", rootForm, r.id,
		base64.StdEncoding.EncodeToString(r.key[:]), r.check())
	return b.Bytes()
}

func (r *Root) check() string {
	mac := hmac.New(sha256.New, r.key[:])
	mac.Write([]byte(rootForm + " " + r.id))
	return hex.EncodeToString(mac.Sum(nil)[:rootIDBytes])
}

func parseRoot(text []byte) (*Root, error) {
	lines := strings.Split(strings.TrimRight(string(text), "\r\n"), "\n")
	if len(lines) != 4 || strings.TrimRight(lines[0], "\r") != rootForm {
		return nil, errKeyDamaged(errors.New("vault: not a root key file of version 1"))
	}
	var field [3]string
	for i, name := range []string{"id: ", "key: ", "check: "} {
		value, ok := strings.CutPrefix(strings.TrimRight(lines[i+1], "\r"), name)
		if !ok {
			return nil, errKeyDamaged(fmt.Errorf("vault: root key file: line %d", i+2))
		}
		field[i] = value
	}
	r := &Root{id: field[0]}
	if id, err := hex.DecodeString(r.id); err != nil || len(id) != rootIDBytes {
		return nil, errKeyDamaged(errors.New("vault: root key file: the id"))
	}
	key, err := base64.StdEncoding.Strict().DecodeString(field[1])
	if err != nil || len(key) != rootSize {
		return nil, errKeyDamaged(errors.New("vault: root key file: the key"))
	}
	copy(r.key[:], key)
	clear(key)
	if !hmac.Equal([]byte(r.check()), []byte(field[2])) {
		r.Forget()
		return nil, errKeyDamaged(errors.New("vault: root key file: the check value"))
	}
	return r, nil
}

// placeOnce writes a file that was not there before: whole, synced, owner only.
func placeOnce(path string, text []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".root-*") // CreateTemp makes it 0600
	if err != nil {
		return errKeyWrite(err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // only the name: the file lives on under path
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return errKeyWrite(err)
	}
	if err := os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
		return errKeyExists(err)
	} else if err != nil {
		return errKeyWrite(err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return errKeyWrite(err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return errKeyWrite(err)
	}
	return nil
}
