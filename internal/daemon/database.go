package daemon

import (
	"context"
	"errors"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/config"
	"chaperone/internal/store"
)

// openStore opens what the configuration says: files in the data directory, or a
// database beside it.
func openStore(ctx context.Context, cfg config.File) (*store.Store, error) {
	if !cfg.Store.Postgres.Named() {
		return store.Open(ctx, cfg.Data)
	}
	url, err := databaseURL(cfg.Store.Postgres)
	if err != nil {
		return nil, err
	}
	return store.OpenDatabase(ctx, cfg.Data, url)
}

// mayMakeKey reports whether a root key may be made: there is no data yet, in the
// directory and in the database. A second gateway on one database brings a copy
// of the first one's key.
func mayMakeKey(ctx context.Context, cfg config.File) (bool, error) {
	if !isFresh(cfg.Data) {
		return false, nil
	}
	if !cfg.Store.Postgres.Named() {
		return true, nil
	}
	look, err := lookJournal(ctx, cfg.Data, cfg.Store.Postgres)
	if err != nil {
		return false, err
	}
	rows, err := look.Find(ctx, audit.Match{Limit: 1})
	return len(rows) == 0 && err == nil, errors.Join(err, look.Close())
}

// lookJournal opens the journal for reading only.
func lookJournal(ctx context.Context, dir string, database config.Postgres) (*store.Look, error) {
	if !database.Named() {
		j, err := store.LookJournal(ctx, dir)
		if err != nil {
			return nil, err
		}
		return &store.Look{Journal: j, Close: j.Close}, nil
	}
	url, err := databaseURL(database)
	if err != nil {
		return nil, err
	}
	return store.LookDatabase(ctx, url)
}

func databaseURL(p config.Postgres) (string, error) {
	if !p.Named() {
		return "", chaperone.NewError(chaperone.KindInvalid, "database_address",
			"No database is named", "Set store.postgres in the configuration, or name one with --to or --to-file", nil)
	}
	url, err := p.Address()
	if err != nil {
		return "", chaperone.NewError(chaperone.KindUnavailable, "database_address",
			"The address of the database cannot be read", "Put it into a file of one line that this user alone may read", err)
	}
	return url, nil
}

// PrepareDatabase makes or changes the schema of a database as its owner, for the
// role of the address that Chaperone will use; see store.PrepareDatabase.
func PrepareDatabase(ctx context.Context, owner, writer config.Postgres, version int) error {
	as, err := databaseURL(owner)
	if err != nil {
		return err
	}
	to, err := databaseURL(writer)
	if err != nil {
		return err
	}
	return store.PrepareDatabase(ctx, as, to, version)
}

// Moved is how much a move took along.
type Moved = store.Moved

// MoveStore copies what is kept in the files of a data directory into a
// database, and proves that all of it arrived; see store.Move.
func MoveStore(ctx context.Context, dir string, to config.Postgres, progress func(done, all uint64)) (Moved, error) {
	if isFresh(dir) {
		return Moved{}, errNoData(dir)
	}
	url, err := databaseURL(to)
	if err != nil {
		return Moved{}, err
	}
	return store.Move(ctx, dir, url, progress)
}

// examineDatabase connects to the configured database and reports why it cannot
// be used.
func examineDatabase(ctx context.Context, cfg config.File) []Check {
	if !cfg.Store.Postgres.Named() {
		return nil
	}
	url, err := databaseURL(cfg.Store.Postgres)
	if err == nil {
		err = store.ExamineDatabase(ctx, url)
	}
	if err != nil {
		e := chaperone.AsError(err)
		return []Check{{"database", Wrong, e.Public, e.Next}}
	}
	return []Check{{"database", Right, "it answers, keeps what it acknowledges, and lets nobody here change the record", ""}}
}
