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
	"strings"

	"chaperone/deid"
	"chaperone/deid/format"

	"github.com/spf13/cobra"
)

// textBack restores a text and prints it, with end if it has no end of line.
func (o *deidOptions) textBack(c *cobra.Command, in io.Reader, end string) error {
	by, err := o.keeping.restorer(c)
	if err != nil {
		return err
	}
	r, err := format.NewReader(in, "", o.format.name)
	if err != nil {
		return inspectable(err)
	}
	var out bytes.Buffer
	if err := format.CopyRevealed(&out, r, by); err != nil {
		return inspectable(err)
	}
	did := o.keeping.restored(by)
	if err := did.foreign(); err != nil {
		return err
	}
	if o.json {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetEscapeHTML(false)
		return enc.Encode(struct {
			Text string `json:"text"`
			restored
		}{out.String(), did})
	}
	did.tell(c.ErrOrStderr())
	return printText(c, out.Bytes(), end)
}

// fileBack restores a file.
func (o *deidOptions) fileBack(c *cobra.Command, in, out string) error {
	if err := free(out); err != nil {
		return err
	}
	by, err := o.keeping.restorer(c, "out")
	if err != nil {
		return err
	}
	o.images.Pictures = format.KeepPictures
	how, err := o.reading(c)
	if err != nil {
		return err
	}
	draft, lost, err := draftOf(in, how, draftFolder(out), func(w io.Writer, r *format.Reader) error { return format.CopyRevealed(w, r, by) })
	if err != nil {
		return inspectable(err)
	}
	defer os.Remove(draft) //nolint:errcheck // it is gone if it became the output
	did := o.keeping.restored(by)
	if err := did.foreign(); err != nil {
		return err
	}
	if err := hand(c, draft, out); err != nil {
		return err
	}
	lost.tell(c.ErrOrStderr(), in)
	if o.json {
		return json.NewEncoder(c.ErrOrStderr()).Encode(did)
	}
	did.tell(c.ErrOrStderr())
	return nil
}

// dirBack restores every file of a folder, and the names of files and folders.
func (o *deidOptions) dirBack(c *cobra.Command, in, out string) error {
	in, out, err := apart(in, out)
	if err != nil {
		return err
	}
	by, err := o.keeping.restorer(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return plainPathError(err)
	}
	o.images.Pictures = format.KeepPictures
	how, err := o.reading(c)
	if err != nil {
		return err
	}
	b := &folderBack{
		by: by, written: map[string]bool{},
		folder: folder{in: in, out: out, reads: how, errors: c.ErrOrStderr(), progress: newProgress(c.ErrOrStderr())},
	}
	b.do = b.back
	if err := b.walk(c); err != nil {
		return err
	}
	return b.report(c, o)
}

// folderBack is one run that restores a folder.
type folderBack struct {
	folder
	by      *deid.Revealer
	written map[string]bool
}

// back restores one file. One that is there already is never replaced.
func (b *folderBack) back(path, rel string) error {
	b.progress.show(b.files+b.passed+b.failed+1, rel)
	restored, unknown := b.by.Restored(), b.by.Unknown()
	to := b.nameOf(rel)
	target := filepath.Join(b.out, to)
	if !filepath.IsLocal(to) || b.written[to] {
		return errors.New("its name cannot be restored, or another file has it; rename it")
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return errors.New("its folder cannot be made where it is to be written")
	}
	draft, lost, err := draftOf(path, b.reads, filepath.Dir(target), func(w io.Writer, r *format.Reader) error { return format.CopyRevealed(w, r, b.by) })
	if err != nil {
		return plainPathError(err)
	}
	defer os.Remove(draft) //nolint:errcheck // it is gone if it became the output
	if n := b.by.Unknown() - unknown; n > 0 && b.by.Restored() == restored {
		return fmt.Errorf("none of its %d placeholder(s) is of this session", n)
	}
	b.written[to] = true
	switch same, err := sameAs(draft, target); {
	case err == nil && same:
		b.passed++
		return nil
	case err == nil:
		return errors.New("its place in the folder to write is taken by another file; remove it")
	case !errors.Is(err, fs.ErrNotExist):
		return errors.New("its place in the folder to write cannot be read")
	}
	if err := os.Rename(draft, target); err != nil {
		return errors.New("it cannot be written in its place")
	}
	b.files++
	b.progress.clear()
	lost.tell(b.errors, rel)
	return nil
}

// nameOf is a path with what its placeholders stand for. What they stand for
// makes no folder of its own.
func (b *folderBack) nameOf(rel string) string {
	parts := strings.Split(rel, string(filepath.Separator))
	for i, p := range parts {
		if name := b.by.Reveal(p); name != p {
			parts[i] = strings.NewReplacer("/", "-", string(filepath.Separator), "-", "\x00", "").Replace(name)
		}
	}
	return strings.Join(parts, string(filepath.Separator))
}

// sameAs reports whether two files hold the same.
func sameAs(a, b string) (bool, error) {
	there, err := digestOf(b)
	if err != nil {
		return false, err
	}
	mine, err := digestOf(a)
	return mine == there, err
}

func (b *folderBack) report(c *cobra.Command, o *deidOptions) error {
	did := o.keeping.restored(b.by)
	if o.json {
		if err := json.NewEncoder(c.OutOrStdout()).Encode(struct {
			restored
			Done      int `json:"done"`
			Unchanged int `json:"unchanged"`
			Failed    int `json:"failed"`
		}{did, b.files, b.passed, b.failed}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d file(s) restored, %d there already, %d left out; %d placeholder(s) restored\n", b.files, b.passed, b.failed, did.Restored)
		did.tell(c.ErrOrStderr())
	}
	return b.left()
}
