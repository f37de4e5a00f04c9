package claude

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
)

// Pin is the SHA-256 of a certificate's public key (SPKI, RFC 7469 section 2.4).
type Pin [sha256.Size]byte

var errPin = errors.New("claude: door: no certificate of the chain has a pinned key")

// ParsePin reads "sha256/" and the base64 of the hash, as curl and openssl
// write it.
func ParsePin(s string) (Pin, error) {
	var p Pin
	text, ok := strings.CutPrefix(s, "sha256/")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(sum) != len(p) {
		return p, errors.New("claude: door: a pin is sha256/ and the base64 of 32 bytes")
	}
	copy(p[:], sum)
	return p, nil
}

// pinned lets only chains pass in which a pinned key occurs, after they were
// verified as usual (CRY-02). Resumed sessions are checked as well.
func pinned(conf *tls.Config, pins []Pin) {
	if len(pins) == 0 {
		return
	}
	pins = slices.Clone(pins)
	conf.VerifyConnection = func(state tls.ConnectionState) error {
		for _, chain := range state.VerifiedChains {
			for _, cert := range chain {
				if slices.Contains(pins, Pin(sha256.Sum256(cert.RawSubjectPublicKeyInfo))) {
					return nil
				}
			}
		}
		return errPin
	}
}
