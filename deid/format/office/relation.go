package office

import (
	"path"
	"strings"
)

// link is a relationship of one part to another, or to something outside.
type link struct {
	id, kind   string // kind is the end of its type: "image", "hyperlink"
	to         *part  // nil if it is outside, or not there
	rels       *part  // where it stands
	start, end int    // its element there
	target     attribute
}

// relations reads the relationships of every part (ECMA-376-2, clause 9).
func (r *reader) relations() error {
	for _, p := range r.f.parcel.parts {
		dir, file := path.Split(p.name)
		if !strings.HasSuffix(dir, "_rels/") || !strings.HasSuffix(file, ".rels") {
			continue
		}
		base := strings.TrimSuffix(dir, "_rels/")
		owner := r.f.parcel.named[strings.ToLower(base+strings.TrimSuffix(file, ".rels"))]
		if owner == nil && p.name != "_rels/.rels" {
			p.gone = true // what it speaks of is not there
			continue
		}
		links, err := r.linksOf(p, base)
		if err != nil {
			return err
		}
		if owner == nil {
			owner = &r.root
		}
		owner.links = links
	}
	return nil
}

func (r *reader) linksOf(p *part, base string) ([]link, error) {
	var links []link
	err := r.elements(p, func(x *lexer, t token) error {
		if local(t.name) != "Relationship" {
			return nil
		}
		l := link{rels: p, start: t.start, end: t.end}
		external := false
		for _, a := range t.attrs {
			value, err := x.decode(a.start, a.end, false)
			if err != nil {
				return err
			}
			switch a.name {
			case "Id":
				l.id = value.text
			case "Type":
				l.kind = value.text[strings.LastIndexByte(value.text, '/')+1:]
			case "Target":
				l.target = a
				l.to = r.f.parcel.named[strings.ToLower(resolve(base, value.text))]
			case "TargetMode":
				external = value.text == "External"
			}
		}
		if external {
			l.to = nil
		}
		links = append(links, l)
		return nil
	})
	return links, err
}

// resolve makes a part's name of a target.
func resolve(base, target string) string {
	target, _, _ = strings.Cut(target, "#")
	target = strings.ReplaceAll(target, "%20", " ")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Clean(base + target)
}

// media reads the list of content types, and notes where each part stands in it.
func (r *reader) media(types *part) error {
	usual := map[string]string{}
	r.overrides = map[*part]override{}
	err := r.elements(types, func(x *lexer, t token) error {
		values := map[string]string{}
		at := map[string]attribute{}
		for _, a := range t.attrs {
			value, err := x.decode(a.start, a.end, false)
			if err != nil {
				return err
			}
			values[a.name], at[a.name] = value.text, a
		}
		switch local(t.name) {
		case "Default":
			usual[strings.ToLower(values["Extension"])] = strings.ToLower(values["ContentType"])
		case "Override":
			p := r.f.parcel.named[strings.ToLower(strings.TrimPrefix(values["PartName"], "/"))]
			if p == nil {
				types.fixed = append(types.fixed, change{t.start, t.end, ""})
				return nil
			}
			p.media = strings.ToLower(values["ContentType"])
			r.overrides[p] = override{t.start, t.end, at["PartName"]}
		}
		return nil
	})
	for _, p := range r.f.parcel.parts {
		if p.media == "" {
			p.media = usual[strings.TrimPrefix(strings.ToLower(path.Ext(p.name)), ".")]
		}
	}
	return err
}

// override is where the list of content types names a part.
type override struct {
	start, end int
	name       attribute
}

// elements goes through the opening tags of a part.
func (r *reader) elements(p *part, each func(*lexer, token) error) error {
	raw, err := upright(p.raw)
	if err != nil {
		return located(p, err)
	}
	p.raw = raw
	x := &lexer{raw: raw}
	for {
		t, ok, err := x.next()
		if err == nil && ok && t.kind == opening {
			err = each(x, t)
		}
		if err != nil {
			return located(p, err)
		}
		if !ok {
			return nil
		}
		if t.kind == remark && !isDeclaration(raw, t) {
			p.fixed = append(p.fixed, change{t.start, t.end, ""})
		}
	}
}

func isDeclaration(raw []byte, t token) bool {
	return t.start == 0 && strings.HasPrefix(string(raw[:min(len(raw), 6)]), "<?xml ")
}

// mend takes what was dropped or renamed out of the lists that name it, and
// lists the targets that lie outside.
func (r *reader) mend(types *part) error {
	for _, p := range r.f.parcel.parts {
		o, listed := r.overrides[p]
		switch {
		case p.gone && listed:
			types.fixed = append(types.fixed, change{o.start, o.end, ""})
		case p.to != "" && listed:
			types.fixed = append(types.fixed, change{o.name.start, o.name.end, "/" + p.to})
		}
		if err := r.mendLinks(p); err != nil {
			return err
		}
	}
	return r.mendLinks(&r.root)
}

func (r *reader) mendLinks(p *part) error {
	for i, l := range p.links {
		switch {
		case l.to != nil && l.to.gone:
			l.rels.fixed = append(l.rels.fixed, change{l.start, l.end, ""})
		case l.to != nil && l.to.to != "":
			l.rels.fixed = append(l.rels.fixed, change{l.target.start, l.target.end, "/" + l.to.to})
		case l.to != nil && p.to != "":
			// Its owner moves; the way from there would be another.
			l.rels.fixed = append(l.rels.fixed, change{l.target.start, l.target.end, "/" + escape(l.to.name)})
		case l.to == nil && l.target.name != "":
			x := &lexer{raw: l.rels.raw}
			text, err := x.decode(l.target.start, l.target.end, false)
			if err != nil {
				return located(l.rels, err)
			}
			if plainValue(text.text) {
				continue
			}
			where := r.where(p)
			if p == &r.root {
				where = "the file"
			}
			r.f.add(Text{Path: where + ", link " + decimal(i+1), Text: text.text}, &runs{part: l.rels, pieces: []piece{whole(text, l.target.start, l.target.end)}})
		}
	}
	return nil
}
