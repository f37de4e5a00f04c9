package config

import (
	_ "embed"
	"slices"
)

//go:embed template.yaml
var template []byte

// Template is the commented file that "chaperone init" writes. It loads without
// faults and equals Default.
func Template() []byte { return slices.Clone(template) }
