package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// maxBatch bounds how many jobs share one commit.
const maxBatch = 256

var (
	errClosed   = errors.New("sqlite: closed")
	errReadOnly = errors.New("sqlite: opened for reading only")
)

// job is a change that waits for the next commit.
type job struct {
	run   func(ctx context.Context, c *conn) error
	state atomic.Int32 // waiting, taken or withdrawn
	done  chan error
}

const (
	waiting = iota
	taken
	withdrawn
)

// soft marks an error of a job that changed nothing, so that the jobs it shares
// a transaction with need not be undone.
type soft struct{ error }

func (s soft) Unwrap() error { return s.error }

// committer runs changes on the one writing connection. Changes that wait while
// a commit is being synced share the next one (group commit), so that the cost
// of a sync is divided among all who wait.
type committer struct {
	conn *conn
	jobs chan *job
	solo chan *job // what runs outside a transaction
	quit chan struct{}
	done chan struct{}
	once sync.Once
}

// conn is the writing connection with its statements prepared once.
type conn struct {
	*sql.Conn
	prepared map[string]*sql.Stmt
	turn     uint64 // number of the transaction, from 1
}

func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = s
	return s, nil
}

// exec runs a statement and yields the number of rows it touched.
func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.stmt(ctx, query) //nolint:sqlclosecheck // kept for the next time; stop closes it
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// one reads a single row; false if there is none.
func (c *conn) one(ctx context.Context, query string, args []any, into ...any) (bool, error) {
	s, err := c.stmt(ctx, query) //nolint:sqlclosecheck // kept for the next time; stop closes it
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func newCommitter(ctx context.Context, db *sql.DB) (*committer, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite: connection: %w", err)
	}
	w := &committer{
		conn: &conn{Conn: c, prepared: map[string]*sql.Stmt{}},
		jobs: make(chan *job, maxBatch), solo: make(chan *job), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run() //nolint:gosec // it outlives the request that opened the file; stop ends it
	return w, nil
}

// stop ends the goroutine after the jobs that were taken, and closes the
// connection.
func (w *committer) stop() error {
	w.once.Do(func() { close(w.quit) })
	<-w.done
	for _, s := range w.conn.prepared {
		_ = s.Close()
	}
	return w.conn.Close()
}

// do runs a change and returns once it is durable, or with the error that
// undid it. If ctx ends while the change waits, nothing will happen; if it ends
// while the change is being committed, the outcome is unknown and the error
// says so.
func (w *committer) do(ctx context.Context, run func(ctx context.Context, c *conn) error) error {
	if w == nil {
		return errReadOnly
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{run: run, done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case err := <-j.done:
		return unwrapSoft(err)
	case <-w.done:
		select {
		case err := <-j.done:
			return unwrapSoft(err)
		default:
			return errClosed
		}
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
		return fmt.Errorf("sqlite: commit under way, outcome unknown: %w", ctx.Err())
	}
}

func unwrapSoft(err error) error {
	if s, ok := errors.AsType[soft](err); ok {
		return s.error
	}
	return err
}

func (w *committer) run() {
	defer close(w.done)
	for {
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			w.batch(w.gather(j))
		case j := <-w.solo:
			j.done <- j.run(context.Background(), w.conn)
		}
	}
}

// gather takes the jobs that wait now.
func (w *committer) gather(first *job) []*job {
	var list []*job
	take := func(j *job) {
		if j.state.CompareAndSwap(waiting, taken) {
			list = append(list, j)
		}
	}
	take(first)
	for len(list) < maxBatch {
		select {
		case j := <-w.jobs:
			take(j)
		default:
			return list
		}
	}
	return list
}

// batch commits jobs together. If one of them fails in a way that may have
// changed something, all are undone and each is tried by itself, so that one
// bad change does not fail its neighbours.
func (w *committer) batch(list []*job) {
	if len(list) == 0 {
		return
	}
	results, err := w.transact(list)
	if err != nil && len(list) > 1 {
		for _, j := range list {
			w.batch([]*job{j})
		}
		return
	}
	for i, j := range list {
		if err != nil {
			j.done <- err
		} else {
			j.done <- results[i]
		}
	}
}

// transact runs the jobs in one transaction. It yields each job's soft error,
// or the error for which all was undone. Jobs are not tied to their callers'
// contexts: a commit is not left half done because one of many went away.
func (w *committer) transact(list []*job) (results []error, err error) {
	ctx := context.Background()
	if _, err := w.conn.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("sqlite: begin: %w", err)
	}
	w.conn.turn++
	defer func() {
		if err != nil {
			// After some errors the engine has rolled back by itself, and says
			// so here; then there is nothing left to undo.
			_, _ = w.conn.exec(ctx, "ROLLBACK")
		}
	}()
	results = make([]error, len(list))
	for i, j := range list {
		err := j.run(ctx, w.conn)
		if _, ok := errors.AsType[soft](err); err != nil && !ok {
			return nil, err
		}
		results[i] = err
	}
	if _, err := w.conn.exec(ctx, "COMMIT"); err != nil {
		return nil, fmt.Errorf("sqlite: commit: %w", err)
	}
	return results, nil
}

// fold writes the write-ahead log into the file and empties it. Readers that
// hold an old snapshot can keep it from finishing; it is then done by a later
// one.
func (w *committer) fold(ctx context.Context) error {
	if w == nil {
		return errReadOnly
	}
	j := &job{done: make(chan error, 1), run: func(ctx context.Context, c *conn) error {
		var busy, pages, moved int
		return c.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	}}
	select {
	case w.solo <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	if err := <-j.done; err != nil {
		return fmt.Errorf("sqlite: fold: %w", err)
	}
	return nil
}
