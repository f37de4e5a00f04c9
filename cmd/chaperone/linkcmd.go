package main

import (
	"encoding/json"
	"fmt"

	"chaperone/internal/api"

	"github.com/spf13/cobra"
)

func linkCommand() *cobra.Command {
	var where place
	var listen string
	var asJSON bool
	c := &cobra.Command{
		Use:   "link",
		Short: "Make a one-time link that opens the console for an administrator",
		Long: "Make a one-time link that opens the console for an administrator. The first start\n" +
			"of 'chaperone up' shows one; this makes another when that one was used.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			opts, err := where.options(c)
			if err != nil {
				return err
			}
			if listen == "" {
				listen = opts.Config.Listen
			}
			return managed(c, &where, func(client *api.Client) error {
				link, err := client.CreateLink(c.Context())
				if err != nil {
					return err
				}
				url := "http://" + listen + "/console/link?token=" + link.Token
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(map[string]string{"admin_link": url})
				}
				_, err = fmt.Fprintln(c.OutOrStdout(), url)
				return err
			})
		},
	}
	where.flags(c)
	c.Flags().StringVar(&listen, "listen", "", "address that Chaperone listens on, if it is not the configuration's")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
