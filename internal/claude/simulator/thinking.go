package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// thinkingKey makes the signatures of simulated thinking. It is no secret: its
// task is to show, as the API does, that thinking text came back changed.
const thinkingKey = "chaperone simulator"

func mac(domain, text string) []byte {
	h := hmac.New(sha256.New, []byte(thinkingKey))
	_, _ = h.Write([]byte(domain + "\x00" + text)) // a hash takes every write
	return h.Sum(nil)
}

// signThinking returns the signature of a thinking text.
func signThinking(text string) string {
	return base64.StdEncoding.EncodeToString(mac("thinking", text))
}

// verifyThinking reports whether the text is, byte for byte, the one that was
// signed.
func verifyThinking(text, signature string) bool {
	got, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && subtle.ConstantTimeCompare(got, mac("thinking", text)) == 1
}

// redact returns the data of a redacted thinking block that hides the text.
func redact(text string) string {
	id := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(append(id[:], mac("redacted", string(id[:]))...))
}

// verifyRedacted reports whether the data came from redact.
func verifyRedacted(data string) bool {
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(raw) != 2*sha256.Size {
		return false
	}
	return subtle.ConstantTimeCompare(raw[sha256.Size:], mac("redacted", string(raw[:sha256.Size]))) == 1
}
