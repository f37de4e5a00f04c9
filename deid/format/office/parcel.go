package office

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"chaperone/deid/format/image"
)

// parcel is an archive with its parts. It is always written anew, so that
// nothing between, before or after the parts comes along.
type parcel struct {
	parts []*part
	named map[string]*part // by lower-case name
}

// part is one file of an archive.
type part struct {
	name  string
	at    int         // its number, from 1
	raw   []byte      // XML: in UTF-8
	media string      // its content type
	gone  bool        // it is not written
	blank []byte      // it is written with this instead
	seen  *image.File // a picture whose words were read
	inner *parcel
	to    string // the name it is written under, if another
	rich  bool   // RTF, not XML
	fixed []change
	links []link // from its relationships
}

// change replaces bytes of a part. Those with start == end insert.
type change struct {
	start, end int
	text       string
}

// draft gathers the changes of one rewriting.
type draft struct {
	parts  map[*part][]change
	shared map[*sharedTexts]map[int]map[*sharedCell][]Edit
	paint  map[*part]map[int][]image.Edit // by the text of the picture
}

func newDraft() *draft {
	return &draft{parts: map[*part][]change{}, paint: map[*part]map[int][]image.Edit{}}
}

func (d *draft) change(p *part, start, end int, text string) {
	d.parts[p] = append(d.parts[p], change{start, end, text})
}

const (
	maxRatio = 1000    // an entry that unpacks to more than so many times its size
	minRatio = 1 << 20 // is a bomb, if it is larger than this
)

// open reads an archive.
func open(raw []byte, limits Limits, budget *int64) (*parcel, error) {
	if what := compound(raw); what != "" {
		return nil, refused("save it without a password, or in a format from 2007 or later, and try again", "%s", what)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, &Fault{What: "the archive is broken or not whole"}
	}
	if len(z.File) > limits.Parts {
		return nil, refused("", "an archive of more than %d files", limits.Parts)
	}
	p := &parcel{named: map[string]*part{}}
	for i, e := range z.File {
		if strings.HasSuffix(e.Name, "/") && e.UncompressedSize64 == 0 {
			continue
		}
		if !plainPath(e.Name) {
			return nil, &Fault{Where: fmt.Sprintf("part %d", i+1), What: "its name leads out of the archive or is not one"}
		}
		key := strings.ToLower(e.Name)
		if p.named[key] != nil {
			return nil, &Fault{Where: fmt.Sprintf("part %d", i+1), What: "another part has the same name"}
		}
		content, err := unpack(e, i+1, budget)
		if err != nil {
			return nil, err
		}
		one := &part{name: e.Name, at: i + 1, raw: content}
		p.parts, p.named[key] = append(p.parts, one), one
	}
	return p, nil
}

// unpack reads one entry, and never more than the budget.
func unpack(e *zip.File, n int, budget *int64) ([]byte, error) {
	where := fmt.Sprintf("part %d", n)
	switch {
	case e.Flags&1 != 0:
		return nil, refused("save it without a password, and try again", "an encrypted archive")
	case e.Method != zip.Store && e.Method != zip.Deflate:
		return nil, &Fault{Where: where, What: "it is packed in a way that is not read"}
	case e.UncompressedSize64 > minRatio && e.UncompressedSize64/maxRatio > e.CompressedSize64:
		return nil, refused("", "an archive that unpacks to more than %d times its size", maxRatio)
	case e.UncompressedSize64 > uint64(*budget):
		return nil, tooLarge()
	}
	in, err := e.Open()
	if err != nil {
		return nil, &Fault{Where: where, What: "the archive is broken"}
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, int64(e.UncompressedSize64)+1))
	if err != nil || uint64(len(content)) != e.UncompressedSize64 {
		return nil, &Fault{Where: where, What: "the archive is broken: the part cannot be unpacked as a whole"}
	}
	*budget -= int64(len(content))
	return content, nil
}

func tooLarge() error {
	return refused("split it, or save it as CSV or plain text", "an archive that unpacks to more than the limit")
}

// plainPath reports whether a name stays within the archive.
func plainPath(name string) bool {
	if name == "" || len(name) > 255 || strings.ContainsAny(name, "\\\x00:") || strings.HasPrefix(name, "/") {
		return false
	}
	return path.Clean(name) == name && name != ".." && !strings.HasPrefix(name, "../")
}

// compound names what a compound file is: encrypted, or of the binary formats;
// "" if raw is none.
func compound(raw []byte) string {
	if !bytes.HasPrefix(raw, []byte("\xD0\xCF\x11\xE0")) {
		return ""
	}
	wide := func(s string) bool {
		var b []byte
		for i := range len(s) {
			b = append(b, s[i], 0)
		}
		return bytes.Contains(raw, b)
	}
	switch {
	case wide("EncryptedPackage"):
		return "an encrypted office document"
	case wide("WordDocument"):
		return "a word processor document in the binary format from before 2007"
	case wide("Workbook"), wide("Book"):
		return "a spreadsheet in the binary format from before 2007"
	case wide("PowerPoint Document"):
		return "a presentation in the binary format from before 2007"
	}
	return "an office document in a binary format"
}

// write packs the parts that stay, with the changes of a draft.
func (p *parcel) write(d *draft) ([]byte, error) {
	d.settle()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	for _, one := range p.parts {
		if one.gone {
			continue
		}
		content, err := one.content(d)
		if err != nil {
			return nil, err
		}
		name := one.name
		if one.to != "" {
			name = one.to
		}
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if name == "mimetype" {
			h.Method = zip.Store // as OpenDocument demands
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, errors.New("office: the archive cannot be written")
		}
		if _, err := w.Write(content); err != nil {
			return nil, errors.New("office: the archive cannot be written")
		}
	}
	if err := z.Close(); err != nil {
		return nil, errors.New("office: the archive cannot be written")
	}
	return out.Bytes(), nil
}

// content is what is written of a part.
func (p *part) content(d *draft) ([]byte, error) {
	switch {
	case p.blank != nil:
		return p.blank, nil
	case p.inner != nil:
		return p.inner.write(d)
	case p.seen != nil:
		return p.seen.Rewrite(func(i int) []image.Edit { return d.paint[p][i] })
	}
	return splice(p.raw, append(slices.Clone(p.fixed), d.parts[p]...)), nil
}

// splice makes changes in bytes. Of changes within another the outer one counts.
func splice(raw []byte, changes []change) []byte {
	if len(changes) == 0 {
		return raw
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var out bytes.Buffer
	from := 0
	for _, c := range changes {
		if c.start < from || c.end < from {
			continue
		}
		out.Write(raw[from:c.start])
		out.WriteString(c.text)
		from = c.end
	}
	out.Write(raw[from:])
	return out.Bytes()
}
