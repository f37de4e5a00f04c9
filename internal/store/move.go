package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store/postgres"
)

// What is copied at once is bounded by number and by size.
const (
	moveRows  = 500
	moveBytes = 8 << 20
)

// Moved is what a move took along.
type Moved struct {
	Records  uint64 `json:"records"`  // every one compared with its original
	Verified uint64 `json:"verified"` // of them, agreeing with the signed tree in every byte
	Root     string `json:"root"`     // of the signed tree, base64
	Others   uint64 `json:"others"`   // rows of the vault and of identities
}

// table is one of those that are copied as they are. Both drivers call them and
// their columns the same.
type table struct {
	name    string
	columns []string
	from    func(*files) source
}

type source interface {
	Table(ctx context.Context, name string, columns []string) iter.Seq2[[]any, error]
}

func tables() []table {
	vault := func(f *files) source { return f.vault }
	return []table{
		{"session", []string{"id", "key", "expires"}, vault},
		{"item", []string{"session", "space", "name", "mark", "sealed"}, vault},
		{"key", []string{"id", "owner", "sealed", "made"}, vault},
		{"credential", []string{
			"kind", "id", "parent", "tenant", "owner", "role", "environment", "purposes", "networks", "label",
			"hash", "created", "expires", "last_used", "ended",
		}, func(f *files) source { return f.state }},
	}
}

// Move copies journal, vault and state of a data directory into the database at
// url, which must be prepared and empty. The directory is locked meanwhile, so
// that no daemon runs on it. Every record is read back and compared with its
// original; places must be dense, and the whole must agree with the signed tree.
// Then the directory is marked, so that no daemon goes on with its files; the
// files stay as they are. A move that was broken off is gone on with. progress is
// told how many records have been copied, of how many. The error is a
// *chaperone.Error: those of Open and of postgres.Open, database_not_empty, or
// move_differs.
func Move(ctx context.Context, dir, url string, progress func(done, all uint64)) (m Moved, err error) {
	s, err := Open(ctx, dir)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f := s.files
	key, err := os.ReadFile(filepath.Join(TreeDir(dir), audit.PublicKeyFile))
	if err != nil {
		return m, errDirectory(fmt.Errorf("store: move: %w", err))
	}
	name := strings.TrimSpace(string(key))
	d, err := postgres.Open(ctx, url)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	whole, err := d.BeginMove(ctx, name)
	if err != nil {
		return m, err
	}
	if !whole {
		if err := copyAll(ctx, f, d, progress); err != nil {
			return m, err
		}
	}
	if m, err = compareAll(ctx, f, d, dir, name); err != nil {
		return m, err
	}
	if err := d.EndMove(ctx, name); err != nil {
		return m, err
	}
	return m, markMoved(dir, name)
}

func copyAll(ctx context.Context, f *files, d *postgres.Database, progress func(done, all uint64)) error {
	for _, t := range tables() {
		if err := d.FillTable(ctx, t.name, t.columns, t.from(f).Table(ctx, t.name, t.columns)); err != nil {
			return err
		}
	}
	all, err := length(ctx, f.journal)
	if err != nil {
		return errDirectory(err)
	}
	done, err := length(ctx, d.Journal)
	if err != nil {
		return postgres.Unavailable(err)
	}
	var batch []audit.Row
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		at, err := d.Journal.Append(ctx, batch...)
		if err != nil && !errors.Is(err, audit.ErrTaken) {
			return postgres.Unavailable(err)
		}
		if err != nil {
			return errMove(done, err)
		}
		if at != done {
			return errMove(done, fmt.Errorf("store: move: it stands at %d", at))
		}
		done += uint64(len(batch))
		batch, size = batch[:0], 0
		progress(done, all)
		return nil
	}
	for r, err := range f.journal.From(ctx, done) {
		if err != nil {
			return errDirectory(fmt.Errorf("store: move: %w", err))
		}
		row, err := asRow(r)
		if err != nil || r.Seq != done+uint64(len(batch)) {
			return errMove(r.Seq, errors.Join(err, errors.New("store: move: the record is damaged here")))
		}
		batch, size = append(batch, row), size+len(r.Content)+len(r.Facts)
		if len(batch) == moveRows || size > moveBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// length is how many rows a journal has.
func length(ctx context.Context, j audit.Journal) (uint64, error) {
	newest, err := j.Find(ctx, audit.Match{Newest: true, Limit: 1})
	if err != nil || len(newest) == 0 {
		return 0, err
	}
	return newest[0].Seq + 1, nil
}

func asRow(r verify.Row) (audit.Row, error) {
	if len(r.Leaf) != audit.LeafSize {
		return audit.Row{}, errors.New("store: move: a leaf is damaged")
	}
	return audit.Row{
		ID: r.ID, About: r.About, At: r.At, Kind: audit.Kind(r.Kind), Class: r.Class,
		Index: audit.Index{Patient: r.Patient, Person: r.Person, Session: r.Session},
		KeyID: r.KeyID, Facts: r.Facts, Content: r.Content, Leaf: audit.Leaf(r.Leaf),
	}, nil
}

// compareAll reads back what arrived.
func compareAll(ctx context.Context, f *files, d *postgres.Database, dir, key string) (m Moved, err error) {
	for _, t := range tables() {
		here, n, err := digest(t.from(f).Table(ctx, t.name, t.columns))
		if err != nil {
			return m, errDirectory(err)
		}
		there, arrived, err := digest(d.Table(ctx, t.name, t.columns))
		if err != nil {
			return m, postgres.Unavailable(err)
		}
		if here != there || n != arrived {
			return m, errDiffers(fmt.Errorf("store: move: table %s: %d rows here, %d there", t.name, n, arrived))
		}
		m.Others += n
	}
	if m.Records, err = compareRecords(f.journal.All(ctx), d.Journal.All(ctx)); err != nil {
		return m, err
	}
	// What is compared with the tree is what is in the database, read anew.
	report, err := verify.Check(ctx, verify.Input{Rows: d.Journal.All(ctx), Tree: os.DirFS(TreeDir(dir)), Key: key})
	if err != nil {
		return m, err
	}
	if !report.OK() || report.Records != m.Records || report.Verified+report.Pending != m.Records {
		return m, errDiffers(fmt.Errorf("store: move: %d of %d records verified, %d faults", report.Verified, report.Records, report.Total))
	}
	m.Verified, m.Root = report.Verified, report.Root
	return m, nil
}

// compareRecords holds two journals against each other, row by row.
func compareRecords(here, there iter.Seq2[verify.Row, error]) (n uint64, err error) {
	next, stop := iter.Pull2(there)
	defer stop()
	for r, err := range here {
		if err != nil {
			return n, errDirectory(err)
		}
		arrived, err, ok := next()
		if err != nil {
			return n, postgres.Unavailable(err)
		}
		if !ok || r.Seq != n || rowDigest(r) != rowDigest(arrived) {
			return n, errMove(n, errors.New("store: move: the copy differs"))
		}
		n++
	}
	if _, err, more := next(); err != nil || more {
		return n, errMove(n, errors.Join(err, errors.New("store: move: the copy has more records")))
	}
	return n, nil
}

func rowDigest(r verify.Row) [sha256.Size]byte {
	return sum([]any{
		int64(r.Seq), r.ID[:], r.About[:], r.At.UnixMicro(), int64(r.Kind), r.Class,
		r.Patient[:], r.Person[:], r.Session[:], r.KeyID, r.Facts, r.Content, r.Leaf,
	})
}

// sum is the digest of values with their kinds and lengths.
func sum(values []any) [sha256.Size]byte {
	h := sha256.New()
	for _, v := range values {
		switch v := v.(type) {
		case []byte:
			fmt.Fprintf(h, "%T %t %d\n", v, v == nil, len(v))
			h.Write(v)
		case string:
			fmt.Fprintf(h, "%T %d\n%s", v, len(v), v)
		default:
			fmt.Fprintf(h, "%T %v\n", v, v)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// digest is that of all rows of a table, in whatever order they come.
func digest(rows iter.Seq2[[]any, error]) (all [sha256.Size]byte, n uint64, err error) {
	for row, err := range rows {
		if err != nil {
			return all, n, err
		}
		for i, b := range sum(row) {
			all[i] ^= b
		}
		n++
	}
	return all, n, nil
}

// markMoved makes sure that no daemon goes on with the files of the directory.
func markMoved(dir, key string) error {
	text := "The record of this log was moved into a database:\n" + key + "\n"
	if err := writeWhole(movedFile(dir), text); err != nil {
		return errDirectory(fmt.Errorf("store: move: %w", err))
	}
	return nil
}

func errMove(place uint64, cause error) error {
	return errDiffers(fmt.Errorf("at place %d: %w", place, cause))
}

func errDiffers(cause error) error {
	if own, ok := errors.AsType[*chaperone.Error](cause); ok {
		return own
	}
	return chaperone.NewError(chaperone.KindConflict, "move_differs",
		"What is in the database is not what is in the data directory, so the move was not completed",
		"Verify the record here with 'chaperone audit verify', then move it into an empty database", cause)
}
