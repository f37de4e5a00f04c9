package format_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"chaperone/deid"
	"chaperone/deid/format"
)

// thisYear is the year of every test.
const thisYear = 2026

var engine = sync.OnceValues(func() (*deid.Engine, error) { return deid.NewEngine() })

// steady is a source of bytes that look random and are always the same.
type steady struct {
	n    uint64
	left []byte
}

func (s *steady) Read(p []byte) (int, error) {
	for i := range p {
		if len(s.left) == 0 {
			s.n++
			sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, s.n))
			s.left = sum[:]
		}
		p[i], s.left = s.left[0], s.left[1:]
	}
	return len(p), nil
}

// desk is a session with what conceals and reveals under it.
type desk struct {
	t       testing.TB
	session *deid.Session
	hide    *format.Concealer
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	e, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	s := deid.NewSession(nil, &steady{})
	return &desk{t, s, format.NewConcealer(e, s, deid.SafeHarbor(), thisYear)}
}

// holdsPacked reports whether base64 in a document holds one that is always
// written anew: a PDF, rich text, an archive.
func holdsPacked(raw []byte) bool {
	for _, begins := range []string{"JVBERi0", "e1xydGY", "UEsDB"} {
		if bytes.Contains(raw, []byte(begins)) {
			return true
		}
	}
	return false
}

func (d *desk) parse(name format.Name, raw []byte) *format.Document {
	d.t.Helper()
	doc, err := format.Parse(name, raw)
	if err != nil {
		d.t.Fatalf("parse: %v", err)
	}
	return doc
}

// conceal parses, demands that nothing changes without edits, and conceals.
func (d *desk) conceal(name format.Name, raw []byte) []byte {
	d.t.Helper()
	doc := d.parse(name, raw)
	if same, err := doc.Rewrite(func(format.Locus) []format.Edit { return nil }); err != nil || !bytes.Equal(same, raw) && !holdsPacked(raw) {
		d.t.Fatal("the document changed although nothing was replaced")
	}
	out, err := d.hide.Conceal(doc, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func (d *desk) reveal(name format.Name, raw []byte) []byte {
	d.t.Helper()
	out, err := format.Reveal(d.parse(name, raw), deid.NewRevealer(d.session))
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// dataDir finds a folder of the development data, which is not part of the
// repository, or skips the test for all to see.
func dataDir(t testing.TB, folder string) string {
	t.Helper()
	dir := os.Getenv("CHAPERONE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	dir = filepath.Join(dir, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: no development data; set CHAPERONE_DATA to measure")
	}
	return dir
}

// eachFile calls f with every file below dir.
func eachFile(t testing.TB, dir string, f func(path string, raw []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f(path, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readAll goes through a reader to its end.
func readAll(r *format.Reader) ([]*format.Document, error) {
	var list []*format.Document
	for {
		d, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, d)
	}
}

func newConcealer(e *deid.Engine, random io.Reader) *format.Concealer {
	return format.NewConcealer(e, deid.NewSession(nil, random), deid.SafeHarbor(), thisYear)
}
