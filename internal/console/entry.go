package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/phi"
)

// entryPage shows what the record holds about one exchange or event, without
// its words.
type entryPage struct {
	frame
	Which    string // its address's last part
	Event    bool
	Invented bool // the door was a simulated one, as recorded then
	Fields   []field
	Decision badge
	Ruling   policyLine
	Reasons  []reasonLine
	Findings []findingLine
	Left     []field // what is left once the identifiers are replaced
	Door     []field
	Ended    []field
	Rows     []rowLine
	Gone     bool // there were words, and their key was destroyed
	Words    bool // there are words to be asked for
	MayAsk   bool // and this role may
}

func (*entryPage) name() string { return "entry" }

// field is a name and what it says.
type field struct{ Name, Value string }

// reasonLine is a rule that spoke.
type reasonLine struct{ ID, Text string }

// findingLine is a kind of identifier and how often it was found.
type findingLine struct {
	Kind, Plain string
	Times       int
}

// rowLine is one row of the record.
type rowLine struct {
	Name    string
	Seq     uint64
	Receipt string
	Parts   []audit.Part
	Proof   proofState
}

// entry shows one exchange, after recording that somebody looks.
func (v *visit) entry() (page, error) {
	full, err := v.show("")
	if err != nil {
		return nil, err
	}
	p := &entryPage{
		frame: frame{Title: "Exchange", Here: "/console/record"}, Which: v.r.PathValue("which"),
		Fields: tenOf(full.Ten), Event: full.Note != nil, MayAsk: v.may(v.who.Role, readWords),
	}
	if p.Event {
		p.Title = "Event"
	}
	for _, r := range rows(full) {
		p.Rows = append(p.Rows, v.row(r.name, r.Record))
		p.Gone = p.Gone || r.Gone
		p.Words = p.Words || len(r.Content) > 0
	}
	switch {
	case full.Note != nil:
		p.addNote(full.Note.Facts)
	default:
		v.addRuling(p, full.Intent.Facts)
		if full.Outcome != nil {
			p.addOutcome(full.Outcome.Facts.Outcome)
		}
	}
	return p, nil
}

// show opens one exchange and records who did. how is added to what the record
// says was looked at.
func (v *visit) show(how string) (*audit.Full, error) {
	which := v.r.PathValue("which")
	full, err := v.parts.Log.Show(v.r.Context(), which)
	if err != nil {
		return nil, err
	}
	facts := rows(full)[0].Facts
	if facts.Who.Tenant != "" && facts.Who.Tenant != v.parts.Tenant {
		return nil, chaperone.NewError(chaperone.KindNotFound, "record_not_found", "There is no such record", "Check the number or the request id", nil)
	}
	var patient chaperone.PatientRef
	if facts.Deed.Patient != notStated {
		if patient, err = chaperone.NewPatientRef(facts.Deed.Patient); err != nil {
			return nil, err
		}
	}
	return full, v.note(audit.Event{Kind: audit.RecordRead, Patient: patient, Subject: which + how})
}

// namedRow is a row of an exchange or event and what it is called.
type namedRow struct {
	name string
	*audit.Record
}

func rows(full *audit.Full) []namedRow {
	var list []namedRow
	for _, r := range []namedRow{{"Intent", full.Intent}, {"Outcome", full.Outcome}, {"Event", full.Note}} {
		if r.Record != nil {
			list = append(list, r)
		}
	}
	return list
}

func (v *visit) row(name string, r *audit.Record) rowLine {
	return rowLine{Name: name, Seq: r.Seq, Receipt: r.Receipt, Parts: r.Facts.Parts, Proof: v.prove(r.Seq)}
}

// tenOf lists the ten fields of AUD-01.
func tenOf(t audit.Ten) []field {
	return []field{
		{"Time (UTC)", t.Time},
		{"Who", t.User},
		{"Role", t.Role},
		{"Patient", t.Patient},
		{"Identifiers found", t.PHI},
		{"Action", t.Action},
		{"Result", t.Result},
		{"Reason", t.Reason},
		{"Address", t.Address},
		{"Response code", t.Status},
	}
}

// addRuling says what was ruled. A rule's words are shown only if the policy in
// force is still the one that was recorded.
func (v *visit) addRuling(p *entryPage, f audit.Facts) {
	p.Invented = f.Deed.Simulated
	p.Door = stated([]field{
		{"Door", f.Deed.Door},
		{"Model asked for", f.Deed.Model},
		{"Region", f.Deed.Region},
		{"Follows the attempt", f.Deed.After},
		{"Agreement", f.Deed.Agreement},
		{"Right rests on", f.Deed.Basis},
		{"Client", f.Deed.Surface},
		{"Asked in the form of", f.Deed.Form},
		{"Key", f.Who.Key},
		{"Environment", f.Who.Environment},
	})
	if f.Ruling == nil {
		return
	}
	p.Decision = decisionBadge(f.Ruling.Decision)
	p.Ruling = policyLine{Name: f.Ruling.Profile, Version: f.Ruling.Version}
	words := map[string]string{}
	if text, err := v.policyText(); err == nil && text.line.Version == f.Ruling.Version {
		for _, r := range text.rules {
			words[r.ID] = r.Reason
		}
	}
	for _, id := range f.Ruling.Reasons {
		text := words[id]
		if floor, ok := strings.CutPrefix(id, "floor:"); ok {
			text = "A floor that no policy can lower: " + strings.ReplaceAll(floor, "_", " ")
		}
		p.Reasons = append(p.Reasons, reasonLine{id, text})
	}
	p.Findings = findingsOf(f.Ruling.Findings)
	if r := f.Ruling.Residual; r != nil {
		p.Left = append(p.Left, field{"People who probably fit what is left", fmt.Sprintf("%d (risk %.2f)", r.Crowd, r.Score)},
			field{"Narrowed by", strings.Join(r.Why, ", ")})
	}
	p.Left = stated(append(p.Left, field{"Speaks of", strings.Join(f.Ruling.Categories, ", ")}))
}

func findingsOf(m map[string]int) []findingLine {
	var list []findingLine
	for name, n := range m {
		l := findingLine{Kind: name, Times: n}
		if k, ok := phi.ParseKind(name); ok {
			l.Plain = k.Plain()
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b findingLine) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}

func (p *entryPage) addOutcome(o *audit.OutcomeFacts) {
	if o == nil {
		return
	}
	p.Ended = []field{
		{"Took", (time.Duration(o.TookMicros) * time.Microsecond).String()},
		{"Placeholders put back", number(o.Restored)},
	}
	if o.Unknown > 0 {
		p.Ended = append(p.Ended, field{"Placeholders of no session", number(o.Unknown)})
	}
	for _, l := range findingsOf(o.Brought) {
		p.Ended = append(p.Ended, field{"Only the answer had: " + l.Plain, number(l.Times)})
	}
	if o.Withheld > 0 {
		p.Ended = append(p.Ended, field{"Of them taken out, places", number(o.Withheld)})
	}
	p.Ended = append(p.Ended, stated([]field{{"Error", o.ErrorCode}})...)
	if o.Cost != nil {
		p.Ended = append(p.Ended, field{"Cost by the list", fmt.Sprintf("USD %.6f", float64(*o.Cost)/1e6)})
	}
	if u := o.Upstream; u != nil {
		p.Ended = append(p.Ended, stated([]field{
			{"Model that answered", u.Model},
			{"Its request id", u.RequestID},
			{"Its status", number(u.Status)},
			{"Stopped because", u.StopReason},
			{"Tokens in", number(u.InputTokens)},
			{"Tokens out", number(u.OutputTokens)},
			{"Tokens read from the cache", number(u.CacheRead)},
			{"Tokens written to the cache", number(u.CacheWrite)},
		})...)
	}
}

func (p *entryPage) addNote(f audit.Facts) {
	if f.Note != nil {
		p.Door = stated([]field{{"Event", string(f.Note.Event)}, {"About", f.Note.Subject}, {"Key", f.Who.Key}})
	}
}

// stated keeps the fields that say something.
func stated(list []field) []field {
	return slices.DeleteFunc(list, func(f field) bool { return f.Value == "" || f.Value == "0" })
}
