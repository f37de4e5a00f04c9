package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"chaperone/internal/policy"

	"github.com/spf13/cobra"
)

func policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "Look at the policy and ask why a request would be ruled as it would",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(policyListCommand(), policyShowCommand(), policyExplainCommand())
	return c
}

func policyListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the policies that come with Chaperone",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, name := range policy.Shipped() {
				fmt.Fprintln(c.OutOrStdout(), name)
			}
			return nil
		},
	}
}

func policyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print the text of a policy that comes with Chaperone",
		Args:  oneArgument("the name of a policy"),
		RunE: func(c *cobra.Command, args []string) error {
			src, err := policy.ShippedSource(args[0])
			if err != nil {
				return misuse{err.Error(), ""}
			}
			_, err = c.OutOrStdout().Write(src)
			return err
		},
	}
}

func policyExplainCommand() *cobra.Command {
	var q question
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain",
		Short: "Show why a request would be ruled as it would; nothing is sent or recorded",
		Long: "Show why a request would be ruled as it would. Describe it with flags, or give\n" +
			"--text and let the detector say what identifies. Nothing is sent or recorded.\n" +
			"The exit code is 3 if the request would be refused.",
		Example: "  chaperone policy explain --role clinician --purpose treatment --text 'Mr. John Smith, MRN 987654'",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			p, facts, found, err := q.ask()
			if err != nil {
				return err
			}
			e := p.Explain(facts, found)
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(e)
			} else {
				_, err = fmt.Fprint(c.OutOrStdout(), explained(e))
			}
			if err == nil && e.Mode == policy.Refused {
				return exit{code: exitRefused}
			}
			return err
		},
	}
	q.flags(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// explained writes an explanation for a person.
func explained(e policy.Explanation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ruling   %s", e.Mode)
	if e.Profile != "" {
		fmt.Fprintf(&b, " (%s)", e.Profile)
	}
	fmt.Fprintf(&b, "\npolicy   %s, version %s\n", e.Policy, e.Version)
	if e.Public != "" {
		fmt.Fprintf(&b, "refused  %s [%s]\n", e.Public, e.Code)
	}
	if e.Next != "" {
		fmt.Fprintf(&b, "next     %s\n", e.Next)
	}
	for _, r := range e.Reasons {
		fmt.Fprintf(&b, "because  %s: %s\n", r.PolicyID, r.Text)
	}
	for _, r := range e.Floors {
		fmt.Fprintf(&b, "floor    %s: %s\n", r.PolicyID, r.Text)
	}
	for _, a := range e.Asked {
		says := "no"
		if a.Allowed {
			says = "yes"
		}
		fmt.Fprintf(&b, "asked    %s: %s\n", a.Action, says)
		for _, r := range a.Permits {
			fmt.Fprintf(&b, "           permitted by %s: %s\n", r.PolicyID, r.Text)
		}
		for _, r := range a.Forbids {
			fmt.Fprintf(&b, "           forbidden by %s: %s\n", r.PolicyID, r.Text)
		}
	}
	return b.String()
}
