package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

func registerAgreementCommand() *cobra.Command {
	return group(
		"agreement", "Keep agreements: versions, reviews, their end",
		agreementAddCommand(), agreementListCommand(), agreementShowCommand(), agreementReviewCommand(),
		agreementTerminateCommand(), agreementCertificateCommand(),
	)
}

func agreementAddCommand() *cobra.Command {
	var (
		k               clerk
		v               register.Version
		signed, expires string
		chain           []string
		notice          time.Duration
	)
	c := &cobra.Command{
		Use:   "add ID",
		Short: "Put a signed agreement down, or its next version",
		Example: "  chaperone register agreement add BAA-2026-01 --holder Anthropic --signed 2026-05-04 --expires 2027-05-04 \\\n" +
			"    --clause permitted-uses,safeguards,breach-report --subcontractor 'Amazon Web Services=DPA-7' \\\n" +
			"    --breach-notice 48h --file baa-signed.pdf --by privacy-officer",
		Args: oneArgument("the id under which you keep it, as in the configuration"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := days(map[string]*string{"signed": &signed, "expires": &expires}, map[string]*time.Time{"signed": &v.Signed, "expires": &v.Expires}); err != nil {
				return err
			}
			if notice%time.Hour != 0 {
				return misuse{"--breach-notice is in whole hours", "write like 48h"}
			}
			v.Agreement, v.NoticeHours = args[0], int(notice/time.Hour)
			for _, s := range chain {
				name, bound, _ := strings.Cut(s, "=")
				v.Subcontractors = append(v.Subcontractors, register.Subcontractor{Name: name, Agreement: bound})
			}
			return k.putDown(c, func(f register.File) register.Deed { v.File = f; return register.Deed{Version: &v} })
		},
	}
	k.flags(c, "the signed document")
	f := c.Flags()
	f.StringVar(&v.Holder, "holder", "", "who signed on the other side")
	f.StringVar(&signed, "signed", "", "day from which it is in force, YYYY-MM-DD")
	f.StringVar(&expires, "expires", "", "its end, or the day by which you review it, YYYY-MM-DD")
	f.StringSliceVar(&v.Clauses, "clause", nil, "what it states: permitted-uses, safeguards, breach-report, audit-rights, return-or-destroy, subcontractors, data-location, key-management, no-marketing")
	f.StringArrayVar(&chain, "subcontractor", nil, "who works for the holder, as NAME or NAME=AGREEMENT; may be repeated")
	f.DurationVar(&notice, "breach-notice", 0, "in what time the holder reports a breach, like 48h; 0 if it does not say")
	f.IntVar(&v.ReturnDays, "return-days", 0, "in how many days everything is returned or destroyed at the end; 0 if it does not say")
	f.StringVar(&v.Audit, "audit", "", "how often you may audit, and with what notice")
	for _, name := range []string{"holder", "signed", "expires"} {
		_ = c.MarkFlagRequired(name) // the flag is there
	}
	return c
}

func agreementListCommand() *cobra.Command {
	return listed("list", "List the agreements and how they stand", func(s register.State) []register.Agreement { return s.Agreements },
		func(a register.Agreement) string {
			v, ok := a.Newest()
			if !ok {
				return a.ID + "  no document"
			}
			line := fmt.Sprintf("%s  %s  version %d  %s to %s", a.ID, v.Holder, v.Number, utcDay(v.Signed), utcDay(v.Expires))
			if a.Termination != nil {
				line += "  ended " + utcDay(a.Termination.On)
			}
			return line
		})
}

func agreementShowCommand() *cobra.Command {
	var where place
	var asJSON bool
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show an agreement with every version, review and use case",
		Args:  oneArgument("the id of an agreement, as 'chaperone register agreement list' shows it"),
		RunE: func(c *cobra.Command, args []string) error {
			state, err := registered(c, &where)
			if err != nil {
				return err
			}
			a, ok := state.Agreement(args[0])
			if !ok {
				return exit{exitFailed, "the register has no such agreement", "list them with 'chaperone register agreement list'"}
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(a)
			}
			showAgreement(c, a)
			return nil
		},
	}
	where.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func showAgreement(c *cobra.Command, a register.Agreement) {
	out := c.OutOrStdout()
	fmt.Fprintln(out, a.ID)
	for _, v := range a.Versions {
		fmt.Fprintf(out, "version %d   with %s, %s to %s, put down by %s on %s\n", v.Number, v.Holder, utcDay(v.Signed), utcDay(v.Expires), v.By, utcDay(v.At))
		fmt.Fprintf(out, "            %s  %s\n", v.File.Name, v.File.Digest)
		fmt.Fprintf(out, "            states %s\n", dash(strings.Join(v.Clauses, ", ")))
		if v.NoticeHours > 0 {
			fmt.Fprintf(out, "            reports a breach within %d hours\n", v.NoticeHours)
		}
		if v.ReturnDays > 0 {
			fmt.Fprintf(out, "            returns or destroys everything within %d days\n", v.ReturnDays)
		}
		if v.Audit != "" {
			fmt.Fprintf(out, "            may be audited %s\n", v.Audit)
		}
		for _, s := range v.Subcontractors {
			fmt.Fprintf(out, "            with %s, bound by %s\n", s.Name, dash(s.Agreement))
		}
		for _, r := range a.Reviews {
			if r.Version != v.Number {
				continue
			}
			found := "reviewed"
			if r.Objects {
				found = "OBJECTED TO"
			}
			fmt.Fprintf(out, "            %s by %s (%s) on %s  %s\n", found, r.By, r.As, utcDay(r.On), r.Words)
		}
	}
	for _, u := range a.UseCases {
		fmt.Fprintf(out, "use case    %s (%s, %s)\n", u.Words, u.By, utcDay(u.At))
	}
	if a.Termination != nil {
		fmt.Fprintf(out, "ended       %s by %s: %s\n", utcDay(a.Termination.On), a.EndedBy, a.Termination.Words)
	}
	if a.Certificate != nil {
		fmt.Fprintf(out, "certificate %s  %s  %s\n", utcDay(a.Certificate.On), a.Certificate.File.Name, a.Certificate.File.Digest)
	}
}

func agreementReviewCommand() *cobra.Command {
	var k clerk
	var r register.Review
	var as, on string
	c := &cobra.Command{
		Use:   "review ID",
		Short: "Put down who read a version, and what they found",
		Args:  oneArgument("the id of an agreement"),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if r.On, err = onDay("on", on); err != nil {
				return err
			}
			r.Agreement, r.As = args[0], register.Reviewer(as)
			return k.putDown(c, func(register.File) register.Deed { return register.Deed{Review: &r} })
		},
	}
	k.flags(c, "")
	f := c.Flags()
	f.IntVar(&r.Version, "version", 1, "which version was read")
	f.StringVar(&as, "as", "", "in what capacity: legal or compliance")
	f.StringVar(&on, "on", "", "the day of the review, YYYY-MM-DD")
	f.BoolVar(&r.Objects, "objects", false, "the reviewer objects to it; then --words says why")
	f.StringVar(&r.Words, "words", "", "what there is to say")
	_ = c.MarkFlagRequired("as") // the flag is there
	_ = c.MarkFlagRequired("on")
	return c
}

func agreementTerminateCommand() *cobra.Command {
	var k clerk
	var t register.Termination
	var on string
	c := &cobra.Command{
		Use:   "terminate ID",
		Short: "End an agreement; from its day on no door is covered by it",
		Long: "End an agreement. From its day on no door is covered by it, whatever the\n" +
			"configuration says. A task waits for the certificate that everything was returned\n" +
			"or destroyed, and nothing but its file closes it.",
		Args: oneArgument("the id of an agreement"),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if t.On, err = onDay("on", on); err != nil {
				return err
			}
			t.Agreement = args[0]
			return k.putDown(c, func(register.File) register.Deed { return register.Deed{Termination: &t} })
		},
	}
	k.flags(c, "")
	c.Flags().StringVar(&on, "on", "", "the day it ends, YYYY-MM-DD")
	c.Flags().StringVar(&t.Words, "words", "", "why it ends")
	_ = c.MarkFlagRequired("on") // the flag is there
	_ = c.MarkFlagRequired("words")
	return c
}

func agreementCertificateCommand() *cobra.Command {
	var k clerk
	var cert register.Certificate
	var on string
	c := &cobra.Command{
		Use:   "certificate ID",
		Short: "Put down the vendor's certificate that everything was returned or destroyed",
		Args:  oneArgument("the id of an agreement that was ended"),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if cert.On, err = onDay("on", on); err != nil {
				return err
			}
			cert.Agreement = args[0]
			return k.putDown(c, func(f register.File) register.Deed { cert.File = f; return register.Deed{Certificate: &cert} })
		},
	}
	k.flags(c, "the certificate")
	c.Flags().StringVar(&on, "on", "", "the day of the certificate, YYYY-MM-DD")
	_ = c.MarkFlagRequired("on") // the flag is there
	return c
}
