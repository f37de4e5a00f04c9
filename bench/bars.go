package main

import (
	"fmt"
	"strings"
)

// results are the figures of one measurement, by the name of the target.
type results map[string][]figures

// median is the median of one column for a target; false if it was not there.
func (r results) median(name string, of func(figures) float64) (float64, bool) {
	if len(r[name]) == 0 {
		return 0, false
	}
	return column{of: of}.median(r[name]), true
}

// bar is one promise about speed, and how it is read from what was measured.
type bar struct {
	what  string
	limit string
	of    func(all map[string]results) (value float64, ok bool)
	most  float64 // the value that still keeps the promise
	least bool    // the value must not be below most
	unit  string
}

func cpu(f figures) float64     { return f.cpuMicros }
func median(f figures) float64  { return f.p50 }
func rate(f figures) float64    { return f.perSecond }
func delay50(f figures) float64 { return f.delay50 }
func delay99(f figures) float64 { return f.delay99 }

// ratio and added compare two targets of one measurement.
func ratio(title, name, to string, of func(figures) float64) func(map[string]results) (float64, bool) {
	return compare(title, name, to, of, func(a, b float64) float64 { return a / b })
}

func added(title, name, to string, of func(figures) float64) func(map[string]results) (float64, bool) {
	return compare(title, name, to, of, func(a, b float64) float64 { return a - b })
}

func compare(title, name, to string, of func(figures) float64, how func(a, b float64) float64) func(map[string]results) (float64, bool) {
	return func(all map[string]results) (float64, bool) {
		a, ok := all[title].median(name, of)
		b, ok2 := all[title].median(to, of)
		return how(a, b), ok && ok2
	}
}

func alone(title, name string, of func(figures) float64) func(map[string]results) (float64, bool) {
	return func(all map[string]results) (float64, bool) { return all[title].median(name, of) }
}

func bars() []bar {
	return []bar{
		{"detection off, 4 KB: CPU a request", "≤ 2.5 × Go proxy", ratio(cleanMany, blind, floor, cpu), 2.5, false, "×"},
		{"detection off, 64 KB: CPU a request", "≤ 2 × Go proxy", ratio(cleanLarge, blind, floor, cpu), 2, false, "×"},
		{"detection off, 4 KB: throughput of one core", "≥ 4,000/s", alone(oneCore, blind, rate), 4000, true, "/s"},
		{"detection off, 4 KB: p50 added at one connection", "≤ 0.5 ms", added(cleanOne, blind, direct, median), 0.5, false, "ms"},
		{"detection on, 4 KB note: CPU", "≤ 1.1 ms", alone(noteMany, ours, func(f figures) float64 { return f.cpuMicros / 1000 }), 1.1, false, "ms"},
		{"detection on, 4 KB note: p50 added", "≤ 1.5 ms", added(noteOne, ours, direct, median), 1.5, false, "ms"},
		{"detection on, 64 KB cold: p50 added", "≤ 10 ms", added(noteLarge, ours, direct, median), 10, false, "ms"},
		{"detection on, 64 KB, 95 % seen before: p50 added", "≤ 2 ms", added(noteSeen, ours, direct, median), 2, false, "ms"},
		{"16 streams: first event", "≤ direct + 1 ms", added(streamSome, ours, direct, median), 1, false, "ms"},
		{"16 streams, detection off: first event", "≤ direct + 1 ms", added(streamSome, blind, direct, median), 1, false, "ms"},
		{"16 streams: delta delay p50", "≤ Go proxy + 0.05 ms", added(streamSome, ours, floor, delay50), 0.05, false, "ms"},
		{"16 streams: delta delay p99", "≤ Go proxy + 2 ms", added(streamSome, ours, floor, delay99), 2, false, "ms"},
		{"memory when idle", "≤ 64 MiB", alone(memoryIdle, ours, resident), 64, false, "MiB"},
		{"memory with 64 streams", "≤ 128 MiB", alone(memoryStreams, ours, resident), 128, false, "MiB"},
		{"memory in a long run", "≤ 1 MiB a minute", alone(memorySoak, ours, slope), 1, false, "MiB/min"},
	}
}

// verdict says whether a run kept the promise.
func (p bar) verdict(all map[string]results) string {
	v, ok := p.of(all)
	switch {
	case !ok:
		return "not measured"
	case p.least && v < p.most, !p.least && v > p.most:
		return "**missed**"
	}
	return "met"
}

// barTable says of every promise whether this run kept it. One that was not
// measured says so.
func barTable(all map[string]results) string {
	var b strings.Builder
	b.WriteString("### The bars\n\n| | bar | measured | |\n|---|---|---|---|\n")
	for _, p := range bars() {
		measured := "–"
		if v, ok := p.of(all); ok {
			measured = fmt.Sprintf("%.2f %s", v, p.unit)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.what, p.limit, measured, p.verdict(all))
	}
	b.WriteString("\n")
	return b.String()
}
