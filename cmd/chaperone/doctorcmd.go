package main

import (
	"encoding/json"
	"fmt"

	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var where place
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is not right, and say what to do about it",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := where.load(c)
			if err != nil {
				return err
			}
			checks := daemon.Examine(c.Context(), file)
			bad := 0
			for _, k := range checks {
				if k.State == daemon.Wrong {
					bad++
				}
			}
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{"ok": bad == 0, "checks": checks})
			} else {
				for _, k := range checks {
					fmt.Fprintf(c.OutOrStdout(), "%-6s %-10s %s\n", k.State, k.Name, k.Text)
					if k.Next != "" {
						fmt.Fprintf(c.OutOrStdout(), "%17s → %s\n", "", k.Next)
					}
				}
			}
			if err == nil && bad > 0 {
				return exit{code: exitFailed}
			}
			return err
		},
	}
	where.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
