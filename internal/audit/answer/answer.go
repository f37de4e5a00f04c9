// Package answer writes what the record says to a question in the forms that
// people ask for: JSON, CSV, XLSX, PDF, and a signed pack with all of them and
// the proofs. It owns the forms and decides nothing about what is in them: each
// has every line and the same totals. It refuses to leave anything out, and it
// writes no file: what it holds is memory until whoever asked has it.
package answer

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"chaperone/internal/audit"
)

// Form is how an answer is written. The list is closed.
type Form string

// The forms.
const (
	JSON   Form = "json"
	Table  Form = "csv"
	Sheets Form = "xlsx"
	Pages  Form = "pdf"
)

// Write writes an answer in a form. The error says that w failed, or that the
// form is none of the list.
func Write(w io.Writer, form Form, a *audit.Answer) error {
	switch form {
	case JSON:
		return json.NewEncoder(w).Encode(a)
	case Table:
		return writeTable(w, a)
	case Sheets:
		return writeSheets(w, a)
	case Pages:
		return writePages(w, a)
	}
	return fmt.Errorf("answer: there is no such form")
}

// columns are the fields of a line, in their order, as tables and sheets have
// them.
var columns = []string{
	"seq", "outcome_seq", "id", "kind", "found_by", "time", "user", "role", "patient", "phi", "action", "result",
	"reason", "address", "status", "decision", "basis", "surface", "door", "model", "agreement", "subject", "disclosed", "damaged",
}

// cells are a line's fields in the order of columns.
func cells(l audit.Line) []string {
	ended := ""
	if l.Ended != nil {
		ended = strconv.FormatUint(*l.Ended, 10)
	}
	t := l.Ten
	return []string{
		strconv.FormatUint(l.Seq, 10), ended, l.ID, l.Kind, l.Found, t.Time, t.User, t.Role, t.Patient, t.PHI, t.Action, t.Result,
		t.Reason, t.Address, t.Status, string(l.Decision), l.Basis, l.Surface, l.Door, l.Model, l.Agreement, l.Subject,
		yes(l.Disclosed), yes(l.Damaged),
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// fact is a name and what it says.
type fact struct{ name, value string }

// about says what was asked, by whom, when and why.
func about(a *audit.Answer) []fact {
	q := a.Question
	list := []fact{
		{"Question", a.Title},
		{"Tenant", a.Tenant},
		{"Asked by", a.AskedBy + " (" + a.Role + ")"},
		{"Asked at", moment(a.AskedAt)},
		{"Reason", a.Reason},
	}
	for _, k := range a.Known {
		list = append(list, fact{"Patient known by " + string(k.Kind), k.Value})
	}
	for _, f := range []fact{
		{"Person", q.Person},
		{"Outcome", string(q.Outcome)},
		{"Decision", string(q.Decision)},
		{"Exchange", q.Exchange},
	} {
		if f.value != "" {
			list = append(list, f)
		}
	}
	if !q.From.IsZero() {
		list = append(list, fact{"From", moment(q.From)})
	}
	if !q.To.IsZero() {
		list = append(list, fact{"Before", moment(q.To)})
	}
	return list
}
