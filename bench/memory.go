package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"
)

// The measurements of memory. Each has a process of its own, so that none
// carries what another left behind.
const (
	memoryIdle    = "memory when idle"
	memoryStreams = "memory with 64 streams"
	memorySoak    = "memory in a long run"
)

func resident(f figures) float64 { return f.memory }
func slope(f figures) float64    { return f.slope }

// memories measures the resident size of a fresh gateway at rest, then under 64
// streams, and of another one over a long run of mixed calls, ten a second. A
// soak of zero is left out.
func (h *hall) memories(ctx context.Context, binary string, span, soak time.Duration) (map[string]results, error) {
	t, err := h.gateway(ctx, ours, binary, "data-memory")
	if err != nil {
		return nil, err
	}
	time.Sleep(3 * time.Second)
	all := map[string]results{memoryIdle: {ours: {{memory: t.memory()}}}}
	done, peak := make(chan struct{}), make(chan float64)
	go func() { peak <- highest(t, done) }()
	_, err = load{clients: 64, span: max(span, 3*time.Second), stream: true, body: note(4<<10, true)}.run(ctx, t)
	close(done)
	all[memoryStreams] = results{ours: {{memory: <-peak}}}
	if err != nil || soak == 0 {
		return all, err
	}
	if t, err = h.gateway(ctx, ours, binary, "data-soak"); err != nil {
		return nil, err
	}
	f, err := steady(ctx, t, soak)
	all[memorySoak] = results{ours: {f}}
	return all, err
}

// highest is the largest resident size until done, in MiB.
func highest(t target, done <-chan struct{}) float64 {
	most := 0.0
	for {
		most = max(most, t.memory())
		select {
		case <-done:
			return most
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// steady sends about twenty calls a second, notes and streams in turn, and yields the
// slope of the resident size over the second half, in MiB a minute: in the
// first, caches fill.
func steady(ctx context.Context, t target, span time.Duration) (figures, error) {
	type sample struct{ minute, size float64 }
	var samples []sample
	began := time.Now()
	for time.Since(began) < span {
		for _, l := range []load{
			{clients: 4, span: time.Millisecond, body: note(4<<10, false)},
			{clients: 1, span: time.Millisecond, body: note(64<<10, false)},
			{clients: 8, span: time.Millisecond, stream: true, body: note(4<<10, true)},
		} {
			if _, err := l.run(ctx, t); err != nil {
				return figures{}, err
			}
		}
		if time.Since(began) > span/2 {
			samples = append(samples, sample{time.Since(began).Minutes(), t.memory()})
		}
	}
	// Theil and Sen: the median of the slopes between all pairs, which single
	// outliers (a collection that is due) do not bend.
	var slopes []float64
	for i, a := range samples {
		for _, b := range samples[i+1:] {
			slopes = append(slopes, (b.size-a.size)/(b.minute-a.minute))
		}
	}
	if len(slopes) == 0 {
		return figures{}, fmt.Errorf("a soak of %s is too short", span)
	}
	sort.Float64s(slopes)
	return figures{slope: slopes[len(slopes)/2], memory: samples[len(samples)-1].size}, nil
}

func memoryTable(all map[string]results, soak time.Duration) string {
	var b strings.Builder
	b.WriteString("### Memory of a fresh gateway\n\n| | |\n|---|---|\n")
	for _, title := range []string{memoryIdle, memoryStreams} {
		if v, ok := all[title].median(ours, resident); ok {
			fmt.Fprintf(&b, "| %s | %.0f MiB |\n", title, v)
		}
	}
	if v, ok := all[memorySoak].median(ours, slope); ok {
		size, _ := all[memorySoak].median(ours, resident)
		fmt.Fprintf(&b, "| over %s of notes and streams | %+.2f MiB a minute, %.0f MiB at the end |\n", soak, v, size)
	}
	b.WriteString("\n")
	return b.String()
}
