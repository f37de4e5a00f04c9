package daemon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/gateway"
	"chaperone/internal/identity"
)

// maxSocketPath is what the kernel allows for the path of a local socket, less
// its final zero (unix(7)).
const maxSocketPath = 107

// socketPath is where a data directory's management socket is. If the
// directory's path is too long for a socket, it is in a directory of the
// user's own under the temporary one.
func socketPath(dir string) (string, error) {
	path := filepath.Join(dir, "manage.sock")
	if len(path) <= maxSocketPath {
		return path, nil
	}
	own := filepath.Join(os.TempDir(), "chaperone-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(own, 0o700); err != nil {
		return "", fmt.Errorf("daemon: socket: %w", err)
	}
	info, err := os.Lstat(own)
	if err != nil {
		return "", fmt.Errorf("daemon: socket: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("daemon: socket: %s is not a directory of your own", own)
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(own, hex.EncodeToString(sum[:8])+".sock"), nil
}

// manage serves the management API of what is kept on its local socket until
// the returned function is called.
func manage(k *keep, ident *identity.Identity, doors func() []gateway.DoorState, exports func() []api.ExportState, opts Options) (stop func() error, err error) {
	path, err := socketPath(opts.Config.Data)
	if err != nil {
		return nil, err
	}
	// Whoever holds the lock of the data directory owns the socket: one that is
	// there was left by a process that has ended.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("daemon: socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("daemon: socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("daemon: socket: %w", err), l.Close())
	}
	server := &http.Server{
		Handler: (&api.Server{
			Identity: ident, Log: k.log, Vault: k.vault, Random: opts.Random, Tenant: opts.Config.Tenant, Doors: doors,
			Register: k.papers, Drill: drill{cfg: opts.Config, log: k.log, clock: opts.Clock, random: opts.Random}.hold,
			Witness: k.courier.State, Exports: exports,
		}).Handler(),
		ReadHeaderTimeout: 10 * time.Second,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	return func() error {
		err := server.Close()
		if serr := <-done; !errors.Is(serr, http.ErrServerClosed) {
			err = errors.Join(err, serr)
		}
		return err
	}, nil
}

// Manage returns a client of the management API of a data directory: that of
// the running daemon, or else of what is opened here until the returned
// function is called.
func Manage(ctx context.Context, opts Options) (*api.Client, func() error, error) {
	opts = opts.withDefaults()
	path, err := socketPath(opts.Config.Data)
	if err != nil {
		return nil, nil, err
	}
	if conn, err := net.Dial("unix", path); err == nil {
		return api.NewClient(path), func() error { return nil }, conn.Close()
	}
	if isFresh(opts.Config.Data) {
		return nil, nil, errNoData(opts.Config.Data)
	}
	k, err := openKeep(ctx, opts)
	if err != nil {
		return nil, nil, err
	}
	ident := identity.Open(k.state, k.vault.MAC, opts.Clock, opts.Random)
	stop, err := manage(k, ident, nil, nil, opts)
	if err != nil {
		return nil, nil, errors.Join(err, k.close(ctx))
	}
	return api.NewClient(path), func() error {
		return errors.Join(stop(), k.close(context.WithoutCancel(ctx)))
	}, nil
}

func errNoData(dir string) error {
	return chaperone.NewError(chaperone.KindNotFound, "no_data", "There is no Chaperone data in "+dir,
		"Name the data directory with --data, or start 'chaperone up' once", nil)
}
