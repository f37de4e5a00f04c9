package pdf

// Shown is a glyph and where it stands.
type Shown struct {
	Text string
	X, Y float64
}

// Shown are the glyphs of a page in the order of its content, without spaces.
func (f *File) Shown(page int) []Shown {
	m, err := f.readMarks(page, true)
	if err != nil {
		return nil
	}
	var out []Shown
	for _, g := range m.marks {
		if g.text != " " {
			out = append(out, Shown{g.text, g.x, g.y})
		}
	}
	return out
}
