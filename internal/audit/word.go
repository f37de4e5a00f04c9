package audit

import "strings"

// A word is what a field of a record may hold: an identifier, a model's name, a
// policy's id. Free text cannot be one, because a word has no spaces and is
// short. Some of these strings come from a request (the model) or from the other
// side (its request id), so the form is enforced here and not trusted.
func isWord(s string) bool {
	if s == "" || len(s) > 128 || !isAlphanumeric(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && strings.IndexByte("._:/@+[]-", s[i]) < 0 {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// notWord stands where something was stated that is not a word.
const notWord = "(unrecordable)"

// notStated stands in the ten fields of AUD-01 where nothing was stated.
const notStated = "not stated"

func word(s string) string {
	if s == "" || isWord(s) {
		return s
	}
	return notWord
}

func words(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = word(s)
	}
	return out
}

func wordKeys(m map[string]int) map[string]int {
	if m == nil {
		return nil
	}
	out := make(map[string]int, len(m))
	for k, n := range m {
		out[word(k)] += n
	}
	return out
}

func stated(s string) string {
	if s == "" {
		return notStated
	}
	return s
}
