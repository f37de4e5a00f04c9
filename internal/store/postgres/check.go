package postgres

import (
	"context"
	"fmt"

	"chaperone"

	"github.com/jackc/pgx/v5/pgxpool"
)

// minServer is the first version of PostgreSQL that this is tested with, in the
// server's own numbers.
const minServer = 150000

// check proves that what this server acknowledges is kept, that it notices a
// damaged page, and that the role cannot change the record.
func (d *Database) check(ctx context.Context) error {
	var version int
	var shown string
	settings := map[string]string{}
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit", "data_checksums"} {
		var value string
		if err := d.pool.QueryRow(ctx, `SELECT reset_val FROM pg_settings WHERE name = $1`, name).Scan(&value); err != nil {
			return Unavailable(err)
		}
		settings[name] = value
	}
	err := d.pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&version, &shown)
	if err != nil {
		return Unavailable(err)
	}
	if version < minServer {
		return errUnfit("PostgreSQL here is older than version 15", "Move the database to a server of version 15 or newer")
	}
	if settings["synchronous_commit"] == "remote_apply" {
		settings["synchronous_commit"] = "on" // and more than that
	}
	for _, must := range []struct{ name, public, next string }{
		{"fsync", "The database server does not sync what it acknowledges to its disk (fsync)", "Set fsync = on in postgresql.conf and start the server again"},
		{"full_page_writes", "The database server may be left with half a page after a power cut (full_page_writes)", "Set full_page_writes = on in postgresql.conf and reload it"},
		{"synchronous_commit", "The database server acknowledges before a commit is durable (synchronous_commit)", "Set synchronous_commit = on for the server and for the role"},
		{"data_checksums", "The database server would not notice a damaged page (data checksums)", "Stop the server, run pg_checksums --enable on its data directory, and start it"},
	} {
		if settings[must.name] != "on" {
			return errUnfit(must.public, must.next)
		}
	}
	return checkRole(ctx, d.pool)
}

// checkRole refuses a role that could change or remove a record, or could give
// itself the right to.
func checkRole(ctx context.Context, pool *pgxpool.Pool) error {
	var mayAdd, mayChange bool
	err := pool.QueryRow(ctx, `SELECT
		has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT'),
		has_table_privilege(c.oid, 'UPDATE') OR has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')
			OR has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
			OR pg_has_role(c.relowner, 'MEMBER') OR has_schema_privilege(c.relnamespace, 'CREATE')
		FROM pg_class c WHERE c.oid = 'chaperone.record'::regclass`).Scan(&mayAdd, &mayChange)
	if err != nil {
		return Unavailable(err)
	}
	if mayChange {
		return chaperone.NewError(chaperone.KindForbidden, "database_role",
			"The role that Chaperone signs in to the database as could change or remove records",
			"Use a role of its own that owns nothing, and run 'chaperone store prepare' as the owner of the database", nil)
	}
	if !mayAdd {
		return errNotReady("The role that Chaperone signs in to the database as has no right to the record")
	}
	return nil
}

// checkVersion compares the schema's version with the one that this program
// writes.
func checkVersion(ctx context.Context, pool *pgxpool.Pool) error {
	version, err := schemaVersion(ctx, pool)
	switch {
	case err != nil:
		return Unavailable(err)
	case version > Version:
		return errNotReady(fmt.Sprintf("The database is of version %d, newer than %d, which this program knows", version, Version))
	case version < Version:
		return errNotReady(fmt.Sprintf("The database is of version %d, and this program needs %d", version, Version))
	}
	return nil
}

func errUnfit(public, next string) error {
	return chaperone.NewError(chaperone.KindUnavailable, "database_unfit", public, next, nil)
}

func errNotReady(public string) error {
	return chaperone.NewError(chaperone.KindUnavailable, "database_not_ready", public,
		"Run 'chaperone store prepare' of the right version as the owner of the database", nil)
}
