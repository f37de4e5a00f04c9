package main

import (
	"encoding/json"
	"fmt"
	"time"

	"chaperone/internal/api"
	"chaperone/internal/daemon"
	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

func drillCommand() *cobra.Command {
	return group("drill", "Try what happens when something fails", drillFailoverCommand())
}

func drillFailoverCommand() *cobra.Command {
	var where place
	var door, by string
	var asJSON bool
	c := &cobra.Command{
		Use:   "failover",
		Short: "Take a door to be down, and see which other one answers and in what time",
		Long: "Take a door to be down, and ask every other door that the rules admit one harmless\n" +
			"question about nobody. Each call stands in the record, and the drill with its times\n" +
			"stands in the register. A door outside the allowed countries is not asked.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := where.load(c)
			if err != nil {
				return err
			}
			if door == "" {
				door = file.DefaultDoor
			}
			flow, err := daemon.Dataflow(file, time.Now())
			if err != nil {
				return err
			}
			return managed(c, &where, func(client *api.Client) error {
				e, err := client.Drill(c.Context(), by, door, flow.Digest())
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(e)
				}
				sayDrill(c, e)
				return nil
			})
		},
	}
	where.flags(c)
	c.Flags().StringVar(&door, "door", "", "the door that is taken to be down (default the configuration's)")
	c.Flags().StringVar(&by, "by", "", "your name, which stays with it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("by") // the flag is there
	return c
}

func sayDrill(c *cobra.Command, e register.Entry) {
	out := c.OutOrStdout()
	for _, p := range e.Drill.Probes {
		state := fmt.Sprintf("answered %d in %s", p.Status, p.Took.Round(time.Millisecond))
		switch {
		case p.Status == 0 && p.Took == 0:
			state = "not asked: " + p.Fault
		case !p.Reached:
			state = fmt.Sprintf("did not answer: %s, after %s", p.Fault, p.Took.Round(time.Millisecond))
		}
		fmt.Fprintf(out, "%-20s %s\n", p.Door, state)
	}
	fmt.Fprintln(out, e.Drill.Resulted)
	if e.Drill.Stand != "" {
		fmt.Fprintf(out, "it took %s\n", e.Drill.Took.Round(time.Millisecond))
	}
	fmt.Fprintf(out, "kept as entry %d of the register\n", e.Number)
}
