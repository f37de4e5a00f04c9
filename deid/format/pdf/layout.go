package pdf

import (
	"math"
	"sort"
	"strings"
)

// piece ties a part of a page's text to the glyph that shows it.
type piece struct {
	start, end int32
	place      place
	line       int32
	from, to   float32 // along the line, on the page
	unit       float32
	again      bool // the same glyph a second time, as for bold type or shadows
	shadow     bool // all of its line comes a second time
}

// stroke is one or more glyphs that follow each other on a line.
type stroke struct {
	from, to float64 // along the line
	base     float64 // across it, upwards
	height   float64
	letters  []letter
	order    int
}

type letter struct {
	mark     *mark
	from, to float64
	gap      float64 // to the letter before it
	again    bool
}

// row is a line of text.
type row struct {
	base, height float64
	strokes      []stroke
}

// Distances, in heights of the letters.
const (
	wordGap   = 0.12 // more than this is a space
	strokeGap = 1.2  // more than this begins a new stroke
	overlap   = 0.5  // lines that share more than this are one
	farGap    = 2.5  // more than this is another cell
	paragraph = 1.9  // a larger step between lines is a new paragraph
)

// layout puts the glyphs of a page in reading order and joins them to text.
func layout(marks []mark) (string, []piece) {
	var (
		b     pageText
		bands = map[int][]*mark{}
		order []int
	)
	for i := range marks {
		band := int(math.Round(marks[i].angle / (math.Pi / 36)))
		if band == -36 {
			band = 36
		}
		if bands[band] == nil {
			order = append(order, band)
		}
		bands[band] = append(bands[band], &marks[i])
	}
	// What most of the page says comes first.
	sort.SliceStable(order, func(i, j int) bool { return len(bands[order[i]]) > len(bands[order[j]]) })
	for _, band := range order {
		b.paragraph()
		strokes := strokesOf(bands[band])
		rows := rowsOf(strokes)
		blocks := [][]row{rows}
		if len(strokes) <= maxStrokes {
			blocks = columns(rows, 0)
		}
		for i, block := range blocks {
			if i > 0 {
				b.paragraph()
			}
			b.block(block)
		}
	}
	sort.SliceStable(b.pieces, func(i, j int) bool { return b.pieces[i].start < b.pieces[j].start })
	return b.text.String(), b.pieces
}

// strokesOf joins glyphs that were shown one after the other.
func strokesOf(marks []*mark) []stroke {
	angle := marks[0].angle
	sin, cos := math.Sincos(angle)
	var out []stroke
	for _, m := range marks {
		u, v := m.x*cos+m.y*sin, -m.x*sin+m.y*cos
		du := m.dx*cos + m.dy*sin
		l := letter{mark: m, from: min(u, u+du), to: max(u, u+du)}
		h := max(m.height, 0.01)
		if n := len(out); n > 0 {
			s := &out[n-1]
			last := &s.letters[len(s.letters)-1]
			gap := l.from - last.to
			switch {
			case math.Abs(v-s.base) > 0.2*h || math.Abs(h-s.height) > 0.5*h:
			case m.text == last.mark.text && math.Abs(l.from-last.from) < 0.5*(l.to-l.from):
				l.again = true
				fallthrough
			case gap > -0.3*h && gap < strokeGap*h && l.from > last.from:
				l.gap = gap
				s.letters = append(s.letters, l)
				s.to = max(s.to, l.to)
				continue
			}
		}
		out = append(out, stroke{l.from, l.to, v, h, []letter{l}, len(out)})
	}
	return out
}

// rowsOf puts strokes on lines, from the top down and from left to right.
func rowsOf(strokes []stroke) []row {
	sort.SliceStable(strokes, func(i, j int) bool { return strokes[i].base > strokes[j].base })
	var rows []row
	for _, s := range strokes {
		best, share := -1, overlap
		for i := len(rows) - 1; i >= max(0, len(rows)-8); i-- {
			r := &rows[i]
			top := min(s.base+0.75*s.height, r.base+0.75*r.height)
			low := max(s.base-0.25*s.height, r.base-0.25*r.height)
			if part := (top - low) / min(s.height, r.height); part > share {
				best, share = i, part
			}
		}
		if best < 0 {
			rows = append(rows, row{base: s.base, height: s.height})
			best = len(rows) - 1
		}
		rows[best].strokes = append(rows[best].strokes, s)
		if s.height > rows[best].height {
			rows[best].base, rows[best].height = s.base, s.height
		}
	}
	for i := range rows {
		s := rows[i].strokes
		sort.SliceStable(s, func(a, b int) bool { return s[a].from < s[b].from })
		rows[i].strokes = shadows(s)
	}
	return rows
}

// shadows marks strokes that say again what the one before them says at almost
// the same place.
func shadows(s []stroke) []stroke {
	for i := 1; i < len(s); i++ {
		for j := i - 1; j >= max(0, i-3); j-- {
			if s[j].order >= 0 && math.Abs(s[i].from-s[j].from) < 0.4*s[i].height && s[i].says() == s[j].says() {
				s[i].order = -1 - j
				break
			}
		}
	}
	return s
}

func (s *stroke) says() string {
	var b strings.Builder
	for _, l := range s.letters {
		b.WriteString(l.mark.text)
	}
	return b.String()
}

// pageText is the text of a page while it is joined.
type pageText struct {
	text   strings.Builder
	pieces []piece
	line   int32
}

func (b *pageText) paragraph() {
	if b.text.Len() > 0 && !strings.HasSuffix(b.text.String(), "\n\n") {
		b.text.WriteString("\n\n")
	}
}

func (b *pageText) block(rows []row) {
	for i, r := range rows {
		if i > 0 {
			if rows[i-1].base-r.base > paragraph*max(r.height, rows[i-1].height) {
				b.text.WriteString("\n")
			}
			b.text.WriteString("\n")
		}
		b.line++
		b.row(r)
	}
}

func (b *pageText) row(r row) {
	starts := make([]int, len(r.strokes)) // the first piece of each stroke
	last := -1
	for i, s := range r.strokes {
		starts[i] = len(b.pieces)
		if of := -1 - s.order; of >= 0 && of < i && r.strokes[of].order >= 0 {
			b.repeat(s, starts[of])
			continue
		}
		if last >= 0 {
			gap := s.from - r.strokes[last].to
			h := max(s.height, r.strokes[last].height)
			switch {
			case gap > farGap*h:
				b.text.WriteString("   ")
			case gap > wordGap*h && !strings.HasSuffix(b.text.String(), " "):
				b.text.WriteString(" ")
			}
		}
		if last < 0 || s.to > r.strokes[last].to {
			last = i
		}
		b.stroke(s)
	}
}

// spread is how far apart the letters of a stroke usually are: words may be
// spaced out, letter by letter.
func (s *stroke) spread() float64 {
	if len(s.letters) < 5 {
		return 0
	}
	gaps := make([]float64, 0, len(s.letters))
	for _, l := range s.letters[1:] {
		gaps = append(gaps, l.gap)
	}
	sort.Float64s(gaps)
	return max(0, gaps[len(gaps)/2])
}

func (b *pageText) stroke(s stroke) {
	least := s.spread() + wordGap*s.height
	for _, l := range s.letters {
		if l.again {
			p := b.pieces[len(b.pieces)-1]
			p.place, p.again = l.mark.place, true
			b.pieces = append(b.pieces, p)
			continue
		}
		if l.gap > least && l.mark.text != " " && !strings.HasSuffix(b.text.String(), " ") {
			b.text.WriteString(" ")
		}
		start := int32(b.text.Len())
		b.text.WriteString(l.mark.text)
		b.pieces = append(b.pieces, piece{
			start: start, end: int32(b.text.Len()), place: l.mark.place, line: b.line,
			from: float32(l.from), to: float32(l.to), unit: float32(l.mark.unit),
		})
	}
}

// repeat ties the glyphs of a shadow to the text of what it shadows.
func (b *pageText) repeat(s stroke, at int) {
	for _, l := range s.letters {
		for at < len(b.pieces)-1 && b.pieces[at].again {
			at++
		}
		p := b.pieces[min(at, len(b.pieces)-1)]
		p.place, p.again, p.shadow = l.mark.place, true, !l.again
		b.pieces = append(b.pieces, p)
		at++
	}
}
