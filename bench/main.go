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
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	role := flag.String("role", "bench", "bench, claude or proxy: what this process is")
	behind := flag.String("behind", "", "for proxy: the address to pass on to")
	rounds := flag.Int("rounds", 3, "interleaved rounds; medians are shown")
	span := flag.Duration("span", 2*time.Second, "how long each measurement lasts")
	binary := flag.String("binary", "", "the chaperone to measure; built from this tree when empty")
	write := flag.Bool("write", false, "write docs/benchmarks.md")
	flag.Parse()
	var err error
	switch *role {
	case "claude":
		err = serveClaude()
	case "proxy":
		err = serveProxy(*behind)
	default:
		err = bench(*rounds, *span, *binary, *write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(rounds int, span time.Duration, binary string, write bool) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	dir, err := os.MkdirTemp("", "chaperone-bench-")
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, os.RemoveAll(dir)) }()
	if binary == "" {
		if binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	targets, stop, err := startTargets(ctx, dir, binary)
	if err != nil {
		return err
	}
	defer stop()
	var report strings.Builder
	for _, m := range measurements(span) {
		fmt.Fprintf(os.Stderr, "bench: %s\n", m.title)
		results := map[string][]figures{}
		for range rounds {
			for _, t := range targets {
				f, err := m.run(ctx, t)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", m.title, t.name, err)
				}
				results[t.name] = append(results[t.name], f)
			}
		}
		report.WriteString(m.table(targets, results))
	}
	text := report.String()
	fmt.Print(text)
	if !write {
		return nil
	}
	return writeReport(filepath.Join("docs", "benchmarks.md"), text)
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
