//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"chaperone"
)

// lockName is the file that the running daemon holds.
const lockName = "lock"

// lock is an exclusive hold on a data directory. The kernel lets go of it when
// the process ends, however it ends.
type lock struct{ f *os.File }

// holdLock takes the directory. The error is a *chaperone.Error with code
// data_locked if another process holds it.
func holdLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errDirectory(fmt.Errorf("store: lock: %w", err))
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(chaperone.NewError(chaperone.KindConflict, "data_locked",
			"Another Chaperone is running on this data directory",
			"Stop it first, or choose another directory with --data", err), f.Close())
	}
	if err != nil {
		return nil, errDirectory(errors.Join(fmt.Errorf("store: lock: %w", err), f.Close()))
	}
	return &lock{f}, nil
}

// release lets go. The file stays: removing it would let two processes hold two
// files of one name.
func (l *lock) release() error { return l.f.Close() }
