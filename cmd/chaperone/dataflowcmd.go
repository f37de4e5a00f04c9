package main

import (
	"fmt"
	"time"

	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func dataflowCommand() *cobra.Command {
	var where place
	var format string
	var asJSON bool
	c := &cobra.Command{
		Use:   "dataflow",
		Short: "Draw where data goes under this configuration, with a digest of the picture",
		Long: "Draw where data goes under this configuration: doors, countries, agreements, what is\n" +
			"kept where. The digest changes whenever the picture does, also when an agreement ends.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := where.load(c)
			if err != nil {
				return err
			}
			flow, err := daemon.Dataflow(file, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				format = "json"
			}
			var text string
			switch format {
			case "mermaid":
				text = flow.Mermaid()
			case "svg":
				text = flow.SVG()
			case "json":
				raw, err := flow.JSON()
				if err != nil {
					return err
				}
				text = string(raw) + "\n"
			default:
				return misuse{"--format is mermaid, svg or json", ""}
			}
			_, err = fmt.Fprint(c.OutOrStdout(), text)
			return err
		},
	}
	where.flags(c)
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid, svg or json")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
