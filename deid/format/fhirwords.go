package format

import (
	"strings"

	"chaperone/phi"
)

// shape is a complex data type of FHIR, told by an element's name and parts.
type shape uint8

const (
	shapeOther shape = iota
	shapeName
	shapeAddress
	shapeContact
	shapeIdentifier
	shapeReference
	shapeAttachment
	shapeExtension
	shapeQuantity
)

func shapeOf(name string, n *node) shape {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if n.get(p) != nil {
				return true
			}
		}
		return false
	}
	switch {
	case (name == "extension" || name == "modifierExtension") && has("url"):
		return shapeExtension
	case has("family", "given") || name == "valueHumanName":
		return shapeName
	case has("line", "postalCode", "city") || name == "valueAddress" || name == "address" && has("text", "state", "country", "use", "district"):
		return shapeAddress
	case name == "name" && !has("language", "code") && has("text"):
		return shapeName
	case name == "telecom" || name == "valueContactPoint":
		return shapeContact
	case has("contentType") && has("data", "url", "title", "hash"), name == "photo" || name == "attachment" || name == "valueAttachment":
		return shapeAttachment
	case has("reference") && n.get("reference").kind == stringNode:
		return shapeReference
	case strings.HasSuffix(strings.ToLower(name), "identifier") && !has("deviceIdentifier"):
		return shapeIdentifier
	case has("system") && has("value") && !has("unit", "code"):
		if contactKind(n.str("system"), "") != phi.Code {
			return shapeContact
		}
		return shapeIdentifier
	case has("value") && has("unit", "code") && n.get("value").kind != objectNode:
		return shapeQuantity
	case has("display") && !has("code", "system") && len(n.fields) <= 4:
		return shapeReference
	}
	return shapeOther
}

// The tables below are closed and never change.
var (
	fhirNameParts = map[string]phi.Kind{
		"family": phi.Name, "given": phi.Name, "text": phi.Name, "_family": phi.Name,
	}
	fhirAddressParts = map[string]phi.Kind{
		"line": phi.Street, "text": phi.Street, "city": phi.Place, "district": phi.Place, "postalCode": phi.Postal,
	}
	extensionKinds = map[string]phi.Kind{
		"mothersMaidenName": phi.Name, "birthPlace": phi.Place, "own-name": phi.Name, "own-prefix": phi.Name, "partner-name": phi.Name, "humanname-fathers-family": phi.Name,
		"humanname-mothers-family": phi.Name, "iso21090-ADXP-streetName": phi.Street, "iso21090-ADXP-houseNumber": phi.Street, "iso21090-ADXP-unitID": phi.Street,
		"iso21090-ADXP-streetAddressLine": phi.Street, "iso21090-ADXP-additionalLocator": phi.Street, "iso21090-ADXP-postBox": phi.Street, "iso21090-ADXP-county": phi.Place,
		"geolocation": phi.Place, "congregation": phi.Org,
	}
	leafKinds = map[string]phi.Kind{
		"subscriberId": phi.Member, "preAuthRef": phi.Code, "lotNumber": phi.Device, "serialNumber": phi.Device, "distinctIdentifier": phi.Device,
		"carrierHRF": phi.Device, "carrierAIDC": phi.Device, "deviceIdentifier": phi.Device, "authorString": phi.Name, "ifNoneExist": phi.Code, "altId": phi.Code, "publisher": phi.Org,
	}
	organisations = set("Organization Location HealthcareService InsurancePlan Endpoint OrganizationAffiliation CareTeam Person Patient")
	// stays names what holds codes of FHIR itself.
	stays = set(`system code unit status use resourceType type language contentType version versionId profile linkId gender mode intent priority
		criticality kind comparator currency fhirVersion format implicitRules severity method rank relation category expression path
		instantiatesCanonical definition size daysOfWeek operator clinicalStatus verificationStatus docStatus assertedDate lastOccurrenceType
		questionnaire canonical action outcome subtype purposeOfEvent durationUnit periodUnit when dayOfWeek timeOfDay statusReason days`)
	genericNames = set(`text display title description comment note details content summary reason conclusion instruction patientInstruction
		div event label header footer definition purpose usage copyright caption documentation message diagnostics`)
	// instants names what is of type instant, by element or by resource and
	// element (hl7.org/fhir/R4/datatypes.html#instant).
	instants = set(`lastUpdated timestamp issued recorded valueInstant effectiveInstant when Appointment.start Appointment.end Slot.start Slot.end
		AppointmentResponse.start AppointmentResponse.end DocumentReference.date lastModified ImagingStudy.instant`)
	// definitions are resources that define and describe nobody.
	definitions = set(`StructureDefinition ValueSet CodeSystem ConceptMap SearchParameter OperationDefinition CapabilityStatement ImplementationGuide
		NamingSystem Questionnaire Measure Library ActivityDefinition PlanDefinition CompartmentDefinition GraphDefinition ExampleScenario
		MessageDefinition EventDefinition TestScript TerminologyCapabilities StructureMap SubstanceDefinition Identifier`)
	personTypes = set("Patient Practitioner PractitionerRole RelatedPerson Person")
	placeTypes  = set("Organization Location HealthcareService CareTeam Endpoint InsurancePlan OrganizationAffiliation")
	// The elements whose display is somebody's or some place's name, when the
	// reference does not say so itself.
	personRefs = set(`subject patient performer author requester practitioner recorder asserter individual actor member participant
		generalPractitioner beneficiary subscriber payee enterer provider attester party sender receiver responsible informationSource
		policyHolder collector agent source operator interpreter resultsInterpreter primaryPerformer who user`)
	orgRefs = set(`organization managingOrganization serviceProvider custodian insurer assigner location facility payor partOf origin
		destination providedBy participatingOrganization manufacturer`)
	publicHosts = []string{
		"hl7.org", "loinc.org", "snomed.info", "unitsofmeasure.org", "nlm.nih.gov", "cdc.gov", "fhir.org", "who.int", "ama-assn.org",
		"cms.gov", "cms.hhs.gov", "ihe.net", "nema.org", "nubc.org", "nucc.org", "iso.org", "ietf.org", "usps.com", "w3.org", "healthit.gov",
		"ada.org", "ncpdp.org", "infoway-inforoute.ca", "hl7.org.uk", "fhir.nhs.uk", "hl7.org.au", "electronichealth.net.au",
		"esante.gouv.fr", "whocc.no", "ncimeta.nci.nih.gov", "fda.gov", "hl7.eu", "synthetichealth.github.io", "census.gov", "hipaaspace.com",
	}
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// publicHost reports whether a URL after its scheme stands on the host of a
// standard, which identifies nobody.
func publicHost(rest string) bool {
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	host = strings.ToLower(host)
	for _, p := range publicHosts {
		if host == p || strings.HasSuffix(host, "."+p) {
			return true
		}
	}
	return false
}

// publicURN reports whether a URN names a standard or an assigning authority.
func publicURN(s string) bool {
	for _, p := range []string{"urn:oid:", "urn:ietf:", "urn:iso:", "urn:hl7-org:", "urn:ihe:", "urn:dicom:"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// contactKind is the kind of a contact point by its system and by its look.
func contactKind(system, value string) phi.Kind {
	switch strings.ToLower(system) {
	case "phone", "sms", "pager":
		return phi.Phone
	case "fax":
		return phi.Fax
	case "email":
		return phi.Email
	case "url":
		return phi.Link
	}
	low := strings.ToLower(value)
	switch {
	case strings.HasPrefix(low, "fax:"):
		return phi.Fax
	case strings.Contains(low, "@"):
		return phi.Email
	case strings.HasPrefix(low, "http"), strings.HasPrefix(low, "www."):
		return phi.Link
	case strings.HasPrefix(low, "tel:"), strings.HasPrefix(low, "sms:"), len(low) > 0 && strings.Trim(low, "0123456789 ()+-./x") == "":
		return phi.Phone
	}
	return phi.Code
}

// identifierKind is the kind of an Identifier by its type's code (HL7 table
// 0203) and its system.
func identifierKind(n *node) phi.Kind {
	if t := n.get("type"); t != nil {
		if coding := t.get("coding"); coding != nil {
			for _, c := range append(coding.items, coding) {
				if k, ok := identifierTypes[c.str("code")]; ok {
					return k
				}
			}
		}
	}
	system := strings.ToLower(n.str("system"))
	for _, s := range identifierSystems {
		if strings.Contains(system, s.part) {
			return s.kind
		}
	}
	return phi.Code
}

// identifierTypes are codes of HL7 table 0203, identifier type.
var identifierTypes = map[string]phi.Kind{
	"MR": phi.Record, "PI": phi.Record, "PT": phi.Record, "MRT": phi.Record, "PE": phi.Record, "EPI": phi.Record, "AM": phi.Account, "ANON": phi.Record, "LR": phi.Record, "U": phi.Record, "RI": phi.Record,
	"SS": phi.Ident, "SB": phi.Ident, "NI": phi.Ident, "NH": phi.Member, "TAX": phi.Ident, "PPN": phi.Ident, "CZ": phi.Ident, "NNxxx": phi.Ident, "PRC": phi.Ident, "SSN": phi.Ident, "SIN": phi.Ident, "NN": phi.Ident,
	"MC": phi.Member, "MA": phi.Member, "MB": phi.Member, "SN": phi.Member, "HC": phi.Member, "JHN": phi.Member, "PN": phi.Member, "WP": phi.Member, "NIIP": phi.Member, "MI": phi.Member, "SNBSN": phi.Member,
	"AN": phi.Account, "VN": phi.Account, "BA": phi.Account, "BC": phi.Account, "BN": phi.Account, "ANC": phi.Account, "ANT": phi.Account, "DI": phi.Account, "AC": phi.Account,
	"DL": phi.Licence, "DN": phi.Licence, "MD": phi.Licence, "NPI": phi.Licence, "UPIN": phi.Licence, "LN": phi.Licence, "RN": phi.Licence, "DEA": phi.Licence, "SL": phi.Licence, "BR": phi.Licence, "EI": phi.Licence, "EN": phi.Licence,
	"VP": phi.Vehicle, "SNO": phi.Device, "SID": phi.Device, "UDI": phi.Device,
}

var identifierSystems = []struct {
	part string
	kind phi.Kind
}{
	{"us-ssn", phi.Ident},
	{"2.16.840.1.113883.4.1", phi.Ident},
	{"us-npi", phi.Licence},
	{"2.16.840.1.113883.4.6", phi.Licence},
	{"us-mbi", phi.Member},
	{"us-medicare", phi.Member},
	{"health-card", phi.Member},
	{"nhs-number", phi.Member},
	{"mrn", phi.Record},
	{"driver", phi.Licence},
	{"4.3.", phi.Licence},
	{"passport", phi.Ident},
	{"hospital", phi.Record},
	{"patient", phi.Record},
	{"synthea", phi.Record},
}

// referenceKind is the kind of a reference's display.
func referenceKind(name string, n *node) phi.Kind {
	target := n.str("type")
	if target == "" {
		text := n.str("reference")
		if kind, id := resourceIn(text, 0); kind >= 0 {
			target = text[kind : id-1]
		}
	}
	switch {
	case personTypes[target]:
		return phi.Name
	case placeTypes[target]:
		return phi.Org
	case target != "":
		return phi.None
	case personRefs[name]:
		return phi.Name
	case orgRefs[name]:
		return phi.Org
	}
	return phi.None
}
