// Command bench measures what Chaperone adds to a call: against nothing, and
// against a reverse proxy of twenty lines, in the same run, on the same machine,
// with the same fake Claude behind each. It prints tables; with -write it puts
// them into docs/benchmarks.md.
//
// Each part is a process of its own, so that the processor time of a gateway can
// be read from the system. Rounds are interleaved and medians are shown, because
// machines are shared and noisy.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	role := flag.String("role", "bench", "bench, claude or proxy: what this process is")
	behind := flag.String("behind", "", "for proxy: the address to pass on to")
	o := options{}
	flag.IntVar(&o.rounds, "rounds", 3, "interleaved rounds; medians are shown")
	flag.DurationVar(&o.span, "span", 2*time.Second, "how long each measurement lasts")
	flag.DurationVar(&o.soak, "soak", 0, "how long memory is watched under load; 30m for the bar, 0 leaves it out")
	flag.StringVar(&o.only, "only", "", "measure only what has this in its title")
	flag.StringVar(&o.target, "target", "", "measure only targets that have this in their name")
	flag.StringVar(&o.binary, "binary", "", "the chaperone to measure; built from this tree when empty")
	flag.BoolVar(&o.write, "write", false, "write docs/benchmarks.md")
	flag.Parse()
	var err error
	switch *role {
	case "claude":
		err = serveClaude()
	case "proxy":
		err = serveProxy(*behind)
	default:
		err = bench(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options say what is measured, and how long.
type options struct {
	rounds     int
	span, soak time.Duration
	only       string
	target     string
	binary     string
	write      bool
}

func bench(o options) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	dir, err := os.MkdirTemp("", "chaperone-bench-")
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, os.RemoveAll(dir)) }()
	if o.binary == "" {
		if o.binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	blindBinary, err := buildBlind(ctx, dir)
	if err != nil {
		return err
	}
	h := &hall{dir: dir}
	defer h.stop()
	targets, err := h.open(ctx, o.binary, blindBinary)
	if err != nil {
		return err
	}
	text, all, err := o.measure(ctx, h, targets)
	if err != nil {
		return err
	}
	if strings.Contains("memory", o.only) {
		found, err := h.memories(ctx, o.binary, o.span, o.soak)
		if err != nil {
			return err
		}
		maps.Copy(all, found)
		text += memoryTable(found, o.soak)
	}
	text = barTable(all) + text
	fmt.Print(text)
	if !o.write {
		return nil
	}
	return writeReport(filepath.Join("docs", "benchmarks.md"), text)
}

// measure makes the tables, round by round.
func (o options) measure(ctx context.Context, h *hall, targets []target) (string, map[string]results, error) {
	var report strings.Builder
	all := map[string]results{}
	for _, m := range measurements(o.span) {
		if !strings.Contains(m.title, o.only) {
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s\n", m.title)
		found := results{}
		for range o.rounds {
			for _, t := range targets {
				if !strings.Contains(t.name, o.target) {
					continue
				}
				f, err := m.run(ctx, t, h.running[0].Process.Pid)
				if missing, ok := errors.AsType[notInstalled](err); ok {
					if t.pid != 0 {
						fmt.Fprintln(os.Stderr, "bench: left out:", missing)
					}
					continue
				}
				if err != nil && t.peer {
					fmt.Fprintf(os.Stderr, "bench: %s, %s: %v\n", m.title, t.name, err)
					continue
				}
				if err != nil {
					return "", nil, fmt.Errorf("%s, %s: %w", m.title, t.name, err)
				}
				found[t.name] = append(found[t.name], f)
			}
		}
		all[m.title] = found
		report.WriteString(m.table(targets, found))
	}
	return report.String(), all, nil
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// build compiles the product into dir.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "chaperone")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "./cmd/chaperone")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return path, cmd.Run()
}
