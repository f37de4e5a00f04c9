package postgres

import (
	"context"
	"time"

	"chaperone"
)

// How long the server may take to notice that a process is gone; see parse.
const (
	gonePatience = 30 * time.Second
	gonePause    = 50 * time.Millisecond
)

// Writer is the number under which this process adds to the record. It is 0 when
// opened for reading only.
func (d *Database) Writer() int32 {
	if d.Journal.writer == nil {
		return 0
	}
	return d.Journal.writer.number
}

// AwaitGone waits until the server has noticed that an earlier process is gone,
// so that what it left under way counts as left. The error is a *chaperone.Error:
// database_signed_in if that process lives on, database_unavailable.
func (d *Database) AwaitGone(ctx context.Context, writer int32) error {
	ctx, cancel := context.WithTimeout(ctx, gonePatience)
	defer cancel()
	for {
		var alive bool
		err := d.pool.QueryRow(ctx, `SELECT $1::bigint IN (`+aliveWriters+`)`, int64(writer)).Scan(&alive)
		if err == nil && !alive {
			return nil
		}
		if err != nil && ctx.Err() == nil {
			return Unavailable(err)
		}
		select {
		case <-ctx.Done():
			return chaperone.NewError(chaperone.KindConflict, "database_signed_in",
				"The last Chaperone of this data directory is still signed in to the database",
				"Stop it, or the one that runs on a copy of this directory; a second gateway takes a copy of root.key and of nothing else", ctx.Err())
		case <-time.After(gonePause):
		}
	}
}
