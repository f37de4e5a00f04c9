package pdf

import (
	"bytes"
	"fmt"
	"math"
)

// page is one page, with what it inherits.
type page struct {
	dict    dict
	res     dict
	notes   []ref // the looks of annotations, drawn after the page itself
	places  []matrix
	content drawing
	blank   bool // what it draws is left out as a whole
}

// target is the number of the object that a reference ends at.
func (d *reader) target(o any) (int, bool) {
	num, found := 0, false
	for range 32 {
		r, ok := o.(ref)
		if !ok {
			break
		}
		num, found = int(r), true
		o = d.object(num)
	}
	return num, found
}

// readPages goes through the tree of pages.
func (f *File) readPages() error {
	root := f.d.dict(f.d.trailer["Root"])
	seen := map[int]bool{}
	var visit func(o any, from dict, depth int) error
	visit = func(o any, from dict, depth int) error {
		num, ok := f.d.target(o)
		v := f.d.dict(o)
		if v == nil && f.d.over() == nil {
			return &Fault{Offset: -1, What: "a page is missing; the file may have been cut off"}
		}
		if v == nil || ok && seen[num] || depth > maxDepth {
			return f.d.over()
		}
		if ok {
			seen[num] = true
		}
		here := dict{}
		for _, k := range []name{"Resources", "MediaBox", "CropBox", "Rotate"} {
			if here[k] = from[k]; v[k] != nil {
				here[k] = v[k]
			}
		}
		kids := f.d.array(v["Kids"])
		if kids == nil || f.d.resolve(v["Type"]) == name("Page") {
			return f.addPage(v, here)
		}
		for _, k := range kids {
			if err := visit(k, here, depth+1); err != nil {
				return err
			}
		}
		return f.d.over()
	}
	if err := visit(root["Pages"], dict{}, 0); err != nil {
		return err
	}
	if len(f.pages) == 0 {
		return &Fault{Offset: -1, What: "it has no pages"}
	}
	return nil
}

func (f *File) addPage(v, inherited dict) error {
	if len(f.pages) >= f.options.Limits.Pages {
		return tooMuch("it has too many pages")
	}
	p := page{dict: dict{}, res: f.d.dict(inherited["Resources"]), content: drawing{page: true, num: len(f.pages)}}
	for k, o := range v {
		p.dict[k] = o
	}
	for k, o := range inherited {
		p.dict[k] = o
	}
	f.pages = append(f.pages, p)
	return nil
}

// contents joins the streams of a page: an operator may begin in one and end in
// the next.
func (f *File) contents(p *page) ([]byte, error) {
	var b bytes.Buffer
	all := f.d.list(p.dict["Contents"], nil)
	if all == nil && p.dict["Contents"] != nil {
		all = []any{nil}
	}
	for _, o := range all {
		s := f.d.stream(o)
		if s == nil {
			return nil, &Fault{Offset: -1, What: "the content of a page is missing; the file may have been cut off"}
		}
		body, err := f.body(s)
		if err != nil {
			return nil, err
		}
		if b.Len()+len(body) > f.options.Limits.Stream {
			return nil, tooMuch("a page draws too much")
		}
		b.Write(body)
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// maxShapes is how many curves a page without text may have. Letters that are
// drawn as shapes have more.
const maxShapes = 400

// readPage reads the text of a page.
func (f *File) readPage(i int) error {
	p := &f.pages[i]
	before := len(f.images)
	f.readAnnotations(i)
	m, err := f.readMarks(i, false)
	if err != nil {
		return err
	}
	if len(m.marks) == 0 {
		p.blank = m.curves > maxShapes && len(f.images) == before
		if p.blank && !f.options.BlankImages {
			return &Uninspectable{
				Where: fmt.Sprintf("page %d", i+1), What: "it has no text, only shapes, which may be letters", Image: true,
			}
		}
		return nil
	}
	joined, _ := layout(m.marks)
	f.texts = append(f.texts, entryText{
		Text: Text{Path: fmt.Sprintf("page %d", i+1), Text: joined}, paged: true, page: i,
	})
	return nil
}

// readMarks runs a page, and what its annotations show, for its glyphs. They are
// not kept: where there are edits the page is read again, so that the memory is
// that of one page.
func (f *File) readMarks(i int, again bool) (*machine, error) {
	p := &f.pages[i]
	body, err := f.contents(p)
	if err != nil {
		return nil, onPage(i, err)
	}
	m := newMachine(f, i)
	m.again = again
	if err := m.run(p.content, body, p.res, firstState()); err != nil {
		return nil, onPage(i, err)
	}
	for k, r := range p.notes {
		s := f.d.stream(r)
		m.now = firstState()
		m.now.ctm = p.places[k]
		if _, err := m.form(r, m.child(s.dict)); err != nil {
			return nil, onPage(i, err)
		}
	}
	return m, nil
}

// onPage says on which page something cannot be read.
func onPage(i int, err error) error {
	if u, ok := err.(*Uninspectable); ok && u.Where == "" { //nolint:errorlint // it comes unwrapped from this package
		u.Where = fmt.Sprintf("page %d", i+1)
	}
	return err
}

// pageBox is a box of a page, or nil.
func (w *writer) pageBox(v dict, k name) any {
	box := numbers(w.d.flat(v[k]), 4)
	if box == nil {
		return nil
	}
	out := array{}
	for _, n := range box {
		if math.Abs(n) > 1e6 {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// writePage writes a page anew.
func (w *writer) writePage(i int, parent ref) (ref, error) {
	p := &w.f.pages[i]
	body, err := w.f.contents(p)
	if err != nil {
		return 0, err
	}
	if p.blank {
		body = nil
	}
	m := newMachine(w.f, i)
	m.out = newEmitter(w)
	if err := m.run(p.content, body, p.res, firstState()); err != nil {
		return 0, err
	}
	drawn := m.out.last
	if len(p.notes) > 0 {
		if err := w.writeNotes(m, p, drawn); err != nil {
			return 0, err
		}
	}
	out := dict{
		"Type": name("Page"), "Parent": parent, "Resources": drawn.res,
		"Contents": w.add(&stream{dict{}, drawn.buf.Bytes()}),
		"MediaBox": array{0, 0, 612, 792},
	}
	for _, k := range []name{"MediaBox", "CropBox"} {
		if box := w.pageBox(p.dict, k); box != nil {
			out[k] = box
		}
	}
	w.copyNumbers(out, p.dict, "Rotate", "UserUnit")
	if g := w.group(p.dict["Group"]); g != nil {
		out["Group"] = g
	}
	return w.add(out), nil
}

// writeNotes draws the looks of annotations over the page.
func (w *writer) writeNotes(m *machine, p *page, drawn *emitter) error {
	content := drawn.buf.Bytes()
	drawn.buf = bytes.Buffer{}
	drawn.buf.Grow(len(content) + 256)
	drawn.op("q")
	drawn.buf.Write(content)
	drawn.op("Q")
	for k, r := range p.notes {
		done, err := m.form(r, firstState())
		if err != nil {
			return err
		}
		if done == nil {
			continue
		}
		to := p.places[k]
		drawn.op("q")
		drawn.op("cm", to[0], to[1], to[2], to[3], to[4], to[5])
		drawn.op("Do", drawn.resource("XObject", name(fmt.Sprintf("note %d", k)), func() any { return done }))
		drawn.op("Q")
	}
	return nil
}
