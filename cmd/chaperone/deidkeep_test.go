package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/phi"

	"github.com/spf13/cobra"
)

// A run whose placeholders can no longer be kept ends there: a file that nobody
// could restore is not written.
func TestARunThatCannotKeepWritesNothing(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	for _, name := range []string{"a.txt", "b.txt"} {
		if err := os.WriteFile(filepath.Join(in, name), []byte("Mr. Josef Quuxley came."), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &cobra.Command{}
	c.SetContext(t.Context())
	var o deidOptions
	hide, names, err := o.concealer(c)
	if err != nil {
		t.Fatal(err)
	}
	done, err := openManifest(filepath.Join(t.TempDir(), "list"))
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	broken, asked := errors.New("the vault is gone"), 0
	f := &folder{
		in: in, out: out, hide: hide, names: names, done: done, found: newTally(nil, ""), errors: &bytes.Buffer{}, progress: &progress{}, paths: map[string]string{},
		seal: func() error { asked++; return &halt{broken} },
	}
	f.do = f.file
	if err := f.walk(c); !errors.Is(err, broken) || asked != 1 {
		t.Errorf("the run ended with %v after %d files", err, asked)
	}
	if files := left(t, out); len(files) > 0 {
		t.Errorf("%v were written", files)
	}
}

// A name is restored where it stands: what a placeholder stands for leads
// nowhere else.
func TestARestoredNameStaysInItsFolder(t *testing.T) {
	known := []phi.Surrogate{
		{Placeholder: "NAME-7K2QAX", Kind: phi.Name, Value: phi.Seal("../../etc/passwd")},
		{Placeholder: "DATE-7K2QAX", Kind: phi.Date, Value: phi.Seal("03/15/2024")},
		{Placeholder: "RECORD-7K2QAX", Kind: phi.Record, Value: phi.Seal("..")},
	}
	in, out := t.TempDir(), filepath.Join(t.TempDir(), "deep", "out")
	for _, name := range []string{"NAME-7K2QAX", "DATE-7K2QAX.txt", filepath.Join("RECORD-7K2QAX", "up.txt")} {
		path := filepath.Join(in, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("seen DATE-7K2QAX"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &cobra.Command{}
	c.SetContext(t.Context())
	var said bytes.Buffer
	b := &folderBack{
		by: deid.NewRevealer(deid.NewSession(known, nil)), written: map[string]bool{},
		folder: folder{in: in, out: out, reads: reading{format: "text"}, errors: &said, progress: &progress{}},
	}
	b.do = b.back
	if err := b.walk(c); err != nil {
		t.Fatal(err)
	}
	if b.files != 2 || b.failed != 1 || !strings.Contains(said.String(), "its name cannot be restored") {
		t.Errorf("%d done, %d failed: %s", b.files, b.failed, said.String())
	}
	for _, name := range []string{"..-..-etc-passwd", "03-15-2024.txt"} {
		if text, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(text) != "seen 03/15/2024" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if files := left(t, filepath.Dir(filepath.Dir(out))); len(files) != 2 {
		t.Errorf("there are %v", files)
	}
}
