package witness

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"
)

// The kinds of keys in a signed note (C2SP signed-note). The same 32 bytes make
// another key hash under each, so that a cosignature never passes for a log's
// own signature.
const (
	keyEd25519     = 1
	keyCosignature = 4
)

// ErrKey says that a text is no key of a witness.
var ErrKey = errors.New("witness: the key is not in the form name+hash+key")

// cosigner is a witness's key: it signs timestamped cosignatures (C2SP
// tlog-cosignature, cosignature/v1 with Ed25519).
type cosigner struct {
	verifier
	private ed25519.PrivateKey
}

// sign makes the note's signature line for the text of a checkpoint.
func (c *cosigner) sign(text []byte, at time.Time) []byte {
	seconds := uint64(max(at.Unix(), 0))
	sig := binary.BigEndian.AppendUint32(nil, c.hash)
	sig = binary.BigEndian.AppendUint64(sig, seconds)
	sig = append(sig, ed25519.Sign(c.private, cosigned(text, seconds))...)
	return fmt.Appendf(nil, "— %s %s\n", c.name, base64.StdEncoding.EncodeToString(sig))
}

// cosigned is what a cosignature signs.
func cosigned(text []byte, seconds uint64) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", seconds), text...)
}

// verifier checks the cosignatures of one witness. It is a note.Verifier.
type verifier struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

var _ note.Verifier = (*verifier)(nil)

// Name implements note.Verifier.
func (v *verifier) Name() string { return v.name }

// KeyHash implements note.Verifier.
func (v *verifier) KeyHash() uint32 { return v.hash }

// Verify implements note.Verifier: a signature is eight bytes of time and 64 of
// Ed25519.
func (v *verifier) Verify(msg, sig []byte) bool {
	return len(sig) == 8+ed25519.SignatureSize &&
		ed25519.Verify(v.public, cosigned(msg, binary.BigEndian.Uint64(sig)), sig[8:])
}

// String is the key as others write it down: name+hash+key.
func (v *verifier) String() string {
	key := append([]byte{keyCosignature}, v.public...)
	return fmt.Sprintf("%s+%08x+%s", v.name, v.hash, base64.StdEncoding.EncodeToString(key))
}

func newVerifier(name string, public ed25519.PublicKey) verifier {
	return verifier{name: name, hash: keyHash(name, keyCosignature, public), public: public}
}

// keyHash is the key id of a signed note: the first four bytes of SHA-256 over
// name, line feed, kind and key.
func keyHash(name string, kind byte, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"+string(rune(kind))), public...))
	return binary.BigEndian.Uint32(sum[:4])
}

// parseVerifier reads a witness's key, as that of cosignatures or as the plain
// Ed25519 key that some witnesses publish in its place. The error is ErrKey.
func parseVerifier(text string) (*verifier, error) {
	f := strings.SplitN(strings.TrimSpace(text), "+", 3)
	if len(f) != 3 || !isName(f[0]) {
		return nil, ErrKey
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(f[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != keyEd25519 && raw[0] != keyCosignature {
		return nil, ErrKey
	}
	if f[1] != fmt.Sprintf("%08x", keyHash(f[0], raw[0], raw[1:])) {
		return nil, ErrKey
	}
	v := newVerifier(f[0], raw[1:])
	return &v, nil
}

// KeyName is the name in a witness's key. The error is ErrKey.
func KeyName(text string) (string, error) {
	v, err := parseVerifier(text)
	if err != nil {
		return "", err
	}
	return v.name, nil
}

// isName reports whether a note can name it so.
func isName(s string) bool {
	return s != "" && len(s) <= 200 && !strings.Contains(s, "+") && strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar
	}) < 0
}

// cosignatureTime is the time within a signature that was verified.
func cosignatureTime(s note.Signature) (time.Time, error) {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return time.Time{}, errors.New("witness: not a cosignature")
	}
	seconds := binary.BigEndian.Uint64(raw[4:])
	if seconds > math.MaxInt32*1000 {
		return time.Time{}, errors.New("witness: a cosignature of no time")
	}
	return time.Unix(int64(seconds), 0).UTC(), nil
}
