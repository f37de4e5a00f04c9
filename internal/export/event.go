package export

import (
	"encoding/base64"
	"time"

	"chaperone/internal/audit"
)

// Event is one row of the record as a receiver gets it. Its JSON form is the
// format "json", version 1.
type Event struct {
	Schema     string      `json:"schema"` // Schema
	Log        string      `json:"log"`    // name of the log, as in its checkpoints
	Seq        uint64      `json:"seq"`    // place in the log: the order, and what tells a duplicate
	ID         string      `json:"id"`
	Time       time.Time   `json:"time"`
	Stage      string      `json:"stage"` // "intent", "outcome" or "event"
	Class      string      `json:"class"` // decision, result, or kind of event
	Leaf       string      `json:"leaf"`  // hash of the leaf in the tree (RFC 6962), base64
	Identified bool        `json:"identified"`
	Damaged    bool        `json:"damaged,omitempty"`
	Facts      audit.Facts `json:"facts"`
}

// Schema names the form of an Event.
const Schema = "chaperone.record/1"

// stages are what people call the kinds of rows.
var stages = map[audit.Kind]string{audit.KindIntent: "intent", audit.KindOutcome: "outcome", audit.KindNote: "event"}

// Event makes of a line what may leave: everything if identified, else what Mask
// lets through.
func (m Mask) Event(origin string, line audit.OpenRow, identified bool) Event {
	e := Event{
		Schema: Schema, Log: origin, Seq: line.Seq, ID: line.ID.String(), Time: line.At.UTC(), Stage: stages[line.Kind],
		Class: shaped(line.Class, houseForm), Leaf: base64.StdEncoding.EncodeToString(line.Leaf[:]),
		Identified: identified, Damaged: line.Damaged,
	}
	if e.Stage == "" {
		e.Stage = "event"
	}
	switch {
	case line.Damaged:
		e.Facts = audit.Facts{Version: 1, Time: line.At.UTC()}
	case identified:
		e.Facts = line.Facts
	default:
		e.Facts = m.facts(line.Facts)
	}
	return e
}

// patient is the patient's reference or pseudonym; empty where none was stated.
func (e Event) patient() string { return stated(e.Facts.Deed.Patient) }

// user is who acted; empty where nobody was.
func (e Event) user() string { return stated(e.Facts.Who.User) }

// sent reports whether this is the end of an exchange that reached the door.
func (e Event) sent() bool {
	o := e.Facts.Outcome
	return e.Stage == "outcome" && o != nil && o.Result != audit.RefusedResult &&
		e.Facts.Ruling != nil && e.Facts.Ruling.Decision != audit.Refused && e.Facts.Deed.Door != ""
}

func stated(s string) string {
	if s == notStated {
		return ""
	}
	return s
}
