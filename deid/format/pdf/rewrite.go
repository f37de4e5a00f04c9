package pdf

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"chaperone/deid/format/image"
)

// Rewrite builds the document anew with the edits that edits gives for each of
// Texts, by its index; they must be in order and must not overlap. Nothing of
// what they replace is left in the result, and nothing of what LeftOut names.
// The same input always gives the same bytes.
//
// The error is that of edits that do not fit their text, or a *Fault if a limit
// is passed.
func (f *File) Rewrite(edits func(i int) []Edit) ([]byte, error) {
	w := newWriter(f)
	f.refill()
	for _, font := range f.everyFont() {
		clear(font.used)
	}
	for _, at := range f.sights {
		at.edits = nil
	}
	info := dict{}
	for i, t := range f.texts {
		e := edits(i)
		if err := fits(t.Text.Text, e); err != nil {
			return nil, fmt.Errorf("pdf: %s: %w", t.Path, err)
		}
		if t.info != "" {
			info[t.info] = asText(replaced(t.Text.Text, e))
		}
		if t.picture != 0 {
			for _, one := range e {
				f.sights[t.picture].edits = append(f.sights[t.picture].edits, image.Edit(one))
			}
		}
		if t.paged && len(e) > 0 {
			m, err := f.readMarks(t.page, true)
			if err != nil {
				return nil, err
			}
			joined, pieces := layout(m.marks)
			for _, one := range e {
				w.take(joined, pieces, one)
			}
		}
	}
	f.refill()
	root := dict{"Type": name("Catalog")}
	tree := dict{"Type": name("Pages"), "Count": len(f.pages)}
	at := w.add(root)
	parent := w.add(tree)
	root["Pages"] = parent
	kids := array{}
	for i := range f.pages {
		p, err := w.writePage(i, parent)
		if err != nil {
			return nil, onPage(i, err)
		}
		kids = append(kids, p)
	}
	tree["Kids"] = kids
	if err := w.finishFonts(); err != nil {
		return nil, err
	}
	if err := f.d.over(); err != nil {
		return nil, err
	}
	if layers := w.layerProperties(f.d.dict(f.d.trailer["Root"])); layers != nil {
		root["OCProperties"] = layers
	}
	trailer := dict{"Root": at}
	if len(info) > 0 {
		trailer["Info"] = w.add(info)
	}
	return writeFile(w.objects, trailer), nil
}

// refill begins the counts of all limits anew.
func (f *File) refill() {
	f.ops, f.glyphs = f.options.Limits.Drawing, f.options.Limits.Glyphs
	f.d.budget.total = f.options.Limits.Decoded
}

func (f *File) everyFont() []*font {
	all := append([]*font(nil), f.loose...)
	for _, font := range f.fonts {
		all = append(all, font)
	}
	return all
}

// fits says whether edits are in order and within their text.
func fits(s string, edits []Edit) error {
	from := 0
	for _, e := range edits {
		if e.Start < from || e.End <= e.Start || e.End > len(s) {
			return fmt.Errorf("the edit of bytes %d to %d does not fit a text of %d bytes, or overlaps another",
				e.Start, e.End, len(s))
		}
		from = e.End
	}
	return nil
}

func replaced(s string, edits []Edit) string {
	var b strings.Builder
	from := 0
	for _, e := range edits {
		b.WriteString(s[from:e.Start])
		b.WriteString(e.Text)
		from = e.End
	}
	b.WriteString(s[from:])
	return b.String()
}

// take marks the glyphs of an edit as taken out, and hangs what is put in on the
// first of them.
func (w *writer) take(said string, pieces []piece, e Edit) {
	var first, last *piece
	var put *insert
	lo, hi := 0.0, 0.0
	from := sort.Search(len(pieces), func(i int) bool { return int(pieces[i].end) > e.Start })
	for i := from; i < len(pieces) && int(pieces[i].start) < e.End; i++ {
		p := &pieces[i]
		if p.start == p.end {
			continue
		}
		spots := w.spots(p.place)
		at := spot{p.place.part, p.place.byte}
		now := &taking{}
		if old := spots[at]; old != nil {
			now = old // another use of the same drawing took it out already
		}
		spots[at] = now
		if first == nil {
			first = p
			put = &insert{text: e.Text}
			lo, hi = float64(p.from), float64(p.to)
		}
		if p.start == first.start && now.put == nil && (p.shadow || !p.again) {
			now.put = put
		}
		if p.again {
			continue
		}
		if p.line == first.line {
			lo, hi = min(lo, float64(p.from)), max(hi, float64(p.to))
		}
		last = p
	}
	if first == nil {
		return
	}
	// Of a glyph that shows several letters the ones outside of the edit stay.
	if int(first.start) < e.Start {
		put.text = said[first.start:e.Start] + put.text
	}
	if int(last.end) > e.End {
		put.text += said[e.End:last.end]
	}
	put.width = (hi - lo) / math.Max(float64(first.unit), 1e-9)
	if put.text == "" {
		put.width = 0
	}
}

func (w *writer) spots(p place) map[spot]*taking {
	ops := w.taken[p.at]
	if ops == nil {
		ops = map[int32]map[spot]*taking{}
		w.taken[p.at] = ops
	}
	spots := ops[p.op]
	if spots == nil {
		spots = map[spot]*taking{}
		ops[p.op] = spots
	}
	return spots
}
