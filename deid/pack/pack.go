// Package pack reads rule packs: versioned YAML files in which a house says,
// without code, how its own numbers look, which words are always concealed and
// which never, and which cases were missed once and must not be missed again.
// It owns the form of the files, their proof and their matching; package deid
// asks it while it reads a text (see deid.Rules).
//
// It refuses a pack with any fault, and a rule that fails its own samples is one.
// Faults name lines, rules and samples by number and repeat none of their text.
package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"time"

	"chaperone/phi"
)

// Pack is one file that has no faults. It never changes.
type Pack struct {
	File     string // as it was named
	Name     string // its rules are called by it: site:mrn
	Version  string
	Language string // of its labels and samples, "en", "fr" or "es"; may be empty
	Rules    []Rule
	Allow    []Allow
	Deny     []Deny
	Cases    []Case
	digest   string
}

// Digest is the beginning of the SHA-256 of the file, in hexadecimal: what a
// record says was in force.
func (p *Pack) Digest() string { return p.digest }

// Rule finds numbers or words of one form.
type Rule struct {
	ID     string
	Kind   phi.Kind
	Score  float64
	Hits   []string // texts in which it must find something
	Misses []string // texts in which it must find nothing

	pattern pattern
	labels  *wordTree // one of them stands shortly before; nil: needs none
	near    *wordTree // one of them stands near; nil: needs none
}

// Allow lists what is never concealed, and why.
type Allow struct {
	Words  []string
	Reason string
	Force  bool // clears even what a label names or a check digit proves
	shapes []pattern
}

// Deny lists words that are always found.
type Deny struct {
	Words []string
	Kind  phi.Kind
}

// Case is a text that went wrong once, with marks for what should have been.
type Case struct {
	Line, Col int    // its place in the file
	From      string // the incident it comes from; may be empty
	Added     time.Time
	text      string
	marks     []mark
}

// Open reads the pack at path. The error is Faults when the pack is wrong, else
// that of reading the file.
func Open(path string) (*Pack, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, Faults{{path, 1, 1, "this is not a pack: a pack is a file of at most 4 MiB", "name the YAML file"}}
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src)
}

// Parse reads the source of a pack and proves its rules on their samples. name
// stands in the faults. The error is Faults.
func Parse(name string, src []byte) (*Pack, error) {
	r := &reader{file: name}
	p := r.pack(r.root(src))
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	sum := sha256.Sum256(src)
	p.File, p.digest = name, hex.EncodeToString(sum[:6])
	return p, nil
}
