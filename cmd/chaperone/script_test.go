package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"chaperone/internal/store/postgres/postgrestest"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"chaperone": main})
}

// The command line as its users meet it: every script in testdata/script is a
// sitting at a terminal. The scripts' own commands are:
//
//	exits CODE PROGRAM…     runs a program and demands its exit code
//	up [ARGS…]              starts "chaperone up --json"; sets URL, and KEY and LINK if they are shown
//	down                    interrupts it, and demands that it ends well
//	hup                     sends it SIGHUP and waits until its log says WORD: hup WORD
//	ask STATUS TEXT [H:V…]  sends a message with KEY; the answer goes to the files answer and headers
//	json FILE PATH VALUE    demands a value in a JSON file: json stdout .a.0.b true
//	keep VAR FILE PATH      puts that value into a variable
//	tamper FILE OLD NEW     replaces OLD in a file by NEW, as an intruder would
//	flip FILE…              turns one bit in the middle of each file
//	database start|…        starts a PostgreSQL server; see its own words
//	witness [ARGS…]         starts "chaperone witness"; sets WITNESS_URL and WITNESS_KEY; "witness stop" ends it
//	eventually CODE PROG…   runs a program until it ends with that code
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition: func(cond string) (bool, error) {
			if cond == "postgresql" {
				return postgrestest.Installed(), nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "up": startUp, "down": down, "hup": hup, "ask": ask,
			"json": jsonValue, "keep": keep, "tamper": tamper, "flip": flip, "database": database,
			"witness": startWitness, "eventually": eventually,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Exec returns it as it is
		code = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// at finds a value by a dotted path in a JSON text.
func at(ts *testscript.TestScript, file, path string) string {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(file)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		ts.Fatalf("%s is not JSON: %v", file, err)
	}
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(in) {
				ts.Fatalf("%s has no %s", file, path)
			}
			v = in[i]
		default:
			ts.Fatalf("%s has no %s", file, path)
		}
	}
	return fmt.Sprint(v)
}

func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	if got := at(ts, args[0], args[1]); (got == args[2]) == neg {
		ts.Fatalf("%s is %q", args[1], got)
	}
}

func keep(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: keep VAR FILE PATH")
	}
	ts.Setenv(args[0], at(ts, args[1], args[2]))
}

func tamper(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: tamper FILE OLD NEW, of one length")
	}
	change(ts, args[0], func(b []byte) []byte {
		if !bytes.Contains(b, []byte(args[1])) {
			ts.Fatalf("%s does not hold %q", args[0], args[1])
		}
		return bytes.ReplaceAll(b, []byte(args[1]), []byte(args[2]))
	})
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	var files []string
	for _, pattern := range args {
		found, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		files = append(files, found...)
	}
	if len(files) == 0 {
		ts.Fatalf("there is no such file")
	}
	for _, f := range files {
		change(ts, f, func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	}
}

func change(ts *testscript.TestScript, file string, f func([]byte) []byte) {
	path := ts.MkAbs(file)
	b, err := os.ReadFile(path)
	ts.Check(err)
	ts.Check(os.WriteFile(path, f(b), 0o600))
}
