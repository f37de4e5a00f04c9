package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"chaperone"
)

// AliasKind says by what a patient is known. The list is closed.
type AliasKind string

// The kinds of aliases.
const (
	AliasReference   AliasKind = "reference"   // a number or id that requests state, such as an MRN
	AliasName        AliasKind = "name"        // a name; its order and case do not matter
	AliasPlaceholder AliasKind = "placeholder" // a placeholder that stood for the patient
	AliasSession     AliasKind = "session"     // the pseudonym of a session that was about the patient
)

// Alias is one thing by which a patient is known. It identifies a person, so it
// prints as its kind alone.
type Alias struct {
	Kind  AliasKind `json:"kind"`
	Value string    `json:"value"`
}

// String is the alias's kind, never its value.
func (a Alias) String() string { return "[" + string(a.Kind) + "]" }

// GoString hides the value.
func (a Alias) GoString() string { return "audit.Alias{" + string(a.Kind) + "}" }

// IsZero reports whether nobody is named.
func (a Alias) IsZero() bool { return a == Alias{} }

const maxAlias = 256 // bytes of one

// check refuses what could not be an alias. The error does not repeat it.
func (a Alias) check() error {
	switch a.Kind {
	case AliasReference:
		if _, err := chaperone.NewPatientRef(a.Value); err != nil || a.Value == "" {
			return errQuestion("A patient's reference has 1 to 128 letters, digits and . _ : / | -")
		}
	case AliasPlaceholder, AliasSession:
		if !isWord(a.Value) {
			return errQuestion("A placeholder or a session is one word")
		}
	case AliasName:
		if len(a.Value) > maxAlias || plainName(a.Value) == "" {
			return errQuestion("A name has letters, and at most 256 bytes")
		}
	default:
		return errQuestion("A patient is known by a reference, a name, a placeholder or a session")
	}
	return nil
}

// plainName makes names equal that are the same person's: "Smith, John" and
// "john smith".
func plainName(s string) string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	slices.Sort(words)
	return strings.Join(words, " ")
}

// aliasIndex is the keyed hash under which the links of an alias are found. A
// reference has the hash of its exchanges.
func (l *Log) aliasIndex(tenant string, a Alias) [16]byte {
	field, value := "alias "+string(a.Kind), a.Value
	switch a.Kind {
	case AliasReference:
		field = "patient"
	case AliasName:
		value = plainName(value)
	case AliasPlaceholder, AliasSession:
	}
	return l.cfg.Index(field, tenant+"\x00"+value)
}

// Link says that two aliases are one patient's, or are no longer.
type Link struct {
	Patient chaperone.PatientRef // the reference that stands for the patient
	Alias   Alias
	Remove  bool    // what was linked by mistake is taken apart; both stay in the record
	Reason  Content // why; needed
}

// linkDetail is the sealed content of a link's two events.
type linkDetail struct {
	Patient Alias  `json:"patient"`
	Alias   Alias  `json:"alias"`
	Reason  string `json:"reason"`
}

// LinkAlias records who says that an alias is a patient's. The link is two
// events that become durable together, one found by each side; there is no other
// list of aliases. The error is a *chaperone.Error: question_malformed,
// record_unavailable.
func (l *Log) LinkAlias(ctx context.Context, by chaperone.Principal, k Link) error {
	patient := Alias{AliasReference, k.Patient.Expose()}
	if err := errors.Join(patient.check(), k.Alias.check()); err != nil {
		return err
	}
	if len(k.Reason) == 0 {
		return errReason()
	}
	ctx, cancel := l.patience(ctx)
	defer cancel()
	kind := PatientLinked
	if k.Remove {
		kind = PatientUnlinked
	}
	detail, err := json.Marshal(linkDetail{patient, k.Alias, string(k.Reason)})
	if err != nil {
		return l.failed(err)
	}
	var rows []Row
	for _, side := range []Alias{patient, k.Alias} {
		r, err := l.linkRow(ctx, by, k.Patient, kind, l.aliasIndex(by.Tenant, side), detail)
		if err != nil {
			return l.failed(err)
		}
		rows = append(rows, r)
	}
	if _, err := l.append(ctx, rows...); err != nil {
		return l.failed(err)
	}
	return nil
}

// linkRow is one of a link's two events.
func (l *Log) linkRow(ctx context.Context, by chaperone.Principal, patient chaperone.PatientRef, kind EventKind, found [16]byte, detail []byte) (Row, error) {
	id, err := newID(l.cfg.Clock(), l.cfg.Random)
	if err != nil {
		return Row{}, err
	}
	i := Intent{Who: by, Why: Why{Patient: patient}, What: What{Action: string(kind)}}
	facts := i.facts(stamp(l.cfg.Clock()))
	facts.Ruling, facts.Note = nil, &NoteFacts{Event: kind}
	facts.Outcome = &OutcomeFacts{Result: OK}
	index := l.index(i)
	index.Patient = found
	return l.row(ctx, draft{
		id: id, kind: KindNote, class: string(kind), index: index, facts: facts,
		content: []named{{"detail", detail}},
	})
}

const maxAliases = 200 // of one patient

// known is everything by which one patient is known.
type known struct {
	aliases []Alias
	lost    int // links that do not open any more
}

// references are those that requests may have stated.
func (k known) references() []string { return k.values(AliasReference) }

func (k known) values(kind AliasKind) []string {
	var list []string
	for _, a := range k.aliases {
		if a.Kind == kind {
			list = append(list, a.Value)
		}
	}
	return list
}

// resolve follows links from one alias to all others.
func (l *Log) resolve(ctx context.Context, tenant string, from Alias) (known, error) {
	k := known{aliases: []Alias{from}}
	seen := map[[16]byte]bool{l.aliasIndex(tenant, from): true}
	for i := 0; i < len(k.aliases); i++ {
		next, lost, err := l.linksOf(ctx, tenant, k.aliases[i])
		if err != nil {
			return k, err
		}
		k.lost += lost
		for _, a := range next {
			if at := l.aliasIndex(tenant, a); !seen[at] {
				seen[at] = true
				k.aliases = append(k.aliases, a)
			}
		}
		if len(k.aliases) > maxAliases {
			return k, errLarge("This patient is linked to more than 200 aliases")
		}
	}
	return k, nil
}

// linksOf lists what an alias is linked to now: of each pair, the newest event
// counts.
func (l *Log) linksOf(ctx context.Context, tenant string, a Alias) (linked []Alias, lost int, err error) {
	at := l.aliasIndex(tenant, a)
	var rows []Row
	for _, kind := range []EventKind{PatientLinked, PatientUnlinked} {
		m := Match{Kind: KindNote, Class: string(kind), Index: Index{Patient: at}}
		if err := l.eachRow(ctx, m, func(r Row) error { rows = append(rows, r); return nil }); err != nil {
			return nil, 0, err
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, row := range rows {
		note, err := l.open(ctx, row)
		var d linkDetail
		if err == nil {
			err = json.Unmarshal(note.Content["detail"], &d)
		}
		if err != nil || errors.Join(d.Patient.check(), d.Alias.check()) != nil {
			lost++
			continue
		}
		other := d.Alias
		if l.aliasIndex(tenant, other) == at {
			other = d.Patient
		}
		linked = slices.DeleteFunc(linked, func(b Alias) bool { return b == other })
		if row.Class == string(PatientLinked) {
			linked = append(linked, other)
		}
	}
	return linked, lost, nil
}

// eachRow calls each for every row that matches, in order of places, reading a
// page at a time.
func (l *Log) eachRow(ctx context.Context, m Match, each func(Row) error) error {
	for m.Limit = maxLimit; ; {
		rows, err := l.cfg.Journal.Find(ctx, m)
		if err != nil {
			return errUnavailable(fmt.Errorf("audit: ask: %w", err))
		}
		for _, r := range rows {
			if err := each(r); err != nil {
				return err
			}
		}
		if len(rows) < m.Limit {
			return nil
		}
		m.After = &rows[len(rows)-1].Seq
	}
}
