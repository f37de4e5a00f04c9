package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// upProcess is a Chaperone that a script has started.
type upProcess struct {
	cmd *exec.Cmd
	log *watched
}

// watched is what a process writes to standard error.
type watched struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// started holds the process of each script, by its working directory: scripts
// run side by side, and their commands have no other place of their own.
var started sync.Map

func startUp(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("use exits to start what must not start")
	}
	program, err := exec.LookPath("chaperone")
	ts.Check(err)
	p := &upProcess{log: &watched{}}
	p.cmd = exec.Command(program, append([]string{"up", "--json", "--listen", "127.0.0.1:0"}, args...)...)
	p.cmd.Dir, p.cmd.Stderr = ts.MkAbs("."), p.log
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	work := ts.Getenv("WORK")
	started.Store(work, p)
	ts.Defer(func() { end(work) })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		ts.Fatalf("it did not start: %s", p.log)
	}
	var ready struct {
		URL  string `json:"url"`
		Link string `json:"admin_link"`
		Key  string `json:"api_key"`
	}
	ts.Check(json.Unmarshal(line, &ready))
	ts.Check(os.WriteFile(ts.MkAbs("ready"), line, 0o600))
	ts.Setenv("URL", ready.URL)
	if ready.Key != "" {
		ts.Setenv("KEY", ready.Key)
		ts.Setenv("LINK", ready.Link)
	}
}

// end interrupts the process of a script, if it still runs, and returns how it
// ended.
func end(work string) error {
	p, ok := started.LoadAndDelete(work)
	if !ok {
		return nil
	}
	if err := p.(*upProcess).cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.(*upProcess).cmd.Wait()
}

func down(ts *testscript.TestScript, _ bool, _ []string) {
	work := ts.Getenv("WORK")
	p, ok := started.Load(work)
	if !ok {
		ts.Fatalf("nothing was started")
	}
	err := end(work)
	ts.Check(os.WriteFile(ts.MkAbs("log"), []byte(p.(*upProcess).log.String()), 0o600))
	ts.Check(err)
}

func hup(ts *testscript.TestScript, _ bool, args []string) {
	p, ok := started.Load(ts.Getenv("WORK"))
	if !ok || len(args) != 1 {
		ts.Fatalf("usage: hup WORD, after up")
	}
	log := p.(*upProcess).log
	before := strings.Count(log.String(), args[0])
	ts.Check(p.(*upProcess).cmd.Process.Signal(syscall.SIGHUP))
	for range 1000 {
		if strings.Count(log.String(), args[0]) > before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("the log never said %q: %s", args[0], log)
}

func ask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ask STATUS TEXT [HEADER:VALUE…]")
	}
	body, err := json.Marshal(map[string]any{
		"model": "claude-sonnet-5", "max_tokens": 1000,
		"messages": []any{map[string]any{"role": "user", "content": args[1]}},
	})
	ts.Check(err)
	req, err := http.NewRequest(http.MethodPost, ts.Getenv("URL")+"/v1/messages", bytes.NewReader(body))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Anthropic-Version", "2023-06-01")
	req.Header.Set("X-Api-Key", ts.Getenv("KEY"))
	for _, h := range args[2:] {
		name, value, _ := strings.Cut(h, ":")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	ts.Check(err)
	var headers bytes.Buffer
	ts.Check(res.Header.Write(&headers))
	dir := ts.MkAbs(".")
	ts.Check(os.WriteFile(filepath.Join(dir, "answer"), answer, 0o600))
	ts.Check(os.WriteFile(filepath.Join(dir, "headers"), headers.Bytes(), 0o600))
	ts.Setenv("EXCHANGE", res.Header.Get("X-Chaperone-Exchange"))
	ts.Setenv("RECEIPT", res.Header.Get("X-Chaperone-Receipt"))
	if fmt.Sprint(res.StatusCode) != args[0] {
		ts.Fatalf("status %d, want %s: %s", res.StatusCode, args[0], answer)
	}
}
