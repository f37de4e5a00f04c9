package image

import (
	"image"
	"image/color"
)

// The check for marks that were not read: a grid of cells is laid over the
// picture; a cell counts if enough neighbouring pixels in it differ, as they do
// at the edge of a stroke, and no word covers it. Cells that touch make a
// region. Long straight edges (rules of a form, borders) are no strokes.
const (
	contrast = 40 // of 255, between neighbours
	strokes  = 5  // differing pairs in a cell that counts
)

// cellOf is the side of a cell: about half of a small letter's height.
func cellOf(b image.Rectangle) int { return max(8, min(b.Dx(), b.Dy())/160) }

// grid marks cells.
type grid struct {
	cell, wide, high int
	counts           []int
}

// unread returns the regions with marks that no word covers.
func unread(picture image.Image, words []placed) []image.Rectangle {
	b := picture.Bounds()
	cell := cellOf(b)
	g := &grid{cell: cell, wide: (b.Dx() + cell - 1) / cell, high: (b.Dy() + cell - 1) / cell}
	g.counts = make([]int, g.wide*g.high)
	gray := grayOf(picture)
	g.edges(gray, b.Dx(), b.Dy())
	for _, w := range words {
		g.cover(w.room().Sub(b.Min))
	}
	var list []image.Rectangle
	for _, r := range g.regions() {
		list = append(list, r.Inset(-cell).Add(b.Min).Intersect(b))
	}
	return list
}

// grayOf is the brightness of every pixel, row by row.
func grayOf(picture image.Image) []byte {
	b := picture.Bounds()
	if m, ok := picture.(*image.Gray); ok && m.Stride == b.Dx() {
		return m.Pix
	}
	gray := make([]byte, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			gray = append(gray, color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y)
		}
	}
	return gray
}

// edges counts the edges of strokes in each cell. A run of edges in one line
// that is longer than four cells is a rule, and not counted.
func (g *grid) edges(gray []byte, wide, high int) {
	longest := 4 * g.cell
	differ := func(a, b byte) bool { return max(a, b)-min(a, b) > contrast }
	count := func(x, y, n, dx, dy int) {
		if n == 0 || n > longest {
			return
		}
		for i := 1; i <= n; i++ {
			g.counts[(y-i*dy)/g.cell*g.wide+(x-i*dx)/g.cell]++
		}
	}
	for y := 1; y < high; y++ {
		run := 0
		for x := range wide {
			if differ(gray[y*wide+x], gray[(y-1)*wide+x]) {
				run++
				continue
			}
			count(x, y, run, 1, 0)
			run = 0
		}
		count(wide, y, run, 1, 0)
	}
	for x := 1; x < wide; x++ {
		run := 0
		for y := range high {
			if differ(gray[y*wide+x], gray[y*wide+x-1]) {
				run++
				continue
			}
			count(x, y, run, 0, 1)
			run = 0
		}
		count(x, high, run, 0, 1)
	}
}

// cover clears the cells that a word touches.
func (g *grid) cover(r image.Rectangle) {
	for y := max(0, r.Min.Y/g.cell); y < min(g.high, (r.Max.Y+g.cell-1)/g.cell); y++ {
		for x := max(0, r.Min.X/g.cell); x < min(g.wide, (r.Max.X+g.cell-1)/g.cell); x++ {
			g.counts[y*g.wide+x] = 0
		}
	}
}

// regions joins cells that touch, or nearly do, as the letters of a word. A few cells are specks of dust, or the ends
// of rules.
func (g *grid) regions() []image.Rectangle {
	const few = 4
	var (
		list  []image.Rectangle
		stack []int
	)
	for i := range g.counts {
		if g.counts[i] < strokes {
			continue
		}
		area, cells := image.Rectangle{}, 0
		stack = append(stack[:0], i)
		g.counts[i] = 0
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := at%g.wide, at/g.wide
			area = area.Union(image.Rect(x*g.cell, y*g.cell, (x+1)*g.cell, (y+1)*g.cell))
			cells++
			for ny := max(0, y-2); ny <= min(g.high-1, y+2); ny++ {
				for nx := max(0, x-2); nx <= min(g.wide-1, x+2); nx++ {
					if n := ny*g.wide + nx; g.counts[n] >= strokes {
						g.counts[n] = 0
						stack = append(stack, n)
					}
				}
			}
		}
		if cells > few {
			list = append(list, area)
		}
	}
	return list
}
