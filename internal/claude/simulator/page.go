package simulator

import "strings"

// page is an answer in Markdown while it is written. Its pieces stay apart, so
// that each can carry the citation of the sentence it rests on.
type page struct {
	note   *note
	citing bool
	bare   bool // without the closing line
	pieces []piece
	quoted sentence // the one that was quoted last
}

type piece struct {
	text string
	from *sentence
}

func (p *page) say(text string) { p.pieces = append(p.pieces, piece{text: text}) }

func (p *page) head(title string) { p.say("\n## " + title + "\n") }

// item writes a list item that rests on a sentence. The sentence is quoted
// beside it, unless it says the same, a citation will, or the item before has it.
func (p *page) item(label string, s sentence) {
	line := "- " + label
	_, cited := p.note.cite(s)
	if quoted := p.citing && cited || s == p.quoted; !quoted && !sameWords(label, s.text) {
		p.quoted = s
		line += " — “" + s.text + "”"
	}
	p.pieces = append(p.pieces, piece{line + "\n", &s})
}

func sameWords(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Trim(s, " .;:-")) }
	return plain(a) == plain(b)
}

// findings writes a section of findings, or that there are none.
func (p *page) findings(title string, list []finding) {
	p.head(title)
	for _, f := range list {
		p.item(f.label, f.from)
	}
	if len(list) == 0 {
		p.say("- not documented\n")
	}
}

func (p *page) medicines(title string) {
	p.head(title)
	for _, m := range p.note.medicines {
		p.item(m.plain(), m.from)
	}
	if len(p.note.medicines) == 0 {
		p.say("- not documented\n")
	}
}

// sentences writes sentences as list items.
func (p *page) sentences(list []sentence) {
	for _, s := range list {
		p.item(s.text, s)
	}
}

// who writes the line that says whom the text is about.
func (p *page) who() {
	who := p.note.persona
	var parts []string
	add := func(label, value string) {
		if value != "" {
			parts = append(parts, "**"+label+":** "+value)
		}
	}
	add("Patient", who.patient)
	add("Born", who.born)
	add("Record", who.record)
	add("Seen", who.seen)
	add("Clinician", who.provider)
	if len(parts) > 0 {
		p.say(strings.Join(parts, " · ") + "\n")
	}
}

// blocks ends the page and returns it as content: one block of text, or, when
// citations are asked for, one for every piece that has its own citation.
func (p *page) blocks() []outBlock {
	if !p.bare {
		p.say("\n" + signedLine)
	}
	var out []outBlock
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, outBlock{kind: "text", text: text.String()})
			text.Reset()
		}
	}
	for i, pc := range p.pieces {
		if i == 0 {
			pc.text = strings.TrimLeft(pc.text, "\n")
		}
		if p.citing && pc.from != nil {
			if c, ok := p.note.cite(*pc.from); ok {
				flush()
				out = append(out, outBlock{kind: "text", text: pc.text, citations: []citation{c}})
				continue
			}
		}
		text.WriteString(pc.text)
	}
	flush()
	return out
}
