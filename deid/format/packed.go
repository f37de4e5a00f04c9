package format

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"chaperone/deid/format/dicom"
	"chaperone/deid/format/image"
	"chaperone/deid/format/office"
	"chaperone/phi"
)

// Pictures says what becomes of pictures in a document. Nobody can say from
// outside whether one is a logo or a face.
type Pictures uint8

// The ways.
const (
	RefusePictures Pictures = iota // the document is not inspectable
	BlankPictures                  // each is replaced by an empty one
	KeepPictures                   // they stay: only for a document that is restored, and stays here
)

// held is a document whose bytes are not its text: it is packed, and a package
// of its own knows where its texts stand and how they are written back.
type held struct {
	loci    []Locus
	from    []int // where the text of each begins in the text that rewrite knows
	rewrite func(edits func(i int) []Edit) ([]byte, error)
	notes   []string

	recognised bool // by OCR, a part of the texts
}

func (h *held) walk(yield func(Locus) bool) bool {
	for _, l := range h.loci {
		if !yield(l) {
			return false
		}
	}
	return true
}

func (h *held) write(f func(Locus) []Edit) ([]byte, error) {
	return h.rewrite(func(i int) []Edit {
		edits := f(h.loci[i])
		for k := range edits {
			edits[k].Start += h.from[i]
			edits[k].End += h.from[i]
		}
		return edits
	})
}

// add adds a locus, without the blanks around its text.
func (h *held) add(l Locus) {
	text := strings.TrimSpace(l.Text)
	from := strings.Index(l.Text, text)
	l.Line += strings.Count(l.Text[:from], "\n")
	l.Text = text
	h.loci, h.from = append(h.loci, l), append(h.from, from)
}

// Notes says in plain words what Rewrite leaves out of the document beside the
// edits: "macros", "pictures (they are blank)".
func (d *Document) Notes() []string {
	if d.held == nil {
		return nil
	}
	return d.held.notes
}

// lineOf is the line on which a byte of the text stands.
func (l *Locus) lineOf(at int) int {
	if !l.broken {
		return l.Line
	}
	return l.Line + strings.Count(l.Text[:at], "\n")
}

// packed reports whether documents of the format are held.
func (n Name) packed() bool {
	switch n {
	case DOCX, XLSX, PPTX, RTF, ODT, ODS, ODP, PDF, Image, DICOM:
		return true
	default:
		return false
	}
}

var officeNames = map[office.Kind]Name{
	office.Word: DOCX, office.Sheet: XLSX, office.Slides: PPTX, office.RTF: RTF,
	office.OpenText: ODT, office.OpenSheet: ODS, office.OpenPresentation: ODP,
}

// hints are what to do with documents that are known and not read.
var hints = map[string]string{
	archive:   "unpack it, and use 'chaperone deid dir'",
	oldOffice: "save it without a password, as docx, xlsx or pptx",
}

const (
	archive   = "an archive"
	oldOffice = "an office document with a password or in a binary format from before 2007"
)

// packedKind recognises a packed document by its beginning; what that leaves
// open the extension settles.
func packedKind(head []byte, extension Name) Name {
	if dicom.Recognise(head) { // first: what stands before its mark may be a TIFF
		return DICOM
	}
	if bytes.HasPrefix(head, []byte(`{\rtf`)) {
		return RTF
	}
	if image.Recognise(head) {
		return Image
	}
	// Programs find the mark anywhere in the first kilobyte, so a reader must.
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) && (extension == PDF || bytes.HasPrefix(head, []byte("%PDF-"))) {
		return PDF
	}
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return ""
	}
	first, found := len(head), Name("")
	for _, k := range []struct {
		mark string
		name Name
	}{
		{"word/", DOCX},
		{"xl/", XLSX},
		{"ppt/", PPTX},
		{"mimetypeapplication/vnd.oasis.opendocument.text", ODT},
		{"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ODS},
		{"mimetypeapplication/vnd.oasis.opendocument.presentation", ODP},
	} {
		if n := bytes.Index(head, []byte(k.mark)); n >= 0 && n < first {
			first, found = n, k.name
		}
	}
	if found == "" && extension.packed() && extension != RTF && extension != PDF && !extension.pictured() {
		return extension
	}
	return found
}

// parsePacked reads a packed document. It sees by itself of which format it is.
func parsePacked(name Name, raw []byte, s sight) (*Document, error) {
	if len(raw) == 0 {
		return nil, &Fault{Format: name, What: "it is empty"}
	}
	if name == PDF {
		return parsePDF(raw, s)
	}
	f, err := office.Read(raw, office.Limits{OCR: s.ocr, BlankPictures: s.pictures == BlankPictures, KeepPictures: s.pictures == KeepPictures})
	if err != nil {
		return nil, fromOffice(name, err)
	}
	texts := f.Texts()
	tables := tablesOf(texts)
	loci := make([]Locus, len(texts))
	for i, t := range texts {
		loci[i] = tables.locus(t)
	}
	d := hold(officeNames[f.Kind()], raw, loci, f.Notes(), func(edits func(i int) []Edit) ([]byte, error) {
		return f.Rewrite(func(i int) []office.Edit {
			list := edits(i)
			out := make([]office.Edit, len(list))
			for k, e := range list {
				out[k] = office.Edit(e)
			}
			return out
		})
	})
	d.held.recognised = slices.ContainsFunc(texts, func(t office.Text) bool { return t.Seen })
	return d, nil
}

// hold makes a document of texts that a package of its own has found: rewrite
// writes it with the edits of each, by its place in loci.
func hold(name Name, raw []byte, loci []Locus, notes []string, rewrite func(edits func(i int) []Edit) ([]byte, error)) *Document {
	h := &held{rewrite: rewrite, notes: notes}
	for _, l := range loci {
		h.add(l)
	}
	return &Document{name: name, raw: raw, held: h}
}

// fromOffice turns an error of the office package into one of this.
func fromOffice(name Name, err error) error {
	var (
		fault  *office.Fault
		closed *office.Uninspectable
	)
	switch {
	case errors.As(err, &fault):
		return &Fault{Format: name, Where: fault.Where, What: fault.What}
	case errors.As(err, &closed):
		return &Uninspectable{What: closed.What, Hint: closed.Hint}
	}
	return err
}

// grid is a table of a packed document.
type grid struct {
	header  int // the row that names the columns; 0 if none does
	columns columns
	left    map[[2]int]string // the short texts, as they may be labels of what is to their right
}

type grids map[int]*grid

const (
	titleRows  = 15  // the row of headers is among so many
	widest     = 512 // columns that headers are looked for in
	labelBytes = 60
)

// tablesOf finds what the cells of each table are about.
func tablesOf(texts []office.Text) grids {
	all := grids{}
	rows := map[int]map[int][]token{}
	for _, t := range texts {
		if t.Cell == nil {
			continue
		}
		g := all[t.Cell.Table]
		if g == nil {
			g = &grid{left: map[[2]int]string{}}
			all[t.Cell.Table] = g
			rows[t.Cell.Table] = map[int][]token{}
		}
		text := strings.TrimSpace(t.Text)
		if len(text) < labelBytes && labelLike(text) {
			g.left[[2]int{t.Cell.Row, t.Cell.Column}] = text
		}
		// A text that a cell holds beside its own, a box or a note, is no header.
		if head := rows[t.Cell.Table]; t.Cell.Column <= widest && (len(head) < titleRows || head[t.Cell.Row] != nil) {
			for len(head[t.Cell.Row]) < t.Cell.Column {
				head[t.Cell.Row] = append(head[t.Cell.Row], token{})
			}
			if head[t.Cell.Row][t.Cell.Column-1].text == "" {
				head[t.Cell.Row][t.Cell.Column-1].text = text
			}
		}
	}
	for n, g := range all {
		g.find(rows[n])
	}
	return all
}

// find finds the row of headers: the first with several cells, if it reads like
// one and the table is not a form, with its labels to the left.
func (g *grid) find(rows map[int][]token) {
	first, forms := 0, 0
	for n, cells := range rows {
		if filled(cells) > 1 && (first == 0 || n < first) {
			first = n
		}
		if len(cells) > 1 && labelLike(cells[0].text) && !labelLike(cells[1].text) {
			forms++
		}
	}
	if first == 0 || forms > 1 && !labelLike(second(rows[first])) {
		return
	}
	g.columns.headers([][]token{rows[first], rows[next(rows, first)]})
	if len(g.columns.labels) > 0 {
		g.header = first
	}
}

func second(cells []token) string {
	if len(cells) < 2 {
		return ""
	}
	return cells[1].text
}

func next(rows map[int][]token, after int) int {
	best := 0
	for n := range rows {
		if n > after && (best == 0 || n < best) {
			best = n
		}
	}
	return best
}

func filled(cells []token) int {
	n := 0
	for _, c := range cells {
		if c.text != "" {
			n++
		}
	}
	return n
}

// labelLike reports whether a cell names what stands beside or below it.
func labelLike(text string) bool {
	return strings.HasSuffix(text, ":") || kindOfLabel(text) != phi.None || tableWords[plainLabel(text)]
}

// locus is the locus of a text.
func (all grids) locus(t office.Text) Locus {
	l := Locus{Path: t.Path, Label: t.Label, Kind: t.Kind}
	text := strings.TrimSpace(t.Text)
	switch {
	case t.Instant:
		l.Form = FormInstant
	case t.Kind == phi.Name && isProgram(text):
		l.Kind = phi.None
	case t.Kind != phi.None:
	case t.Cell != nil:
		l = all[t.Cell.Table].locus(l, t.Cell, text)
	case t.Label == text:
		l.Label = "" // a field that shows its own name
	case t.Label != "":
		l = labelled(t.Path, t.Label, text)
	}
	l.Text, l.Line, l.broken = t.Text, t.Line, true
	if t.Cell != nil {
		l.Row, l.Column = t.Cell.Row, t.Cell.Column
	}
	return l
}

func (g *grid) locus(l Locus, c *office.Cell, text string) Locus {
	switch {
	case strings.HasSuffix(text, ":") && labelLike(text):
		return l
	case g.header > 0 && c.Row > g.header && !strings.HasSuffix(g.left[[2]int{c.Row, c.Column - 1}], ":"):
		return g.columns.under(l, c.Column-1, text)
	case g.header > 0 && c.Row <= g.header:
		return l
	}
	if label, ok := g.left[[2]int{c.Row, c.Column - 1}]; ok && !labelLike(text) {
		l = labelled(l.Path, strings.TrimSuffix(label, ":"), text)
	}
	return l
}

// isProgram reports whether an author is a program or the name of an account
// that nobody has filled in.
func isProgram(author string) bool {
	low := strings.ToLower(author)
	for _, p := range []string{"microsoft", "office user", "openpyxl", "python-docx", "apache poi", "libreoffice", "openoffice", "google", "xlsxwriter"} {
		if strings.Contains(low, p) {
			return true
		}
	}
	switch low {
	case "user", "unknown", "author", "admin", "administrator", "owner", "un-named", "unknown author", "windows user":
		return true
	}
	return false
}
