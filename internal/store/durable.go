package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// MakeDirectory makes a directory for its owner alone, and what is missing
// above it. When it returns, the names of what it made would survive a loss of
// power: a file that is synced is lost all the same if its directory's name is
// not. What is there already is left as it is. The error is the system's.
func MakeDirectory(path string) error {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return fmt.Errorf("store: %w", &os.PathError{Op: "mkdir", Path: path, Err: errors.New("it is a file")})
	}
	if err == nil {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MakeDirectory(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDirectory(parent)
}

// syncDirectory makes the names in a directory durable.
func syncDirectory(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
