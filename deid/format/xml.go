package format

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"chaperone/phi"
)

// element is an element of an XML document.
type element struct {
	name       string // without its prefix
	attrs      []attribute
	parent     *element
	kids       []*element
	texts      []token // its own text, in pieces
	start, end int     // with its tags
	inner      int     // where its content begins
	innerEnd   int
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name || local(a.name) == name && strings.IndexByte(a.name, ':') >= 0 {
			return a.text
		}
	}
	return ""
}

func (e *element) child(name string) *element {
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// within reports whether an element of one of the names is around e.
func (e *element) within(names ...string) bool {
	for p := e.parent; p != nil; p = p.parent {
		for _, n := range names {
			if p.name == n {
				return true
			}
		}
	}
	return false
}

// parent1 is the name of the element around e, or "".
func (e *element) parent1() string {
	if e.parent == nil {
		return ""
	}
	return e.parent.name
}

// parseXML reads a document into its root element and its comments. Several
// roots, as fragments have, come under one without a name.
func parseXML(raw []byte) (root *element, comments []token, err error) {
	x := &markupLexer{raw: raw}
	if bytes.HasPrefix(raw, []byte(byteOrderMark)) {
		x.i = 3
	}
	root = &element{end: len(raw), innerEnd: len(raw)}
	depth := 0
	for at := root; ; {
		e, ok, err := x.next()
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			if at != root {
				return nil, nil, x.fault("an element is not closed")
			}
			return root, comments, nil
		}
		switch e.kind {
		case openTag:
			el := &element{name: local(e.name), attrs: e.attrs, parent: at, start: e.start, end: e.end, inner: e.end, innerEnd: e.end}
			at.kids = append(at.kids, el)
			if e.closed {
				continue
			}
			if depth++; depth > maxDepth {
				return nil, nil, x.fault("elements stand too deep within each other")
			}
			at = el
		case closeTag:
			if at == root || at.name != local(e.name) {
				x.i = e.start
				return nil, nil, x.fault("a closing tag does not match")
			}
			at.innerEnd, at.end = e.start, e.end
			at = at.parent
			depth--
		case textRun:
			at.texts = append(at.texts, e.token)
		case commentRun:
			comments = append(comments, e.token)
		}
	}
}

// parseXMLDocument reads an XML document: FHIR and C-CDA by their own rules,
// anything else by its names.
func parseXMLDocument(raw []byte) (*Document, error) { return parseMarkup(XML, raw) }

func parseMarkup(name Name, raw []byte) (*Document, error) {
	root, comments, err := parseXML(raw)
	if err != nil {
		return nil, err
	}
	if len(root.kids) == 0 {
		return nil, &Fault{Format: XML, What: "there is no element in it"}
	}
	b := &builder{name: name, raw: raw}
	for i, c := range comments {
		b.add(c, Locus{Path: "comment " + strconv.Itoa(i+1)})
	}
	for _, t := range root.texts {
		b.add(t, Locus{Path: "text"})
	}
	for _, k := range root.kids {
		switch {
		case isFHIRElement(k):
			(&fhir{b: b}).resource(fhirNode(raw, k), k.name)
		case isCDA(k):
			(&cda{b: b}).element(k, k.name, "")
		default:
			b.markup(k, "/1", "")
		}
	}
	return b.document(), nil
}

// markup takes XML of no known kind: every text and every attribute. Paths name
// elements by their place.
func (b *builder) markup(e *element, path, label string) {
	label = labelWithin(label, e.name)
	if run := b.mixed(e, htmlLayout); run != nil {
		b.add(joined(run), Locus{Path: path, Label: label})
		b.attributes(e, path, label)
		return
	}
	for _, t := range e.texts {
		l := Locus{Path: path, Label: label}
		if len(e.kids) == 0 {
			l = labelled(path, label, t.text)
			if kind, ok := xmlKinds[e.parent1()+"/"+e.name]; ok {
				l.Kind = kind
			}
		}
		b.add(t, l)
	}
	b.attributes(e, path, label)
	for i, k := range e.kids {
		b.markup(k, path+"/"+strconv.Itoa(i+1), label)
	}
}

func (b *builder) attributes(e *element, path, label string) {
	for i, a := range e.attrs {
		if a.name == "xmlns" || strings.HasPrefix(a.name, "xmlns:") || strings.HasPrefix(a.name, "xsi:") || strings.HasPrefix(a.name, "xml:") {
			continue
		}
		b.add(a.token, labelled(path+"/@"+strconv.Itoa(i+1), labelWithin(label, a.name), a.text))
	}
}

// mixed is the text of an element whose parts only change how it looks, in
// pieces; nil if it has others, or none. layout are attributes that such a part
// may have.
func (b *builder) mixed(e *element, layout map[string]bool) []token {
	if len(e.kids) == 0 {
		return nil
	}
	run := append([]token(nil), e.texts...)
	for _, k := range e.kids {
		for _, a := range k.attrs {
			if !layout[a.name] {
				return nil
			}
		}
		if !inline[k.name] && k.name != "content" {
			return nil
		}
		if len(k.kids) > 0 {
			inner := b.mixed(k, layout)
			if inner == nil {
				return nil
			}
			run = append(run, inner...)
			continue
		}
		run = append(run, k.texts...)
	}
	slices.SortFunc(run, func(x, y token) int { return x.start - y.start })
	if len(run) < 2 || strings.TrimSpace(run[0].text) == "" && len(e.texts) == 0 {
		return nil
	}
	for _, s := range b.spans {
		if s.start > run[0].start && s.start < run[len(run)-1].end {
			return nil // a comment stands between
		}
	}
	for _, t := range run {
		if !sameEscapes(b.raw, t) {
			return nil
		}
	}
	return run
}

// sameEscapes reports whether a text is not in a section, which has other
// escapes.
func sameEscapes(raw []byte, t token) bool {
	return !bytes.HasSuffix(raw[:t.start], []byte("<![CDATA["))
}

// xmlKinds are elements that mean the same in whatever document they stand.
var xmlKinds = map[string]phi.Kind{
	"name/given": phi.Name, "name/family": phi.Name, "name/first": phi.Name, "name/last": phi.Name,
}

// isFHIRElement reports whether an element is a FHIR resource in XML.
func isFHIRElement(e *element) bool {
	return e.attr("xmlns") == "http://hl7.org/fhir" && e.name != "" && e.name[0] >= 'A' && e.name[0] <= 'Z' && plainWord(e.name)
}

// fhirNode makes of a resource in XML the tree that it would be in JSON: parts
// with a value are strings, parts of the same name follow each other.
func fhirNode(raw []byte, e *element) *node {
	n := &node{kind: objectNode}
	if id := e.attr("id"); id != "" || e.name == "extension" || e.name == "modifierExtension" {
		for _, a := range e.attrs {
			if a.name == "id" || a.name == "url" {
				n.fields = append(n.fields, field{name: a.name, value: &node{kind: stringNode, token: a.token}})
			}
		}
	}
	for _, k := range e.kids {
		if v := fhirPart(raw, k); v != nil {
			n.fields = append(n.fields, field{name: k.name, value: v})
		}
	}
	for _, t := range e.texts {
		if strings.TrimSpace(t.text) != "" {
			n.fields = append(n.fields, field{name: "text", value: &node{kind: stringNode, token: t}})
		}
	}
	return n
}

func fhirPart(raw []byte, k *element) *node {
	if k.name == "div" {
		narrative := &builder{name: XML, raw: raw[k.start:k.end]}
		shifted, _, err := parseXML(raw[k.start:k.end])
		if err != nil {
			return nil
		}
		narrative.markup(shifted.kids[0], "/1", "")
		return &node{kind: markupNode, token: token{start: k.start, end: k.end}, narrow: narrative.document()}
	}
	if len(k.kids) == 1 && (k.name == "resource" || k.name == "contained" || k.name == "outcome") && k.kids[0].name[0] >= 'A' && k.kids[0].name[0] <= 'Z' {
		n := fhirNode(raw, k.kids[0])
		n.fields = append([]field{{name: "resourceType", value: &node{kind: stringNode, token: token{text: k.kids[0].name}}}}, n.fields...)
		return n
	}
	for _, a := range k.attrs {
		if a.name == "value" && len(k.kids) == 0 {
			return &node{kind: stringNode, token: a.token}
		}
	}
	n := fhirNode(raw, k)
	for _, a := range k.attrs {
		if a.name == "value" {
			// A value with extensions of its own: both are taken.
			return &node{kind: arrayNode, items: []*node{{kind: stringNode, token: a.token}, n}}
		}
	}
	return n
}
