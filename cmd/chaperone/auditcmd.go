package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/audit/verify"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "Look at the record, and verify it",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(auditShowCommand(), auditAskCommand(), auditLinkCommand(), auditVerifyCommand(), auditExportCommand())
	return c
}

// look is what of the record to show.
type look struct {
	patient, person, session string
	from, to                 string
	limit                    int
	content                  bool
}

func auditShowCommand() *cobra.Command {
	var where place
	var l look
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [EXCHANGE]",
		Short: "List the record, newest first, or open one exchange; looking is itself recorded",
		Long: "List the record, newest first, or open one exchange by its id (the request-id of\n" +
			"an answer) or its place. Looking is itself recorded. With --json, a list has one\n" +
			"JSON object a line.",
		Args: atMostOne("the id of an exchange, or its place"),
		RunE: func(c *cobra.Command, args []string) error {
			query, err := l.query()
			if err != nil {
				return err
			}
			return managed(c, &where, func(client *api.Client) error {
				if len(args) == 1 {
					return showOne(c, client, args[0], l.content, asJSON)
				}
				return showList(c, client, query, l.limit, asJSON)
			})
		},
	}
	where.flags(c)
	f := c.Flags()
	f.StringVar(&l.patient, "patient", "", "only exchanges about this patient")
	f.StringVar(&l.person, "person", "", "only exchanges of this person or service")
	f.StringVar(&l.session, "session", "", "only exchanges of this session, by its pseudonym")
	f.StringVar(&l.from, "from", "", "only from this day or moment on (YYYY-MM-DD or RFC 3339)")
	f.StringVar(&l.to, "to", "", "only before this day or moment")
	f.IntVar(&l.limit, "limit", 20, "at most so many; 0 lists all")
	f.BoolVar(&l.content, "content", false, "with one exchange: show what was received, sent, answered and delivered")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// query is what of the record to ask for. The error is a misuse.
func (l look) query() (url.Values, error) {
	if l.limit < 0 {
		return nil, misuse{"--limit is a number from 0 on", "0 lists all"}
	}
	if _, err := chaperone.NewPatientRef(l.patient); err != nil {
		return nil, misuse{err.Error(), ""}
	}
	query := url.Values{}
	for name, v := range map[string]string{"patient": l.patient, "person": l.person, "session": l.session} {
		if v != "" {
			query.Set(name, v)
		}
	}
	for name, v := range map[string]string{"from": l.from, "to": l.to} {
		t, err := moment(v)
		if err != nil {
			return nil, misuse{"--" + name + " is a day such as 2026-11-21 or a moment in RFC 3339", ""}
		}
		if !t.IsZero() {
			query.Set(name, t.Format(time.RFC3339))
		}
	}
	return query, nil
}

func showList(c *cobra.Command, client *api.Client, query url.Values, limit int, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(c.OutOrStdout())
		return client.Record(c.Context(), query, limit, func(s api.Summary) error { return out.Encode(s) })
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SEQ\tTIME\tUSER\tROLE\tACTION\tDECISION\tFOUND\tDOOR\tRESULT\tEXCHANGE")
	err := client.Record(c.Context(), query, limit, func(s api.Summary) error {
		_, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s %s\t%s\n", s.Seq, s.Ten.Time, s.Ten.User, s.Ten.Role,
			s.Ten.Action, dash(string(s.Decision)), s.Ten.PHI, dash(s.Door), s.Ten.Result, s.Ten.Status, dash(s.Exchange))
		return err
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}

func showOne(c *cobra.Command, client *api.Client, which string, content, asJSON bool) error {
	raw, err := client.Show(c.Context(), which, content)
	if err != nil {
		return err
	}
	if asJSON {
		_, err := fmt.Fprintln(c.OutOrStdout(), strings.TrimSpace(string(raw)))
		return err
	}
	// A record shows itself as JSON; indented, it is fit to read.
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(raw, &shown); err != nil {
		return err
	}
	var parts map[string][]byte
	if p, ok := shown["content"]; ok {
		if err := json.Unmarshal(p, &parts); err != nil {
			return err
		}
		delete(shown, "content")
	}
	pretty, err := json.MarshalIndent(shown, "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), string(pretty))
	for _, name := range inOrder(parts) {
		fmt.Fprintf(c.OutOrStdout(), "\n--- %s\n%s\n", name, parts[name])
	}
	return nil
}

// inOrder names the parts of an exchange's content as they came about; what
// else there is follows.
func inOrder(parts map[string][]byte) []string {
	order := []string{"reason", "received", "sent", "answered", "delivered"}
	names := slices.Sorted(maps.Keys(parts))
	slices.SortStableFunc(names, func(a, b string) int {
		at, bt := slices.Index(order, a), slices.Index(order, b)
		if at < 0 {
			at = len(order)
		}
		if bt < 0 {
			bt = len(order)
		}
		return at - bt
	})
	return names
}

func auditVerifyCommand() *cobra.Command {
	var (
		where  place
		hold   held
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "verify [EXPORT|PACK]",
		Short: "Recompute the whole record from outside and name every fault",
		Long: "Recompute the whole record with an implementation of its own: every row, the tree\n" +
			"over them, the signed checkpoint. It needs the log's public key only. Give it a\n" +
			"checkpoint or a receipt that was kept elsewhere, and it finds a rollback too.\n" +
			"With EXPORT it verifies a record that 'chaperone audit export' has written, and with\n" +
			"PACK an answer that 'chaperone audit ask' has written, on any machine. The exit code is 4 if anything does not verify.",
		Args: atMostOne("the directory of an export, or a pack"),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := hold.options()
			if err != nil {
				return err
			}
			if len(args) == 1 && !isDirectory(args[0]) {
				return verifyPack(c, args[0], o.Key, asJSON)
			}
			if len(args) == 1 {
				report, err := verifyExport(c.Context(), args[0], o)
				if err != nil {
					return err
				}
				return printReport(c, report, asJSON)
			}
			file, err := where.load(c)
			if err != nil {
				return err
			}
			o.Database = file.Store.Postgres
			report, err := daemon.Verify(c.Context(), file.Data, o)
			if err != nil {
				return err
			}
			return printReport(c, report, asJSON)
		},
	}
	where.flags(c)
	hold.flags(c)
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// isDirectory reports whether path is a directory; what is not there is a file.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func printReport(c *cobra.Command, r *verify.Report, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(c.OutOrStdout()).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d records, %d verified, %d not yet in the signed tree; tree of %d, root %s\n",
			r.Records, r.Verified, r.Pending, r.TreeSize, r.Root)
		for _, f := range r.Faults {
			fmt.Fprintf(c.OutOrStdout(), "fault at %s\n", f)
		}
		switch {
		case r.OK() && r.Pending > 0:
			fmt.Fprintf(c.OutOrStdout(), "verified as far as the signed tree reaches; verify again in a moment for the last %d\n", r.Pending)
		case r.OK():
			fmt.Fprintln(c.OutOrStdout(), "verified")
		}
	}
	if !r.OK() {
		return exit{exitUntrue, fmt.Sprintf("the record did not verify: %d fault(s)", r.Total), "keep the data directory as it is, and compare it with a backup and with kept checkpoints"}
	}
	return nil
}
