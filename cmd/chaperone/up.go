package main

import (
	"encoding/json"
	"fmt"
	"io"

	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func upCommand() *cobra.Command {
	var (
		where  place
		listen string
		asJSON bool
		faults uint64
	)
	c := &cobra.Command{
		Use:   "up",
		Short: "Run the gateway until it is interrupted",
		Long: "Run the gateway. The first start makes the data directory, its keys, a one-time\n" +
			"link for the administrator and a first API key, each shown once. Without a\n" +
			"configured door the built-in simulator answers, and nothing leaves the machine.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			opts, err := where.options(c)
			if err != nil {
				return err
			}
			if listen != "" {
				opts.Config.Listen = listen
			}
			opts.Version, opts.Faults = versionText(), faults
			opts.Reload = where.read
			d, err := daemon.Open(c.Context(), opts)
			if err != nil {
				return err
			}
			greet := greetPerson
			if asJSON {
				greet = greetScript
			}
			if err := greet(c.OutOrStdout(), d); err != nil {
				return err
			}
			return d.Run(c.Context())
		},
	}
	where.flags(c)
	c.Flags().StringVar(&listen, "listen", "", "address to listen on, instead of the configuration's")
	c.Flags().Uint64Var(&faults, "known-faults", 0, "start although the record has so many faults, no more and no fewer; it is recorded")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON when ready: url, and on the first start admin_link and api_key")
	return c
}

func greetScript(w io.Writer, d *daemon.Daemon) error {
	line := struct {
		URL       string `json:"url"`
		AdminLink string `json:"admin_link,omitempty"`
		APIKey    string `json:"api_key,omitempty"`
	}{URL: d.URL()}
	if first := d.FirstStart(); first != nil {
		line.AdminLink, line.APIKey = first.AdminLink, first.APIKey
	}
	return json.NewEncoder(w).Encode(line) //nolint:gosec // G117: the first key is shown here, this once
}

func greetPerson(w io.Writer, d *daemon.Daemon) error {
	fmt.Fprintf(w, "Chaperone is up at %s\n", d.URL())
	for _, door := range d.Doors() {
		note := ""
		if door.Simulated {
			note = "  SIMULATED: no model is called, nothing leaves this machine"
		}
		fmt.Fprintf(w, "  door    %s%s\n", door.Name, note)
	}
	fmt.Fprintf(w, "  policy  %s\n  data    %s\n", d.PolicyName(), d.DataDir())
	key := "YOUR_API_KEY"
	if first := d.FirstStart(); first != nil {
		key = first.APIKey
		fmt.Fprintf(w, "\nThis is the first start. Both of these are shown once, now:\n"+
			"  administrator's link  %s\n  API key               %s\n", first.AdminLink, first.APIKey)
	}
	fmt.Fprintf(w, "\nTry it:\n\n%s\n", tryIt(d.URL(), key))
	return nil
}

// tryIt is the exact lines that send a first message.
func tryIt(url, key string) string {
	return `  curl ` + url + `/v1/messages \
    -H 'x-api-key: ` + key + `' -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json' \
    -d '{"model":"claude-sonnet-5","max_tokens":500,"messages":[{"role":"user","content":"Summarise this note.\n\nMr. John Smith, MRN 4471902, has type 2 diabetes. Started metformin 500 mg twice daily. Recheck A1c in 3 months."}]}'

  export ANTHROPIC_BASE_URL=` + url + ` ANTHROPIC_API_KEY=` + key + `
  # then any official SDK: anthropic.Anthropic() in Python, new Anthropic() in TypeScript, anthropic.NewClient() in Go`
}
