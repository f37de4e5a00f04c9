package claude

import (
	"fmt"

	"chaperone"
)

// fault is what the JSON walker objects to. It holds a position and words from
// a closed list, never a byte of the text.
type fault struct {
	at   int    // offset in bytes
	code string // machine-readable
	what string // plain words
}

func (f *fault) Error() string { return fmt.Sprintf("%s at byte %d", f.what, f.at) }

// asInvalid turns the fault into an error about the client's body.
func (f *fault) asInvalid() *chaperone.Error {
	kind := chaperone.KindInvalid
	if f.code == codeTooMany {
		kind = chaperone.KindTooLarge
	}
	return chaperone.NewError(kind, f.code,
		"The request body is not acceptable JSON: "+f.Error(),
		"Correct the body at that offset and send it again", nil)
}

// Codes of faults in JSON.
const (
	codeSyntax    = "invalid_json"
	codeTruncated = "truncated_json"
	codeDuplicate = "duplicate_key"
	codeUTF8      = "invalid_utf8"
	codeSurrogate = "lone_surrogate"
	codeControl   = "control_character"
	codeDepth     = "too_deep"
	codeTrailing  = "trailing_data"
	codeTooMany   = "too_many_values"
)
