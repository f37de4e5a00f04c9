package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/phi"

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

// question is a request as one can describe it on a command line.
type question struct {
	config, policy, role, purpose, reason, patient, relation, door, model, environment string
	kinds                                                                              []string
	text                                                                               string
	opaque                                                                             []string
	synthetic                                                                          bool
	at                                                                                 string
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
	q.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func (q *question) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&q.config, "config", "", "configuration file (default chaperone.yaml, if it is there)")
	f.StringVar(&q.policy, "policy", "", "a shipped policy or a .cedar file, instead of the configuration's")
	f.StringVar(&q.role, "role", string(chaperone.RoleClinician), "role of whoever asks")
	f.StringVar(&q.purpose, "purpose", "", "stated purpose")
	f.StringVar(&q.reason, "reason", "", "stated reason, in words")
	f.StringVar(&q.patient, "patient", "", "stated patient reference")
	f.StringVar(&q.relation, "relation", "", "relation to the patient: declared, care-team, break-glass")
	f.StringVar(&q.door, "door", "", "door, by name (default the configuration's)")
	f.StringVar(&q.model, "model", "claude-sonnet-5", "model asked for")
	f.StringVar(&q.environment, "environment", string(chaperone.EnvironmentProduction), "production or development")
	f.StringSliceVar(&q.kinds, "kinds", nil, "kinds of identifiers found, by name: name,date,record…")
	f.StringVar(&q.text, "text", "", "text to look for identifiers in")
	f.StringSliceVar(&q.opaque, "opaque", nil, "content that cannot be inspected: image, pdf, url, file")
	f.BoolVar(&q.synthetic, "synthetic", false, "the request is marked as being about invented people")
	f.StringVar(&q.at, "at", "", "day of the request, YYYY-MM-DD (default today)")
}

func (q *question) ask() (*policy.Policy, policy.Facts, policy.Found, error) {
	fail := func(err error) (*policy.Policy, policy.Facts, policy.Found, error) {
		return nil, policy.Facts{}, policy.Found{}, err
	}
	file, faults := config.Load(q.config)
	if len(faults) > 0 {
		return fail(exit{exitFailed, "the configuration has faults", "run 'chaperone check'"})
	}
	if q.policy != "" {
		file.Policy = q.policy
	}
	p, err := file.OpenPolicy()
	if err != nil {
		return fail(err)
	}
	facts, err := q.facts(file)
	if err != nil {
		return fail(err)
	}
	found, err := q.found()
	if err != nil {
		return fail(err)
	}
	return p, facts, found, nil
}

func (q *question) facts(file config.File) (policy.Facts, error) {
	role, err := chaperone.ParseRole(q.role)
	if err != nil {
		return policy.Facts{}, misuse{err.Error(), ""}
	}
	purpose, err := chaperone.ParsePurpose(q.purpose)
	if err != nil {
		return policy.Facts{}, misuse{err.Error(), ""}
	}
	name := q.door
	if name == "" {
		name = file.DefaultDoor
	}
	door, ok := file.Door(name)
	if !ok {
		return policy.Facts{}, misuse{"there is no door called " + name, "the configuration lists the doors"}
	}
	at := time.Now()
	if q.at != "" {
		if at, err = time.Parse(time.DateOnly, q.at); err != nil {
			return policy.Facts{}, misuse{"--at is a day such as 2026-11-21", ""}
		}
	}
	f := policy.Facts{
		Principal: chaperone.Principal{Tenant: file.Tenant, ID: "explain", Role: role, Environment: chaperone.Environment(q.environment)},
		Purpose:   purpose, Reason: policy.JudgeReason(q.reason), PatientStated: q.patient != "",
		Relation: policy.Relation(q.relation), Door: door.Facts(), Model: q.model,
		Surface: policy.SurfaceAPI, Residency: file.Residency, At: at,
	}
	for _, o := range q.opaque {
		f.Opaque = append(f.Opaque, policy.ParseOpaque(o))
	}
	if q.synthetic {
		f.Mark = policy.Synthetic
	}
	return f, nil
}

func (q *question) found() (policy.Found, error) {
	found := policy.Found{Kinds: map[phi.Kind]int{}}
	for _, name := range q.kinds {
		k, ok := phi.ParseKind(strings.TrimSpace(name))
		if !ok {
			return found, misuse{"there is no kind called " + name, "the kinds are " + kindNames()}
		}
		found.Kinds[k]++
	}
	if q.text == "" {
		return found, nil
	}
	engine, err := deid.NewEngine()
	if err != nil {
		return found, err
	}
	for _, f := range engine.Find(q.text, deid.Where{}) {
		found.Kinds[f.Kind]++
	}
	return found, nil
}

func kindNames() string {
	var names []string
	for _, k := range phi.Kinds() {
		if k.Identifies() {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, ", ")
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
