package main

import (
	"strings"

	"chaperone/internal/api"

	"github.com/spf13/cobra"
)

func auditLinkCommand() *cobra.Command {
	var where place
	var q inquiry
	ask := api.LinkRequest{}
	c := &cobra.Command{
		Use:   "link",
		Short: "Say that a number, a name, a placeholder or a session is a patient's",
		Long: "Say that another number, a name, a placeholder or a session is a patient's, so that\n" +
			"a question about one finds what is recorded under the others. The link stands in the\n" +
			"record, sealed, with who made it and why; --remove takes it apart again.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			alias, err := q.alias()
			if err != nil {
				return err
			}
			ask.Alias = alias
			return managed(c, &where, func(client *api.Client) error { return client.LinkAlias(c.Context(), ask) })
		},
	}
	where.flags(c)
	f := c.Flags()
	f.StringVar(&ask.Patient, "patient", "", "the patient's reference; needed")
	f.StringVar(&q.patient, "reference", "", "another reference of the same patient")
	f.StringVar(&q.name, "name", "", "a name of the patient")
	f.StringVar(&q.placeholder, "placeholder", "", "a placeholder that stood for the patient")
	f.StringVar(&q.session, "session", "", "the pseudonym of a session that was about the patient")
	f.BoolVar(&ask.Remove, "remove", false, "they are not the same patient after all")
	f.StringVar(&ask.Reason, "reason", "", "how you know, in words; needed, and recorded")
	for _, name := range []string{"patient", "reason"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return c
}

// alias is the one alias that the flags name. The error is a misuse.
func (q *inquiry) alias() (api.Alias, error) {
	var named []api.Alias
	for _, a := range q.aliases() {
		if strings.TrimSpace(a.Value) != "" {
			named = append(named, a)
		}
	}
	if len(named) != 1 {
		return api.Alias{}, misuse{"name one of --reference, --name, --placeholder and --session", ""}
	}
	return named[0], nil
}

func (q *inquiry) aliases() []api.Alias {
	return []api.Alias{
		{Kind: "reference", Value: q.patient},
		{Kind: "name", Value: q.name},
		{Kind: "placeholder", Value: q.placeholder},
		{Kind: "session", Value: q.session},
	}
}
