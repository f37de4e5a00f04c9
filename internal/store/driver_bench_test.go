package store_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/store/postgres"
	"chaperone/internal/store/postgres/postgrestest"
	"chaperone/internal/store/sqlite"

	"github.com/jackc/pgx/v5/pgxpool"
)

// rowBytes is how large a row's content is in these measurements.
const rowBytes = 1 << 10

// BenchmarkAppend measures one durable row of 1 KiB with each driver, and two
// floors in the same run: a plain file to which whoever waits is appended
// together with one fdatasync, and a plain prepared INSERT into a table without
// further indexes, one connection for each of at most 64 writers.
func BenchmarkAppend(b *testing.B) {
	server, err := postgrestest.Start()
	if err != nil && !errors.Is(err, postgrestest.ErrMissing) {
		b.Fatal(err)
	}
	defer server.Close()
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("raw-fsync/writers=%d", writers), func(b *testing.B) { load(b, writers, rawFile(b)) })
		b.Run(fmt.Sprintf("sqlite/writers=%d", writers), func(b *testing.B) {
			j, err := sqlite.OpenJournal(b.Context(), filepath.Join(b.TempDir(), "journal.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			load(b, writers, func(n int64) error { return appendOne(j, n) })
		})
		b.Run(fmt.Sprintf("plain-insert/writers=%d", writers), func(b *testing.B) { load(b, writers, plainInsert(b, server, writers)) })
		b.Run(fmt.Sprintf("postgres/writers=%d", writers), func(b *testing.B) {
			d := benchDatabase(b, server)
			load(b, writers, func(n int64) error { return appendOne(d.Journal, n) })
		})
	}
}

// BenchmarkExchangeOnPostgres is BenchmarkIntendAndSettle over a database.
func BenchmarkExchangeOnPostgres(b *testing.B) {
	server, err := postgrestest.Start()
	if errors.Is(err, postgrestest.ErrMissing) {
		b.Skip(err)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			h := openHouse(b, &house{dir: filepath.Join(b.TempDir(), "data"), url: preparedURL(b, server)})
			text := string(make([]byte, rowBytes/2))
			load(b, writers, func(n int64) error {
				e, err := h.log.Intend(context.Background(), intent(int(n), text))
				if err == nil {
					err = e.Settle(context.Background(), audit.Outcome{Result: audit.OK, Status: 200, Answered: audit.Content(text)})
				}
				return err
			})
		})
	}
}

// load runs b.N calls from many writers and reports the median, the 99th of a
// hundred, and calls a second.
func load(b *testing.B, writers int, call func(n int64) error) {
	b.Helper()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				start := time.Now()
				if err := call(n); err != nil {
					b.Error(err)
					return
				}
				took[n-1] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func appendOne(j audit.Journal, n int64) error {
	r := audit.Row{Kind: audit.KindNote, Class: "key.created", Facts: make([]byte, 100), Content: make([]byte, rowBytes), KeyID: "k", At: time.UnixMicro(n)}
	binary.BigEndian.PutUint64(r.ID[8:], uint64(n))
	binary.BigEndian.PutUint64(r.Leaf[:], uint64(n))
	binary.BigEndian.PutUint64(r.Index.Patient[:], uint64(n%1000)+1)
	binary.BigEndian.PutUint64(r.Index.Person[:], uint64(n%50)+1)
	binary.BigEndian.PutUint64(r.Index.Session[:], uint64(n%5000)+1)
	_, err := j.Append(context.Background(), r)
	return err
}

func preparedURL(b *testing.B, server *postgrestest.Server) string {
	name := server.Database(b)
	url := server.URL(name, postgrestest.Writer)
	if err := postgres.Prepare(b.Context(), server.URL(name, postgrestest.Owner), url, postgres.Version); err != nil {
		b.Fatal(err)
	}
	return url
}

func benchDatabase(b *testing.B, server *postgrestest.Server) *postgres.Database {
	d, err := postgres.Open(b.Context(), preparedURL(b, server))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

func plainInsert(b *testing.B, server *postgrestest.Server, writers int) func(int64) error {
	name := server.Database(b)
	cfg, err := pgxpool.ParseConfig(server.URL(name, postgrestest.Owner))
	if err != nil {
		b.Fatal(err)
	}
	cfg.MaxConns = int32(min(writers, 64))
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	if _, err := pool.Exec(b.Context(), `CREATE TABLE plain (n bigint PRIMARY KEY, content bytea)`); err != nil {
		b.Fatal(err)
	}
	return func(n int64) error {
		_, err := pool.Exec(context.Background(), `INSERT INTO plain VALUES ($1, $2)`, n, make([]byte, rowBytes))
		return err
	}
}

// rawFile is the least that a group commit costs.
func rawFile(b *testing.B) func(int64) error {
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	jobs := make(chan chan error, 512)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, rowBytes)
		for j := range jobs {
			list := []chan error{j}
			for more := true; more && len(list) < 512; {
				select {
				case j, ok := <-jobs:
					if more = ok; ok {
						list = append(list, j)
					}
				default:
					more = false
				}
			}
			_, err := f.Write(slices.Repeat(buf, len(list)))
			err = errors.Join(err, f.Sync())
			for _, j := range list {
				j <- err
			}
		}
	}()
	b.Cleanup(func() { close(jobs); <-done; f.Close() })
	return func(int64) error {
		j := make(chan error, 1)
		jobs <- j
		return <-j
	}
}
