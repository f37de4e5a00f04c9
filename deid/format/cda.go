package format

import (
	"strconv"
	"strings"

	"chaperone/phi"
)

// cda takes C-CDA and other CDA R2 documents (HL7 Clinical Document
// Architecture): what an element is follows from its name and the one around
// it, whatever its namespace; so sdtc's extensions are read as well.
type cda struct{ b *builder }

func isCDA(e *element) bool {
	return e.name == "ClinicalDocument" || strings.HasPrefix(e.attr("xmlns"), "urn:hl7-org:") || e.attr("classCode") != "" && e.attr("moodCode") != "" ||
		cdaRoots[e.name] || e.speaksCDA(4)
}

// speaksCDA reports whether an element, or one as deep as depth within it, has
// what only CDA has: a fragment may have no namespace.
func (e *element) speaksCDA(depth int) bool {
	if e.name == "templateId" || e.attr("codeSystem") != "" || e.attr("nullFlavor") != "" {
		return true
	}
	for _, k := range e.kids {
		if depth > 0 && k.speaksCDA(depth-1) {
			return true
		}
	}
	return false
}

var cdaRoots = set("recordTarget section component entry entryRelationship observation act organizer substanceAdministration supply encounter procedure author informant custodian participant documentationOf componentOf patientRole assignedEntity legalAuthenticator authenticator informationRecipient dataEnterer inFulfillmentOf relatedDocument")

func (c *cda) element(e *element, path, label string) {
	for _, a := range e.attrs {
		c.attribute(e, a, path)
	}
	if c.blob(e, path) {
		return
	}
	kind := c.textKind(e)
	if run := c.b.mixed(e, cdaLooks); run != nil && kind == phi.None {
		c.b.add(joined(run), Locus{Path: path, Label: label})
		return
	}
	for _, t := range e.texts {
		l := Locus{Path: path, Kind: kind}
		if kind == phi.None {
			l.Label = label
		}
		c.b.add(t, l)
	}
	seen := map[string]int{}
	var headers []string
	if e.name == "tr" {
		headers = rowLabels(e)
	}
	for i, k := range e.kids {
		seen[k.name]++
		inner := ""
		if i < len(headers) {
			inner = headers[i]
		} else if e.name == "td" || e.name == "content" || e.name == "paragraph" {
			inner = label
		}
		if inner == "" {
			inner = cdaLabels[k.name]
		}
		name := k.name
		if len(name) > 40 || !plainWord(name) {
			name = "#"
		}
		c.element(k, path+"/"+name+"["+strconv.Itoa(seen[k.name])+"]", inner)
	}
}

// cdaLooks are attributes that say how a part of a text looks.
var cdaLooks = set("styleCode")

// rowLabels are the labels of a table row's cells: the headers of their
// columns, or the header at the row's beginning.
func rowLabels(tr *element) []string {
	labels := make([]string, len(tr.kids))
	if len(tr.kids) == 2 && tr.kids[0].name == "th" {
		labels[1] = tr.kids[0].plain()
		return labels
	}
	table := tr.parent
	for table != nil && table.name != "table" {
		table = table.parent
	}
	if table == nil {
		return labels
	}
	head := table.child("thead")
	if head == nil || len(head.kids) == 0 {
		return labels
	}
	for i, h := range head.kids[len(head.kids)-1].kids {
		if i < len(labels) && tr.kids[i].name == "td" {
			labels[i] = h.plain()
		}
	}
	return labels
}

// plain is an element's text without its tags.
func (e *element) plain() string {
	var b strings.Builder
	for _, t := range e.texts {
		b.WriteString(t.text)
	}
	for _, k := range e.kids {
		b.WriteString(k.plain())
	}
	s := strings.TrimSpace(b.String())
	if len(s) > 60 || vague[plainLabel(s)] {
		return ""
	}
	return s
}

// blob takes base64 content (nonXMLBody, observationMedia, ED values).
func (c *cda) blob(e *element, path string) bool {
	if e.attr("representation") != "B64" {
		return false
	}
	for _, t := range e.texts {
		if strings.TrimSpace(t.text) != "" {
			c.b.blob(t, e.attr("mediaType"), path)
		}
	}
	return len(e.kids) == 0
}

// textKind is the kind of an element's own text.
func (c *cda) textKind(e *element) phi.Kind {
	parent := e.parent1()
	switch {
	case parent == "name" || parent == "desc" && cdaNameParts[e.name]:
		if cdaNameParts[e.name] {
			return phi.Name
		}
	case parent == "addr" || e.name == "addr":
		return cdaAddressParts[e.name]
	case e.name == "name":
		switch {
		case parent == "place", strings.HasSuffix(strings.ToLower(parent), "organization"), parent == "location", parent == "healthCareFacility",
			parent == "serviceProviderOrganization", parent == "wholeOrganization" || parent == "playingEntity" && e.within("location"):
			return phi.Org
		case strings.HasSuffix(strings.ToLower(parent), "person"), parent == "patient", parent == "subject", parent == "relatedSubject", parent == "informationRecipient":
			return phi.Name
		}
	case e.name == "lotNumberText", e.name == "serialNumber":
		return phi.Device
	}
	return phi.None
}

var cdaNameParts = set("given family delimiter")

var cdaLabels = map[string]string{"signatureText": "signed by", "assignedAuthoringDevice": ""}

var cdaAddressParts = map[string]phi.Kind{
	"addr": phi.Street, "streetAddressLine": phi.Street, "additionalLocator": phi.Street, "unitID": phi.Street, "unitType": phi.None, "houseNumber": phi.Street,
	"houseNumberNumeric": phi.Street, "buildingNumberSuffix": phi.Street, "streetName": phi.Street, "streetNameBase": phi.Street, "streetNameType": phi.None,
	"deliveryAddressLine": phi.Street, "deliveryInstallationArea": phi.Street, "postBox": phi.Street, "careOf": phi.Name, "censusTract": phi.Place,
	"precinct": phi.Place, "city": phi.Place, "county": phi.Place, "postalCode": phi.Postal,
}

// attribute takes one attribute.
func (c *cda) attribute(e *element, a attribute, path string) {
	name := local(a.name)
	at := path + "/@" + name
	if !plainWord(name) {
		at = path + "/@#"
	}
	switch {
	case strings.HasPrefix(a.name, "xmlns") || strings.HasPrefix(a.name, "xsi:") || strings.HasPrefix(a.name, "xml:"):
	case e.name == "id" || e.name == "setId" || e.attr("type") == "II":
		c.identifier(e, a, name, at)
	case e.name == "telecom" && name == "value", name == "href" || name == "value" && e.name == "linkHtml":
		c.contact(a, at)
	case name == "value" && c.isTime(e, a.text):
		l := Locus{Path: at, Kind: phi.Date, Form: FormYear}
		if e.name == "birthTime" || e.within("birthTime") {
			l.Form = FormBirthYear
		}
		c.b.add(a.token, l)
	case name == "value" && e.attr("unit") == "a":
		c.b.add(a.token, Locus{Path: at, Kind: phi.Age, Form: FormAge})
	case cdaCodes[name] && codeLike(a.text):
	case name == "value" && (e.name == "reference" || e.attr("unit") != ""):
		if !strings.HasPrefix(a.text, "#") && e.name == "reference" {
			c.contact(a, at)
		}
	default:
		c.b.add(a.token, Locus{Path: at})
	}
}

// identifier takes an instance identifier (II): its extension, or its root if
// that alone identifies. A placeholder in the place of a root is what CDA calls
// an RUID, so the document stays valid.
func (c *cda) identifier(e *element, a attribute, name, path string) {
	kind := phi.Code
	switch root := e.attr("root"); {
	case root == "2.16.840.1.113883.4.1":
		kind = phi.Ident
	case root == "2.16.840.1.113883.4.6", strings.HasPrefix(root, "2.16.840.1.113883.4.3."):
		kind = phi.Licence
	case root == "2.16.840.1.113883.4.572", root == "2.16.840.1.113883.4.927":
		kind = phi.Member
	case e.parent1() == "patientRole":
		kind = phi.Record
	}
	switch name {
	case "extension":
		c.b.add(a.token, Locus{Path: path, Kind: kind})
	case "root":
		if e.attr("extension") == "" || strings.Count(a.text, "-") == 4 {
			c.b.add(a.token, Locus{Path: path, Kind: kind})
		}
	case "nullFlavor", "displayable", "type":
	default:
		c.b.add(a.token, Locus{Path: path})
	}
}

// contact takes a telecommunication address; its scheme stays.
func (c *cda) contact(a attribute, path string) {
	text := a.text
	if strings.HasPrefix(text, "#") {
		return
	}
	from := 0
	if i := strings.IndexByte(text, ':'); i > 0 && plainWord(text[:i]) {
		from = i + 1
		for from < len(text) && text[from] == '/' {
			from++
		}
	}
	kind := contactKind("", text)
	if kind == phi.Code {
		kind = contactKind("", text[from:])
	}
	c.b.part(a.token, from, len(text), Locus{Path: path, Kind: kind})
}

// isTime reports whether a value is a point in time of CDA's type TS. Numbers
// with a unit are measures.
func (c *cda) isTime(e *element, value string) bool {
	if e.attr("unit") != "" || len(value) < 6 || !strings.HasPrefix(value, "1") && !strings.HasPrefix(value, "2") {
		return false
	}
	if strings.HasSuffix(strings.ToLower(e.name), "time") || strings.HasSuffix(e.attr("type"), "TS") {
		return allDigits(value[:6])
	}
	if year := value[:4]; year < "1850" || year > "2199" {
		return false
	}
	if (e.name == "low" || e.name == "high" || e.name == "center" || e.name == "phase") && !strings.Contains(e.attr("type"), "PQ") {
		return allDigits(value[:6])
	}
	return hl7Date(value) && e.name != "value"
}

// cdaCodes are attributes that hold codes of the standard.
var cdaCodes = set(`code codeSystem codeSystemName codeSystemVersion root unit nullFlavor classCode moodCode typeCode determinerCode contextControlCode
	contextConductionInd inversionInd negationInd independentInd use qualifier mediaType representation language operator institutionSpecified
	inclusive assigningAuthority extension styleCode ID IDREF border width align valign colspan rowspan listType cellpadding cellspacing
	xsi schemaLocation type valueSet valueSetVersion partType isPreferred charset referencedObject`)
