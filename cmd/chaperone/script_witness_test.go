package main

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// witnessesStarted holds the witness of each script, by its working directory.
var witnessesStarted sync.Map

// startWitness starts "chaperone witness --json" on a free port, or on that of
// before, and sets WITNESS_URL and WITNESS_KEY; "witness stop" ends it.
func startWitness(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("use exits to start what must not start")
	}
	work := ts.Getenv("WORK")
	stop := func() {
		if p, ok := witnessesStarted.LoadAndDelete(work); ok {
			p := p.(*exec.Cmd)
			ts.Check(p.Process.Signal(syscall.SIGTERM))
			ts.Check(p.Wait())
		}
	}
	if len(args) == 1 && args[0] == "stop" {
		stop()
		return
	}
	program, err := exec.LookPath("chaperone")
	ts.Check(err)
	listen := "127.0.0.1:0"
	if url := ts.Getenv("WITNESS_URL"); url != "" {
		listen = strings.TrimPrefix(url, "http://")
	}
	cmd := exec.Command(program, append([]string{"witness", "--json", "--listen", listen}, args...)...)
	errs := &watched{}
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), errs
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	witnessesStarted.Store(work, cmd)
	ts.Defer(stop)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		ts.Fatalf("the witness did not start: %s", errs)
	}
	var ready struct{ URL, Key string }
	ts.Check(json.Unmarshal(line, &ready))
	ts.Setenv("WITNESS_URL", ready.URL)
	ts.Setenv("WITNESS_KEY", ready.Key)
}

// eventually runs a program until it ends with an exit code: eventually CODE
// PROGRAM…
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually CODE PROGRAM…")
	}
	for range 150 {
		err := ts.Exec(args[1], args[2:]...)
		code := "0"
		if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Exec returns it as it is
			code = string(rune('0' + e.ExitCode()))
		} else if err != nil {
			ts.Fatalf("%v", err)
		}
		if code == args[0] {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("it never ended with %s", args[0])
}
