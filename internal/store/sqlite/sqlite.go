// Package sqlite keeps the house's data in SQLite files: the journal of the
// record, the vault's ciphertext and the state of identities. It owns the
// schema, the order of rows and what "durable" means here: every commit is
// synced to the disk before it is acknowledged (WAL, synchronous=FULL).
//
// It refuses an engine older than 3.51.3 (versions before it can corrupt a
// write-ahead log that is reset while another connection reads), to change or
// remove a row of the journal, and to open a file that a newer Chaperone wrote.
// What it holds it cannot read: it sees ciphertext, keyed hashes and times.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// minEngine is the first SQLite version without the WAL-reset fault.
const minEngine = "3.51.3"

// file is one open database: one connection that writes, others that read.
type file struct {
	write *sql.DB // nil when opened for reading only
	read  *sql.DB
	*committer
}

// schema is what a file must contain. steps[n] takes a file from version n to
// n+1; steps that were released are never changed.
type schema struct {
	steps  []string
	pragma []string // beyond the usual
}

// openFile opens path, creating it with mode 0600 and bringing its schema up to
// date.
func openFile(ctx context.Context, path string, s schema) (*file, error) {
	made, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	if err := made.Close(); err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	pragmas := append([]string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "trusted_schema(0)"}, s.pragma...)
	f := &file{}
	if f.write, err = sql.Open("sqlite", dsn(path, "rw", pragmas)); err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	f.write.SetMaxOpenConns(1)
	if err := prepare(ctx, f.write, s); err != nil {
		return nil, errors.Join(err, f.write.Close())
	}
	if f.read, err = sql.Open("sqlite", dsn(path, "rw", append(pragmas, "query_only(1)"))); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: open: %w", err), f.write.Close())
	}
	if err := openAll(ctx, f.read, max(4, runtime.NumCPU())); err != nil {
		return nil, errors.Join(err, f.read.Close(), f.write.Close())
	}
	if f.committer, err = newCommitter(ctx, f.write); err != nil {
		return nil, errors.Join(err, f.read.Close(), f.write.Close())
	}
	return f, nil
}

// openAll opens n connections now and keeps them. One that is opened when it is
// needed has to ask the disk first, and on a disk that hangs whoever needs it
// hangs too.
func openAll(ctx context.Context, db *sql.DB, n int) error {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	var all []*sql.Conn
	var failed error
	for range n {
		c, err := db.Conn(ctx)
		if err != nil {
			failed = fmt.Errorf("sqlite: open: %w", err)
			break
		}
		all = append(all, c)
	}
	for _, c := range all {
		failed = errors.Join(failed, c.Close()) // back to the pool
	}
	return failed
}

// lookFile opens path for reading only, also while a daemon writes to it. A file
// that this user cannot write to is read as it stands.
func lookFile(ctx context.Context, path string, s schema) (*file, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("sqlite: look: %w", err)
	}
	var failed error
	for _, mode := range []string{"rw", "ro", "immutable"} {
		db, err := sql.Open("sqlite", dsn(path, mode, []string{"busy_timeout(5000)", "trusted_schema(0)", "query_only(1)"}))
		if err != nil {
			return nil, fmt.Errorf("sqlite: look: %w", err)
		}
		if err = checkVersion(ctx, db, len(s.steps)); err == nil {
			return &file{read: db}, nil
		}
		failed = errors.Join(err, db.Close())
	}
	return nil, failed
}

// close stops the writer and closes the connections.
func (f *file) close() error {
	if f.write == nil {
		return f.read.Close()
	}
	return errors.Join(f.stop(), f.read.Close(), f.write.Close())
}

func dsn(path, mode string, pragmas []string) string {
	q := url.Values{}
	if mode == "immutable" {
		q.Set("immutable", "1")
		mode = "ro"
	}
	q.Set("mode", mode)
	q["_pragma"] = pragmas
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// prepare checks engine and schema and takes the missing steps, each in a
// transaction of its own.
func prepare(ctx context.Context, db *sql.DB, s schema) error {
	var engine, mode string
	if err := db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&engine); err != nil {
		return fmt.Errorf("sqlite: open: %w", err)
	}
	if older(engine, minEngine) {
		return fmt.Errorf("sqlite: engine %s is older than %s and can damage the journal", engine, minEngine)
	}
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return fmt.Errorf("sqlite: open: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("sqlite: the file system does not allow a write-ahead log (journal mode %s)", mode)
	}
	var version int
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return fmt.Errorf("sqlite: open: %w", err)
	}
	if version > len(s.steps) {
		return fmt.Errorf("sqlite: the file is of version %d, newer than %d", version, len(s.steps))
	}
	for ; version < len(s.steps); version++ {
		step := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", s.steps[version], version+1)
		if _, err := db.ExecContext(ctx, step); err != nil {
			_, back := db.ExecContext(ctx, "ROLLBACK")
			return fmt.Errorf("sqlite: schema step %d: %w", version+1, errors.Join(err, back))
		}
	}
	return nil
}

func checkVersion(ctx context.Context, db *sql.DB, want int) error {
	var version int
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return fmt.Errorf("sqlite: look: %w", err)
	}
	if version != want {
		return fmt.Errorf("sqlite: the file is of version %d, this program reads %d", version, want)
	}
	return nil
}

// older compares versions of the form 3.51.3.
func older(have, want string) bool {
	h, w := strings.Split(have, "."), strings.Split(want, ".")
	for i := range w {
		if i >= len(h) {
			return true
		}
		a, errA := strconv.Atoi(h[i])
		b, errB := strconv.Atoi(w[i])
		if errA != nil || errB != nil {
			return true
		}
		if a != b {
			return a < b
		}
	}
	return false
}
