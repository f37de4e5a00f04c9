package witness

import (
	"crypto/ed25519"
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
	"syscall"

	"chaperone/internal/audit/verify"

	"golang.org/x/mod/sumdb/note"
)

// memory is a witness's directory: its key, and for each log the newest
// checkpoint it has cosigned, in a file named by the digest of the log's origin.
//
//	DIR/lock          held by the running witness
//	DIR/witness.key   PRIVATE+KEY+name+hash+key, the form of a note's signer
//	DIR/logs/…        signed notes, with the witness's own cosignature
type memory struct {
	dir  string
	lock *os.File
}

const keyFile = "witness.key"

// openMemory takes a directory for this process alone.
func openMemory(dir string) (*memory, error) {
	if err := os.MkdirAll(filepath.Join(dir, "logs"), 0o700); err != nil {
		return nil, fmt.Errorf("witness: directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("witness: directory: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errors.New("witness: another witness runs on this directory"), f.Close())
	}
	return &memory{dir: dir, lock: f}, nil
}

func (m *memory) close() error { return m.lock.Close() }

// key reads the key, or makes one under a name if there is none. A name that is
// stated must be the key's.
func (m *memory) key(name string, random io.Reader) (*cosigner, error) {
	path := filepath.Join(m.dir, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m.newKey(path, name, random)
	}
	if err != nil {
		return nil, fmt.Errorf("witness: key: %w", err)
	}
	c, err := parseSigner(string(text))
	if err != nil {
		return nil, fmt.Errorf("witness: %s: %w", keyFile, err)
	}
	if name != "" && name != c.name {
		return nil, errors.New("witness: the key in this directory has another name; a witness keeps its name")
	}
	return c, nil
}

func (m *memory) newKey(path, name string, random io.Reader) (*cosigner, error) {
	if kept, err := os.ReadDir(filepath.Join(m.dir, "logs")); err != nil || len(kept) > 0 {
		return nil, errors.Join(errors.New("witness: the directory has a memory and no key; put its witness.key back"), err)
	}
	if !isName(name) {
		return nil, errors.New("witness: a new witness needs a name without spaces and plus signs, such as witness.example.org/records")
	}
	public, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("witness: key: %w", err)
	}
	seed := append([]byte{keyEd25519}, private.Seed()...)
	text := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s\n", name, keyHash(name, keyEd25519, public), base64.StdEncoding.EncodeToString(seed))
	if err := writeDurably(path, []byte(text)); err != nil {
		return nil, fmt.Errorf("witness: key: %w", err)
	}
	return &cosigner{newVerifier(name, public), private}, nil
}

func parseSigner(text string) (*cosigner, error) {
	f := strings.Split(strings.TrimSpace(text), "+")
	if len(f) < 5 || f[0] != "PRIVATE" || f[1] != "KEY" || !isName(f[2]) {
		return nil, ErrKey
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.Join(f[4:], "+"))
	if err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != keyEd25519 {
		return nil, ErrKey
	}
	private := ed25519.NewKeyFromSeed(raw[1:])
	public := private.Public().(ed25519.PublicKey)
	if f[3] != fmt.Sprintf("%08x", keyHash(f[2], keyEd25519, public)) {
		return nil, ErrKey
	}
	return &cosigner{newVerifier(f[2], public), private}, nil
}

func (m *memory) path(l *log) string {
	sum := sha256.Sum256([]byte(l.signer.Name()))
	return filepath.Join(m.dir, "logs", hex.EncodeToString(sum[:]))
}

// read yields the newest checkpoint that was cosigned for a log; the zero one if
// none was. A file that the log and this witness did not both sign is an error:
// a witness that has forgotten would vouch for a rollback.
func (m *memory) read(l *log, own *verifier) (verify.Checkpoint, error) {
	text, err := os.ReadFile(m.path(l))
	if errors.Is(err, fs.ErrNotExist) {
		return verify.Checkpoint{}, nil
	}
	if err != nil {
		return verify.Checkpoint{}, fmt.Errorf("witness: memory: %w", err)
	}
	cp, err := verify.ReadCheckpoint(text, l.key)
	if err == nil {
		_, err = note.Open(text, note.VerifierList(own))
	}
	if err != nil {
		return verify.Checkpoint{}, errors.New("witness: what was cosigned for " + l.signer.Name() +
			" does not read as it was written; restore it from a backup, or take another directory, name and key")
	}
	return cp, nil
}

func (m *memory) write(l *log, text []byte) error {
	if err := writeDurably(m.path(l), text); err != nil {
		return fmt.Errorf("witness: memory: %w", err)
	}
	return nil
}

// writeDurably replaces a file: when it returns, the new content is what a power
// cut leaves behind, and before that the old one was.
func writeDurably(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
