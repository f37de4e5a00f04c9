package format

import (
	"strconv"
	"strings"
)

// parseHTML reads HTML as it is found: tags need not match. Scripts and styles
// are text like any other, so that nothing in them is skipped.
func parseHTML(raw []byte) (*Document, error) {
	x := &markupLexer{raw: raw, html: true}
	b := &builder{name: HTML, raw: raw}
	var run []token // texts with nothing between them but marks of their looks
	for i := 1; ; i++ {
		e, ok, err := x.next()
		if err != nil {
			return nil, err
		}
		path := "piece " + strconv.Itoa(i)
		if ok && e.kind == textRun {
			run = append(run, e.token)
			continue
		}
		if ok && len(run) > 0 && isInline(e) {
			continue
		}
		if len(run) > 0 {
			b.add(joined(run), Locus{Path: path})
			run = nil
		}
		if !ok {
			return b.document(), nil
		}
		switch e.kind {
		case textRun:
		case commentRun:
			b.add(e.token, Locus{Path: path})
		case openTag:
			for _, a := range e.attrs {
				if !htmlLayout[strings.ToLower(a.name)] {
					b.add(a.token, Locus{Path: path + " attribute", Label: htmlLabel(a.name)})
				}
			}
			if name := strings.ToLower(e.name); (name == "script" || name == "style") && !e.closed {
				x.untilClosed(name, b, path)
			}
		case closeTag:
		}
	}
}

// inline are elements that change how text looks, within a word even.
var inline = set("b i u s em strong span font small big mark sub sup tt code abbr wbr ins del")

// isInline reports whether a tag is of such an element and has nothing in it
// that is read.
func isInline(e event) bool {
	if e.kind != openTag && e.kind != closeTag || !inline[strings.ToLower(e.name)] {
		return false
	}
	for _, a := range e.attrs {
		if !htmlLayout[strings.ToLower(a.name)] {
			return false
		}
	}
	return true
}

// joined makes one token of several that follow each other. What stands between
// them stays where it is.
func joined(run []token) token {
	if len(run) == 1 {
		return run[0]
	}
	all := token{start: run[0].start, end: run[len(run)-1].end, encode: run[0].encode}
	for i, t := range run {
		if i > 0 {
			all.gaps = append(all.gaps, stretch{run[i-1].end, t.start})
		}
		all.text += t.text
		for k := range len(t.text) {
			at := int32(k)
			if t.at != nil {
				at = t.at[k]
			}
			all.at = append(all.at, int32(t.start-all.start)+at)
		}
	}
	all.at = append(all.at, int32(all.end-all.start))
	return all
}

// untilClosed takes the content of a script or style as one text.
func (x *markupLexer) untilClosed(name string, b *builder, path string) {
	n, tag := 0, "</"+name
	for x.i+n < len(x.raw) && !strings.EqualFold(string(x.raw[x.i+n:min(len(x.raw), x.i+n+len(tag))]), tag) {
		n++
	}
	b.add(token{start: x.i, end: x.i + n, text: string(x.raw[x.i : x.i+n])}, Locus{Path: path})
	x.i += n
}

// htmlLayout are attributes that hold layout alone.
var htmlLayout = set("class style width height align valign colspan rowspan border cellpadding cellspacing rel type lang charset http-equiv media role dir bgcolor color face size")

func htmlLabel(name string) string {
	switch name = strings.ToLower(name); name {
	case "alt", "title", "value", "content", "placeholder", "id", "name", "for":
		return ""
	}
	return name
}
