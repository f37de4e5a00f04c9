package telemetry

import "encoding/hex"

// Pseudonym stands for something that may not be logged, so that lines about
// the same thing can be found together. It is a keyed hash: without the key it
// cannot be guessed back, as a bare hash of a date or a number could.
type Pseudonym string

// Correlation makes pseudonyms. The same value yields the same pseudonym for the
// same kind, and pseudonyms of different kinds cannot be matched.
type Correlation func(kind, value string) Pseudonym

// NewCorrelation makes a Correlation of a keyed hash, as the vault offers one.
// A pseudonym holds 80 bits of it, in hexadecimal. An empty value has an empty
// pseudonym.
func NewCorrelation(mac func(purpose string, parts ...[]byte) []byte) Correlation {
	return func(kind, value string) Pseudonym {
		if value == "" {
			return ""
		}
		sum := mac("telemetry/"+kind, []byte(value))
		return Pseudonym(hex.EncodeToString(sum[:min(10, len(sum))]))
	}
}
