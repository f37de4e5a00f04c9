package audit

import "regexp"

// A word is what a field of a record may hold: an identifier, a model's name, a
// policy's id. Free text cannot be one, because a word has no spaces and is
// short. Some of these strings come from a request (the model) or from the other
// side (its request id), so the form is enforced here and not trusted.
var wordForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@+\[\]-]{0,127}$`)

// notWord stands where something was stated that is not a word.
const notWord = "(unrecordable)"

// notStated stands in the ten fields of AUD-01 where nothing was stated.
const notStated = "not stated"

func word(s string) string {
	if s == "" || wordForm.MatchString(s) {
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
