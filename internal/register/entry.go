package register

import (
	"time"
)

// Entry is one thing that was put down. Entries are added and never changed: what
// an agreement is today follows from all of them, and every version and review
// stays (BAA-05).
type Entry struct {
	Number int       `json:"number"` // from 1, without a gap
	At     time.Time `json:"at"`     // when it was put down, UTC
	By     string    `json:"by"`     // who says so
	Deed
}

// Deed is what was put down. Exactly one field is set.
type Deed struct {
	Version     *Version     `json:"version,omitempty"`
	Review      *Review      `json:"review,omitempty"`
	UseCase     *UseCase     `json:"use_case,omitempty"`
	Evidence    *Evidence    `json:"evidence,omitempty"`
	Commitment  *Commitment  `json:"commitment,omitempty"`
	Termination *Termination `json:"termination,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
	Incident    *Incident    `json:"incident,omitempty"`
	Notice      *Notice      `json:"notice,omitempty"`
	Decision    *Decision    `json:"decision,omitempty"`
	Drill       *Drill       `json:"drill,omitempty"`
}

// File is a document that the register keeps, by its content.
type File struct {
	Name   string `json:"name"`
	Digest string `json:"digest"` // SHA-256 of the content, hexadecimal
}

// Version is an agreement as one signed document states it.
type Version struct {
	Agreement      string          `json:"agreement"` // its id, as in the configuration
	Holder         string          `json:"holder"`    // who signed on the other side
	Signed         time.Time       `json:"signed"`
	Expires        time.Time       `json:"expires"`
	Clauses        []string        `json:"clauses"` // by the names of the coverage table (BAA-04)
	Subcontractors []Subcontractor `json:"subcontractors,omitempty"`
	NoticeHours    int             `json:"breach_notice_hours,omitempty"` // the vendor's term to report a breach (BAA-08); 0: it states none
	ReturnDays     int             `json:"return_days,omitempty"`         // in which everything is returned or destroyed at the end; 0: it names none
	Audit          string          `json:"audit,omitempty"`               // how often you may audit, and with what notice
	File           File            `json:"file"`
}

// Subcontractor is somebody who works for the holder (BAA-07).
type Subcontractor struct {
	Name      string `json:"name"`
	Agreement string `json:"agreement,omitempty"` // what binds them; empty: nothing is known
}

// Review says who read a version, as what, and what they found (BAA-05).
type Review struct {
	Agreement string    `json:"agreement"`
	Version   int       `json:"version"` // from 1
	As        Reviewer  `json:"as"`
	On        time.Time `json:"on"`
	Objects   bool      `json:"objects,omitempty"` // they object to it
	Words     string    `json:"words,omitempty"`
}

// Reviewer is in what capacity somebody reads an agreement.
type Reviewer string

// The reviewers that every version needs.
const (
	Legal      Reviewer = "legal"
	Compliance Reviewer = "compliance"
)

// Reviewers lists them.
func Reviewers() []Reviewer { return []Reviewer{Legal, Compliance} }

// UseCase is something that the agreement is meant for, in writing (BAA-16).
type UseCase struct {
	Agreement string `json:"agreement"`
	Words     string `json:"words"`
}

// Evidence is what a vendor shows of its own safeguards (BAA-13).
type Evidence struct {
	Vendor  string    `json:"vendor"`
	Title   string    `json:"title"` // "SOC 2 Type II"
	Issued  time.Time `json:"issued"`
	Expires time.Time `json:"expires"`
	File    File      `json:"file"`
}

// Commitment is a vendor's word that nothing is learned from what is sent under a
// plan (BAA-12).
type Commitment struct {
	Vendor string    `json:"vendor"`
	Plan   string    `json:"plan"` // by the names of the coverage table
	Words  string    `json:"words"`
	On     time.Time `json:"on"` // the day of the evidence
	File   File      `json:"file"`
}

// Termination ends an agreement. From its day on no door is covered by it, and
// what was sent is to be returned or destroyed (BAA-09).
type Termination struct {
	Agreement string    `json:"agreement"`
	On        time.Time `json:"on"`
	Words     string    `json:"words"`
}

// Certificate says that everything was returned or destroyed. It is nothing
// without its file (BAA-09).
type Certificate struct {
	Agreement string    `json:"agreement"`
	On        time.Time `json:"on"`
	File      File      `json:"file"`
}

// Incident is a breach, or what may be one, at a vendor (BAA-08).
type Incident struct {
	ID        string    `json:"id"`
	Agreement string    `json:"agreement"`
	Known     time.Time `json:"known"` // when the vendor discovered it
	Words     string    `json:"words"`
}

// Notice is the vendor's report of an incident. It stops the vendor's clock.
type Notice struct {
	Incident string    `json:"incident"`
	On       time.Time `json:"on"`
	File     File      `json:"file"`
}

// Decision is the way to Claude that somebody chose, and why (RTE-07). Who signs
// for it is the entry's By.
type Decision struct {
	Answers Answers  `json:"answers"`
	Advice  Advice   `json:"advice"`
	Chosen  string   `json:"chosen"`          // the name of a route
	Words   string   `json:"words,omitempty"` // why, where it is not what was advised
	Flow    string   `json:"dataflow"`        // digest of the data flow on that day
	Doors   []string `json:"doors"`
}

// Drill is a trial of what happens when a door fails (RTE-06).
type Drill struct {
	Down     string        `json:"down"`               // the door that was taken to be down
	Stand    string        `json:"stand_in,omitempty"` // the first door that answered inside the residency rule; empty: none
	Took     time.Duration `json:"took_ns"`            // until it had answered
	Probes   []Probe       `json:"probes"`             // every configured door
	Resulted string        `json:"resulted"`           // in plain words
	Flow     string        `json:"dataflow"`           // digest of the data flow on that day
}

// Probe is how one door answered. No text is sent for it.
type Probe struct {
	Door      string        `json:"door"`
	Inside    bool          `json:"inside"`    // within the residency rule
	Covered   bool          `json:"covered"`   // by an agreement in force with closed gates
	StandsIn  bool          `json:"stands_in"` // the configuration names it for this
	Simulated bool          `json:"simulated,omitempty"`
	Reached   bool          `json:"reached"`
	Status    int           `json:"status,omitempty"` // HTTP
	Fault     string        `json:"fault,omitempty"`  // a code
	Took      time.Duration `json:"took_ns"`
}
