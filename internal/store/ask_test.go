package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/answer"
	"chaperone/internal/audit/verify"
)

// askEvents is how many exchanges the record of the benchmarks below has.
// CHAPERONE_BENCH_EVENTS sets another number.
func askEvents(b *testing.B) int {
	text := os.Getenv("CHAPERONE_BENCH_EVENTS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// ofPatient is how many exchanges are one patient's: a long stay.
const ofPatient = 400

var officer = chaperone.Principal{Tenant: "clinic", ID: "p.officer", Role: chaperone.RolePrivacyOfficer}

// longRecord is a record with n exchanges, of which ofPatient are one patient's,
// spread evenly.
func longRecord(b *testing.B, n int) (*house, audit.Question) {
	b.Helper()
	h := newHouse(b)
	h.close(b)
	h.pace = time.Second
	if err := h.open(b.Context()); err != nil {
		b.Fatal(err)
	}
	patient := func(i int) chaperone.PatientRef {
		name := fmt.Sprintf("MRN-%d", i%20_000)
		if i%(n/ofPatient) == 0 {
			name = "4471902"
		}
		p, err := chaperone.NewPatientRef(name)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 128 {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				in := intent(i, "")
				in.Who.Tenant, in.Why.Patient, in.What.Session = "clinic", patient(i), fmt.Sprintf("s%d", i/5)
				in.Ruling.Findings = map[string]int{"name": 2, "date": 1}
				if _, err := h.log.Refuse(context.Background(), in, audit.Outcome{Result: audit.RefusedResult, Status: 403}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return h, audit.Question{Tenant: "clinic", About: audit.Alias{Kind: audit.AliasReference, Value: "4471902"}}
}

// BenchmarkAskOnePatient measures the answer about one patient (AUD-09), with
// its PDF, and with the whole signed pack, checked.
func BenchmarkAskOnePatient(b *testing.B) {
	h, q := longRecord(b, askEvents(b))
	ask := func(b *testing.B) *audit.Answer {
		a, err := h.log.Ask(context.Background(), officer, audit.Content("request 17 of the patient"), q)
		if err != nil {
			b.Fatal(err)
		}
		if a.Totals.Exchanges < ofPatient || a.Totals.Exchanges > ofPatient+1 {
			b.Fatalf("%+v", a.Totals)
		}
		return a
	}
	b.Run("pdf", func(b *testing.B) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for b.Loop() {
			var out bytes.Buffer
			if err := answer.Write(&out, answer.Pages, ask(b)); err != nil {
				b.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/(1<<20), "MiB/op")
	})
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			var out bytes.Buffer
			if err := answer.Pack(context.Background(), &out, ask(b), h.log); err != nil {
				b.Fatal(err)
			}
			r, err := verify.CheckPack(bytes.NewReader(out.Bytes()), int64(out.Len()), "")
			if err != nil || !r.OK() {
				b.Fatal(err, r)
			}
		}
	})
}
