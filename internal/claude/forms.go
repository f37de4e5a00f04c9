package claude

import "strings"

// The closed forms of structural fields. A field that keeps to its form is
// passed without being looked at; one that does not is a text like any other,
// whatever it is called.

// idForm: ids are made by machines: letters, digits, _ and -, at most 128, and
// at least one letter, so that a bare number is never taken for one.
func idForm(s string) bool {
	return within(s, 128, "_-") && strings.ContainsFunc(s, isLetter)
}

// modelForm: ids of models, on clouds with dots, colons, @ and slashes.
func modelForm(s string) bool {
	return within(s, 256, "._:@/-") && strings.ContainsFunc(s, isLetter)
}

// typeForm: the names of block, event and tool types.
func typeForm(s string) bool {
	if !within(s, 64, "_") || !isLetter(rune(s[0])) {
		return false
	}
	return s == strings.ToLower(s)
}

// mediaForm: type/subtype (RFC 6838), without parameters.
func mediaForm(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	return ok && within(kind, 64, "-") && within(sub, 127, "!#$&^_.+-")
}

// sealedForm: what the vendor has signed or encrypted, in base64 of either
// alphabet. Short ones are looked at: no signature has so few bytes.
func sealedForm(s string) bool {
	if s == "" {
		return true
	}
	return len(s) >= 20 && base64Form(s) && strings.ContainsFunc(s, isLetter)
}

// base64Form: both alphabets of RFC 4648, padding, and line breaks.
func base64Form(s string) bool {
	return within(s, len(s), "+/-_=\r\n")
}

// billingForm: the attribution line that Claude Code puts first in the system
// prompt, key=value pairs only; it must reach the API exactly as it was sent.
func billingForm(s string) bool {
	rest, ok := strings.CutPrefix(s, "x-anthropic-billing-header:")
	if !ok || len(s) > 512 {
		return false
	}
	for _, pair := range strings.Split(rest, ";") {
		key, value, _ := strings.Cut(strings.Trim(pair, " "), "=")
		if len(key) > 64 || !all(key, "_") || !all(value, "._-") {
			return false
		}
	}
	return true
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// within: 1 to most bytes out of letters, digits and the extra ones.
func within(s string, most int, extra string) bool {
	return s != "" && len(s) <= most && all(s, extra)
}

func all(s, extra string) bool {
	for i := range len(s) {
		c := s[i]
		if isLetter(rune(c)) || c >= '0' && c <= '9' || strings.IndexByte(extra, c) >= 0 {
			continue
		}
		return false
	}
	return true
}

// dialectForm: the addresses by which JSON Schema names its own dialects, from
// draft 4 on. Every schema made by a program begins with one of them.
func dialectForm(s string) bool {
	switch strings.TrimSuffix(s, "#") {
	case "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2019-09/schema",
		"http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema", "http://json-schema.org/draft-04/schema":
		return true
	}
	return false
}
