package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"chaperone/internal/api"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// inquiry is a question to the record as one can put it on a command line.
type inquiry struct {
	patient, name, placeholder, session string
	from, to                            string
	ask                                 api.Ask
	out, pack                           string
}

func auditAskCommand() *cobra.Command {
	var where place
	var q inquiry
	var asJSON bool
	c := &cobra.Command{
		Use:   "ask",
		Short: "Ask the record about a patient, a person, a time or one exchange, and give a reason",
		Long: "Ask the record about a patient, a person, a time, an outcome or one exchange. The\n" +
			"question and its reason are recorded before it is answered, and an answer is whole\n" +
			"or there is none. It goes to the terminal, or to a file: the ending of --out says in\n" +
			"which form (.json, .csv, .xlsx or .pdf). --pack writes all of them with the proofs,\n" +
			"for chaperone audit verify to check anywhere.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := q.settle(); err != nil {
				return err
			}
			return managed(c, &where, func(client *api.Client) error {
				switch {
				case q.pack != "":
					q.ask.Form = api.AskPack
					return keepAnswer(c, client, q.ask, q.pack)
				case q.out != "":
					q.ask.Form = strings.TrimPrefix(filepath.Ext(q.out), ".")
					return keepAnswer(c, client, q.ask, q.out)
				}
				q.ask.Form = "json"
				return showAnswer(c, client, q.ask, asJSON)
			})
		},
	}
	where.flags(c)
	q.flags(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func (q *inquiry) flags(f *pflag.FlagSet) {
	f.StringVar(&q.ask.Reason, "reason", "", "why you ask, in words; needed, and recorded")
	f.StringVar(&q.patient, "patient", "", "about the patient with this reference")
	f.StringVar(&q.name, "name", "", "about the patient whom this name is linked to")
	f.StringVar(&q.placeholder, "placeholder", "", "about the patient whom this placeholder is linked to")
	f.StringVar(&q.session, "session", "", "about the session with this pseudonym, and the patient it is linked to")
	f.StringVar(&q.ask.Person, "person", "", "what this person or service did")
	f.StringVar(&q.from, "from", "", "only from this day or moment on (YYYY-MM-DD or RFC 3339)")
	f.StringVar(&q.to, "to", "", "only before this day or moment")
	f.StringVar(&q.ask.Outcome, "outcome", "", "only exchanges that ended so: ok, refused, timeout, … or pending")
	f.StringVar(&q.ask.Decision, "decision", "", "only exchanges that were ruled so: identified, concealed, clean, refused")
	f.BoolVar(&q.ask.Unrelated, "unrelated", false, "only exchanges about a patient without a relation that others vouch for")
	f.BoolVar(&q.ask.Accounting, "accounting", false, "an accounting of disclosures, of six years unless --from and --to say less")
	f.StringVar(&q.ask.Exchange, "exchange", "", "one exchange with its words, by its id or its place")
	f.StringVar(&q.out, "out", "", "write the answer to this file: .json, .csv, .xlsx or .pdf")
	f.StringVar(&q.pack, "pack", "", "write a signed pack to this file, .zip")
}

// settle reads the flags. The error is a misuse.
func (q *inquiry) settle() error {
	if strings.TrimSpace(q.ask.Reason) == "" {
		return misuse{"--reason is needed", "say what the answer is for, such as a request of the patient and its number"}
	}
	for _, a := range q.aliases() {
		if a.Value == "" {
			continue
		}
		if !q.ask.About.IsZero() {
			return misuse{"ask about one of --patient, --name, --placeholder and --session", "link them with chaperone audit link to ask about all at once"}
		}
		q.ask.About = a
	}
	var err error
	if q.ask.From, err = moment(q.from); err != nil {
		return misuse{"--from is a day such as 2026-11-21 or a moment in RFC 3339", ""}
	}
	if q.ask.To, err = moment(q.to); err != nil {
		return misuse{"--to is a day such as 2026-11-21 or a moment in RFC 3339", ""}
	}
	switch {
	case q.out != "" && q.pack != "":
		return misuse{"--out and --pack do not go together", "a pack has the answer in every form"}
	case q.out != "" && !slices.Contains([]string{".json", ".csv", ".xlsx", ".pdf"}, filepath.Ext(q.out)):
		return misuse{"--out ends in .json, .csv, .xlsx or .pdf", ""}
	case q.pack != "" && filepath.Ext(q.pack) != ".zip":
		return misuse{"--pack ends in .zip", ""}
	}
	return nil
}

// keepAnswer writes an answer to a new file for its owner alone. The file is
// there whole or not at all.
func keepAnswer(c *cobra.Command, client *api.Client, ask api.Ask, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return misuse{path + " is there already", "choose another name; an answer is never written over"}
	}
	err := newFile(path, func(w io.Writer) error { return client.Ask(c.Context(), ask, w) })
	if err != nil {
		return err
	}
	fmt.Fprintf(c.ErrOrStderr(), "wrote %s; it identifies people, so keep it as a chart is kept\n", path)
	return nil
}

// newFile writes a file beside its place, readable for its owner alone, and puts
// it in place once it is whole and on the disk.
func newFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".chaperone-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(f.Close()), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link fails where somebody was faster; a rename would write over theirs.
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return os.Remove(f.Name())
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// answered is what the terminal shows of an answer.
type answered struct {
	Title   string
	Remarks []string
	Lines   []api.Line
	Totals  api.Totals
	Series  []api.Series `json:"disclosures"`
}

func showAnswer(c *cobra.Command, client *api.Client, ask api.Ask, asJSON bool) error {
	var raw bytes.Buffer
	if err := client.Ask(c.Context(), ask, &raw); err != nil {
		return err
	}
	if asJSON {
		_, err := raw.WriteTo(c.OutOrStdout())
		return err
	}
	var a answered
	if err := json.Unmarshal(raw.Bytes(), &a); err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), a.Title)
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SEQ\tTIME\tUSER\tROLE\tPATIENT\tACTION\tDECISION\tFOUND BY\tRESULT\tBASIS\tDISCLOSED")
	for _, l := range a.Lines {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s %s\t%s\t%s\n", l.Seq, l.Ten.Time, l.Ten.User, l.Ten.Role, l.Ten.Patient,
			l.Ten.Action, dash(string(l.Decision)), l.Found, l.Ten.Result, l.Ten.Status, dash(l.Basis), dash(map[bool]string{true: "yes"}[l.Disclosed]))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, s := range a.Series {
		fmt.Fprintf(c.OutOrStdout(), "disclosed to %s for %s: %s, first %s, last %s; %s\n", s.Recipient, s.Purpose, s.Frequency,
			s.First.Format("2006-01-02"), s.Last.Format("2006-01-02"), s.What)
	}
	for _, t := range a.Totals.List() {
		fmt.Fprintf(c.OutOrStdout(), "%s: %d\n", t.Name, t.N)
	}
	for _, r := range a.Remarks {
		fmt.Fprintf(c.ErrOrStderr(), "chaperone: %s\n", r)
	}
	return nil
}
