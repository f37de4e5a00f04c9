package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"text/tabwriter"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Make, list and revoke API keys",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(keyCreateCommand(), keyListCommand(), keyRevokeCommand())
	return c
}

// managed runs f with a client of the management API: the running daemon's, or
// one of its own for the time of the command.
func managed(c *cobra.Command, where *place, f func(*api.Client) error) (err error) {
	opts, err := where.options(c)
	if err != nil {
		return err
	}
	client, stop, err := daemon.Manage(c.Context(), opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return f(client)
}

func keyCreateCommand() *cobra.Command {
	var (
		where    place
		ask      api.KeyRequest
		role     string
		env      string
		purposes []string
		networks []string
		expires  string
		asJSON   bool
	)
	c := &cobra.Command{
		Use:     "create",
		Short:   "Make an API key; its secret is shown this once",
		Example: "  chaperone key create --owner ward-3-notes --role clinician --purpose treatment --expires 2027-06-30",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if ask.Role, err = chaperone.ParseRole(role); err != nil {
				return misuse{err.Error(), "name it with --role"}
			}
			ask.Environment = chaperone.Environment(env)
			for _, p := range purposes {
				purpose, err := chaperone.ParsePurpose(p)
				if err != nil {
					return misuse{err.Error(), ""}
				}
				ask.Purposes = append(ask.Purposes, purpose)
			}
			for _, n := range networks {
				prefix, err := netip.ParsePrefix(n)
				if err != nil {
					return misuse{"--cidr takes a network such as 10.1.0.0/16", ""}
				}
				ask.CIDRs = append(ask.CIDRs, prefix)
			}
			if expires != "" {
				if ask.Expires, err = time.ParseInLocation(time.DateOnly, expires, time.Local); err != nil {
					return misuse{"--expires is a day such as 2027-06-30", ""}
				}
			}
			return managed(c, &where, func(client *api.Client) error {
				key, err := client.CreateKey(c.Context(), ask)
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(key) //nolint:gosec // G117: the secret is what was asked for, shown this once
				}
				fmt.Fprintln(c.OutOrStdout(), key.Secret)
				fmt.Fprintf(c.ErrOrStderr(), "key %s for %s (%s); the line above is its secret and is not shown again\n", key.ID, key.Owner, key.Role)
				return nil
			})
		},
	}
	where.flags(c)
	f := c.Flags()
	f.StringVar(&ask.Owner, "owner", "", "the person or service it is for")
	f.StringVar(&role, "role", "", "role of its holder")
	f.StringVar(&env, "environment", "", "production (default) or development")
	f.StringSliceVar(&purposes, "purpose", nil, "purposes it may state (default any)")
	f.StringSliceVar(&networks, "cidr", nil, "networks it may be used from (default anywhere)")
	f.StringVar(&expires, "expires", "", "day it ends, YYYY-MM-DD (default never)")
	f.StringVar(&ask.Label, "label", "", "a note for people")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("owner") // the flag is there
	_ = c.MarkFlagRequired("role")
	return c
}

func keyListCommand() *cobra.Command {
	var where place
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the API keys, revoked ones included",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return managed(c, &where, func(client *api.Client) error {
				keys, err := client.Keys(c.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(keys)
				}
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "KEY\tOWNER\tROLE\tENVIRONMENT\tCREATED\tEXPIRES\tLAST USED\tSTATE")
				for _, k := range keys {
					state := "live"
					if !k.Revoked.IsZero() {
						state = "revoked " + day(k.Revoked)
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Owner, k.Role, k.Environment,
						day(k.Created), day(k.Expires), day(k.LastUsed), state)
				}
				return w.Flush()
			})
		},
	}
	where.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	return c
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateOnly)
}

func keyRevokeCommand() *cobra.Command {
	var where place
	c := &cobra.Command{
		Use:   "revoke KEY",
		Short: "Revoke an API key; the next call with it is refused",
		Args:  oneArgument("the id of a key, as 'chaperone key list' shows it"),
		RunE: func(c *cobra.Command, args []string) error {
			return managed(c, &where, func(client *api.Client) error {
				if err := client.RevokeKey(c.Context(), args[0]); err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "revoked %s\n", args[0])
				return nil
			})
		},
	}
	where.flags(c)
	return c
}
