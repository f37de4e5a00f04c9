package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"time"
)

// measurement is one table of the report.
type measurement struct {
	title string
	load  load
	core  bool // the target has one processor
}

// The titles by which bars find what was measured.
const (
	cleanOne   = "4 KB, clean text, one client"
	cleanMany  = "4 KB, clean text, 16 clients"
	oneCore    = "4 KB, clean text, 16 clients, the gateway on one processor"
	cleanLarge = "64 KB, clean text, 16 clients"
	noteOne    = "4 KB clinical note, concealed and restored, one client"
	noteMany   = "4 KB clinical note, concealed and restored, 16 clients"
	noteLarge  = "64 KB clinical note, one client"
	noteSeen   = "64 KB of notes in a growing session, 95 % seen before, one client"
	streamSome = "streams of 50 deltas, 16 clients"
	streamMany = "streams of 50 deltas, 64 clients"
)

func measurements(span time.Duration) []measurement {
	return []measurement{
		{cleanOne, load{clients: 1, span: span, body: clean(4<<10, false)}, false},
		{cleanMany, load{clients: 16, span: span, body: clean(4<<10, false)}, false},
		{oneCore, load{clients: 16, span: span, body: clean(4<<10, false)}, true},
		{cleanLarge, load{clients: 16, span: span, body: clean(64<<10, false)}, false},
		{noteOne, load{clients: 1, span: span, body: note(4<<10, false)}, false},
		{noteMany, load{clients: 16, span: span, body: note(4<<10, false)}, false},
		{noteLarge, load{clients: 1, span: span, body: note(64<<10, false)}, false},
		{noteSeen, load{clients: 1, span: span, body: seen, turns: seenTurns, warm: true}, false},
		{streamSome, load{clients: 16, span: span, stream: true, body: note(4<<10, true)}, false},
		{streamMany, load{clients: 64, span: span, stream: true, body: note(4<<10, true)}, false},
	}
}

func (m measurement) run(ctx context.Context, t target, claude int) (figures, error) {
	if m.core {
		if t.pid == 0 {
			return figures{}, notInstalled("one processor for nothing")
		}
		return m.load.onOneCore(ctx, t, claude)
	}
	return m.load.run(ctx, t)
}

// table shows medians over the rounds, and what Chaperone takes in relation to
// the floor.
func (m measurement) table(targets []target, results results) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", m.title)
	columns := []column{
		{"requests/s", "%.0f", func(f figures) float64 { return f.perSecond }},
		{"CPU µs a request", "%.0f", func(f figures) float64 { return f.cpuMicros }},
		{"p50 ms", "%.2f", func(f figures) float64 { return f.p50 }},
		{"p99 ms", "%.2f", func(f figures) float64 { return f.p99 }},
		{"memory MiB", "%.0f", func(f figures) float64 { return f.memory }},
	}
	if m.load.stream {
		columns = []column{
			{"first event p50 ms", "%.2f", func(f figures) float64 { return f.p50 }},
			{"delta delay p50 ms", "%.2f", func(f figures) float64 { return f.delay50 }},
			{"delta delay p99 ms", "%.2f", func(f figures) float64 { return f.delay99 }},
			{"CPU µs a stream", "%.0f", func(f figures) float64 { return f.cpuMicros }},
			{"memory MiB", "%.0f", func(f figures) float64 { return f.memory }},
		}
	}
	b.WriteString("| |")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, t := range targets {
		if len(results[t.name]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s |", t.name)
		for _, c := range columns {
			v := c.median(results[t.name])
			if v == 0 {
				b.WriteString(" – |")
				continue
			}
			fmt.Fprintf(&b, " "+c.format+" |", v)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	return b.String()
}

type column struct {
	name, format string
	of           func(figures) float64
}

func (c column) median(list []figures) float64 {
	values := make([]float64, len(list))
	for i, f := range list {
		values[i] = c.of(f)
	}
	sort.Float64s(values)
	return values[len(values)/2]
}

// The part of docs/benchmarks.md between these lines is written by `make bench`.
const (
	beginMark = "<!-- make bench writes from here -->\n"
	endMark   = "<!-- to here -->\n"
)

func writeReport(path, tables string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(raw), beginMark)
	_, tail, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the tables", path)
	}
	measured := fmt.Sprintf("Measured %s, %s/%s, %d processors, %s, medians of interleaved rounds.\n\n",
		time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	return os.WriteFile(path, []byte(head+beginMark+"\n"+measured+tables+endMark+tail), 0o644)
}
