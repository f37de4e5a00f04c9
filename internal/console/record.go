package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"chaperone/internal/audit"
)

// recordPage lists the record, newest first.
type recordPage struct {
	frame
	Filter    filter
	Faults    []fieldFault
	Decisions []choice
	Lines     []recordLine
	Older     *filter // where the list goes on, nil at its end
	Cut       bool    // looking stopped before a full page was found
}

func (*recordPage) name() string { return "record" }

// choice is an option of a list to choose from.
type choice struct {
	Value, Name string
	Chosen      bool
}

// recordLine is one line of a list. It has no reference to a patient: lists are
// read over shoulders and printed.
type recordLine struct {
	Seq          uint64
	Address      string // of its page
	Day, Clock   string // UTC
	User, Role   string
	Action       string
	Event        bool
	PatientGiven bool
	Found        string // kinds found and how often
	Decision     badge
	Result       badge
	Status, Door string
	Damaged      bool
}

// The sizes of a page and of one look, in lines.
const (
	pageLines  = 50
	lookLines  = 200  // read at once while looking for a decision
	lookAtMost = 1000 // read for one page
)

// record shows the list that the address asks for.
func (v *visit) record() (page, error) {
	f := filterOf(v.r.URL.Query())
	f.Patient = "" // never from an address
	return v.list(f)
}

// search shows the list that the form asks for. Without a patient it leads to
// an address that can be kept; with one it answers at once.
func (v *visit) search() (page, error) {
	f := filterOf(v.r.PostForm)
	if f.Patient != "" {
		return v.list(f)
	}
	http.Redirect(v.w, v.r, f.Link(), http.StatusSeeOther)
	return nil, nil
}

func (v *visit) list(f filter) (page, error) {
	p := &recordPage{frame: frame{Title: "Record", Here: "/console/record"}, Filter: f, Decisions: decisions(f.Decision)}
	ask, faults := f.ask(v.parts.Tenant)
	if len(faults) > 0 {
		p.Faults, p.status = faults, http.StatusBadRequest
		return p, nil
	}
	list, older, cut, err := v.look(v.r.Context(), ask, audit.Decision(f.Decision))
	if err != nil {
		return nil, err
	}
	err = v.note(audit.Event{Kind: audit.RecordQueried, Patient: ask.Patient, Subject: f.what(), Detail: audit.Content(f.Link())})
	if err != nil {
		return nil, err
	}
	p.Lines, p.Cut = linesOf(list), cut
	if older != nil {
		next := f
		next.Before = strconv.FormatUint(*older, 10)
		p.Older = &next
	}
	return p, nil
}

// look reads one page of the record. older is where the next page begins, nil
// at the end; cut says that lookAtMost lines were read without filling the page.
func (v *visit) look(ctx context.Context, f audit.Filter, d audit.Decision) (list []audit.Summary, older *uint64, cut bool, err error) {
	f.Limit = pageLines + 1
	if d != "" {
		f.Limit = lookLines
	}
	for read := 0; read < lookAtMost; read += f.Limit {
		batch, err := v.parts.Log.Query(ctx, f)
		if err != nil {
			return nil, nil, false, err
		}
		for _, s := range batch {
			if len(list) == pageLines {
				return list, f.Before, false, nil
			}
			if d == "" || s.Decision == d {
				list = append(list, s)
			}
			f.Before = &s.Seq
		}
		if len(batch) < f.Limit {
			return list, nil, false, nil
		}
	}
	return list, f.Before, true, nil
}

func decisions(chosen string) []choice {
	list := []choice{{"", "any", chosen == ""}}
	for _, d := range []audit.Decision{audit.Concealed, audit.Identified, audit.Clean, audit.Refused} {
		list = append(list, choice{string(d), decisionBadge(d).Word, chosen == string(d)})
	}
	return list
}

func linesOf(list []audit.Summary) []recordLine {
	var lines []recordLine
	for _, s := range list {
		l := recordLine{
			Seq: s.Seq, Address: "/console/record/" + strconv.FormatUint(s.Seq, 10),
			User: s.Ten.User, Role: s.Ten.Role, Action: s.Ten.Action, Event: s.Kind == "event",
			PatientGiven: s.Ten.Patient != notStated, Found: s.Ten.PHI,
			Decision: decisionBadge(s.Decision), Result: resultBadge(s.Ten.Result),
			Status: s.Ten.Status, Door: s.Door, Damaged: s.Damaged,
		}
		if s.Exchange != "" {
			l.Address = "/console/record/" + s.Exchange
		}
		l.Day, l.Clock = dayAndClock(s.Ten.Time)
		lines = append(lines, l)
	}
	return lines
}

// notStated is what the ten fields of AUD-01 say where nothing was stated.
const notStated = "not stated"

// dayAndClock splits a moment of the record for reading, in UTC.
func dayAndClock(rfc3339 string) (day, clock string) {
	t, err := time.Parse(time.RFC3339Nano, rfc3339)
	if err != nil {
		return rfc3339, ""
	}
	return t.UTC().Format(time.DateOnly), t.UTC().Format(time.TimeOnly)
}
