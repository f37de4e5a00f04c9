package policy

import (
	"time"

	"chaperone"
	"chaperone/phi"
)

// Facts is everything about one request that a rule may look at before its text
// is read. It holds no words of the request. The zero Facts is refused: it names
// no door.
type Facts struct {
	Principal     chaperone.Principal
	Purpose       chaperone.Purpose
	Reason        ReasonState // see JudgeReason
	PatientStated bool
	Relation      Relation
	Door          DoorFacts
	Model         string // as the client wrote it; never repeated in public words
	Surface       Surface
	Endpoint      Endpoint
	Opaque        []Opaque // content blocks whose words cannot be read here
	Mark          Mark
	Determination Agreement // the expert determination that is registered; see ProfileExpert
	Failing       []Gate    // gates that do not hold at this moment, whoever signed for them
	Uses          []Use     // features that the request shows signs of
	Geo           string    // the inference_geo of the request; empty: none
	CrossBorder   Assessment
	Patient       Home      // where text about this patient may be processed; zero: the tenant's rule alone counts
	Residency     []string  // countries (ISO 3166-1 alpha-2) where text may be processed; empty: any
	At            time.Time // the moment of the request; decides whether an agreement is in force
}

// DoorFacts describes where the text would go.
type DoorFacts struct {
	Name      string   // the door's name in the configuration; empty means that none is configured
	Kind      DoorKind // which platform stands behind it
	Simulated bool     // nothing leaves the machine
	Agreement Agreement
	DataUse   Agreement // the data use agreement with who stands behind the door; see ProfileLimited
	// Connection is the row of the coverage table that the door stands in
	// ("anthropic-hipaa"). One that the table does not list carries nothing that
	// identifies (BAA-02).
	Connection string
	Plan       string // what was bought of the vendor: "api", "team"; empty is "api" (BAA-11)
	Region     string // the platform's own name of the region, may be empty
	Country    string // ISO 3166-1 alpha-2 of the place of processing; empty: unknown
}

// Agreement is the business associate agreement (45 CFR 164.504(e)) or its like
// that covers a door. The zero Agreement covers nothing (requirement BAA-02).
type Agreement struct {
	ID         string
	Signed     time.Time // from this moment on it is in force
	Expires    time.Time // from this moment on it no longer is; zero: not in force at all
	ApprovedOn time.Time // the day of the approval; zero: not known, and not before it is signed
	// CountersignedBy is the second person, where the agreement is said to have been
	// in force before it was approved (BAA-03).
	CountersignedBy string
	Gates           map[Gate]Signature // what had to be in place besides (BAA-10)
	Clauses         []string           // what the agreement says, by the names of the coverage table (BAA-04)
	Subcontractors  []Subcontractor    // who works for the holder (BAA-07)
	ApprovedBy      string             // the person who approved it, not the one who entered it (BAA-03)
	Covers          []Category         // sensitive matters that it expressly covers (DLP-11)
	Names           []string           // features, products and models of the coverage table that it expressly covers
}

// Subcontractor is somebody who processes text for the holder of an agreement.
type Subcontractor struct {
	Name      string
	Agreement string // the id of what the holder has signed with them; empty: nothing is known
}

// Standing says whether an agreement is in force, and if not, why.
type Standing uint8

// The ways an agreement can stand. Absent is the zero value.
const (
	Absent     Standing = iota // there is none, or it names no dates
	Unapproved                 // nobody has approved it
	NotBegun                   // it is signed for a later day
	Expired                    // its day has passed
	BackDated                  // it begins before it was approved, and no second person has signed for that
	InForce
)

// Standing reports how the agreement stands at the moment t. An agreement
// without an end is not in force: somebody must have said when to look again
// (requirement BAA-06).
func (a Agreement) Standing(t time.Time) Standing {
	switch {
	case a.ID == "" || a.Signed.IsZero() || a.Expires.IsZero():
		return Absent
	case a.ApprovedBy == "" || t.Before(a.ApprovedOn):
		return Unapproved
	case a.Signed.Before(a.ApprovedOn) && (a.CountersignedBy == "" || a.CountersignedBy == a.ApprovedBy):
		return BackDated
	case t.Before(a.Signed):
		return NotBegun
	case !t.Before(a.Expires):
		return Expired
	default:
		return InForce
	}
}

// DoorKind is the platform behind a door.
type DoorKind string

// The door kinds there are.
const (
	DoorAnthropic       DoorKind = "anthropic"
	DoorSimulator       DoorKind = "simulator"
	DoorBedrock         DoorKind = "bedrock"             // Amazon Bedrock, InvokeModel
	DoorBedrockMessages DoorKind = "bedrock-messages"    // Amazon Bedrock, the Messages endpoint
	DoorPlatformAWS     DoorKind = "claude-platform-aws" // run by Anthropic
	DoorVertex          DoorKind = "vertex"              // Google Cloud Agent Platform
	DoorGoogleCloud     DoorKind = "google-cloud"        // run by Anthropic
	DoorFoundry         DoorKind = "foundry"             // Microsoft Foundry, run by Anthropic
	DoorCompatible      DoorKind = "compatible"          // an endpoint on the premises
)

// DoorKinds lists every door kind.
func DoorKinds() []DoorKind {
	return []DoorKind{
		DoorAnthropic, DoorSimulator, DoorBedrock, DoorBedrockMessages, DoorPlatformAWS,
		DoorVertex, DoorGoogleCloud, DoorFoundry, DoorCompatible,
	}
}

// Relation says how the caller is concerned with the patient at hand.
type Relation string

// The relations. RelationNone is the zero value.
const (
	RelationNone       Relation = ""
	RelationDeclared   Relation = "declared"    // the caller says so; reviewed afterwards
	RelationCareTeam   Relation = "care-team"   // the hospital's system says so
	RelationBreakGlass Relation = "break-glass" // an emergency, reviewed afterwards
)

// Relations lists every relation that can be stated.
func Relations() []Relation {
	return []Relation{RelationDeclared, RelationCareTeam, RelationBreakGlass}
}

// Surface is the product the request came from, as far as it can be told.
type Surface string

// The surfaces. SurfaceUnknown is the zero value.
const (
	SurfaceUnknown    Surface = ""
	SurfaceAPI        Surface = "api"
	SurfaceClaudeCode Surface = "claude-code"
	SurfaceCowork     Surface = "cowork"
	SurfaceConsole    Surface = "console"
	SurfaceWorkflow   Surface = "workflow"
)

// Surfaces lists every surface that can be told.
func Surfaces() []Surface {
	return []Surface{SurfaceAPI, SurfaceClaudeCode, SurfaceCowork, SurfaceConsole, SurfaceWorkflow}
}

// Endpoint is what the request asks of Claude.
type Endpoint string

// The endpoints. EndpointMessages is the zero value: it carries the most.
const (
	EndpointMessages    Endpoint = ""
	EndpointCountTokens Endpoint = "count-tokens"
	EndpointModels      Endpoint = "models"
	EndpointFiles       Endpoint = "files" // a file is uploaded; no model is asked
)

// Endpoints lists every endpoint besides messages.
func Endpoints() []Endpoint { return []Endpoint{EndpointCountTokens, EndpointModels, EndpointFiles} }

// Opaque is a kind of content whose words cannot be read here.
type Opaque string

// The kinds of content that cannot be inspected.
const (
	OpaqueImage Opaque = "image" // an image inside the request
	OpaquePDF   Opaque = "pdf"   // a PDF inside the request
	OpaqueURL   Opaque = "url"   // a link that Claude would fetch
	OpaqueFile  Opaque = "file"  // a file uploaded earlier
	OpaqueOther Opaque = "other" // anything else
)

// Opaques lists every kind of content that cannot be inspected.
func Opaques() []Opaque {
	return []Opaque{OpaqueImage, OpaquePDF, OpaqueURL, OpaqueFile, OpaqueOther}
}

// ParseOpaque returns the kind of that name, and OpaqueOther for any other name:
// what is not known is not readable.
func ParseOpaque(s string) Opaque {
	for _, o := range Opaques() {
		if string(o) == s {
			return o
		}
	}
	return OpaqueOther
}

// Mark is what the client says about the patients in the text.
type Mark string

// The marks. A synthetic mark counts only at a simulated door: nobody can make
// a real door accept a chart by calling it invented.
const (
	Unmarked  Mark = ""
	Synthetic Mark = "synthetic"
)

// Found is what reading the text has shown: counts, never words.
type Found struct {
	Kinds  map[phi.Kind]int // how many findings of each kind
	Schema int              // identifying findings inside tool or JSON schemas
	Opaque []Opaque         // met while reading, besides Facts.Opaque
	// Crowd is how many people probably fit what would be left of the text once
	// its identifiers are replaced; 0 where nobody is described (DEI-07).
	Crowd      int
	Categories []Category // sensitive matters that the text speaks of; see Sensitive
	// Pages is the length of the longest single text that points at a person, see
	// Pages: whole charts are rarely what a question needs (DLP-19).
	Pages int
}

// Pages is the number of pages that a text of so many bytes fills: 3,000 bytes
// make a page, and a page that was begun counts.
func Pages(size int) int { return (size + 2999) / 3000 }

// SmallCrowd is the number of people under which a description is taken to
// point at one of them: the smallest cell that US health statistics are
// released with.
const SmallCrowd = 11

// singlesOut reports whether what would be left still points at somebody.
func (f Found) singlesOut() bool { return f.Crowd > 0 && f.Crowd < SmallCrowd }

// Identifies reports whether the text can point at a person: by a finding, or
// by so few people who fit that it is as good as one.
func (f Found) Identifies() bool { return f.Count() > 0 || f.Schema > 0 || f.singlesOut() }

// Count is the number of identifying findings. Literals are not among them.
func (f Found) Count() int {
	n := 0
	for k, c := range f.Kinds {
		if k.Identifies() && c > 0 {
			n += c
		}
	}
	return n
}
