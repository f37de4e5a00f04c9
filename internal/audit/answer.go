package audit

import (
	"fmt"
	"time"
)

// Answer is what the record says to one question, whole: a question with more
// lines than there may be has none. It identifies people.
type Answer struct {
	Version int    `json:"version"` // 1
	Title   string `json:"title"`
	Asked
	Question Question `json:"question"`
	Known    []Alias  `json:"known_as,omitempty"` // all by which the patient was looked for
	Remarks  []string `json:"remarks,omitempty"`  // what a reader must know about this answer
	Lines    []Line   `json:"lines"`
	Totals   Totals   `json:"totals"`
	Series   []Series `json:"disclosures,omitempty"` // of an accounting
	Exchange *Whole   `json:"exchange,omitempty"`    // of a question about one
}

// Asked says who asked, when and why.
type Asked struct {
	Tenant  string    `json:"tenant"`
	AskedBy string    `json:"asked_by"`
	Role    string    `json:"asked_role"`
	AskedAt time.Time `json:"asked_at"`
	Reason  string    `json:"reason"`
}

// String hides the answer.
func (Answer) String() string { return "[answer]" }

// GoString hides the answer.
func (Answer) GoString() string { return "audit.Answer{}" }

// Line is one exchange or event of an answer.
type Line struct {
	Seq      uint64   `json:"seq"`
	Ended    *uint64  `json:"outcome_seq,omitempty"` // place of the outcome
	ID       string   `json:"id"`                    // of the exchange, or of the event
	Kind     string   `json:"kind"`                  // "exchange" or "event"
	Found    string   `json:"found_by"`              // "reference", "session", "person", …
	Ten      Ten      `json:"fields"`
	Decision Decision `json:"decision,omitempty"`
	Way
	Disclosed bool `json:"disclosed,omitempty"`
	Damaged   bool `json:"damaged,omitempty"`

	purpose string
	session string
	at      time.Time
}

// Way says on which ground and by which way a line came about.
type Way struct {
	Basis     string `json:"basis,omitempty"`
	Surface   string `json:"surface,omitempty"`
	Door      string `json:"door,omitempty"`
	Model     string `json:"model,omitempty"`
	Agreement string `json:"agreement,omitempty"`
	Subject   string `json:"subject,omitempty"` // of an event
}

// Totals count an answer's lines. They are the same in every form of it.
type Totals struct {
	Lines      int `json:"lines"`
	Exchanges  int `json:"exchanges"`
	Events     int `json:"events"`
	People     int `json:"people"` // who acted
	Identified int `json:"identified"`
	Concealed  int `json:"concealed"`
	Clean      int `json:"clean"`
	Refused    int `json:"refused"`
	Pending    int `json:"pending"`
	Disclosed  int `json:"disclosed"`
	Damaged    int `json:"damaged"`
}

// Total is one of the totals by name.
type Total struct {
	Name string
	N    int
}

// List is the totals in their order, under the names that they have in JSON.
func (t Totals) List() []Total {
	return []Total{
		{"lines", t.Lines},
		{"exchanges", t.Exchanges},
		{"events", t.Events},
		{"people", t.People},
		{"identified", t.Identified},
		{"concealed", t.Concealed},
		{"clean", t.Clean},
		{"refused", t.Refused},
		{"pending", t.Pending},
		{"disclosed", t.Disclosed},
		{"damaged", t.Damaged},
	}
}

func totalsOf(lines []Line) Totals {
	t := Totals{Lines: len(lines)}
	people := map[string]bool{}
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	for _, l := range lines {
		count(&t.Exchanges, l.Kind == "exchange")
		count(&t.Events, l.Kind == "event")
		count(&t.Identified, l.Decision == Identified)
		count(&t.Concealed, l.Decision == Concealed)
		count(&t.Clean, l.Decision == Clean)
		count(&t.Refused, l.Decision == Refused)
		count(&t.Pending, l.Kind == "exchange" && l.Ten.Result == "pending")
		count(&t.Disclosed, l.Disclosed)
		count(&t.Damaged, l.Damaged)
		if l.Ten.User != damagedWord {
			people[l.Ten.User] = true
		}
	}
	t.People = len(people)
	return t
}

// Whole is one exchange with everything that is kept of it.
type Whole struct {
	Intent  *Record            `json:"intent,omitempty"`
	Outcome *Record            `json:"outcome,omitempty"`
	Note    *Record            `json:"note,omitempty"`
	Gone    bool               `json:"content_gone,omitempty"`
	Parts   map[string]Content `json:"parts,omitempty"` // by name: "reason", "received", "sent", "answered", "delivered"
}

func wholeOf(full *Full) *Whole {
	w := &Whole{Intent: full.Intent, Outcome: full.Outcome, Note: full.Note, Parts: map[string]Content{}}
	for _, r := range []*Record{full.Intent, full.Outcome, full.Note} {
		if r == nil {
			continue
		}
		w.Gone = w.Gone || r.Gone
		for name, text := range r.Content {
			w.Parts[name] = text
		}
	}
	return w
}

// Series is the disclosures of one patient to one recipient for one purpose
// (45 CFR 164.528(b)(3)).
type Series struct {
	Recipient string    `json:"recipient"` // the door, and under which agreement
	Purpose   string    `json:"purpose"`
	What      string    `json:"what"` // kinds of identifiers that were in it
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Times     int       `json:"times"`
	Frequency string    `json:"frequency"` // in words
}

func (a *Answer) remark(format string, args ...any) {
	a.Remarks = append(a.Remarks, fmt.Sprintf(format, args...))
}
