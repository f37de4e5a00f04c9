package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"chaperone/deid"
	"chaperone/deid/pack"

	"github.com/spf13/cobra"
)

func rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "Teach the detector a house's own numbers and words, and keep what it missed once",
		Long: "Teach the detector a house's own numbers and words, and keep what it missed once. A\n" +
			"rule pack is a YAML file; see docs/guide/tuning.md. The configuration names the packs\n" +
			"that are in force, and --rules the ones for one command.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(rulesCheckCommand(), rulesCaseCommand(), rulesShapesCommand())
	return c
}

// rulesFlag are the packs asked for on the command line.
type rulesFlag struct{ paths []string }

func (r *rulesFlag) flag(c *cobra.Command) {
	c.Flags().StringArrayVar(&r.paths, "rules", nil, "a rule pack to use as well; may be given several times")
}

// engine returns the engine with the packs, and their digest, which is empty
// where there are none.
func (r *rulesFlag) engine() (e *deid.Engine, digest string, err error) {
	if e, err = deid.NewEngine(); err != nil || len(r.paths) == 0 {
		return e, "", err
	}
	set, err := pack.Load(r.paths...)
	if err != nil {
		return nil, "", rulesError(err)
	}
	return e.With(set), set.Digest(), nil
}

// rulesError shows every fault of a pack on a line of its own.
func rulesError(err error) error {
	var faults pack.Faults
	if !errors.As(err, &faults) {
		return plainPathError(err)
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	return exit{exitFailed, strings.Join(lines, "\nchaperone: error: "), "mend the pack; with a fault none of it is used"}
}

func rulesCheckCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check PACK...",
		Short: "Load rule packs, prove every rule on its samples, and read every case",
		Long: "Load rule packs, prove every rule on its samples, and read every case with all the packs\n" +
			"in force together. The exit code is 1 if a pack has a fault or a case fails. A case that\n" +
			"fails is told by its line, its incident and its marks, never by its text.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse{"a rule pack is needed", "run '" + c.CommandPath() + " --help'"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			packs := rulesFlag{args}
			set, err := pack.Load(packs.paths...)
			if err != nil {
				return rulesError(err)
			}
			engine, err := deid.NewEngine()
			if err != nil {
				return err
			}
			return checkRules(c.OutOrStdout(), engine.With(set), set, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// packReport is what a check says about one pack.
type packReport struct {
	File     string       `json:"file"`
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Language string       `json:"language,omitempty"`
	Digest   string       `json:"digest"`
	Rules    int          `json:"rules"`
	Hits     int          `json:"hits"`
	Misses   int          `json:"misses"`
	Allowed  int          `json:"allow"`
	Denied   int          `json:"deny"`
	Cases    int          `json:"cases"`
	Failing  []caseReport `json:"failing"`
	Slow     []string     `json:"slow,omitempty"` // ids of rules that make reading slow
}

// tooMuchEffort is the share of words from which on a rule is told to be slow; see pack.Rule.Effort.
const tooMuchEffort = 20

// caseReport is a case that does not come out as it is marked.
type caseReport struct {
	Line int      `json:"line"`
	Case int      `json:"case"`
	From string   `json:"from,omitempty"`
	Why  []string `json:"why"`
}

func checkRules(w io.Writer, e *deid.Engine, set *pack.Set, asJSON bool) error {
	var reports []packReport
	failing := 0
	for _, p := range set.Packs() {
		r := reportOn(p, e)
		failing += len(r.Failing)
		reports = append(reports, r)
	}
	if asJSON {
		if err := json.NewEncoder(w).Encode(map[string]any{"ok": failing == 0, "digest": set.Digest(), "packs": reports}); err != nil {
			return err
		}
	} else if err := printReports(w, reports); err != nil {
		return err
	}
	if failing > 0 {
		return exit{exitFailed, fmt.Sprintf("%d case(s) fail", failing), "mend a rule, or write one, until all cases come out as they are marked"}
	}
	return nil
}

func reportOn(p *pack.Pack, e *deid.Engine) packReport {
	r := packReport{
		File: p.File, Name: p.Name, Version: p.Version, Language: p.Language, Digest: p.Digest(),
		Rules: len(p.Rules), Cases: len(p.Cases), Failing: []caseReport{},
	}
	for i := range p.Rules {
		rule := &p.Rules[i]
		if rule.Effort() >= tooMuchEffort {
			r.Slow = append(r.Slow, rule.ID)
		}
		r.Hits += len(rule.Hits)
		r.Misses += len(rule.Misses)
	}
	for _, a := range p.Allow {
		r.Allowed += max(len(a.Words), 1)
	}
	for _, d := range p.Deny {
		r.Denied += len(d.Words)
	}
	for i, c := range p.Cases {
		if why := c.Run(e); len(why) > 0 {
			r.Failing = append(r.Failing, caseReport{c.Line, i + 1, c.From, why})
		}
	}
	return r
}

func printReports(w io.Writer, reports []packReport) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PACK\tVERSION\tDIGEST\tRULES\tHITS\tMISSES\tALLOW\tDENY\tCASES")
	for _, r := range reports {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d of %d\n",
			r.Name, r.Version, r.Digest, r.Rules, r.Hits, r.Misses, r.Allowed, r.Denied, r.Cases-len(r.Failing), r.Cases)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range reports {
		for _, id := range r.Slow {
			fmt.Fprintf(w, "%s: rule %s is slow: most words can begin it; begin its regexp with what is special about it, or write a shape\n", r.File, id)
		}
		for _, c := range r.Failing {
			fmt.Fprintf(w, "%s:%d: case %d%s fails: %s\n", r.File, c.Line, c.Case, incident(c.From), strings.Join(c.Why, "; "))
		}
	}
	return nil
}

func incident(from string) string {
	if from == "" {
		return ""
	}
	return " (" + from + ")"
}

func rulesShapesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "shapes",
		Short: "Propose shapes for the numbers on standard input, one a line",
		Long: "Read numbers on standard input, one a line, and print the shapes they have with how many\n" +
			"have each, the most frequent first. A letter stands for itself where five numbers or\n" +
			"more share it; a digit never does. The numbers are kept nowhere.",
		Example: "  chaperone deid rules shapes < numbers.txt",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			list, skipped, err := pack.Propose(c.InOrStdin())
			if err != nil {
				return err
			}
			for _, p := range list {
				fmt.Fprintf(c.OutOrStdout(), "%6d  %s\n", p.Count, p.Shape)
			}
			if skipped > 0 {
				fmt.Fprintf(c.ErrOrStderr(), "%d line(s) have no digit or are too long for a number, and were passed over\n", skipped)
			}
			return nil
		},
	}
}
