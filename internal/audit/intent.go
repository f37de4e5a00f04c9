package audit

import (
	"chaperone"
)

// Content is text of an exchange, in the clear, handed over to be sealed at
// once. The record keeps its SHA-256 digest and its length beside the sealed
// text; the digest is itself sealed, because a digest of a short identifier can
// be guessed back.
type Content []byte

// String hides the words, so that a Content cannot slip into a log.
func (Content) String() string { return "[content]" }

// GoString hides the words.
func (Content) GoString() string { return "audit.Content{}" }

// Intent is what is about to happen: everything known before a byte leaves.
type Intent struct {
	Exchange chaperone.ExchangeID
	Who      chaperone.Principal
	Why      Why
	What     What
	Where    Where
	Ruling   Ruling
	Received Content // the request as the client sent it
	Sent     Content // the request as it will leave; empty if it will not
}

// Why is the stated ground of the exchange.
type Why struct {
	Patient chaperone.PatientRef
	Purpose chaperone.Purpose
	Reason  Content // free words of the caller; sealed with the content
	Basis   string  // what the caller's right rests on (AUD-12): "role", "care-team", "break-glass", a consent id
}

// What is the deed.
type What struct {
	Action  string // "messages.create", "messages.count_tokens", "models.list"
	Surface string // class of the client: "sdk", "claude-code", "curl"; never the raw header
	Form    string // "bedrock", "vertex": how the client dressed the call; empty: as the API has it
	Session string // keyed pseudonym of the session
	Team    string // of whoever asks, as the configuration has it; may be empty
	After   string // the exchange id of the attempt at a door that this one follows; empty: it is the first
}

// Where is the way out.
type Where struct {
	Door      string
	Simulated bool // the door is the simulator; the record says so
	Model     string
	Region    string
	Agreement string // id of the agreement in force on that door
	// Jurisdiction is the law that the patient is under, as stated or configured:
	// "CA-ON"; empty: none was.
	Jurisdiction string
	Places       []string // countries where it may be processed, or "any" (RTE-02)
	Retention    string   // what is kept there of a request, in one word: "standard", "zero" (RTE-11)
}

// Decision is what the ruling came to.
type Decision string

// The decisions.
const (
	Identified Decision = "identified" // sent with identifiers
	Concealed  Decision = "concealed"  // sent with placeholders
	Clean      Decision = "clean"      // nothing identifying was found
	Refused    Decision = "refused"    // nothing was sent
)

// Ruling is why it may, or may not, happen; as it stood at that moment.
type Ruling struct {
	Decision      Decision
	Reasons       []string       // ids of the policies and floors that spoke
	PolicyVersion string         // digest of the policy's source
	PolicyProfile string         // name of the policy
	RulesVersion  string         // digest of the rule packs in force; empty: none
	Concealment   string         // profile by which text was concealed; empty: none was
	Ground        string         // id of the agreement or determination that the profile rests on
	Findings      map[string]int // kinds found and how often, by the names of package phi; nil: nothing was looked at
	Residual      Residual       // how well whoever is described hides in the crowd
	Categories    []string       // sensitive matters that text about a person speaks of, by name
}

// Residual is the risk in what is left of the text once its identifiers are
// replaced (DEI-07). It holds numbers and kinds, nothing of the text. The zero
// Residual describes nobody.
type Residual struct {
	Crowd int      // how many people probably fit, at least 1; 0 where nobody is described
	Score float64  // 0 to 1: 0.8 where 11 people fit, 1 for one
	Why   []string // kinds of what narrows: "age", "place", "condition"
}
