package register

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// The sizes of the drawing, in user units.
const (
	boxWidth = 300
	lineHigh = 18
	boxGap   = 24
	wayWidth = 340 // between the house and its doors: the words on the way stand there
	margin   = 24
)

// box is a rectangle with lines of text.
type box struct {
	x, y  int
	lines []string
	class string
}

func (b box) high() int { return len(b.lines)*lineHigh + 16 }

func (b box) middle() int { return b.y + b.high()/2 }

// SVG draws the flow as a picture of its own: no script, no link, no font. What it
// shows is said in its description too.
func (f Flow) SVG() string {
	client := box{margin, margin, []string{"Your software"}, "client"}
	house := box{margin + boxWidth + wayWidth*4/5, margin, f.house(), "house"}
	client.lines = append(client.lines, make([]string, len(house.lines)-1)...) // as high, so that the way between is level
	boxes := []box{client, house}
	var ways strings.Builder
	way(&ways, client, house, f.in(), "solid")
	y := margin
	for _, d := range f.Doors {
		b := box{house.x + boxWidth + wayWidth, y, d.lines(), "door"}
		boxes = append(boxes, b)
		style := "dashed"
		if d.Carries == "identified" {
			style = "solid"
		}
		way(&ways, house, b, d.out(), style)
		y += b.high() + boxGap
	}
	below := house.y + house.high() + 2*boxGap
	for _, k := range f.Kept {
		b := box{house.x, below, []string{k.What, k.How}, "kept"}
		boxes = append(boxes, b)
		below += b.high() + boxGap
	}
	var s strings.Builder
	width, height := house.x+2*boxWidth+wayWidth+margin, max(y, below)+lineHigh+margin
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="t d" font-family="sans-serif" font-size="13">`+"\n", width, height, width, height)
	fmt.Fprintf(&s, "<title id=\"t\">Where data goes in %s</title>\n<desc id=\"d\">%s</desc>\n", escaped(f.Tenant), escaped(f.said()))
	s.WriteString(`<defs><marker id="a" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>` + "\n")
	s.WriteString(ways.String())
	for _, b := range boxes {
		b.draw(&s)
	}
	fmt.Fprintf(&s, `<text x="%d" y="%d" font-size="11">digest %s</text>`+"\n</svg>\n", margin, height-margin/2, f.Digest())
	return s.String()
}

// said is the picture in words.
func (f Flow) said() string {
	list := []string{"Your software sends " + f.in() + " to " + strings.Join(f.house(), ", ")}
	for _, d := range f.Doors {
		list = append(list, "From there "+d.out()+" to "+strings.Join(d.lines(), ", "))
	}
	for _, k := range f.Kept {
		list = append(list, k.What+" stays, "+k.How)
	}
	return strings.Join(list, ". ") + "."
}

func (b box) draw(s *strings.Builder) {
	fmt.Fprintf(s, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="4" fill="white" stroke="black"/>`+"\n", b.class, b.x, b.y, boxWidth, b.high())
	for i, l := range b.lines {
		weight := ""
		if i == 0 {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(s, `<text x="%d" y="%d"%s>%s</text>`+"\n", b.x+8, b.y+(i+1)*lineHigh, weight, escaped(cut(l, 40)))
	}
}

// way draws the way between two boxes: out to a common line, along it, and in. Its
// words stand above its last part.
func way(s *strings.Builder, from, to box, words, style string) {
	dash := ""
	if style == "dashed" {
		dash = ` stroke-dasharray="6 4"`
	}
	x, y := from.x+boxWidth+margin, to.middle()
	fmt.Fprintf(s, `<path d="M%d %dH%dV%dH%d" fill="none" stroke="black" marker-end="url(#a)"%s/>`+"\n", from.x+boxWidth, from.middle(), x, y, to.x, dash)
	fmt.Fprintf(s, `<text x="%d" y="%d" font-size="11">%s</text>`+"\n", x+6, y-6, escaped(cut(words, 48)))
}

// cut keeps a line inside its box; the description has it whole.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
