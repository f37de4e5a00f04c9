// Command chaperone is the whole product in one binary: the gateway, its record
// and the tools to look at both.
//
// Its voice: what was asked for goes to standard output and nothing else does.
// Everything else goes to standard error, in lower case and without a full stop:
// "chaperone: error: …", then "chaperone: hint: …" with the next safe step.
// --json on whatever reads. No colour unless a person is looking.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"chaperone"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone      = 0
	exitFailed    = 1
	exitMisuse    = 2
	exitRefused   = 3 // by policy
	exitUntrue    = 4 // the record did not verify
	exitCodesHelp = "Exit codes: 0 done, 1 failed, 2 misuse, 3 refused by policy, 4 the record did not verify."
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is main with its surroundings as arguments.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	c, err := root.ExecuteContextC(ctx)
	return report(stderr, c.CommandPath(), err)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "chaperone",
		Short: "Use Claude with patient data, and prove that it was done right",
		Long: "Chaperone stands between your software and Claude. It replaces what identifies a\n" +
			"patient before a byte leaves, restores it in the answer, and keeps a record that\n" +
			"anyone can verify.\n\n" + exitCodesHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArguments,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return misuse{err.Error(), "run '" + c.CommandPath() + " --help'"}
	})
	root.AddCommand(
		demoCommand(), upCommand(), initCommand(), checkCommand(), doctorCommand(),
		linkCommand(), keyCommand(), policyCommand(), auditCommand(), witnessCommand(), usageCommand(), storeCommand(), deidCommand(), conformCommand(),
		registerCommand(), dataflowCommand(), adviseCommand(), drillCommand(), versionCommand(), manCommand(),
	)
	strictBuiltIns(root)
	return root
}

// strictBuiltIns makes the commands that come with the library refuse what they
// do not know, as ours do.
func strictBuiltIns(root *cobra.Command) {
	root.Version = versionText()
	root.SetVersionTemplate(versionLine())
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Short = "Write the script that completes commands in your shell"
			c.Args = noArguments
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		case "help":
			c.Short = "Explain a command"
			c.Run = nil
			c.RunE = func(c *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return misuse{fmt.Sprintf("unknown command %q", strings.Join(args, " ")), "run 'chaperone --help'"}
				}
				about.InitDefaultHelpFlag()
				return about.Help()
			}
		}
	}
}

// misuse is an error of the command line itself.
type misuse struct{ what, hint string }

func (m misuse) Error() string { return m.what }

// exit is an error with an exit code of its own; what there is to say has been
// said if it has no words.
type exit struct {
	code int
	what string
	hint string
}

func (e exit) Error() string { return e.what }

// report prints an error in the house's voice and returns the exit code.
// command is what was called.
func report(stderr io.Writer, command string, err error) int {
	var (
		wrong misuse
		ended exit
		known *chaperone.Error
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		say(stderr, wrong.what, wrong.hint)
		return exitMisuse
	case errors.As(err, &ended):
		say(stderr, ended.what, ended.hint)
		return ended.code
	case errors.As(err, &known):
		what := known.Public
		if cause := errors.Unwrap(known); cause != nil {
			// The operator's own terminal may see the cause; it is never sent to a client.
			what += " (" + cause.Error() + ")"
		}
		say(stderr, what, known.Next)
		return exitFailed
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "required flag"):
		say(stderr, err.Error(), "run '"+command+" --help'")
		return exitMisuse
	default:
		say(stderr, err.Error(), "")
		return exitFailed
	}
}

func say(stderr io.Writer, what, hint string) {
	if what != "" {
		fmt.Fprintf(stderr, "chaperone: error: %s\n", lowerFirst(what))
	}
	if hint != "" {
		fmt.Fprintf(stderr, "chaperone: hint: %s\n", lowerFirst(hint))
	}
}

// lowerFirst lowers the first letter of a sentence, unless its first word is
// written in capitals.
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') && !strings.HasPrefix(s, "Chaperone") {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// noArguments refuses arguments as a misuse.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse{fmt.Sprintf("unknown command or argument %q", args[0]), "run '" + c.CommandPath() + " --help'"}
	}
	return nil
}

// oneArgument demands exactly one.
func oneArgument(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse{"one argument is needed: " + name, "run '" + c.CommandPath() + " --help'"}
		}
		return nil
	}
}

// atMostOne demands one argument or none.
func atMostOne(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return misuse{"at most one argument is taken: " + name, "run '" + c.CommandPath() + " --help'"}
		}
		return nil
	}
}
