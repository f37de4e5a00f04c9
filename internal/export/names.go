package export

import "encoding/hex"

// Names makes pseudonyms of a keyed hash, as the vault offers one: 80 bits, in
// hexadecimal. Pseudonyms of different kinds cannot be matched, nor those of
// exports with those of logs.
func Names(mac func(purpose string, parts ...[]byte) []byte) func(kind, value string) string {
	return func(kind, value string) string {
		sum := mac("export/"+kind, []byte(value))
		return hex.EncodeToString(sum[:min(10, len(sum))])
	}
}
