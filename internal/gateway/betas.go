package gateway

import (
	"strings"

	"chaperone"
	"chaperone/deid"
)

// judgeBetas reads the names of features, which leave in a header, and refuses
// them where they name somebody. Of a name the date at its end is not read.
func (t *texts) judgeBetas(betas []string) error {
	for _, b := range betas {
		words := strings.Split(b, "-")
		for len(words) > 1 && strings.Trim(words[len(words)-1], "0123456789") == "" {
			words = words[:len(words)-1]
		}
		if certain(t.veil.Findings(strings.Join(words, " "), deid.Where{})) > 0 {
			return chaperone.NewError(chaperone.KindInvalid, "beta_malformed",
				"The header anthropic-beta holds a value that seems to name a person",
				"Send names of features as the API documents them", nil)
		}
	}
	return nil
}
