package chaperone

import (
	"errors"
	"log/slog"
)

// Kind sorts errors by what the caller can do about them. Each face of the
// house (the Messages API, the console, the command line) maps kinds to its own
// status codes in exactly one function. Kinds are only ever added.
type Kind uint8

// The kinds of error.
const (
	KindInternal        Kind = iota // a fault of ours; the cause is in the log
	KindInvalid                     // the request is malformed; change it
	KindUnauthenticated             // no credential, or one that does not count
	KindForbidden                   // known, but a rule says no
	KindNotFound                    // there is no such thing
	KindMethod                      // the path is right, the method is not
	KindConflict                    // the state of things does not allow it now
	KindTooLarge                    // more bytes than the stated limit
	KindRateLimited                 // too many requests; wait
	KindUnsupported                 // a form we do not speak
	KindUnavailable                 // something we must have (record, key, door) is not there
	KindTimeout                     // it took longer than the stated limit
	KindUpstream                    // the door answered with something unusable
	KindOverloaded                  // the door says it is overloaded
	KindOverBudget                  // what may be spent is spent; waiting a moment does not help
)

// Error is the one error type at the boundaries. It has two faces: Public and
// Next are fit to show to anyone (they never hold text from a request, an
// answer or another error), and the cause is for the operator's log alone.
type Error struct {
	Kind   Kind
	Code   string // closed, snake_case, machine-readable: "no_agreement", "unknown_block"
	Public string // what is wrong, in plain words, one sentence without a full stop
	Next   string // the next safe step, one sentence without a full stop; may be empty
	cause  error
}

// Errorf is not offered on purpose: formatting an inner error into public words
// is how identifiers leak. NewError takes the public words whole.

// NewError returns an error with public words, the next safe step and an
// optional private cause.
func NewError(kind Kind, code, public, next string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Public: public, Next: next, cause: cause}
}

// Error yields the public words and nothing else.
func (e *Error) Error() string {
	if e.Next == "" {
		return e.Public
	}
	return e.Public + ". " + e.Next
}

// Unwrap yields the private cause.
func (e *Error) Unwrap() error { return e.cause }

// LogValue yields code and public words; the cause is logged by its owner, who
// knows whether it can hold anything private.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", e.Code), slog.String("public", e.Public))
}

// AsError finds the *Error in err's chain. An error that has none becomes a
// KindInternal whose public words say only that something failed here.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return NewError(KindInternal, "internal", "Something failed inside Chaperone; nothing was sent on",
		"Try again, and tell your administrator the request id if it stays", err)
}
