package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/internal/ocr"

	"github.com/spf13/cobra"
)

func deidFileCommand() *cobra.Command {
	var (
		o     deidOptions
		out   string
		check bool
	)
	c := &cobra.Command{
		Use:   "file IN",
		Short: "Conceal what identifies in one file, in the same format",
		Long: "Conceal what identifies in one file. What comes out has the same format and is still\n" +
			"valid: FHIR, HL7 v2, C-CDA, X12, tables, mail and plainer forms are read field by field,\n" +
			"office documents and PDFs text by text, hidden ones included. Fields that must hold a date keep\n" +
			"its year, or what the profile leaves of it. Nothing is written unless all of it is done.\n\n" +
			"With --check nothing is written: every place that identifies is told, by row and column\n" +
			"in tables, and the exit code is 1 if there is one.\n\n" +
			"A file named - is standard input or output; name its --format unless it shows itself.\n\n" + keptHelp,
		Example: "  chaperone deid file patients.csv --keep -o clean.csv\n" +
			"  chaperone deid file letters.csv --relink kept-mfrggzdfmztwq2lk -o restored.csv",
		Args: oneArgument("the file"),
		RunE: func(c *cobra.Command, args []string) error {
			if out == "-" {
				out = ""
			}
			switch {
			case check && (out != "" || o.keeping.keep || o.keeping.session != "" || o.keeping.relink != ""):
				return misuse{"--check writes nothing, so it takes no --out, --keep, --session or --relink", "leave one of them away"}
			case o.keeping.relink != "":
				return o.fileBack(c, args[0], out)
			}
			return o.keeping.during(c, func() error {
				if check {
					return o.check(c, args[0])
				}
				return o.file(c, args[0], out)
			})
		},
	}
	o.flags(c)
	c.Flags().StringVarP(&out, "out", "o", "", "`file` to write (default standard output); an existing file is not replaced")
	o.seeing(c)
	c.Flags().BoolVar(&check, "check", false, "write nothing, tell every place that identifies, and exit with 1 if there is one")
	c.Flags().BoolVar(&o.json, "json", false, "print counts and places as one JSON object to standard error; with --check, to standard output")
	return c
}

func (o *deidOptions) file(c *cobra.Command, in, out string) error {
	hide, _, err := o.concealer(c)
	if err != nil {
		return err
	}
	if err := free(out); err != nil {
		return err
	}
	found := newTally(o.told(c), in)
	how, err := o.reading(c)
	if err != nil {
		return err
	}
	draft, lost, err := concealFile(hide, in, how, draftFolder(out), found)
	if err != nil {
		return inspectable(err)
	}
	defer os.Remove(draft) //nolint:errcheck // it is gone if it became the output
	if err := o.keeping.seal(c, o.session); err != nil {
		return err
	}
	if err := hand(c, draft, out); err != nil {
		return err
	}
	lost.tell(c.ErrOrStderr(), in)
	if found.kept = o.keeping.kept; o.json {
		return found.json(c.ErrOrStderr())
	}
	o.keeping.tell(c.ErrOrStderr())
	if o.report {
		found.print(c.ErrOrStderr())
	}
	return nil
}

// free refuses a place to write that is taken; "" is standard output.
func free(out string) error {
	if out == "" {
		return nil
	}
	if _, err := os.Lstat(out); err == nil {
		return exit{exitFailed, out + " is there already, so nothing was written", "name another file, or remove it"}
	}
	return nil
}

// draftFolder is where a draft of out is written, so that it can become out in
// one step.
func draftFolder(out string) string {
	if out == "" {
		return os.TempDir()
	}
	return filepath.Dir(out)
}

// hand makes a draft the output.
func hand(c *cobra.Command, draft, out string) error {
	if out == "" {
		return pour(c.OutOrStdout(), draft)
	}
	return os.Rename(draft, out)
}

// reading is how files are read.
type reading struct {
	format   format.Name // empty: as it is found
	pictures format.Pictures
	ocr      *ocr.Tesseract // nil: nothing reads pictures
	stdin    io.Reader      // what - names; nil: nothing
	broken   <-chan struct{}
}

// open opens a file to be read in pieces. What is refused by its kind or size is
// refused here, before any more of it is read.
func (r reading) open(path string) (io.ReadCloser, *format.Reader, error) {
	if path == "-" && r.stdin != nil {
		doc, err := format.NewReader(r.stdin, "", r.format)
		if err == nil {
			doc.Pictures(r.pictures)
		}
		return io.NopCloser(r.stdin), doc, err
	}
	in, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	doc, err := format.NewReader(breakable{r.broken, in}, filepath.Base(path), r.format)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	if info, err := in.Stat(); err == nil && doc.Whole() && info.Size() > format.MaxDocument {
		in.Close()
		return nil, nil, fmt.Errorf("it is longer than %d MB, which is too long for its format", format.MaxDocument>>20)
	}
	doc.Pictures(r.pictures)
	if r.ocr != nil {
		doc.OCR(r.ocr)
	}
	return in, doc, nil
}

// losses are what is to be told of a document beside what was concealed in it.
type losses struct {
	notes      []string
	recognised bool // by OCR
}

func (l losses) tell(w io.Writer, name string) {
	if len(l.notes) > 0 {
		fmt.Fprintf(w, "chaperone: note: %s: left out: %s\n", printable(name), strings.Join(l.notes, ", "))
	}
	if l.recognised {
		tellRecognised(w, name)
	}
}

// check tells every place of a file that identifies.
func (o *deidOptions) check(c *cobra.Command, path string) error {
	hide, names, err := o.concealer(c)
	if err != nil {
		return err
	}
	how, err := o.reading(c)
	if err != nil {
		return err
	}
	in, doc, err := how.open(path)
	if err != nil {
		return unchecked(err)
	}
	defer in.Close()
	told := c.OutOrStdout()
	if o.json {
		told = nil
	}
	found := newTally(told, path)
	if err := hide.Copy(io.Discard, doc, found.add); err != nil {
		return unchecked(err)
	}
	stem := strings.TrimSuffix(filepath.Base(path), format.Extension(path))
	for _, r := range names.Replacements(spaced.Replace(stem), deid.Where{}) {
		found.add(format.Place{Path: "the file's name", Line: 1, Kind: r.Kind})
	}
	if err := names.Err(); err != nil {
		return err
	}
	if o.json {
		if err := found.json(c.OutOrStdout()); err != nil {
			return err
		}
	}
	if o.report {
		found.print(c.ErrOrStderr())
	}
	if doc.Recognised() {
		tellRecognised(c.ErrOrStderr(), path)
	}
	if n := found.total(); n > 0 {
		return exit{exitFailed, fmt.Sprintf("%d place(s) identify", n), "'chaperone deid file' conceals them"}
	}
	return nil
}

// unchecked puts the next step to an error of a check.
func unchecked(err error) error {
	var closed *format.Uninspectable
	if errors.As(err, &closed) {
		return exit{exitFailed, err.Error() + ", so nobody can say what it holds", nextStep(closed)}
	}
	return err
}

// concealFile is draftOf for what is to be concealed.
func concealFile(hide *format.Concealer, path string, how reading, dir string, found *tally) (draft string, lost losses, err error) {
	return draftOf(path, how, dir, func(w io.Writer, r *format.Reader) error { return hide.Copy(w, r, found.add) })
}

// draftOf writes what becomes of a file into a draft in dir, that its owner
// alone can read, and returns the draft's path and what it lost beside. After an
// error there is no draft.
func draftOf(path string, how reading, dir string, become func(io.Writer, *format.Reader) error) (draft string, lost losses, err error) {
	in, r, err := how.open(path)
	if err != nil {
		return "", losses{}, err
	}
	defer in.Close()
	out, err := os.CreateTemp(dir, ".chaperone-*.part")
	if err != nil {
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			err = cause.Err
		}
		return "", losses{}, fmt.Errorf("nothing can be written in %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name()) //nolint:errcheck // the first error is the one to tell
		}
	}()
	if err := become(out, r); err != nil {
		return "", losses{}, err
	}
	if err := out.Sync(); err != nil {
		return "", losses{}, err
	}
	return out.Name(), losses{r.Notes(), r.Recognised()}, out.Close()
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

// pour writes a draft out. Its name goes first: should the reader of a pipe leave
// and end this process, nothing stays on the disk.
func pour(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Remove(path); err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}
