package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/phi"

	"github.com/spf13/cobra"
)

func deidDirCommand() *cobra.Command {
	var o deidOptions
	c := &cobra.Command{
		Use:   "dir IN OUT",
		Short: "Conceal what identifies in every file of a folder, into another folder",
		Long: "Conceal what identifies in every file below IN, into the same places below OUT; names of\n" +
			"files and folders count. The same person has the same placeholder in all files of a run.\n" +
			"A file that cannot be inspected is named and left out, the rest is done, and the exit\n" +
			"code is 1. Links are not followed.\n\n" +
			"What is done is listed in OUT.manifest.jsonl, beside OUT, so that the command can be\n" +
			"stopped and run again; files that were done and have not changed are passed over. The\n" +
			"list holds the names of your files: do not hand it on with OUT. A second run with --keep\n" +
			"goes on with the placeholders of the first, its Day 0 and how it shifted dates; without\n" +
			"--keep it knows nothing of them.\n\n" + keptHelp,
		Example: "  chaperone deid dir patients clean --keep\n" +
			"  chaperone deid dir letters restored --relink kept-mfrggzdfmztwq2lk",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return misuse{"two arguments are needed: the folder to read and the folder to write", "run '" + c.CommandPath() + " --help'"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if o.keeping.relink != "" {
				return o.dirBack(c, args[0], args[1])
			}
			return o.keeping.during(c, func() error { return o.dir(c, args[0], args[1]) })
		},
	}
	o.flags(c)
	o.seeing(c)
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object with the counts when all is done")
	return c
}

func (o *deidOptions) dir(c *cobra.Command, in, out string) error {
	in, out, err := apart(in, out)
	if err != nil {
		return err
	}
	done, err := openManifest(out + ".manifest.jsonl")
	if err != nil {
		return err
	}
	defer done.Close() //nolint:errcheck // each entry was written when it was added
	if err := o.keeping.goOn(done); err != nil {
		return err
	}
	hide, names, err := o.concealer(c)
	if err != nil {
		return ended(err, done)
	}
	done.profile, done.rules, done.read = o.treated, o.digest, o.readAs()
	how, err := o.reading(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return plainPathError(err)
	}
	removeDrafts(out)
	f := &folder{
		in: in, out: out, hide: hide, names: names, done: done, reads: how,
		found: newTally(o.told(c), ""), errors: c.ErrOrStderr(), progress: newProgress(c.ErrOrStderr()), paths: map[string]string{},
		seal: func() error {
			if err := o.keeping.seal(c, o.session); err != nil {
				return &halt{err}
			}
			if o.keeping.kept == nil {
				return nil
			}
			return done.keptAs(o.keeping.kept.Session)
		},
	}
	f.do = f.file
	if err := f.walk(c); err != nil {
		o.keeping.tell(c.ErrOrStderr())
		return err
	}
	return f.report(c, o)
}

// removeDrafts removes what a run that was killed left half done. All drafts lie in
// the folder to write itself.
func removeDrafts(out string) {
	left, _ := fs.Glob(os.DirFS(out), ".chaperone-*.part") // the pattern is a good one
	for _, name := range left {
		os.Remove(filepath.Join(out, name)) //nolint:errcheck // what cannot be removed is seen there
	}
}

// apart makes both paths absolute and refuses one within the other.
func apart(in, out string) (realIn, realOut string, err error) {
	realIn, err = filepath.EvalSymlinks(in)
	if err != nil {
		return "", "", plainPathError(err)
	}
	if info, err := os.Stat(realIn); err != nil || !info.IsDir() {
		return "", "", misuse{in + " is not a folder", "use 'chaperone deid file' for one file"}
	}
	if realIn, err = filepath.Abs(realIn); err != nil {
		return "", "", err
	}
	if realOut, err = filepath.Abs(out); err != nil {
		return "", "", err
	}
	// OUT may not be there yet: its nearest folder that is decides.
	for at, rest := realOut, ""; ; at, rest = filepath.Dir(at), filepath.Join(filepath.Base(at), rest) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			realOut = filepath.Join(real, rest)
			break
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if within(realOut, realIn) || within(realIn, realOut) {
		return "", "", misuse{"one of the folders is within the other", "choose a folder to write outside the one to read"}
	}
	return realIn, realOut, nil
}

func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// folder is one run over a folder.
type folder struct {
	in, out  string
	hide     *format.Concealer
	names    *deid.Veil // conceals names of files and folders
	paths    map[string]string
	done     *manifest
	reads    reading
	found    *tally
	errors   io.Writer
	progress *progress
	do       func(path, rel string) error // does one file
	seal     func() error                 // keeps what the placeholders so far stand for, if they are to be kept

	files, passed, failed int
}

func (f *folder) walk(c *cobra.Command) error {
	defer f.progress.clear()
	return filepath.WalkDir(f.in, func(path string, e fs.DirEntry, err error) error {
		if c.Context().Err() != nil {
			return errInterruptedFolder
		}
		rel, relErr := filepath.Rel(f.in, path)
		switch {
		case relErr != nil:
			return relErr
		case err != nil:
			f.fail(rel, plainPathError(err))
			return nil
		case e.IsDir():
			return nil
		case !e.Type().IsRegular():
			f.fail(rel, errors.New("it is a link or another special file, and was not followed"))
			return nil
		}
		if err := f.do(path, rel); err != nil && c.Context().Err() != nil {
			return errInterruptedFolder
		} else if err != nil {
			if stop := (*halt)(nil); errors.As(err, &stop) {
				return stop.error
			}
			f.fail(rel, err)
		}
		return nil
	})
}

var errInterruptedFolder = exit{exitFailed, "it was interrupted; what is done is done", "run it again to go on"}

// halt is an error that no other file would be without: it ends the run.
type halt struct{ error }

// fail says in one line what is wrong with a file.
func (f *folder) fail(rel string, err error) {
	f.failed++
	f.progress.clear()
	what := err.Error()
	var closed *format.Uninspectable
	if errors.As(err, &closed) {
		what += ", so it was left out; " + nextStep(closed)
	}
	fmt.Fprintf(f.errors, "chaperone: error: %s: %s\n", printable(rel), what)
}

// file does one file.
func (f *folder) file(path, rel string) error {
	in, _, err := f.reads.open(path)
	if err != nil {
		return err
	}
	in.Close()
	digest, err := digestOf(path)
	if err != nil {
		return plainPathError(err)
	}
	if f.done.has(rel, digest, f.out) {
		f.passed++
		return nil
	}
	f.progress.show(f.files+f.passed+f.failed+1, rel)
	found := newTally(f.found.places, rel)
	draft, lost, err := concealFile(f.hide, path, f.reads, f.out, found)
	if err != nil {
		return plainPathError(err)
	}
	defer os.Remove(draft) //nolint:errcheck // it is gone if it became the output
	if after, err := digestOf(path); err != nil || after != digest {
		return errors.New("it changed while it was read, so it was left out; run the command again")
	}
	written, err := digestOf(draft)
	if err != nil {
		return err
	}
	// What its text says is known by now, and its name may say it again.
	to, err := f.place(rel)
	if err != nil {
		return err
	}
	target := filepath.Join(f.out, to)
	if err := f.seal(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	if err := os.Rename(draft, target); err != nil {
		return err
	}
	f.files++
	f.progress.clear()
	lost.tell(f.errors, rel)
	for k, n := range found.counts {
		f.found.counts[k] += n
	}
	return f.done.add(entry{In: rel, Out: to, Digest: digest, Written: written})
}

// place is where a file goes: its own path with what identifies concealed.
func (f *folder) place(rel string) (string, error) {
	if to := f.done.placeOf(rel); to != "" {
		return to, nil
	}
	parts := strings.Split(rel, string(filepath.Separator))
	for i, p := range parts {
		ext := ""
		if i == len(parts)-1 {
			ext = format.Extension(p)
		}
		stem := strings.TrimSuffix(p, ext)
		parts[i] = f.hideName(stem) + ext
	}
	if err := f.names.Err(); err != nil {
		return "", err
	}
	to := filepath.Join(parts...)
	if other, taken := f.paths[to]; taken && other != rel {
		return "", errors.New("another file has the same name after concealment; rename it")
	}
	f.paths[to] = rel
	if _, err := os.Lstat(filepath.Join(f.out, to)); err == nil {
		return "", errors.New("its place in the folder to write is taken by a file this command did not write; remove it")
	}
	return to, nil
}

// spaced reads marks that stand for blanks in names of files as blanks.
var spaced = strings.NewReplacer("_", " ", "+", " ")

// hideName conceals the name of a file or folder. Marks that stand for blanks
// in names are read as blanks, and stay what they are.
func (f *folder) hideName(name string) string {
	var b strings.Builder
	from := 0
	for _, r := range f.names.Replacements(spaced.Replace(name), deid.Where{}) {
		b.WriteString(name[from:r.Start])
		if piece := name[r.Start:r.End]; strings.ContainsAny(piece, "_+") {
			b.WriteString(f.hidePieces(r.Kind, piece))
		} else {
			b.WriteString(untold(r))
		}
		from = r.End
	}
	b.WriteString(name[from:])
	return b.String()
}

// hidePieces conceals what stands between the marks each by itself, so that the
// name comes back with its marks.
func (f *folder) hidePieces(kind phi.Kind, text string) string {
	var b strings.Builder
	for text != "" {
		end := strings.IndexAny(text, "_+")
		if end < 0 {
			end = len(text)
		}
		for _, r := range f.names.Replacements(text[:end], f.names.ReadAs(kind, text[:end])) {
			b.WriteString(untold(r))
		}
		if end < len(text) {
			b.WriteByte(text[end])
			end++
		}
		text = text[end:]
	}
	return b.String()
}

// untold is a replacement without what is told beside a date, which is for
// readers.
func untold(r deid.Replacement) string {
	if r.Kind == phi.Date {
		text, _, _ := strings.Cut(r.Text, " (")
		return text
	}
	return r.Text
}

func (f *folder) report(c *cobra.Command, o *deidOptions) error {
	if o.report {
		f.found.print(c.ErrOrStderr())
	}
	if o.json {
		counts := map[string]any{"done": f.files, "unchanged": f.passed, "failed": f.failed, "findings": f.found.words()}
		if o.keeping.kept != nil {
			counts["kept"] = o.keeping.kept
		}
		if err := json.NewEncoder(c.OutOrStdout()).Encode(counts); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d file(s) done, %d unchanged since the last run, %d left out; %d place(s) concealed\n", f.files, f.passed, f.failed, f.found.total())
		o.keeping.tell(c.ErrOrStderr())
	}
	return f.left()
}

// left is the error for files that were left out.
func (f *folder) left() error {
	if f.failed > 0 {
		return exit{exitFailed, fmt.Sprintf("%d file(s) were left out", f.failed), "see the lines above; run it again when they are mended"}
	}
	return nil
}
