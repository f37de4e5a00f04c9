package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"chaperone"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command explains itself in the house's voice.
func TestEveryCommandAndFlagExplainsItselfWithoutAFullStop(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s says %q", c.CommandPath(), c.Short)
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || strings.HasSuffix(f.Usage, ".") || f.Usage[0] >= 'A' && f.Usage[0] <= 'Z' && !strings.HasPrefix(f.Usage, "YYYY") {
				t.Errorf("%s --%s says %q", c.CommandPath(), f.Name, f.Usage)
			}
		})
		for _, sub := range c.Commands() {
			if c.Name() != "completion" { // the library's own words
				walk(sub)
			}
		}
	}
	walk(rootCommand())
}

// Whatever reads can be read by a script.
func TestEveryReadingCommandHasJSON(t *testing.T) {
	for _, path := range []string{
		"audit show", "audit verify", "advise", "check", "dataflow", "demo", "doctor", "key create", "key list", "register agreement list", "register agreement show", "register evidence list", "register report", "register tasks", "policy explain", "up", "usage", "version",
	} {
		c, _, err := rootCommand().Find(strings.Fields(path))
		if err != nil || c.Flags().Lookup("json") == nil {
			t.Errorf("%s has no --json", path)
		}
	}
}

func TestErrorsAreSaidWithTheirHintAndCode(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		code int
		want string
	}{
		"nothing went wrong": {nil, exitDone, ""},
		"a misuse":           {misuse{"No such thing", "Look again"}, exitMisuse, "chaperone: error: no such thing\nchaperone: hint: look again\n"},
		"an exit that said all": {
			exit{code: exitRefused}, exitRefused, "",
		},
		"an error of the house, with the cause for the operator": {
			chaperone.NewError(chaperone.KindUnavailable, "x", "The record cannot be written", "Make room", errors.New("disk full")),
			exitFailed, "chaperone: error: the record cannot be written (disk full)\nchaperone: hint: make room\n",
		},
		"words in capitals stay": {misuse{"MRN is no flag", ""}, exitMisuse, "chaperone: error: MRN is no flag\n"},
		"the product's name stays": {
			misuse{"Chaperone is not there", ""}, exitMisuse, "chaperone: error: Chaperone is not there\n",
		},
		"any other error": {errors.New("open x: no such file"), exitFailed, "chaperone: error: open x: no such file\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if code := report(&out, "chaperone", c.err); code != c.code || out.String() != c.want {
				t.Errorf("got %d and %q, want %d and %q", code, &out, c.code, c.want)
			}
		})
	}
}
