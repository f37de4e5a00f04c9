package gateway

import (
	"encoding/json"
	"strings"
	"testing"
)

// Where an object or array that is JSON ends must be found as a reader of JSON finds
// it; of what is none only an end within the text is asked.
func FuzzTheEndOfAnObjectIsWhereItsReaderStops(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `[{"a":"}]"}] and more`, ` {"a":"\\"} {`, `{"a":"\"}"}`, `{`, `{"a":[}`, `[[],[{}]]x`, "{\"a\":\"\n\"}", `{"é":"\u007d"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if trimmed := strings.TrimLeft(text, " \t\r\n"); trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
			return
		}
		n := lengthOfJSON(text)
		if n < 0 || n > len(text) {
			t.Fatalf("%d of %d bytes", n, len(text))
		}
		d := json.NewDecoder(strings.NewReader(text))
		var v json.RawMessage
		if d.Decode(&v) == nil && n != int(d.InputOffset()) {
			t.Errorf("%q ends at %d, not at %d", text, d.InputOffset(), n)
		}
	})
}
