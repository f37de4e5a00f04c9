package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"chaperone/internal/audit"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// What shares one commit is bounded by number and by size.
const (
	maxBatch      = 512
	maxBatchBytes = 16 << 20
)

// How long the writer tries for what it was given. Callers wait no longer than
// the record's own patience, and then nothing is sent on.
const (
	commitPatience = 10 * time.Second       // for one commit
	returnPatience = 3 * time.Second        // for a server that went away
	returnPause    = 100 * time.Millisecond // between two tries
	pulse          = time.Second            // an idle connection is looked at so often
)

var (
	errClosed   = errors.New("postgres: closed")
	errReadOnly = errors.New("postgres: opened for reading only")
)

// job is rows that wait for the next commit, next to each other.
type job struct {
	rows  []audit.Row
	state atomic.Int32 // waiting, taken or withdrawn
	done  chan placed
}

const (
	waiting = iota
	taken
	withdrawn
)

type placed struct {
	first uint64
	err   error
}

// writer adds rows to the journal over one connection of its own. Rows that wait
// while a commit is under way share the next one (group commit). While it lives
// it holds a lock under its number, by which other processes on the same
// database know whose exchanges are still under way.
type writer struct {
	cfg    *pgx.ConnConfig
	number int32
	conn   *pgx.Conn // nil while there is none; the goroutine's own
	jobs   chan *job
	left   *job // taken from jobs, too large for the commit under way
	quit   chan struct{}
	done   chan struct{}
	once   sync.Once
}

// newWriter connects and starts the goroutine, which stop ends.
func newWriter(ctx context.Context, pool *pgxpool.Pool) (*writer, error) {
	w := &writer{
		cfg:  pool.Config().ConnConfig.Copy(),
		jobs: make(chan *job, maxBatch), quit: make(chan struct{}), done: make(chan struct{}),
	}
	// What one commit holds passes through the server's memory and not its disk.
	w.cfg.RuntimeParams["work_mem"] = "64MB"
	if err := pool.QueryRow(ctx, `SELECT nextval('chaperone.writer')`).Scan(&w.number); err != nil {
		return nil, Unavailable(err)
	}
	if err := w.connect(ctx); err != nil {
		return nil, Unavailable(err)
	}
	go w.run() // it outlives the request that opened the database; stop ends it
	return w, nil
}

// stop ends the goroutine after the commit under way.
func (w *writer) stop() {
	if w == nil {
		return
	}
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

// add returns the place of the first of the rows once they are durable. If ctx
// ends while they wait, nothing will happen; if it ends while they are being
// committed, the outcome is unknown and the error says so.
func (w *writer) add(ctx context.Context, rows []audit.Row) (uint64, error) {
	if w == nil {
		return 0, errReadOnly
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	j := &job{rows: rows, done: make(chan placed, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-w.quit:
		return 0, errClosed
	}
	select {
	case p := <-j.done:
		return p.first, p.err
	case <-w.done:
		select {
		case p := <-j.done:
			return p.first, p.err
		default:
			return 0, errClosed
		}
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return 0, ctx.Err()
		}
		return 0, fmt.Errorf("postgres: commit under way, outcome unknown: %w", ctx.Err())
	}
}

func (w *writer) run() {
	defer close(w.done)
	defer w.drop()
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	for {
		if w.left != nil {
			w.commit(w.gather(nil))
			continue
		}
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			w.commit(w.gather(j))
		case <-beat.C:
			w.look()
		}
	}
}

// gather takes the jobs that wait now.
func (w *writer) gather(first *job) []*job {
	var list []*job
	size := 0
	take := func(j *job) bool {
		if j.state.Load() == withdrawn {
			return true
		}
		s := bytesOf(j.rows)
		if len(list) > 0 && size+s > maxBatchBytes {
			w.left = j
			return false
		}
		if j.state.CompareAndSwap(waiting, taken) {
			list, size = append(list, j), size+s
		}
		return true
	}
	if w.left != nil {
		first, w.left = w.left, nil
	}
	take(first)
	for len(list) < maxBatch {
		select {
		case j := <-w.jobs:
			if !take(j) {
				return list
			}
		default:
			return list
		}
	}
	return list
}

func bytesOf(rows []audit.Row) int {
	n := 0
	for _, r := range rows {
		n += len(r.Facts) + len(r.Content) + 512
	}
	return n
}

// commit adds the jobs' rows together. If that fails, each job is settled by
// itself: one bad row does not fail its neighbours, and what was committed
// without our hearing of it is found by its id.
func (w *writer) commit(list []*job) {
	if len(list) == 0 {
		return
	}
	first, err := w.together(list)
	if err == nil {
		for _, j := range list {
			j.done <- placed{first: first}
			first += uint64(len(j.rows))
		}
		return
	}
	until := time.Now().Add(returnPatience) //nolint:forbidigo // patience is measured on the machine's own clock
	for i, j := range list {
		first, err := w.persist(j, until)
		j.done <- placed{first, err}
		if err != nil && w.conn == nil {
			for _, j := range list[i+1:] {
				j.done <- placed{err: err} // there is no server, and the next commit looks for it again
			}
			return
		}
	}
}

// persist adds the rows of one job, and tries again until a moment if the
// connection is lost.
func (w *writer) persist(j *job, until time.Time) (uint64, error) {
	for {
		first, err := w.alone(j)
		if err == nil || w.conn != nil || time.Now().After(until) { //nolint:forbidigo // as above
			return first, err
		}
		select {
		case <-w.quit:
			return 0, err
		case <-time.After(returnPause):
		}
	}
}

// together adds the rows of many jobs, if all of them are new.
func (w *writer) together(list []*job) (uint64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commitPatience)
	defer cancel()
	if err := w.connect(ctx); err != nil {
		return 0, err
	}
	var rows []audit.Row
	for _, j := range list {
		rows = append(rows, j.rows...)
	}
	first, err := insert(ctx, w.conn, w.number, rows)
	return first, w.judge(err)
}

// alone adds the rows of one job, unless they are there already. Whoever holds
// the lock has seen every commit that came before, also those of a connection
// that was lost.
func (w *writer) alone(j *job) (first uint64, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), commitPatience)
	defer cancel()
	if err := w.connect(ctx); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, w.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockHead); err != nil {
			return err
		}
		seq, found, err := kept(ctx, tx, j.rows)
		if found || err != nil {
			first = seq
			return err
		}
		first, err = insert(ctx, tx, w.number, j.rows)
		return err
	})
	return first, w.judge(err)
}

// judge lets go of a connection that is of no more use.
func (w *writer) judge(err error) error {
	if err != nil && w.conn != nil && w.conn.IsClosed() {
		w.conn = nil
	}
	return err
}

// connect sees to it that there is a connection, and that it holds the lock of
// this writer's number. A connection that was cut may hold it still, therefore
// the lock is a shared one.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil && !w.conn.IsClosed() {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, w.cfg)
	if err != nil {
		w.conn = nil
		return err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock_shared($1, $2)`, lockWriter, w.number); err != nil {
		return errors.Join(err, conn.Close(ctx))
	}
	w.conn = conn
	return nil
}

// look keeps the connection while nothing is written, so that the lock is not
// lost unnoticed.
func (w *writer) look() {
	ctx, cancel := context.WithTimeout(context.Background(), connectPatience)
	defer cancel()
	if w.connect(ctx) == nil {
		_ = w.judge(w.conn.Ping(ctx)) // the next beat tries again
	}
}

func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectPatience)
	defer cancel()
	_ = w.conn.Close(ctx) // the server lets go by itself
}
