package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// place is how far a receiver has got: the next row it gets, and the leaf of the
// last it has, by which a record that was rolled back or rewritten shows.
type place struct {
	Log  string `json:"log"`
	Next uint64 `json:"next"`
	Leaf []byte `json:"leaf,omitempty"` // of row Next-1
}

func placeFile(dir, name string) string { return filepath.Join(dir, name+".place") }

// loadPlace reads a place; false if there is none yet. One that cannot be read
// is an error: beginning anew would send everything twice without a word.
func loadPlace(dir, name string) (place, bool, error) {
	text, err := os.ReadFile(placeFile(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return place{}, false, nil
	}
	if err != nil {
		return place{}, false, fmt.Errorf("export: place: %w", err)
	}
	var p place
	if err := json.Unmarshal(text, &p); err != nil {
		return place{}, false, fmt.Errorf("export: place: %w", err)
	}
	return p, true, nil
}

// save keeps the place durably: a crash leaves the old one or the new one.
func (p place) save(dir, name string) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("export: place: %w", err)
	}
	path := placeFile(dir, name)
	if err := writeDurably(path+".new", text); err != nil {
		return fmt.Errorf("export: place: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("export: place: %w", err)
	}
	return syncDirectory(dir)
}

func writeDurably(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("export: directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("export: directory: %w", err)
	}
	return nil
}
