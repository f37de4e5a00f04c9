package main

import (
	"fmt"
	"time"

	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

func registerUseCaseCommand() *cobra.Command {
	var k clerk
	var u register.UseCase
	add := &cobra.Command{
		Use:   "add",
		Short: "Write down what an agreement is meant for, before it is reviewed",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return k.putDown(c, func(register.File) register.Deed { return register.Deed{UseCase: &u} })
		},
	}
	k.flags(add, "")
	add.Flags().StringVar(&u.Agreement, "agreement", "", "id of the agreement")
	add.Flags().StringVar(&u.Words, "words", "", "what it is for")
	_ = add.MarkFlagRequired("agreement") // the flag is there
	_ = add.MarkFlagRequired("words")
	list := listed("list", "List what agreements are meant for",
		func(s register.State) (all []register.KeptUseCase) {
			for _, a := range s.Agreements {
				all = append(all, a.UseCases...)
			}
			return all
		},
		func(u register.KeptUseCase) string {
			return fmt.Sprintf("%s  %s (%s, %s)", u.Agreement, u.Words, u.By, utcDay(u.At))
		})
	return group("usecase", "What agreements are meant for", add, list)
}

func registerEvidenceCommand() *cobra.Command {
	var k clerk
	var e register.Evidence
	var issued, expires string
	add := &cobra.Command{
		Use:     "add",
		Short:   "Put down what a vendor shows of its safeguards",
		Example: "  chaperone register evidence add --vendor Anthropic --title 'SOC 2 Type II' --issued 2026-03-01 --expires 2027-03-01 --file soc2.pdf --by it-lead",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := days(map[string]*string{"issued": &issued, "expires": &expires}, map[string]*time.Time{"issued": &e.Issued, "expires": &e.Expires}); err != nil {
				return err
			}
			return k.putDown(c, func(f register.File) register.Deed { e.File = f; return register.Deed{Evidence: &e} })
		},
	}
	k.flags(add, "the report")
	f := add.Flags()
	f.StringVar(&e.Vendor, "vendor", "", "whose it is, as the agreement's holder is written")
	f.StringVar(&e.Title, "title", "", "what it is")
	f.StringVar(&issued, "issued", "", "its day, YYYY-MM-DD")
	f.StringVar(&expires, "expires", "", "the day from which it says nothing more, YYYY-MM-DD")
	for _, name := range []string{"vendor", "title", "issued", "expires"} {
		_ = add.MarkFlagRequired(name) // the flag is there
	}
	list := listed("list", "List what vendors have shown", func(s register.State) []register.KeptEvidence { return s.Evidence },
		func(e register.KeptEvidence) string {
			return fmt.Sprintf("%s  %s  %s to %s  %s", e.Vendor, e.Title, utcDay(e.Issued), utcDay(e.Expires), e.File.Name)
		})
	return group("evidence", "What vendors show of their safeguards", add, list)
}

func registerCommitmentCommand() *cobra.Command {
	var k clerk
	var m register.Commitment
	var on string
	add := &cobra.Command{
		Use:     "add",
		Short:   "Put down a vendor's word that it does not learn from what is sent",
		Example: "  chaperone register commitment add --vendor Anthropic --plan api --words 'We do not train on your content' --on 2026-05-04 --file terms.pdf --by it-lead",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if m.On, err = onDay("on", on); err != nil {
				return err
			}
			return k.putDown(c, func(f register.File) register.Deed { m.File = f; return register.Deed{Commitment: &m} })
		},
	}
	k.flags(add, "the document that says it")
	f := add.Flags()
	f.StringVar(&m.Vendor, "vendor", "", "whose word it is, as the agreement's holder is written")
	f.StringVar(&m.Plan, "plan", "api", "the plan it is given for")
	f.StringVar(&m.Words, "words", "", "the sentence itself")
	f.StringVar(&on, "on", "", "the day on which it was read there, YYYY-MM-DD")
	for _, name := range []string{"vendor", "words", "on"} {
		_ = add.MarkFlagRequired(name) // the flag is there
	}
	list := listed("list", "List the commitments by plan", func(s register.State) []register.KeptPromise { return s.Commitments },
		func(m register.KeptPromise) string {
			return fmt.Sprintf("%s  %s  %q  %s  %s", m.Vendor, m.Plan, m.Words, utcDay(m.On), m.File.Name)
		})
	return group("commitment", "What vendors promise about learning from what is sent", add, list)
}

func registerIncidentCommand() *cobra.Command {
	list := listed("list", "List the vendors' incidents", func(s register.State) []register.OpenIncident { return s.Incidents },
		func(i register.OpenIncident) string {
			line := fmt.Sprintf("%s  %s  discovered %s  %s", i.ID, i.Agreement, i.Known.UTC().Format(time.RFC3339), i.Words)
			if i.Notice != nil {
				line += "  reported " + utcDay(i.Notice.On)
			}
			return line
		})
	return group("incident", "Incidents at a vendor, and its duty to report them", incidentAddCommand(), incidentNoticeCommand(), list)
}

func incidentAddCommand() *cobra.Command {
	var k clerk
	var i register.Incident
	var known string
	c := &cobra.Command{
		Use:   "add ID",
		Short: "Open an incident at a vendor; the term of its agreement begins to run",
		Args:  oneArgument("an id for the incident"),
		RunE: func(c *cobra.Command, args []string) error {
			t, err := moment(known)
			if err != nil || t.IsZero() {
				return misuse{"--discovered is a day such as 2026-11-21 or a moment in RFC 3339", ""}
			}
			i.ID, i.Known = args[0], t.UTC()
			return k.putDown(c, func(register.File) register.Deed { return register.Deed{Incident: &i} })
		},
	}
	k.flags(c, "")
	f := c.Flags()
	f.StringVar(&i.Agreement, "agreement", "", "id of the vendor's agreement")
	f.StringVar(&known, "discovered", "", "when the vendor discovered it, YYYY-MM-DD or RFC 3339")
	f.StringVar(&i.Words, "words", "", "what is known, and no patient's name")
	for _, name := range []string{"agreement", "discovered", "words"} {
		_ = c.MarkFlagRequired(name) // the flag is there
	}
	return c
}

func incidentNoticeCommand() *cobra.Command {
	var k clerk
	var n register.Notice
	var on string
	c := &cobra.Command{
		Use:   "notice ID",
		Short: "Put down the vendor's report, which stops its clock",
		Args:  oneArgument("the id of an incident"),
		RunE: func(c *cobra.Command, args []string) error {
			t, err := moment(on)
			if err != nil || t.IsZero() {
				return misuse{"--on is a day such as 2026-11-21 or a moment in RFC 3339", ""}
			}
			n.Incident, n.On = args[0], t.UTC()
			return k.putDown(c, func(f register.File) register.Deed { n.File = f; return register.Deed{Notice: &n} })
		},
	}
	k.flags(c, "the vendor's report")
	c.Flags().StringVar(&on, "on", "", "when it came, YYYY-MM-DD or RFC 3339")
	_ = c.MarkFlagRequired("on") // the flag is there
	return c
}
