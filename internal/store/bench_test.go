package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store"
)

// BenchmarkIntendAndSettle measures one exchange's two durable records with
// 4 KiB of content, with the tree behind them, at 1, 16 and 256 writers.
func BenchmarkIntendAndSettle(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			h := newHouse(b)
			text := strings.Repeat("blood pressure 128 over 82, seen in clinic. ", 47) // about 2 KiB
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range writers {
				wg.Go(func() {
					for {
						n := next.Add(1)
						if n > int64(b.N) {
							return
						}
						e, err := h.log.Intend(context.Background(), intent(int(n), text))
						if err == nil {
							err = e.Settle(context.Background(), audit.Outcome{Result: audit.OK, Status: 200, Answered: audit.Content(text)})
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkVerify measures the verifier over a record of 2,000 rows.
func BenchmarkVerify(b *testing.B) {
	h := newHouse(b)
	var wg sync.WaitGroup
	for w := range 50 {
		wg.Go(func() {
			for i := range 20 {
				e, err := h.log.Intend(context.Background(), intent(1+w*20+i, "text"))
				if err == nil {
					err = e.Settle(context.Background(), audit.Outcome{Result: audit.OK, Status: 200})
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	h.close(b)
	j, err := store.LookJournal(b.Context(), h.dir)
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	key, err := os.ReadFile(store.TreeDir(h.dir) + "/" + audit.PublicKeyFile)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := verify.Check(context.Background(), verify.Input{
			Rows: j.All(context.Background()), Tree: os.DirFS(store.TreeDir(h.dir)), Key: string(bytes.TrimSpace(key)),
		})
		if err != nil || !r.OK() || r.Verified != 2000 {
			b.Fatal(err, r)
		}
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkLargeIntend measures an intent with 32 MiB received and sent, text
// that hardly compresses, as images are.
func BenchmarkLargeIntend(b *testing.B) {
	h := newHouse(b)
	raw := make([]byte, 24<<20)
	rnd := rand.NewChaCha8([32]byte{1})
	rnd.Read(raw)
	text := base64.StdEncoding.EncodeToString(raw)
	n := 0
	for b.Loop() {
		n++
		i := intent(n, "")
		i.Received, i.Sent = audit.Content(text), audit.Content(text)
		if _, err := h.log.Refuse(context.Background(), i, audit.Outcome{Result: audit.RefusedResult}); err != nil {
			b.Fatal(err)
		}
	}
}
