package format

import (
	"strconv"
	"strings"

	"chaperone/deid"
	"chaperone/phi"
)

// fhir takes FHIR R4 resources (hl7.org/fhir/R4): what an element is follows
// from its name and its shape, so that profiles, extensions and resources not
// thought of here are read by the same rules.
type fhir struct {
	b    *builder
	path string // before the resource's own, if it stands in something else
}

// spot is where in a resource an element stands.
type spot struct {
	resource string
	parent   string // name of the element around it
	path     string
}

func (s spot) in(name string) spot {
	return spot{s.resource, name, s.path + "." + name}
}

// isFHIR reports whether a JSON value is a FHIR resource.
func isFHIR(n *node) bool {
	t := n.str("resourceType")
	return n.kind == objectNode && t != "" && t[0] >= 'A' && t[0] <= 'Z' && plainWord(t)
}

func plainWord(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// fhirName keeps a path free of names that are no element's.
func fhirName(name string) string {
	if plainWord(strings.TrimPrefix(name, "_")) && len(name) <= 40 {
		return name
	}
	return "#"
}

func (f *fhir) resource(n *node, kind string) {
	if !plainWord(kind) {
		kind = "Resource"
	}
	s := spot{resource: kind, path: f.path + kind}
	for _, e := range n.fields {
		switch {
		case e.name == "resourceType":
		case e.name == "id" && e.value.kind == stringNode:
			// Ids of resources are identifiers of their own (164.514(b)(2)(i)(R)); the
			// same id in a reference meets the same placeholder.
			f.b.add(e.value.token, Locus{Path: s.path + ".id", Kind: phi.Code})
		case kind == "Binary" && e.name == "data":
			f.binary(e.value, n.str("contentType"), s.path+".data")
		default:
			f.element(s, e.name, e.value)
		}
	}
}

func (f *fhir) element(s spot, name string, n *node) {
	inner := s.in(fhirName(name))
	switch n.kind {
	case arrayNode:
		for i, v := range n.items {
			at := s
			f.elementAt(at, name, v, inner.path+"["+strconv.Itoa(i)+"]")
		}
	default:
		f.elementAt(s, name, n, inner.path)
	}
}

func (f *fhir) elementAt(s spot, name string, n *node, path string) {
	inner := spot{s.resource, name, path}
	switch n.kind {
	case objectNode:
		if isFHIR(n) {
			(&fhir{b: f.b, path: path + " "}).resource(n, n.str("resourceType"))
			return
		}
		f.object(inner, n)
	case arrayNode:
		f.element(s, name, n)
	case stringNode:
		f.leaf(s, name, n, path)
	case numberNode:
		f.number(s, name, n, path)
	case markupNode:
		f.b.nest(n.start, n.end, Locus{Path: path}, n.narrow, same)
	case otherNode:
	}
}

// object takes an element with parts, by what it is.
func (f *fhir) object(s spot, n *node) {
	switch shapeOf(s.parent, n) {
	case shapeName:
		f.typed(s, n, fhirNameParts)
	case shapeAddress:
		f.typed(s, n, fhirAddressParts)
	case shapeContact:
		f.typed(s, n, map[string]phi.Kind{"value": contactKind(n.str("system"), n.str("value"))})
	case shapeIdentifier:
		f.identifier(s, n)
	case shapeReference:
		f.reference(s, n)
	case shapeAttachment:
		f.attachment(s, n)
	case shapeExtension:
		f.extension(s, n)
	case shapeQuantity:
		f.quantity(s, n)
	case shapeOther:
		for _, e := range n.fields {
			f.element(s, e.name, e.value)
		}
	}
}

// typed takes an object whose parts of those names are of those kinds.
func (f *fhir) typed(s spot, n *node, kinds map[string]phi.Kind) {
	for _, e := range n.fields {
		kind, ok := kinds[e.name]
		if !ok {
			f.element(s, e.name, e.value)
			continue
		}
		f.whole(kind, s.in(e.name).path, e.value)
	}
}

// whole takes a string, or each of an array, as of one kind.
func (f *fhir) whole(kind phi.Kind, path string, n *node) {
	switch n.kind {
	case arrayNode:
		for i, v := range n.items {
			f.whole(kind, path+"["+strconv.Itoa(i)+"]", v)
		}
	case stringNode, numberNode:
		f.b.add(n.token, Locus{Path: path, Kind: kind})
	case objectNode:
		f.object(spot{path: path}, n)
	case markupNode, otherNode:
	}
}

func (f *fhir) identifier(s spot, n *node) {
	for _, e := range n.fields {
		at := s.in(fhirName(e.name)).path
		switch {
		case e.name == "value" && e.value.kind == stringNode:
			from := 0
			if strings.HasPrefix(e.value.text, "urn:") {
				from = len("urn:") // it must stay a URI
			}
			f.b.part(e.value.token, from, len(e.value.text), Locus{Path: at, Kind: identifierKind(n)})
		case e.name == "system" && e.value.kind == stringNode:
			f.system(at, e.value)
		default:
			f.element(s, e.name, e.value)
		}
	}
}

// system takes the namespace of an identifier: public ones stay, that of a
// hospital's own server does not.
func (f *fhir) system(path string, n *node) {
	_, rest, ok := strings.Cut(n.text, "://")
	switch {
	case !ok && publicURN(n.text), ok && publicHost(rest):
	case ok:
		f.b.part(n.token, len(n.text)-len(rest), len(n.text), Locus{Path: path, Kind: phi.Link})
	default:
		f.b.add(n.token, Locus{Path: path})
	}
}

func (f *fhir) reference(s spot, n *node) {
	kind := referenceKind(s.parent, n)
	for _, e := range n.fields {
		switch {
		case e.name == "reference" && e.value.kind == stringNode:
			f.uri(s.in("reference").path, e.value)
		case e.name == "display" && e.value.kind == stringNode:
			f.b.add(e.value.token, Locus{Path: s.in("display").path, Label: s.parent, Kind: kind})
		default:
			f.element(s, e.name, e.value)
		}
	}
}

func (f *fhir) attachment(s spot, n *node) {
	for _, e := range n.fields {
		at := s.in(fhirName(e.name)).path
		switch {
		case e.name == "data" && e.value.kind == stringNode:
			f.binary(e.value, n.str("contentType"), at)
		case e.name == "hash" && e.value.kind == stringNode:
			f.opaque(e.value, at)
		case e.name == "url" && e.value.kind == stringNode:
			f.uri(at, e.value)
		default:
			f.element(s, e.name, e.value)
		}
	}
}

// extension takes an extension's value under the last word of its URL.
func (f *fhir) extension(s spot, n *node) {
	url := n.str("url")
	label := url[strings.LastIndexAny(url, "/#:")+1:]
	label = strings.TrimPrefix(label, "patient-")
	kind := extensionKinds[label]
	for _, e := range n.fields {
		at := spot{s.resource, label, s.path}
		switch {
		case e.name == "url":
		case e.value.kind == stringNode && strings.HasPrefix(e.name, "value"):
			f.value(at, e.name, label, kind, e.value)
		default:
			if e.value.kind == objectNode && shapeOf(e.name, e.value) != shapeOther {
				at.parent = e.name
			}
			f.element(at, e.name, e.value)
		}
	}
}

func (f *fhir) value(s spot, name, label string, kind phi.Kind, n *node) {
	path := s.path + "." + fhirName(name)
	switch {
	case kind != phi.None:
		f.b.add(n.token, Locus{Path: path, Kind: kind})
	case name == "valueCode" && codeLike(n.text), name == "valueCanonical":
	case name == "valueBase64Binary":
		f.binary(n, "", path)
	case name == "valueUri", name == "valueUrl":
		f.uri(path, n)
	default:
		if ok, timed := isoDate(n.text); ok {
			f.date(s, name, n, path, timed)
			return
		}
		if isURL(n.text) {
			f.uri(path, n)
			return
		}
		f.b.add(n.token, Locus{Path: path, Label: label})
	}
}

// quantity takes a number with a unit; an age in years is one.
func (f *fhir) quantity(s spot, n *node) {
	years := n.str("code") == "a" || strings.HasPrefix(strings.ToLower(n.str("unit")), "year") || n.str("unit") == "a"
	for _, e := range n.fields {
		if e.name == "value" && (e.value.kind == numberNode || e.value.kind == stringNode) {
			if years {
				f.b.add(e.value.token, Locus{Path: s.in("value").path, Kind: phi.Age, Form: FormAge})
			}
			continue
		}
		f.element(s, e.name, e.value)
	}
}

// leaf takes a string.
func (f *fhir) leaf(s spot, name string, n *node, path string) {
	if ok, timed := isoDate(n.text); ok {
		f.date(s, name, n, path, timed)
		return
	}
	kind, typed := leafKinds[name]
	switch {
	case name == "div":
		f.narrative(n, path)
	case typed:
		f.b.add(n.token, Locus{Path: path, Kind: kind})
	case name == "name" && organisations[s.resource], name == "alias":
		f.b.add(n.token, Locus{Path: path, Kind: phi.Org})
	case name == "value" && s.parent == "class":
		f.b.add(n.token, Locus{Path: path, Kind: phi.Member})
	case name == "address" && s.parent == "network":
		f.b.add(n.token, Locus{Path: path, Kind: phi.Host})
	case name == "name" && s.parent == "agent":
		f.b.add(n.token, Locus{Path: path, Kind: phi.Name})
	case s.parent == "position" && (name == "latitude" || name == "longitude" || name == "altitude"):
		f.b.add(n.token, Locus{Path: path, Kind: phi.Place, Form: FormZero})
	case stays[name] && codeLike(n.text):
	case isURL(n.text):
		f.uri(path, n)
	case name == "data" && s.parent == "signature":
		f.opaque(n, path)
	case name == "reference" || name == "fullUrl" || name == "url" || name == "source" || name == "uri" || name == "endpoint" || name == "valueUri" || name == "valueUrl" ||
		name == "address" || name == "location" && s.parent == "response":
		f.uri(path, n)
	default:
		f.b.add(n.token, Locus{Path: path, Label: fhirLabel(name)})
	}
}

// date takes a string that is a date.
func (f *fhir) date(s spot, name string, n *node, path string, timed bool) {
	l := Locus{Path: path, Kind: phi.Date, Form: FormYear}
	switch {
	case name == "birthDate":
		l.Form = FormBirthYear
	case timed && (instants[name] || instants[s.resource+"."+name]):
		l.Form = FormInstant
	}
	f.b.add(n.token, l)
}

// number takes a JSON number. By FHIR's own types none identifies; one under a
// key that FHIR does not know may.
func (f *fhir) number(s spot, name string, n *node, path string) {
	switch {
	case s.parent == "position" && (name == "latitude" || name == "longitude" || name == "altitude"):
		f.b.add(n.token, Locus{Path: path, Kind: phi.Place, Form: FormZero})
	case len(n.text) >= 6 && allDigits(n.text):
		f.b.add(n.token, Locus{Path: path, Label: name})
	}
}

// narrative takes XHTML in a JSON string.
func (f *fhir) narrative(n *node, path string) {
	inner, err := parseMarkup(XML, []byte(n.text))
	if err != nil {
		f.b.add(n.token, Locus{Path: path})
		return
	}
	encode := n.encode
	f.b.nest(n.start, n.end, Locus{Path: path}, inner, func(b []byte) []byte { return []byte(encode(string(b))) })
}

// uri takes a reference or an address: the id of a resource, the server it
// stands on. What is left is still a URI.
func (f *fhir) uri(path string, n *node) {
	text := n.text
	l := func(k phi.Kind) Locus { return Locus{Path: path, Kind: k} }
	switch {
	case strings.HasPrefix(text, "#"):
		f.b.part(n.token, 1, len(text), l(phi.Code))
		return
	case strings.HasPrefix(text, "urn:"):
		f.b.part(n.token, len("urn:"), len(text), l(phi.Code))
		return
	case strings.HasPrefix(text, "mailto:"), strings.HasPrefix(text, "tel:"):
		f.b.part(n.token, strings.IndexByte(text, ':')+1, len(text), l(contactKind("", text)))
		return
	}
	from := 0
	if i := strings.Index(text, "://"); i > 0 && plainWord(text[:i]) {
		from = i + len("://")
	}
	kind, id := resourceIn(text, from)
	public := from > 0 && publicHost(text[from:])
	switch {
	case public && (kind < 0 || definitions[text[kind:id-1]]):
	case kind < 0 && from > 0:
		f.b.part(n.token, from, len(text), l(phi.Link))
	case kind < 0 && plainWord(text) && text[0] <= 'Z': // a resource type alone
	case kind < 0:
		f.b.add(n.token, l(phi.None))
	default:
		if from > 0 && !public {
			f.b.part(n.token, from, kind-1, l(phi.Link))
		}
		end := id
		for end < len(text) && text[end] != '/' && text[end] != '#' && text[id-1] != '?' {
			end++
		}
		if text[id-1] == '?' {
			end = len(text)
		}
		f.b.part(n.token, id, end, l(phi.Code))
	}
}

// isURL reports whether a text is one web address and nothing else.
func isURL(text string) bool {
	return (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) && !strings.ContainsAny(text, " \t\r\n")
}

// resourceIn finds "Type/id" or "Type?query" in a URL from a byte on. It
// returns where the type and where the id begins, or -1.
func resourceIn(url string, from int) (kind, id int) {
	start := from
	for i := from; i < len(url); i++ {
		switch url[i] {
		case '/', '?':
			word := url[start:i]
			if plainWord(word) && word[0] >= 'A' && word[0] <= 'Z' && i+1 < len(url) {
				return start, i + 1
			}
			start = i + 1
		}
	}
	return -1, -1
}

func fhirLabel(name string) string {
	if name == "name" || name == "modelNumber" || strings.HasPrefix(name, "value") || genericNames[name] {
		return ""
	}
	return name
}

// codeLike reports whether a text can be a code: no blank in it, and short. A
// placeholder is none: it has to be found again.
func codeLike(s string) bool {
	return len(s) <= 256 && !strings.ContainsAny(s, " \t\r\n@") && len(deid.Placeholders(s)) == 0
}
