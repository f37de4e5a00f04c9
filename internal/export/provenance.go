package export

import "time"

// provenance says of an answer that a model wrote it, for whom and from what
// (FHIR R4 Provenance), with HL7's label for what artificial intelligence
// asserted.
func provenance(e Event) object {
	f := e.Facts
	model := f.Deed.Model
	if u := f.Outcome.Upstream; u != nil && u.Model != "" {
		model = u.Model
	}
	const participant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
	who := object{"type": "Device", "display": orUnknown(model)}
	return object{
		"resourceType": "Provenance", "id": e.ID + "-p", "recorded": e.Time.Format(time.RFC3339Nano),
		"meta":     object{"security": []object{coding(obsValue, "AIAST", "Artificial Intelligence asserted")}},
		"target":   []object{{"identifier": object{"system": ownExchange, "value": f.Exchange}, "display": "the answer of this exchange"}},
		"activity": concept("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create"),
		"agent": []object{
			{"type": concept(participant, "author", "Author"), "who": who, "onBehalfOf": identifier(e.system(ownUser), orUnknown(e.user()))},
			{"type": concept(participant, "assembler", "Assembler"), "who": fhirHouse()},
		},
		"entity": []object{{"role": "source", "what": object{
			"identifier": object{"system": ownExchange, "value": f.Exchange}, "display": "the request of this exchange",
		}}},
	}
}
