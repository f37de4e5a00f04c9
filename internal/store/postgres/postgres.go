// Package postgres keeps the house's data in PostgreSQL: the journal of the
// record, the vault's ciphertext and the state of identities, in the schema
// "chaperone" of one database. It owns that schema, the order of rows and what
// "durable" means here: a commit is acknowledged once the server has synced it,
// and where it has synchronous standbys, they have too.
//
// It refuses a server that may lose what it acknowledged or would not notice a
// damaged page, a connection that others could read, a role that could change
// the record, and a schema of another version. What it holds it cannot read: it
// sees ciphertext, keyed hashes and times.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"time"

	"chaperone"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Connections are given so long.
const (
	connectPatience = 3 * time.Second
	keepAlive       = 15 * time.Second
)

// Database is one open database: connections for all that is kept, and one of
// its own for the writer of the journal.
type Database struct {
	Journal *Journal
	Vault   *Vault
	State   *State

	pool *pgxpool.Pool
}

// Open connects as the role that Chaperone runs as and proves that server, role
// and schema are fit. Close it when done. The error is a *chaperone.Error:
// database_unavailable, database_unfit, database_exposed, database_role,
// database_not_ready or database_url.
func Open(ctx context.Context, url string) (*Database, error) {
	d, err := Look(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := d.check(ctx); err != nil {
		d.pool.Close()
		return nil, err
	}
	if d.Journal.writer, err = newWriter(ctx, d.pool); err != nil {
		d.pool.Close()
		return nil, err
	}
	return d, nil
}

// Examine connects, proves what Open proves and lets go.
func Examine(ctx context.Context, url string) error {
	d, err := Look(ctx, url)
	if err != nil {
		return err
	}
	defer d.pool.Close()
	return d.check(ctx)
}

// Look connects for reading only, as any role that may read. Append fails on its
// journal. The errors are those of Open.
func Look(ctx context.Context, url string) (*Database, error) {
	cfg, err := parse(url)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, Unavailable(err)
	}
	if err := checkVersion(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return &Database{pool: pool, Journal: &Journal{pool: pool}, Vault: &Vault{pool}, State: &State{pool}}, nil
}

// Close waits for the commit under way and closes the connections.
func (d *Database) Close() error {
	d.Journal.writer.stop()
	d.pool.Close()
	return nil
}

// parse reads a connection URL and refuses one by which patient data could be
// read on its way.
func parse(url string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The library's words may repeat the URL, and so a password.
		return nil, errURL()
	}
	c := cfg.ConnConfig
	hops := []*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}
	for _, hop := range append(hops, c.Fallbacks...) {
		if !near(hop.Host) && (hop.TLSConfig == nil || hop.TLSConfig.InsecureSkipVerify) {
			return nil, errExposed()
		}
	}
	c.ConnectTimeout = connectPatience
	c.DialFunc = (&net.Dialer{KeepAlive: keepAlive, Timeout: connectPatience}).DialContext
	if c.ValidateConnect == nil {
		// Behind several addresses one server is the primary.
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	c.RuntimeParams["application_name"] = "chaperone"
	c.RuntimeParams["search_path"] = "pg_catalog"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	// The server is to notice within half a minute that we are gone, so that the
	// lock of our number does not outlive us.
	c.RuntimeParams["tcp_keepalives_idle"] = "10"
	c.RuntimeParams["tcp_keepalives_interval"] = "5"
	c.RuntimeParams["tcp_keepalives_count"] = "3"
	// The server's own setting is demanded, see check. Should it be changed while
	// this runs, commits here stay durable all the same.
	c.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		return conn.Exec(ctx, `SET synchronous_commit = on`).Close()
	}
	cfg.MaxConns = int32(max(16, 2*runtime.NumCPU()))
	return cfg, nil
}

// near reports whether a host is this machine: loopback, or a local socket.
func near(host string) bool {
	if host == "" || host[0] == '/' || host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// CheckURL reports what is wrong with a connection URL, without connecting. The
// error is a *chaperone.Error and repeats nothing of the URL.
func CheckURL(url string) error {
	_, err := parse(url)
	return err
}

// roleOf is the role that a connection URL names.
func roleOf(url string) (string, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil || cfg.User == "" {
		return "", errURL()
	}
	return cfg.User, nil
}

func errURL() error {
	return chaperone.NewError(chaperone.KindInvalid, "database_url",
		"This is not an address of a PostgreSQL database", "Write postgres://USER@HOST/DATABASE", nil)
}

func errExposed() error {
	return chaperone.NewError(chaperone.KindForbidden, "database_exposed",
		"The connection to the database could be read or taken over on its way",
		"Add sslmode=verify-full and sslrootcert=FILE to the address of the database", nil)
}

// Unavailable is the *chaperone.Error for a database that did not do what it was
// asked; one that the cause holds already, and the end of a context, stay as they
// are.
func Unavailable(cause error) error {
	if errors.Is(cause, context.Canceled) {
		return cause
	}
	if own, ok := errors.AsType[*chaperone.Error](cause); ok {
		return own
	}
	return chaperone.NewError(chaperone.KindUnavailable, "database_unavailable",
		"The database cannot be reached or does not answer",
		"Check that PostgreSQL runs, that the address is right and that the role may sign in", fmt.Errorf("postgres: %w", cause))
}
