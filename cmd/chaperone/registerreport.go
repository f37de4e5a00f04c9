package main

import (
	"encoding/json"
	"fmt"
	"time"

	"chaperone/internal/daemon"
	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

// reckoning is what the report and the tasks are made of.
type reckoning struct {
	place
	at     string
	asJSON bool
}

func (r *reckoning) flags(c *cobra.Command) {
	r.place.flags(c)
	c.Flags().StringVar(&r.at, "at", "", "how it stands on this day, YYYY-MM-DD (default now)")
	c.Flags().BoolVar(&r.asJSON, "json", false, "print one JSON object")
}

// judged is how everything stands.
func (r *reckoning) judged(c *cobra.Command) ([]register.Finding, time.Time, error) {
	now := time.Now()
	if r.at != "" {
		var err error
		if now, err = onDay("at", r.at); err != nil {
			return nil, now, err
		}
	}
	state, err := registered(c, &r.place)
	if err != nil {
		return nil, now, err
	}
	file, err := r.read()
	if err != nil {
		return nil, now, err
	}
	list, err := register.Judge(state, daemon.House(file, now), now)
	return list, now, err
}

func registerReportCommand() *cobra.Command {
	var r reckoning
	c := &cobra.Command{
		Use:   "report",
		Short: "Say how everything stands: red, amber or green, and what to do",
		Long: "Say how everything stands: red, amber or green, and what to do. The documents of the\n" +
			"register are held against the configuration. The exit code is 3 if anything is red.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			list, now, err := r.judged(c)
			if err != nil {
				return err
			}
			worst := register.Worst(list)
			if r.asJSON {
				if list == nil {
					list = []register.Finding{}
				}
				err = json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{"light": worst, "at": now.UTC(), "findings": list})
			} else {
				area := ""
				for _, f := range list {
					if f.Area != area {
						area = f.Area
						fmt.Fprintln(c.OutOrStdout(), area)
					}
					sayFinding(c, f)
				}
				fmt.Fprintf(c.OutOrStdout(), "as a whole: %s\n", worst)
			}
			if err == nil && worst == register.Red {
				return exit{code: exitRefused}
			}
			return err
		},
	}
	r.flags(c)
	return c
}

func registerTasksCommand() *cobra.Command {
	var r reckoning
	c := &cobra.Command{
		Use:   "tasks",
		Short: "List what is to be done, the most urgent first",
		Long: "List what is to be done, the most urgent first. Tasks follow from what is there and\n" +
			"from the day: one ends when what it asks for is there, and in no other way.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			list, _, err := r.judged(c)
			if err != nil {
				return err
			}
			tasks := register.Tasks(list)
			if r.asJSON {
				if tasks == nil {
					tasks = []register.Finding{}
				}
				return json.NewEncoder(c.OutOrStdout()).Encode(tasks)
			}
			for _, f := range tasks {
				sayFinding(c, f)
			}
			if len(tasks) == 0 {
				fmt.Fprintln(c.ErrOrStderr(), "nothing is to be done")
			}
			return nil
		},
	}
	r.flags(c)
	return c
}

func sayFinding(c *cobra.Command, f register.Finding) {
	due := ""
	switch {
	case f.Late:
		due = " (overdue since " + utcDay(f.Due) + ")"
	case !f.Due.IsZero():
		due = " (due " + utcDay(f.Due) + ")"
	}
	fmt.Fprintf(c.OutOrStdout(), "  %-5s %s: %s%s\n", f.Light, f.About, f.Text, due)
	if f.Next != "" {
		fmt.Fprintf(c.OutOrStdout(), "        → %s\n", f.Next)
	}
}
