package identity

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// A secret is PREFIX_ID_RANDOM: a prefix that says what it opens (so that
// scanners for leaked secrets can know it), eight public characters to find it
// by, and 43 characters of base64url that hold 32 random bytes.

const (
	idLength     = 8
	randomLength = 43
	idAlphabet   = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32: no i, l, o, u
)

// prefix is what a secret of the kind begins with.
func (k CredentialKind) prefix() string {
	switch k {
	case KindLink:
		return "chl_"
	case KindSession:
		return "chs_"
	case KindDevice:
		return "chd_"
	case KindAccess:
		return "cha_"
	case KindRefresh:
		return "chr_"
	case kindCode:
		return "chc_"
	default:
		return "chk_"
	}
}

// token is a secret taken apart.
type token struct {
	kind   CredentialKind
	id     string
	random string
}

func (t token) String() string { return t.kind.prefix() + t.id + "_" + t.random }

// newToken draws a token. The error is that of the source of randomness.
func newToken(kind CredentialKind, random io.Reader) (token, error) {
	var raw [idLength + 32]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return token{}, fmt.Errorf("identity: draw a secret: %w", err)
	}
	id := make([]byte, idLength)
	for i := range id {
		id[i] = idAlphabet[raw[i]%32] // 256 is a multiple of 32: no bias
	}
	return token{kind, string(id), base64.RawURLEncoding.EncodeToString(raw[idLength:])}, nil
}

// parseToken takes a secret apart. It reports false for anything that was not
// drawn by newToken for this kind. The random part may itself hold "_".
func parseToken(kind CredentialKind, s string) (token, bool) {
	prefix := kind.prefix()
	if len(s) != len(prefix)+idLength+1+randomLength || !strings.HasPrefix(s, prefix) {
		return token{}, false
	}
	t := token{kind, s[len(prefix) : len(prefix)+idLength], s[len(prefix)+idLength+1:]}
	if s[len(prefix)+idLength] != '_' {
		return token{}, false
	}
	for i := range len(t.id) {
		if strings.IndexByte(idAlphabet, t.id[i]) < 0 {
			return token{}, false
		}
	}
	if raw, err := base64.RawURLEncoding.Strict().DecodeString(t.random); err != nil || len(raw) != 32 {
		return token{}, false
	}
	return t, true
}

// hash is what the store keeps instead of the token.
func (t token) hash(mac MAC) []byte {
	return mac("identity/credential", []byte(t.kind), []byte(t.id), []byte(t.random))
}
