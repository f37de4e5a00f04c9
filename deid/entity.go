package deid

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"chaperone/phi"
)

// entityTokens reduces a surface to what it shares with other surfaces of the
// same person or thing: for names the folded words without titles and single
// letters, for everything else its letters and digits in one piece, so that
// "(555) 123-4567" and "555-123-4567" belong together.
func entityTokens(kind phi.Kind, surface string) []string {
	fold := foldMarks(surface)
	if kind != phi.Name {
		compact := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, fold)
		if compact == "" {
			return nil
		}
		return []string{compact}
	}
	fold = strings.NewReplacer("'s ", " ", "’s ", " ", "'", "", "’", "").Replace(fold + " ")
	var tokens []string
	for _, t := range strings.FieldsFunc(fold, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(t) > 1 && !nameTitles[t] {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// nameTitles are words that stand with a name and are no part of it.
var nameTitles = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "miss": true, "mx": true, "dr": true, "prof": true, "sir": true, "rev": true,
	"jr": true, "sr": true, "md": true, "rn": true, "np": true, "do": true, "phd": true,
	"mme": true, "mlle": true, "dre": true, "sra": true, "srta": true, "don": true, "dona": true,
}

// foldMarks lowers the case and drops combining marks: "Amélie" → "amelie".
func foldMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
