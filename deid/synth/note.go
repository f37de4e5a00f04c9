package synth

import (
	"fmt"
	"strings"

	"chaperone/phi"
)

// notary writes one note: plain text and identifiers, piece by piece.
type notary struct {
	world  *World
	style  *style
	people map[byte]*Person // by the letter that slots name them with
	roles  string
	pieces []piece
}

// piece is a stretch of text of one kind; phi.None is what identifies nobody.
type piece struct {
	text string
	kind phi.Kind
}

// Note writes a note in a style (see Styles). The error says that there is no
// such style, or which of its frames is malformed.
func (w *World) Note(name string) (Note, error) {
	s := w.styles[name]
	if s == nil {
		return Note{}, fmt.Errorf("synth: no style %q", name)
	}
	n := &notary{world: w, style: s, people: map[byte]*Person{}}
	if err := n.expand("doc", 0); err != nil {
		return Note{}, fmt.Errorf("synth: %w", err)
	}
	n.disfigure()
	return n.note(), nil
}

// note joins the pieces.
func (n *notary) note() Note {
	out := Note{Style: n.style.name}
	var b strings.Builder
	for _, p := range n.pieces {
		start := b.Len()
		b.WriteString(p.text)
		if p.kind != phi.None && p.text != "" {
			out.Spans = append(out.Spans, Span{start, b.Len(), p.kind})
		}
	}
	out.Text = b.String()
	for i := range n.roles {
		out.People = append(out.People, *n.people[n.roles[i]])
	}
	return out
}

func (n *notary) plain(text string) {
	if text == "" {
		return
	}
	if k := len(n.pieces); k > 0 && n.pieces[k-1].kind == phi.None {
		n.pieces[k-1].text += text
		return
	}
	n.pieces = append(n.pieces, piece{text, phi.None})
}

func (n *notary) identifier(kind phi.Kind, text string) {
	n.pieces = append(n.pieces, piece{text, kind})
}

// who yields the person of that letter, made when first spoken of. The
// patient is p; kin live where the patient lives and often share the name.
func (n *notary) who(role byte) *Person {
	if p := n.people[role]; p != nil {
		return p
	}
	country := n.style.settings["country"]
	if role != 'p' {
		country = n.who('p').Country
	}
	p := n.world.personOf(n.origin(), country)
	if (role == 'r' || role == 's') && n.world.dice.in(1, 2) {
		p.Family, p.Origin = n.who('p').Family, n.who('p').Origin
	}
	n.people[role] = &p
	n.roles += string(role)
	return &p
}

// origin draws an origin: mostly one that the style asks for, where the world
// has it.
func (n *notary) origin() *origin {
	w := n.world
	if want := strings.Fields(n.style.settings["origins"]); len(want) > 0 && w.dice.in(3, 4) {
		name := w.dice.pick(want)
		for _, o := range w.origins {
			if o.name == name {
				return o
			}
		}
	}
	return w.origins[w.dice.n(len(w.origins))]
}
