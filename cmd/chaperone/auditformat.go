package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"chaperone/internal/api"

	"github.com/spf13/cobra"
)

// exportFormats are the words after --format, and what the API calls them.
var exportFormats = map[string]string{"jsonl": "json", "fhir": "fhir", "ocsf": "ocsf", "ecs": "ecs", "cef": "cef"}

// opened is an export in a format that other programs read.
type opened struct {
	format, since, until, out string
	identified                bool
}

func (o *opened) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "", "jsonl, fhir (R4 AuditEvent and Provenance), ocsf, ecs or cef")
	f.StringVar(&o.since, "since", "", "with --format: only from this day or moment on (YYYY-MM-DD or RFC 3339)")
	f.StringVar(&o.until, "until", "", "with --format: only before this day or moment")
	f.StringVar(&o.out, "out", "", "with --format: file to write (default standard output)")
	f.BoolVar(&o.identified, "identified", false, "with --format: people, patients and addresses as the record has them")
}

// asked reports whether anything of it was asked for.
func (o *opened) asked(c *cobra.Command) bool {
	for _, name := range []string{"format", "since", "until", "out", "identified"} {
		if c.Flags().Changed(name) {
			return true
		}
	}
	return false
}

func (o *opened) write(c *cobra.Command, where *place) error {
	name, ok := exportFormats[o.format]
	if !ok {
		return misuse{"--format is one of jsonl, fhir, ocsf, ecs, cef", ""}
	}
	query := url.Values{"format": {name}}
	if o.identified {
		query.Set("identified", "true")
	}
	for _, bound := range [][3]string{{"since", "from", o.since}, {"until", "to", o.until}} {
		t, err := moment(bound[2])
		if err != nil {
			return misuse{"--" + bound[0] + " is a day such as 2026-11-21 or a moment in RFC 3339", ""}
		}
		if !t.IsZero() {
			query.Set(bound[1], t.Format(time.RFC3339))
		}
	}
	return managed(c, where, func(client *api.Client) error {
		copyTo := func(w io.Writer) (int, error) { return client.Export(c.Context(), query, w) }
		if o.out == "" {
			_, err := copyTo(c.OutOrStdout())
			return err
		}
		rows, err := writeWhole(o.out, copyTo)
		if err == nil {
			fmt.Fprintf(c.ErrOrStderr(), "%d rows of the record written to %s\n", rows, o.out)
		}
		return err
	})
}

// writeWhole writes a file that is there whole or not at all, and never in place
// of another.
func writeWhole(path string, write func(io.Writer) (int, error)) (n int, err error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, misuse{path + " is there already", "name another file"}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".chaperone-export-*") // made for its owner alone
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	n, err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return n, err
	}
	if err := os.Link(f.Name(), path); err != nil { // fails where a rename would replace
		return n, err
	}
	return n, os.Remove(f.Name())
}
