package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"chaperone/deid/format"

	"github.com/spf13/cobra"
)

func deidFileCommand() *cobra.Command {
	var (
		o   deidOptions
		out string
	)
	c := &cobra.Command{
		Use:   "file IN",
		Short: "Conceal what identifies in one file, in the same format",
		Long: "Conceal what identifies in one file. What comes out has the same format and is still\n" +
			"valid: FHIR, HL7 v2, C-CDA, X12, tables, mail and plainer forms are read field by field.\n" +
			"Fields that must hold a date keep its year. Nothing is written unless all of it is done.",
		Args: oneArgument("the file"),
		RunE: func(c *cobra.Command, args []string) error { return o.file(c, args[0], out) },
	}
	o.flags(c)
	c.Flags().StringVarP(&out, "out", "o", "", "where to write (default standard output); an existing file is not replaced")
	c.Flags().BoolVar(&o.json, "json", false, "print the report as one JSON object to standard error")
	return c
}

func (o *deidOptions) file(c *cobra.Command, in, out string) error {
	hide, _, err := o.concealer()
	if err != nil {
		return err
	}
	if out != "" {
		if _, err := os.Lstat(out); err == nil {
			return exit{exitFailed, out + " is there already, so nothing was written", "name another file, or remove it"}
		}
	}
	found := newTally(o.told(c), in)
	dir := os.TempDir()
	if out != "" {
		dir = filepath.Dir(out)
	}
	draft, err := concealFile(hide, in, o.format.name, dir, found)
	if err != nil {
		return inspectable(err)
	}
	defer os.Remove(draft) //nolint:errcheck // it is gone if it became the output
	if out != "" {
		err = os.Rename(draft, out)
	} else {
		err = pour(c.OutOrStdout(), draft)
	}
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(c.ErrOrStderr()).Encode(map[string]any{"findings": found.words()})
	}
	if o.report {
		found.print(c.ErrOrStderr())
	}
	return nil
}

// concealFile conceals a file into a draft in dir and returns the draft's path.
// After an error there is no draft.
func concealFile(hide *format.Concealer, path string, name format.Name, dir string, found *tally) (draft string, err error) {
	in, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	r, err := format.NewReader(in, filepath.Base(path), name)
	if err != nil {
		return "", err
	}
	out, err := os.CreateTemp(dir, ".chaperone-*.part")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name()) //nolint:errcheck // the first error is the one to tell
		}
	}()
	if err := hide.Copy(out, r, found.add); err != nil {
		return "", err
	}
	if err := out.Sync(); err != nil {
		return "", err
	}
	return out.Name(), out.Close()
}

// openRegular opens a file, and refuses whatever else has a path: a folder, a
// link, a pipe that would be waited for.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainPathError(err)
	}
	if !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: use 'chaperone deid dir'", path)
		}
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, plainPathError(err)
	}
	return f, nil
}

// plainPathError says what is wrong with a path without the call's name.
func plainPathError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

func pour(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}
