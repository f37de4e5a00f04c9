package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"chaperone/internal/config"

	"github.com/spf13/cobra"
)

func checkCommand() *cobra.Command {
	var path string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check the configuration and its policy, and report every fault by line",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			_, faults := config.Load(path)
			if asJSON {
				if faults == nil {
					faults = []config.Fault{}
				}
				if err := json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{"ok": len(faults) == 0, "faults": faults}); err != nil {
					return err
				}
			} else {
				for _, f := range faults {
					fmt.Fprintln(c.OutOrStdout(), f)
				}
			}
			if len(faults) > 0 {
				return exit{code: exitFailed}
			}
			if asJSON {
				return nil
			}
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				fmt.Fprintf(c.OutOrStdout(), "there is no %s here, so every default holds: no faults\n", path)
				return nil
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: no faults\n", path)
			return nil
		},
	}
	c.Flags().StringVar(&path, "config", config.DefaultPath, "configuration file")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
