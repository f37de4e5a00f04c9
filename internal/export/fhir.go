package export

import (
	"encoding/base64"
	"net/netip"
	"time"

	"chaperone/internal/audit"
)

// Code systems of FHIR R4 (4.0.1) and of the profiles of IHE's Basic Audit Log
// Patterns (BALP 1.1): https://profiles.ihe.net/ITI/BALP.
const (
	dicom      = "http://dicom.nema.org/resources/ontology/DCM"
	eventType  = "http://terminology.hl7.org/CodeSystem/audit-event-type"
	restful    = "http://hl7.org/fhir/restful-interaction"
	entityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
	objectRole = "http://terminology.hl7.org/CodeSystem/object-role"
	partType   = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
	actReason  = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
	lifecycle  = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
	sourceType = "http://terminology.hl7.org/CodeSystem/security-source-type"
	obsValue   = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
	balp       = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."

	ownStage     = "urn:chaperone:stage"
	ownExchange  = "urn:chaperone:exchange"
	ownSequence  = "urn:chaperone:sequence"
	ownPatient   = "urn:chaperone:patient"
	ownPseudonym = "urn:chaperone:pseudonym"
	ownUser      = "urn:chaperone:user"
	ownDoor      = "urn:chaperone:door"
)

// fhirResources makes the AuditEvent, and for an answer that was given its
// Provenance.
func fhirResources(e Event) []any {
	list := []any{auditEvent(e)}
	if e.sent() && e.Facts.Outcome.Result == audit.OK && e.Facts.Deed.Action == "messages.create" {
		list = append(list, provenance(e))
	}
	return list
}

// pattern is the profile that fits an event; nothing is claimed where none does.
type pattern struct {
	profile string // after balp; empty: plain FHIR
	kind    object
	subtype []object
	action  string
	agents  []object
	entity  object // what was touched; nil: the exchange itself
}

func auditEvent(e Event) object {
	p := patternOf(e)
	observer := fhirHouse()
	meta := object{}
	if p.profile != "" {
		meta["profile"] = []string{balp + p.profile}
	}
	o := object{
		"resourceType": "AuditEvent", "id": e.ID, "type": p.kind, "subtype": append(p.subtype, coding(ownStage, e.Stage+"."+e.Class, "")),
		"action": p.action, "recorded": e.Time.Format(time.RFC3339Nano), "outcome": fhirOutcome(e), "outcomeDesc": e.Stage + ": " + e.Class,
		"agent": p.agents, "source": object{"site": fhirTenant(e), "observer": observer, "type": []object{coding(sourceType, "4", "Application Server")}},
	}
	if len(meta) > 0 {
		o["meta"] = meta
	}
	if purpose := fhirPurpose(e.Facts.Deed.Purpose); purpose != nil {
		o["purposeOfEvent"] = []object{{"coding": []object{purpose}}}
	}
	o["entity"] = fhirEntities(e, p)
	return o
}

// patternOf chooses: a text with identifiers that left is a disclosure, looking
// at the record is a read or a query, and the rest is plain.
func patternOf(e Event) pattern {
	f, withPatient := e.Facts, e.patient() != ""
	p := pattern{
		kind: coding(dicom, "110100", "Application Activity"), action: "E",
		agents: []object{fhirUser(e), fhirSelf("110150", "Application")},
	}
	switch {
	case e.sent() && withPatient && f.Ruling.Decision == audit.Identified:
		p.profile = "PrivacyDisclosure.Source"
		p.kind, p.action = coding(dicom, "110106", "Export"), "R"
		p.subtype = []object{coding(lifecycle, "disclose", "Disclose Record Lifecycle Event")}
		p.agents = []object{fhirUser(e), fhirSelf("110153", "Source Role ID"), {
			"type": concept(dicom, "110152", "Destination Role ID"), "who": identifier(ownDoor, f.Deed.Door), "requestor": false,
			"network": object{"address": f.Deed.Door, "type": "1"},
		}}
	case f.Note != nil && f.Note.Event == audit.RecordRead && !e.Damaged:
		p.profile, p.kind, p.action = read("Read", withPatient), coding(eventType, "rest", "Restful Operation"), "R"
		p.subtype = []object{coding(restful, "read", "read")}
		p.agents = []object{fhirUser(e), fhirClient(e, "110152", "Destination Role ID"), fhirSelf("110153", "Source Role ID")}
		p.entity = object{"type": coding(entityType, "2", "System Object"), "role": coding(objectRole, "4", "Domain Resource"), "what": identifier(ownSequence, "record")}
		if f.Note.Subject != "" {
			p.entity["what"] = identifier(ownSequence, f.Note.Subject)
		}
	case f.Note != nil && f.Note.Event == audit.RecordQueried && !e.Damaged:
		p.profile, p.kind = read("Query", withPatient), coding(eventType, "rest", "Restful Operation")
		p.subtype = []object{coding(restful, "search", "search")}
		p.agents = []object{fhirUser(e), fhirClient(e, "110153", "Source Role ID"), fhirSelf("110152", "Destination Role ID")}
		query := "record"
		if withPatient {
			query += "?patient=" + e.patient()
		}
		p.entity = object{
			"type": coding(entityType, "2", "System Object"), "role": coding(objectRole, "24", "Query"),
			"query": base64.StdEncoding.EncodeToString([]byte(query)),
		}
	}
	return p
}

func read(name string, withPatient bool) string {
	if withPatient {
		return "Patient" + name
	}
	return name
}

func fhirEntities(e Event, p pattern) []object {
	touched := p.entity
	if touched == nil {
		what := identifier(ownSequence, e.ID)
		if x := e.Facts.Exchange; x != "" {
			what = identifier(ownExchange, x)
		}
		touched = object{
			"type": coding(entityType, "2", "System Object"), "role": coding(objectRole, "20", "Job"), "what": what, "detail": fhirDetails(e),
		}
	}
	list := []object{touched}
	if patient := e.patient(); patient != "" {
		what := identifier(e.system(ownPatient), patient)
		what["type"] = "Patient"
		list = append(list, object{"type": coding(entityType, "1", "Person"), "role": coding(objectRole, "1", "Patient"), "what": what})
	}
	return list
}

// fhirDetails are what a reviewer asks for next: the place in the record and its
// leaf, and the ruling in the record's own words.
func fhirDetails(e Event) []object {
	var list []object
	add := func(name, value string) {
		if value != "" {
			list = append(list, object{"type": name, "valueString": value})
		}
	}
	add("log", e.Log)
	add("leaf", e.Leaf)
	add("model", e.Facts.Deed.Model)
	add("basis", e.Facts.Deed.Basis)
	if r := e.Facts.Ruling; r != nil {
		add("decision", string(r.Decision))
		add("policy", r.Profile)
		add("policy-version", r.Version)
	}
	if o := e.Facts.Outcome; o != nil {
		add("error", o.ErrorCode)
	}
	return list
}

// fhirOutcome: 0 success, 4 refused or not finished well, 12 a damaged record.
func fhirOutcome(e Event) string {
	switch out := e.Facts.Outcome; {
	case e.Damaged:
		return "12"
	case out == nil || out.Result == audit.OK:
		return "0"
	case out.Result == audit.RefusedResult:
		return "4"
	}
	return "8"
}

// fhirPurpose is the purpose in HL7's words.
func fhirPurpose(purpose string) object {
	codes := map[string][2]string{
		"treatment": {"TREAT", "treatment"}, "payment": {"HPAYMT", "healthcare payment"}, "operations": {"HOPERAT", "healthcare operations"},
		"research": {"HRESCH", "healthcare research"}, "patient-request": {"PATRQT", "patient requested"}, "training": {"TRAIN", "training"},
	}
	c, ok := codes[purpose]
	if !ok {
		return nil
	}
	return coding(actReason, c[0], c[1])
}

func fhirUser(e Event) object {
	o := object{
		"type": concept(partType, "IRCP", "information recipient"), "requestor": true,
		"who": identifier(e.system(ownUser), orUnknown(e.user())),
	}
	if e.Facts.Who.Role != "" {
		o["role"] = []object{{"text": e.Facts.Who.Role}}
	}
	return o
}

func fhirClient(e Event, code, display string) object {
	address, kind := orUnknown(stated(e.Facts.Who.Address)), "1"
	if _, err := netip.ParseAddr(address); err == nil {
		kind = "2"
	}
	return object{
		"type": concept(dicom, code, display), "who": object{"display": orUnknown(e.Facts.Deed.Surface)}, "requestor": false,
		"network": object{"address": address, "type": kind},
	}
}

func fhirSelf(code, display string) object {
	return object{
		"type": concept(dicom, code, display), "who": fhirHouse(), "requestor": false,
		"network": object{"address": house, "type": "1"},
	}
}

func fhirHouse() object { return object{"display": "Chaperone"} }

func fhirTenant(e Event) string { return orUnknown(e.Facts.Who.Tenant) }

// system is where an identifier of a person comes from: their own, or ours.
func (e Event) system(own string) string {
	if e.Identified {
		return own
	}
	return ownPseudonym
}

func coding(system, code, display string) object {
	o := object{"system": system, "code": code}
	set(o, "display", display)
	return o
}

func concept(system, code, display string) object {
	return object{"coding": []object{coding(system, code, display)}}
}

func identifier(system, value string) object {
	return object{"identifier": object{"system": system, "value": value}}
}
