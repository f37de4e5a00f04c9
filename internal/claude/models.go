package claude

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

// Model is a model that is known by name. That it is known says neither that a
// door leads to it nor that policy admits it.
type Model struct {
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	// Covered marks the vendor's "Covered Models", which need 30 days of
	// retention and so are out of reach under zero data retention.
	Covered bool `json:"covered,omitempty"`
}

// ModelList is what was known of the models on a date.
type ModelList struct {
	AsOf   string  `json:"as_of"` // the date, YYYY-MM-DD
	Source string  `json:"source"`
	Models []Model `json:"models"` // newest first
}

//go:embed models.json
var modelsFile []byte

// KnownModels reads the list that this build carries, anew on every call. The
// error means that the build itself is broken.
func KnownModels() (ModelList, error) {
	var list ModelList
	dec := json.NewDecoder(bytes.NewReader(modelsFile))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return ModelList{}, fmt.Errorf("claude: models: %w", err)
	}
	return list, nil
}

// Find returns the model of that id. A dated snapshot ("-20260501" behind a
// known id) is the model itself.
func (l ModelList) Find(id string) (Model, bool) {
	for _, m := range l.Models {
		if m.ID == id || isSnapshot(id, m.ID) {
			return m, true
		}
	}
	return Model{}, false
}

func isSnapshot(id, of string) bool {
	if len(id) != len(of)+9 || id[:len(of)] != of || id[len(of)] != '-' {
		return false
	}
	for _, c := range []byte(id[len(of)+1:]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
