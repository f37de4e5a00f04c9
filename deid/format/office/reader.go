package office

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
)

// reader reads the parts of an archive into a file.
type reader struct {
	f          *File
	limits     Limits
	budget     *int64
	depth      int
	root       part // stands for the archive itself, as what its relationships belong to
	overrides  map[*part]override
	tables     int
	sheetNames int
	book       *book
	drops      map[string]int
}

// maxNesting bounds how deep documents may stand within documents.
const maxNesting = 3

func (r *reader) read() error {
	r.drops = map[string]int{}
	p := r.f.parcel
	if types := p.named["[content_types].xml"]; types != nil {
		return r.openXML(types)
	}
	if kind := p.named["mimetype"]; kind != nil {
		return r.openDocument(kind)
	}
	return refused("unpack it, and use 'chaperone deid dir'", "an archive that is no office document")
}

// openXML reads an Office Open XML document.
func (r *reader) openXML(types *part) error {
	if err := r.media(types); err != nil {
		return err
	}
	if err := r.relations(); err != nil {
		return err
	}
	if r.f.kind = r.kindOf(); r.f.kind == 0 {
		return refused("", "an archive that is no document, spreadsheet or presentation")
	}
	var xml []*part
	for _, p := range r.f.parcel.parts {
		if p == types || p.gone || strings.HasSuffix(p.name, ".rels") {
			continue
		}
		fate, err := r.fate(p)
		if err != nil {
			return err
		}
		if fate == isXML {
			xml = append(xml, p)
		}
		r.rename(p)
	}
	if err := r.refusals(); err != nil {
		return err
	}
	for _, p := range r.f.parcel.parts {
		if dir, file := path.Split(p.name); strings.HasSuffix(dir, "_rels/") {
			owner := r.f.parcel.named[strings.ToLower(strings.TrimSuffix(dir, "_rels/")+strings.TrimSuffix(file, ".rels"))]
			if owner != nil && owner.gone {
				p.gone = true
			} else if owner != nil && owner.to != "" {
				p.to = path.Join(path.Dir(owner.to), "_rels", path.Base(owner.to)+".rels")
			}
		}
	}
	if r.f.kind == Sheet {
		if err := r.readBook(); err != nil {
			return err
		}
	}
	for _, p := range xml {
		if err := r.readPart(p); err != nil {
			return err
		}
	}
	r.bookEnds()
	return r.mend(types)
}

// kindOf is the kind of the part that the archive's own relationships lead to.
func (r *reader) kindOf() Kind {
	for _, l := range r.root.links {
		if l.kind != "officeDocument" || l.to == nil {
			continue
		}
		switch m := l.to.media; {
		case strings.Contains(m, "wordprocessingml"), strings.Contains(m, "ms-word"):
			return Word
		case strings.Contains(m, "spreadsheetml"), strings.Contains(m, "ms-excel") && !strings.Contains(m, "binary"):
			return Sheet
		case strings.Contains(m, "presentationml"), strings.Contains(m, "ms-powerpoint"):
			return Slides
		}
	}
	return 0
}

type fate uint8

const (
	dropped fate = iota
	isXML
	settled // as a picture or a document within
)

// droppedParts are parts that go without loss of what a page shows, by a word in
// their names, with what to call them.
var droppedParts = []struct{ in, what string }{
	{"docprops/thumbnail", "a preview"},
	{"vbaproject", "macros"},
	{"vbadata", "macros"},
	{"_xmlsignatures/", "signatures"},
	{"/printersettings", "printer settings"},
	{"xl/calcchain.xml", "the order of recalculation"},
	{"xl/pivotcache/", "pivot tables (their cells stay)"},
	{"xl/pivottables/", "pivot tables (their cells stay)"},
	{".odttf", "embedded fonts"},
	{".fntdata", "embedded fonts"},
	{"[trash]/", "remains of deleted parts"},
	{"thumbnails/", "a preview"},
	{"configurations2/", "settings of the program's windows"},
	{"layout-cache", "a cache of the layout"},
	{"manifest.rdf", "a list of statements about the parts"},
}

// fate decides what becomes of a part.
func (r *reader) fate(p *part) (fate, error) {
	low := strings.ToLower(p.name)
	for _, d := range droppedParts {
		if strings.Contains(low, d.in) {
			p.gone = true
			r.note(d.what)
			return dropped, nil
		}
	}
	switch ext := strings.TrimPrefix(path.Ext(low), "."); {
	case strings.Contains(low, "xl/slicer"):
		return 0, refused("remove the slicers, and try again", "a spreadsheet with slicers")
	case strings.HasPrefix(p.media, "image/"), pictures[ext]:
		return settled, r.picture(p, ext)
	case bytes.HasPrefix(p.raw, []byte("PK\x03\x04")), bytes.HasPrefix(p.raw, []byte(`{\rtf`)):
		return settled, r.within(p)
	case looksLikeXML(p.raw) && ext != "html" && ext != "htm" && ext != "mht":
		return isXML, nil
	case len(p.raw) == 0:
		p.gone = true
		return dropped, nil
	case strings.HasPrefix(p.media, "audio/"), strings.HasPrefix(p.media, "video/"):
		r.drops["films and sounds"]++
	case strings.Contains(low, "activex"):
		r.drops["controls"]++
	case strings.Contains(low, "embeddings/"):
		r.drops["embedded objects"]++
	default:
		r.drops["parts of an unknown kind"]++
	}
	return settled, nil
}

// refusals says all at once what a document holds that cannot be looked into.
func (r *reader) refusals() error {
	var list []string
	only := true
	for _, what := range []string{"pictures", "pictures in a rare format", "films and sounds", "controls", "embedded objects", "parts of an unknown kind"} {
		if n := r.drops[what]; n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, what))
			only = only && what == "pictures"
		}
	}
	if len(list) == 0 {
		return nil
	}
	hint := "remove them from the document, and try again"
	if only {
		hint = "look at the pictures; with --images blank they become empty"
	}
	return refused(hint, "a document with %s", strings.Join(list, ", "))
}

// note notes what is left out, once.
func (r *reader) note(what string) {
	for _, n := range r.f.notes {
		if n == what {
			return
		}
	}
	r.f.notes = append(r.f.notes, what)
}

func looksLikeXML(raw []byte) bool {
	if bytes.HasPrefix(raw, []byte("\xFF\xFE<\x00")) || bytes.HasPrefix(raw, []byte("\xFE\xFF\x00<")) {
		return true
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("<"))
}

// within reads a document within the document.
func (r *reader) within(p *part) error {
	if r.depth >= maxNesting {
		return refused("", "a document that holds documents within documents within documents")
	}
	inner := &File{}
	sub := &reader{f: inner, limits: r.limits, budget: r.budget, depth: r.depth + 1}
	if isRTF(p.raw) {
		return refused("remove it, and try again", "a document that holds a rich text document")
	}
	var err error
	if inner.parcel, err = open(p.raw, r.limits, r.budget); err != nil {
		return located(p, err)
	}
	if err = sub.read(); err != nil {
		return located(p, err)
	}
	p.inner = inner.parcel
	for i, t := range inner.texts {
		t.Path = "embedded document " + decimal(p.at) + ", " + t.Path
		if t.Cell != nil {
			cell := *t.Cell
			cell.Table += 1 << 20 * p.at
			t.Cell = &cell
		}
		r.f.add(t, inner.places[i])
	}
	for _, n := range inner.notes {
		r.note(n)
	}
	return nil
}

// readPart reads one part of XML by what it is.
func (r *reader) readPart(p *part) error {
	if r.book != nil {
		if s := r.book.sheetOf(p); s != nil {
			return r.walk(p, false, s)
		}
		if p == r.book.strings {
			return nil // read before, and listed cell by cell
		}
	}
	return r.walk(p, r.foreign(p), nil)
}

// foreign reports whether a part is data of somebody's own, not of the format.
func (r *reader) foreign(p *part) bool {
	low := strings.ToLower(p.name)
	switch {
	case strings.HasPrefix(low, "customxml/item") && !strings.HasPrefix(low, "customxml/itemprops"):
		return true
	case strings.HasPrefix(low, "word/"), strings.HasPrefix(low, "xl/"), strings.HasPrefix(low, "ppt/"), strings.HasPrefix(low, "docprops/"), strings.HasPrefix(low, "customxml/itemprops"):
		return false
	}
	return !strings.Contains(p.media, "openxmlformats") && !strings.Contains(p.media, "ms-office")
}

// located puts the part to an error of it.
func located(p *part, err error) error {
	var f *Fault
	if !errors.As(err, &f) {
		return err
	}
	where := "part " + decimal(p.at)
	if f.Where != "" {
		where += ", " + f.Where
	}
	return &Fault{Where: where, What: f.What}
}
