package deid

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// maxDecoding bounds how often text may be encoded in encoded text. Each time
// it gets shorter, so that reading stays linear.
const maxDecoding = 2

// shortestEncoded is the least length of a run that is decoded: fewer letters
// hold no identifier with its label.
const shortestEncoded = 20

// findEncoded decodes runs of base64 (RFC 4648) and hex that turn out to be
// text, and reads that. Where it identifies, the whole run is taken: part of
// it would not decode.
func (p *page) findEncoded() {
	if p.depth >= maxDecoding {
		return
	}
	s := p.txt
	for i := 0; i < len(s); {
		if !isEncoded(s[i]) {
			i++
			continue
		}
		from := i
		for i < len(s) && isEncoded(s[i]) {
			i++
		}
		end := i
		for i < len(s) && s[i] == '=' && i < end+2 {
			i++
		}
		if end-from < shortestEncoded {
			continue
		}
		plain, shut := decode(s[from:end])
		if shut || plain != "" && p.inner(plain) {
			p.sweep(phi.Code, from, i, 0.95, "encoded")
		}
	}
}

func isEncoded(b byte) bool { return isAlnum(b) || b == '+' || b == '/' || b == '-' || b == '_' }

// decode yields the text that s encodes, "" if it is none. shut says that it
// encodes something packed, which cannot be looked into.
func decode(s string) (plain string, shut bool) {
	if len(s)%2 == 0 && isHex(s) {
		if b, err := hex.DecodeString(s); err == nil && readable(b) {
			return string(b), false
		}
	}
	if len(s)%4 == 1 || !mixedCase(s) {
		return "", false
	}
	enc := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		enc = base64.RawURLEncoding
	}
	if strings.HasPrefix(s, packedHead) {
		return unpack(enc, s)
	}
	head := make([]byte, 15)
	if n, err := enc.Decode(head, []byte(s[:20])); err != nil || !readable(head[:n]) && !cut(head[:n]) {
		return "", false
	}
	if b, err := enc.DecodeString(s); err == nil && readable(b) {
		return string(b), false
	}
	return "", false
}

const (
	packedHead  = "H4sI"  // how gzip (RFC 1952) begins in base64
	maxUnpacked = 1 << 20 // bytes of text that are read of it
)

// unpack yields the text that is packed in s. What is longer, or is no text, is
// shut.
func unpack(enc *base64.Encoding, s string) (plain string, shut bool) {
	b, err := enc.DecodeString(s)
	if err != nil {
		return "", false
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", false
	}
	text, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if err != nil || len(text) > maxUnpacked || !readable(text) {
		return "", true
	}
	return string(text), false
}

// mixedCase says whether s has letters of both cases, as base64 of text has.
func mixedCase(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' }) >= 0 && strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' }) >= 0
}

// cut says whether b is readable up to a character that its end cuts.
func cut(b []byte) bool {
	for n := 1; n < utf8.UTFMax && n < len(b); n++ {
		if readable(b[:len(b)-n]) {
			return true
		}
	}
	return false
}

// readable says whether b is text: valid UTF-8 without control characters.
func readable(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// inner says whether decoded text identifies somebody.
func (p *page) inner(text string) bool {
	return len(p.find(text, Where{}, p.depth+1)) > 0
}
