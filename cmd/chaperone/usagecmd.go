package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"chaperone/internal/api"

	"github.com/spf13/cobra"
)

func usageCommand() *cobra.Command {
	var where place
	var l look
	var by []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "usage",
		Short: "Add up what was used, by person, key, team, door, model or day",
		Long: "Add up what was used, from the record; looking is itself recorded. Costs are\n" +
			"estimates by the vendor's list, or by the prices of a door where it has any. An\n" +
			"exchange whose price is not known is counted as unpriced, never as free.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, name := range by {
				if !slices.Contains(usageColumns, name) {
					return misuse{"--by takes " + strings.Join(usageColumns, ", "), ""}
				}
			}
			query, err := l.query()
			if err != nil {
				return err
			}
			return managed(c, &where, func(client *api.Client) error {
				usage, err := client.Usage(c.Context(), query)
				if err != nil {
					return err
				}
				usage.Uses = addUp(usage.Uses, by)
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(usage)
				}
				return showUsage(c, usage, by)
			})
		},
	}
	where.flags(c)
	c.Flags().StringVar(&l.from, "from", "", "only from this day or moment on (YYYY-MM-DD or RFC 3339)")
	c.Flags().StringVar(&l.to, "to", "", "only before this day or moment")
	c.Flags().StringSliceVar(&by, "by", []string{"day", "door", "model"}, "what to add up by: "+strings.Join(usageColumns, ", "))
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// usageColumns are what use can be added up by. Days are days in UTC.
var usageColumns = []string{"day", "person", "key", "team", "door", "model"}

// column is one of usageColumns of a use.
func column(u *api.Use, name string) *string {
	return map[string]*string{
		"day": &u.Day, "person": &u.Person, "key": &u.Key, "team": &u.Team, "door": &u.Door, "model": &u.Model,
	}[name]
}

// addUp adds up uses that differ in nothing of by.
func addUp(uses []api.Use, by []string) []api.Use {
	sums := map[string]*api.Use{}
	for _, u := range uses {
		key := ""
		kept := api.Use{}
		for _, name := range by {
			*column(&kept, name) = *column(&u, name)
			key += *column(&u, name) + "\x00"
		}
		if sums[key] == nil {
			sums[key] = &kept
		}
		sums[key].Add(u)
	}
	list := []api.Use{}
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		list = append(list, *sums[key])
	}
	return list
}

func showUsage(c *cobra.Command, usage api.Usage, by []string) error {
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, name := range by {
		fmt.Fprint(w, strings.ToUpper(name), "\t")
	}
	fmt.Fprintln(w, "EXCHANGES\tREFUSED\tFAILED\tINPUT\tOUTPUT\tCACHE READ\tCACHE WRITE\tUSD\tUNPRICED\tBYTES IN\tBYTES SENT")
	for _, u := range usage.Uses {
		for _, name := range by {
			fmt.Fprint(w, dash(*column(&u, name)), "\t")
		}
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.4f\t%d\t%d\t%d\n", u.Exchanges, u.Refused, u.Failed, u.Input, u.Output,
			u.CacheRead, u.CacheWrite, float64(u.MicroUSD)/1e6, u.Unpriced, u.Received, u.Sent)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if usage.Damaged > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "chaperone: %d records do not open and are not counted; run chaperone audit verify\n", usage.Damaged)
	}
	return nil
}
