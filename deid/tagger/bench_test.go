package tagger_test

import (
	"strings"
	"testing"

	"chaperone/deid/synth"
	"chaperone/deid/tagger"
	"chaperone/reference"
)

// BenchmarkFind reads 64 KB of clinical text without identifiers, of notes
// about people, and of talk in small letters, on one core.
func BenchmarkFind(b *testing.B) {
	lex, err := reference.Load()
	if err != nil {
		b.Fatal(err)
	}
	m, err := tagger.New(lex)
	if err != nil {
		b.Fatal(err)
	}
	for _, style := range []string{"clean", "admission", "visit"} {
		b.Run(style, func(b *testing.B) {
			w, err := synth.NewWorld(5)
			if err != nil {
				b.Fatal(err)
			}
			var text strings.Builder
			for text.Len() < 64<<10 {
				n, err := w.Note(style)
				if err != nil {
					b.Fatal(err)
				}
				text.WriteString(n.Text + "\n")
			}
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				m.Find(text.String())
			}
		})
	}
}

// BenchmarkNew is what loading the weights costs at the start.
func BenchmarkNew(b *testing.B) {
	lex, err := reference.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := tagger.New(lex); err != nil {
			b.Fatal(err)
		}
	}
}
