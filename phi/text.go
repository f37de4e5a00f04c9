package phi

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// Text is text that may identify a person. It refuses to be printed, logged or
// marshalled: each of those yields a sealed label. Expose is the only way to the
// words, and a lint rule limits which packages may call it.
//
// The zero Text is empty.
type Text struct{ words string }

// Seal makes a Text of s.
func Seal(s string) Text { return Text{words: s} }

const label = "[sealed]"

// Expose yields the words.
func (t Text) Expose() string { return t.words }

// IsZero reports whether there are no words.
func (t Text) IsZero() bool { return t.words == "" }

// Len is the length of the words in UTF-8 bytes.
func (t Text) Len() int { return len(t.words) }

// Format yields a sealed label under every verb, also those that would print a
// struct's fields.
func (t Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(label)) }

// String yields a sealed label.
func (t Text) String() string { return label }

// GoString yields a sealed label, so that %#v leaks nothing either.
func (t Text) GoString() string { return "phi.Text{" + label + "}" }

// LogValue yields a sealed label to structured logs.
func (t Text) LogValue() slog.Value { return slog.StringValue(label) }

// MarshalJSON yields a sealed label.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(label) }

// MarshalText yields a sealed label; it covers XML, YAML and map keys.
func (t Text) MarshalText() ([]byte, error) { return []byte(label), nil }
