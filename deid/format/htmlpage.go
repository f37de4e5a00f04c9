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
	for i := 1; ; i++ {
		e, ok, err := x.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return b.document(), nil
		}
		path := "piece " + strconv.Itoa(i)
		switch e.kind {
		case textRun, commentRun:
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
