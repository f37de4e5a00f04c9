package regulation

import "fmt"

// SafeHarbor is the list of identifiers of 45 CFR 164.514(b)(2)(i).
type SafeHarbor struct {
	Source      `yaml:",inline"`
	Identifiers []Identifier `yaml:"identifiers"`
}

// Identifier is one of the eighteen.
type Identifier struct {
	Letter string   `yaml:"letter"` // "A" to "R"
	Plain  string   `yaml:"plain"`  // in our words
	Kinds  []string `yaml:"kinds"`  // names of the kinds of package phi that cover it
}

// LoadSafeHarbor reads the embedded list. The error means that the data is not
// complete: a letter from A to R is missing, repeated or covered by no kind.
func LoadSafeHarbor() (SafeHarbor, error) {
	var s SafeHarbor
	if err := load("safe-harbor.yaml", &s, func() Source { return s.Source }); err != nil {
		return SafeHarbor{}, err
	}
	if len(s.Identifiers) != 18 {
		return SafeHarbor{}, fmt.Errorf("regulation: safe-harbor.yaml: %d identifiers, not 18", len(s.Identifiers))
	}
	for i, id := range s.Identifiers {
		if id.Letter != string(rune('A'+i)) || id.Plain == "" || len(id.Kinds) == 0 {
			return SafeHarbor{}, fmt.Errorf("regulation: safe-harbor.yaml: identifier %d is not complete", i+1)
		}
	}
	return s, nil
}
