package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"

	"chaperone"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Version is the schema's version: how many steps up there are.
const Version = 3

// Each step that was released is never changed. N.up.sql takes the schema from
// version N-1 to N, N.down.sql back.
//
//go:embed schema
var steps embed.FS

// holds lists the tables that a step back would drop with what is in them.
var holds = map[int][]string{1: {"record"}, 2: {"session", "item", "key"}, 3: {"credential"}}

type asker interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// schemaVersion is 0 where nothing was prepared.
func schemaVersion(ctx context.Context, db asker) (int, error) {
	var version int
	err := db.QueryRow(ctx, `SELECT coalesce(max(number), 0) FROM chaperone.version`).Scan(&version)
	if fault, ok := errors.AsType[*pgconn.PgError](err); ok && (fault.Code == "42P01" || fault.Code == "3F000") {
		return 0, nil // no such table, or no such schema
	}
	if fault, ok := errors.AsType[*pgconn.PgError](err); ok && fault.Code == "42501" {
		return 0, errNotReady("The role that Chaperone signs in to the database as has no right to the record")
	}
	return version, err
}

// Prepare signs in by the owner's URL, brings the schema to a version and gives
// the role of the writer's URL what it may do and nothing else. It may be
// repeated. Steps back are refused while there is anything in the tables that
// they would drop. All happens or nothing. The error is a *chaperone.Error.
func Prepare(ctx context.Context, owner, writer string, version int) error {
	role, err := roleOf(writer)
	if err != nil {
		return err
	}
	cfg, err := parse(owner)
	if err != nil {
		return err
	}
	if cfg.ConnConfig.User == role {
		return chaperone.NewError(chaperone.KindInvalid, "database_role",
			"The owner of the database and the role that Chaperone runs as are the same", "Make a role of its own for Chaperone: CREATE ROLE chaperone LOGIN", nil)
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		return Unavailable(err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // what counts was committed, or the error says so
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return prepare(ctx, tx, role, version) })
	if err != nil {
		return Unavailable(fmt.Errorf("prepare: %w", err))
	}
	return nil
}

func prepare(ctx context.Context, tx pgx.Tx, role string, want int) error {
	// Of two at once, the second waits and finds the work done.
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0);`, lockPrepare)
	if err != nil {
		return err
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('chaperone.version') IS NOT NULL`).Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := tx.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS chaperone; CREATE TABLE chaperone.version (number integer PRIMARY KEY)`); err != nil {
			return err
		}
	}
	version, err := schemaVersion(ctx, tx)
	if err != nil {
		return err
	}
	if version > Version {
		return errNotReady(fmt.Sprintf("The database is of version %d, newer than %d, which this program knows", version, Version))
	}
	for ; version < want; version++ {
		if err := step(ctx, tx, version+1, "up", `INSERT INTO chaperone.version VALUES ($1)`); err != nil {
			return err
		}
	}
	for ; version > want; version-- {
		if err := empty(ctx, tx, holds[version]); err != nil {
			return err
		}
		if err := step(ctx, tx, version, "down", `DELETE FROM chaperone.version WHERE number = $1`); err != nil {
			return err
		}
	}
	if want < Version {
		return nil // a program of that version gives the rights that it needs
	}
	return grant(ctx, tx, role)
}

func step(ctx context.Context, tx pgx.Tx, number int, way, note string) error {
	text, err := steps.ReadFile(fmt.Sprintf("schema/%d.%s.sql", number, way))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, string(text)); err != nil {
		return fmt.Errorf("step %d %s: %w", number, way, err)
	}
	_, err = tx.Exec(ctx, note, number)
	return err
}

func grant(ctx context.Context, tx pgx.Tx, role string) error {
	text, err := steps.ReadFile("schema/grants.sql")
	if err != nil {
		return err
	}
	_, rights, _ := strings.Cut(string(text), "\n\n") // after what it says about itself
	_, err = tx.Exec(ctx, strings.ReplaceAll(rights, " ROLE;", " "+pgx.Identifier{role}.Sanitize()+";"))
	return err
}

// empty refuses to drop what holds anything.
func empty(ctx context.Context, tx pgx.Tx, tables []string) error {
	for _, table := range tables {
		var some bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+pgx.Identifier{"chaperone", table}.Sanitize()+`)`).Scan(&some); err != nil {
			return err
		}
		if some {
			return errNotEmpty("The database holds data that this step back would remove", "Keep this version, or begin with an empty database")
		}
	}
	return nil
}

func errNotEmpty(public, next string) error {
	return chaperone.NewError(chaperone.KindConflict, "database_not_empty", public, next, nil)
}
