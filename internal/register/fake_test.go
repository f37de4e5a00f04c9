package register_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/register"
)

// shelf is a register.Store in memory, and a Sealer that binds what it seals to its
// name and hides nothing.
type shelf struct {
	rows  []register.Row
	files []register.Document
	fail  error
}

func (s *shelf) AddEntry(_ context.Context, r register.Row) error {
	if s.fail != nil {
		return s.fail
	}
	s.rows = append(s.rows, r)
	return nil
}

func (s *shelf) Entries(context.Context, string) ([]register.Row, error) { return s.rows, s.fail }

func (s *shelf) AddDocument(_ context.Context, d register.Document) error {
	s.files = append(s.files, d)
	return s.fail
}

func (s *shelf) Document(_ context.Context, tenant, digest string) (register.Document, error) {
	i := slices.IndexFunc(s.files, func(d register.Document) bool { return d.Tenant == tenant && d.Digest == digest })
	if i < 0 {
		return register.Document{}, register.ErrUnknown
	}
	return s.files[i], nil
}

func (s *shelf) SealFacts(record string, plain []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(record))
	return append(sum[:], plain...), nil
}

func (s *shelf) OpenFacts(record string, sealed []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(record))
	plain, ok := bytes.CutPrefix(sealed, sum[:])
	if !ok {
		return nil, errors.New("sealed under another name")
	}
	return plain, nil
}

func (s *shelf) SealContent(_ context.Context, record, kind string, plain []byte) ([]byte, string, [32]byte, error) {
	sealed, err := s.SealFacts(record+kind, plain)
	return sealed, "key", [32]byte{}, err
}

func (s *shelf) OpenContent(_ context.Context, record, kind, _ string, sealed []byte) ([]byte, error) {
	return s.OpenFacts(record+kind, sealed)
}

// office is a register with a clock that tests move and a record that they read.
type office struct {
	t        *testing.T
	shelf    *shelf
	now      time.Time
	noted    []string
	noRecord error
	*register.Register
}

// date is a day of the test's year and after.
func date(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, shelf: &shelf{}, now: date("2026-06-01").Add(9 * time.Hour)}
	o.reopen()
	return o
}

func (o *office) reopen() {
	o.t.Helper()
	var err error
	o.Register, err = o.open()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) open() (*register.Register, error) {
	return register.Open(o.t.Context(), register.Config{
		Store: o.shelf, Sealer: o.shelf, Tenant: "clinic", Clock: func() time.Time { return o.now },
		Note: func(_ context.Context, c register.Change) error {
			if o.noRecord == nil {
				o.noted = append(o.noted, fmt.Sprintf("%s:%s (%t)", c.Kind, c.Subject, len(c.Detail) > 0))
			}
			return o.noRecord
		},
	})
}

// file keeps a document.
func (o *office) file(text string) register.File {
	o.t.Helper()
	digest, err := o.Keep(o.t.Context(), []byte(text))
	if err != nil {
		o.t.Fatal(err)
	}
	return register.File{Name: "signed.pdf", Digest: digest}
}

// put puts something down that is in order.
func (o *office) put(d register.Deed) register.Entry {
	o.t.Helper()
	e, err := o.Add(o.t.Context(), "privacy-officer", d)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// refused demands that something is not put down, and why.
func (o *office) refused(d register.Deed, code string) {
	o.t.Helper()
	before := len(o.Entries())
	_, err := o.Add(o.t.Context(), "privacy-officer", d)
	if got := chaperone.AsError(err).Code; err == nil || got != code {
		o.t.Errorf("answered %q (%v), want %q", got, err, code)
	}
	if len(o.Entries()) != before {
		o.t.Error("it was put down all the same")
	}
}

var everyClause = []string{
	"permitted-uses", "safeguards", "breach-report", "audit-rights", "return-or-destroy", "subcontractors", "data-location", "key-management", "no-marketing",
}

// version is BAA-1 as it should be.
func (o *office) version() *register.Version {
	return &register.Version{
		Agreement: "BAA-1", Holder: "Anthropic", Signed: date("2026-05-04"), Expires: date("2027-05-04"),
		Clauses: everyClause, NoticeHours: 48, File: o.file("the signed paper"),
		Subcontractors: []register.Subcontractor{{Name: "Amazon Web Services", Agreement: "DPA-7"}},
	}
}

func review(version int, as register.Reviewer) register.Deed {
	return register.Deed{Review: &register.Review{Agreement: "BAA-1", Version: version, As: as, On: date("2026-05-05")}}
}

func useCase() register.Deed {
	return register.Deed{UseCase: &register.UseCase{Agreement: "BAA-1", Words: "Discharge letters of ward 3"}}
}

// house is a configuration with one door under BAA-1.
func house() register.House {
	return register.House{Doors: []register.HouseDoor{{
		Name: "claude", Holder: "Anthropic",
		Agreement: register.HouseAgreement{ID: "BAA-1", Signed: date("2026-05-04"), Expires: date("2027-05-04")},
	}}}
}

// found is the finding of that id at the office's moment.
func (o *office) found(h register.House, id string) (register.Finding, bool) {
	o.t.Helper()
	list, err := register.Judge(register.Fold(o.Entries()), h, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, f := range list {
		if f.ID == id {
			return f, true
		}
	}
	return register.Finding{}, false
}

// wants demands a finding with a light, and its day if one is given.
func (o *office) wants(h register.House, id string, light register.Light, due string) register.Finding {
	o.t.Helper()
	f, ok := o.found(h, id)
	if !ok {
		o.t.Errorf("on %s nothing is said of %s", o.now.Format(time.DateOnly), id)
	} else if f.Light != light || due != "" && f.Due.Format(time.DateOnly) != due {
		o.t.Errorf("on %s %s is %s, due %s: %s", o.now.Format(time.DateOnly), id, f.Light, f.Due.Format(time.DateOnly), f.Text)
	}
	return f
}
