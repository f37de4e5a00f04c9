package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"chaperone/internal/api"
	"chaperone/internal/config"
	"chaperone/internal/daemon"
	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

func adviseCommand() *cobra.Command {
	var (
		where               place
		a                   register.Answers
		sign, chosen, words string
		asJSON              bool
	)
	c := &cobra.Command{
		Use:   "advise",
		Short: "Recommend a way to Claude for this house, and say why",
		Long: "Recommend a way to Claude for this house, and say why, with sources. Under --sign the\n" +
			"decision is kept in the register, with the answers, the reasons and the digest of the\n" +
			"data flow of that day.",
		Example: "  chaperone advise --identified --people 12 --country US\n" +
			"  chaperone advise --identified --people 400 --cloud aws --country AU --sign privacy-officer",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			advice, err := register.Advise(a)
			if err != nil {
				return err
			}
			entry := 0
			if sign != "" {
				file, err := where.load(c)
				if err != nil {
					return err
				}
				d, err := decided(file, a, advice, chosen, words)
				if err != nil {
					return err
				}
				err = managed(c, &where, func(client *api.Client) error {
					e, err := client.PutDown(c.Context(), sign, api.Deed{Decision: &d})
					entry = e.Number
					return err
				})
				if err != nil {
					return err
				}
			}
			if asJSON {
				out := struct {
					register.Advice
					Signed string `json:"signed_by,omitempty"`
					Entry  int    `json:"entry,omitempty"`
				}{advice, sign, entry}
				return json.NewEncoder(c.OutOrStdout()).Encode(out)
			}
			sayAdvice(c.OutOrStdout(), advice)
			if sign != "" {
				fmt.Fprintf(c.OutOrStdout(), "signed by %s, entry %d of the register\n", sign, entry)
			}
			return nil
		},
	}
	where.flags(c)
	f := c.Flags()
	f.BoolVar(&a.Identified, "identified", false, "text that identifies patients is to be sent")
	f.IntVar(&a.People, "people", 0, "how many people will use it")
	f.StringSliceVar(&a.Clouds, "cloud", nil, "clouds the house works on: aws, google")
	f.StringSliceVar(&a.Countries, "country", nil, "countries where text may be processed, like US or CA (default any)")
	f.BoolVar(&a.Standby, "standby", false, "work must go on when one platform fails")
	f.Int64Var(&a.Volume.Requests, "requests", 0, "how many requests a month, for an estimate of the cost")
	f.StringVar(&a.Volume.Model, "model", "claude-sonnet-5-5", "with --requests: the model asked for")
	f.Int64Var(&a.Volume.Input, "input-tokens", 2000, "with --requests: tokens of one request")
	f.Int64Var(&a.Volume.Output, "output-tokens", 500, "with --requests: tokens of one answer")
	f.StringVar(&sign, "sign", "", "your name: keep the decision in the register")
	f.StringVar(&chosen, "choose", "", "with --sign: the route you choose (default the recommended one)")
	f.StringVar(&words, "words", "", "with --sign: why, needed where it is another route")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("people") // the flag is there
	return c
}

// decided is the decision as it stands on this day.
func decided(file config.File, a register.Answers, advice register.Advice, chosen, words string) (register.Decision, error) {
	flow, err := daemon.Dataflow(file, time.Now())
	if err != nil {
		return register.Decision{}, err
	}
	if chosen == "" {
		chosen = advice.Route
	}
	d := register.Decision{Answers: a, Advice: advice, Chosen: chosen, Words: words, Flow: flow.Digest()}
	for _, door := range flow.Doors {
		d.Doors = append(d.Doors, door.Name)
	}
	return d, nil
}

func sayCost(w io.Writer, e *register.Estimate) {
	if e == nil {
		return
	}
	for _, d := range e.Doors {
		said := fmt.Sprintf("about US$ %.2f a month by list prices", d.Dollars)
		if d.Unknown {
			said = "not known here: this way bills by its own list"
		}
		fmt.Fprintf(w, "cost     %s: %s\n", d.Connection, said)
	}
	fmt.Fprintf(w, "         (%s, checked on %s)\n", e.Source, e.Checked)
}

func sayAdvice(w io.Writer, a register.Advice) {
	fmt.Fprintf(w, "route    %s: %s\n", a.Route, a.Plain)
	fmt.Fprintf(w, "doors    %s, policy %s\n", strings.Join(a.Doors, ", "), a.Policy)
	if len(a.Places) > 0 {
		fmt.Fprintf(w, "places   %s\n", strings.Join(a.Places, ", "))
	}
	for _, r := range a.Reasons {
		fmt.Fprintf(w, "because  %s\n         (%s)\n", r.Says, r.Source)
	}
	for _, r := range a.Against {
		fmt.Fprintf(w, "not      %s: %s\n", r.Route, r.Why.Says)
	}
	sayCost(w, a.Cost)
	for _, n := range a.Next {
		fmt.Fprintf(w, "next     %s\n", n)
	}
	fmt.Fprintf(w, "tables   checked on %s\n", utcDay(a.Checked))
}
