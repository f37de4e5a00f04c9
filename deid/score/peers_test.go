package score_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"chaperone/deid/score"
)

var peersIn = flag.String("peers", "", "folder of the installed peers (e2e/peers); compares them with bin/chaperone")

// peer is a program that answers lines of texts with lines of findings, by the
// contract of chaperone deid scan --jsonl.
type peer struct {
	name    string
	dir     string
	command []string
}

// perSet bounds the text that every system reads of a set, in bytes: the
// slowest of them reads a few kilobytes a second.
const perSet = 250_000

// TestPeers lets other de-identifiers read the same texts in the same run and
// scores all with the same scorer. It runs only with -peers.
func TestPeers(t *testing.T) {
	if *peersIn == "" {
		t.Skip("give -peers to compare with other systems; make peers does")
	}
	dir, err := filepath.Abs(filepath.Join("..", "..", *peersIn))
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(dir, ".venv", "bin", "python")
	peers := []peer{
		{"Chaperone", dir, []string{filepath.Join(dir, "..", "..", "bin", "chaperone"), "deid", "scan", "--jsonl"}},
		{"Presidio", dir, []string{python, "presidio.py"}},
		{"philter-lite", dir, []string{python, "philter.py"}},
		{"openredaction", dir, []string{"node", "openredaction.mjs"}},
	}
	tuning, held := validation(t)
	cleanTuning, cleanHeld := cleanTexts(t)
	first, cleanFirst := unseen(t, "first")
	second, cleanSecond := unseen(t, "second")
	sets := []set{
		{title: "By another hand, never read: first set", docs: slices.Concat(first, cleanFirst)},
		{title: "By another hand, never read: second set", docs: slices.Concat(second, cleanSecond)},
		{title: "Own texts, held-out half", docs: held},
		{title: "Own texts, tuning half (the rules were made with these)", docs: tuning},
		{title: "Own texts that identify nobody", docs: append(cleanTuning, cleanHeld...)},
	}
	if data := dataFolder(); data != "" {
		for _, s := range developmentSets(t, data) {
			if s.name != "traps" {
				sets = append(sets, s)
			}
		}
	}
	var out bytes.Buffer
	rows := newSpeedTable(peers)
	for _, s := range sets {
		docs := firstOf(s.docs)
		fmt.Fprintf(&out, "\n### %s\n\n| system | identifiers covered | 95 %% interval | characters leaked | texts without a leak | other words touched | clean texts touched |\n|---|---:|---|---:|---:|---:|---:|\n", s.title)
		for _, p := range peers {
			r, took := p.read(t, docs)
			rows.add(p.name, docs, took)
			line(&out, p.name, r)
		}
	}
	rows.print(&out)
	t.Log(out.String())
	if *write {
		enter(t, "peers", out.String())
	}
}

// firstOf spreads over a set and keeps as many texts as perSet allows.
func firstOf(docs []doc) []doc {
	total := 0
	for _, d := range docs {
		total += len(d.text)
	}
	step := max(1, (total+perSet-1)/perSet)
	var some []doc
	for i := 0; i < len(docs); i += step {
		some = append(some, docs[i])
	}
	return some
}

// read has a peer read texts, and scores what it found. A first empty text is
// answered before the clock starts, so that loading is not counted.
func (p peer) read(t *testing.T, docs []doc) (*score.Report, time.Duration) {
	t.Helper()
	c := exec.Command(p.command[0], p.command[1:]...)
	c.Dir = p.dir
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatalf("%s: %v (is it installed? run make peers)", p.name, err)
	}
	answers := bufio.NewReaderSize(out, 1<<20)
	ask(t, in, "warm", "Seen today.")
	answer(t, p.name, answers, "warm")
	started := time.Now()
	go func() {
		for i, d := range docs {
			if err := say(in, strconv.Itoa(i), d.text); err != nil {
				break // the reader of the answers says what is wrong
			}
		}
		in.Close() // the peer ends when it has read all
	}()
	var r score.Report
	for i, d := range docs {
		r.Add(d.text, d.gold, answer(t, p.name, answers, strconv.Itoa(i)))
	}
	took := time.Since(started)
	if err := c.Wait(); err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	return &r, took
}

func ask(t *testing.T, in io.Writer, id, text string) {
	t.Helper()
	if err := say(in, id, text); err != nil {
		t.Fatal(err)
	}
}

func say(in io.Writer, id, text string) error {
	return json.NewEncoder(in).Encode(map[string]string{"id": id, "text": text})
}

func answer(t *testing.T, name string, r *bufio.Reader, id string) []score.Span {
	t.Helper()
	raw, err := r.ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s ended before it answered text %s: %v", name, id, err)
	}
	var a struct {
		ID       string
		Findings []score.Span
	}
	if err := json.Unmarshal(raw, &a); err != nil || a.ID != id {
		t.Fatalf("%s answered %.200q to text %s", name, raw, id)
	}
	return a.Findings
}

func line(w io.Writer, name string, r *score.Report) {
	all := r.All()
	found, interval, leaked, whole := "–", "–", "–", "–"
	if all.Gold > 0 {
		low, high := score.Wilson(all.Covered, all.Gold)
		found = share(all.Covered, all.Gold)
		interval = fmt.Sprintf("%.1f–%.1f", 100*low, 100*high)
		leaked = share(all.Leaked, all.Chars)
		whole = share(r.Whole, r.Texts)
	}
	clean := "–"
	if r.Clean > 0 {
		clean = share(r.CleanHit, r.Clean)
	}
	fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s |\n", name, found, interval, leaked, whole, share(r.Over, r.Tokens), clean)
}

func share(k, n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(k)/float64(n), k, n)
}

// speedTable adds up what each system read and how long it took.
type speedTable struct {
	peers []peer
	bytes map[string]int
	took  map[string]time.Duration
}

func newSpeedTable(peers []peer) *speedTable {
	return &speedTable{peers, map[string]int{}, map[string]time.Duration{}}
}

func (s *speedTable) add(name string, docs []doc, took time.Duration) {
	for _, d := range docs {
		s.bytes[name] += len(d.text)
	}
	s.took[name] += took
}

func (s *speedTable) print(w io.Writer) {
	fmt.Fprint(w, "\n### Speed, all of these texts, loading not counted\n\n| system | MB/s | of Chaperone's |\n|---|---:|---:|\n")
	speed := func(name string) float64 { return float64(s.bytes[name]) / 1e6 / s.took[name].Seconds() }
	for _, p := range s.peers {
		fmt.Fprintf(w, "| %s | %.3f | %.4f |\n", p.name, speed(p.name), speed(p.name)/speed(s.peers[0].name))
	}
}
