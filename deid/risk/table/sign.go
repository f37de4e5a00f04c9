package table

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
)

// signed is the form of a signed report. The signature is over the compact form
// of the report, so that a file may be indented anew and still verify.
type signed struct {
	Report    json.RawMessage `json:"report"`
	Algorithm string          `json:"algorithm"`
	PublicKey []byte          `json:"public_key"`
	Signature []byte          `json:"signature"`
}

// purpose keeps a signature of a report from being taken for one of anything
// else.
const purpose = Format + "\n"

// ErrNotGenuine says that a report was not signed by that key, or was changed
// since.
var ErrNotGenuine = errors.New("the report was not signed by this key, or was changed since")

// Sign yields the report as JSON with an Ed25519 signature (RFC 8032) and the
// public key that goes with it.
func (r Report) Sign(key ed25519.PrivateKey) ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("table: report: %w", err)
	}
	return json.MarshalIndent(signed{
		Report: body, Algorithm: "Ed25519",
		PublicKey: key.Public().(ed25519.PublicKey), //nolint:forcetypeassert // that is what the type promises
		Signature: ed25519.Sign(key, append([]byte(purpose), body...)),
	}, "", "  ")
}

// Verify reads a signed report and verifies it with the key of whoever is
// trusted; the key in the file proves nothing. The error is ErrNotGenuine, or
// says that the file is no signed report.
func Verify(file []byte, key ed25519.PublicKey) (Report, error) {
	var s signed
	if err := json.Unmarshal(file, &s); err != nil || len(s.Report) == 0 || len(key) != ed25519.PublicKeySize {
		return Report{}, errors.New("the file is no signed report")
	}
	body := bytes.NewBufferString(purpose)
	if err := json.Compact(body, s.Report); err != nil {
		return Report{}, fmt.Errorf("table: report: %w", err)
	}
	if s.Algorithm != "Ed25519" || !ed25519.Verify(key, body.Bytes(), s.Signature) {
		return Report{}, ErrNotGenuine
	}
	var r Report
	if err := json.Unmarshal(s.Report, &r); err != nil {
		return Report{}, fmt.Errorf("table: report: %w", err)
	}
	return r, nil
}
