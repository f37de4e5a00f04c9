package deid

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"chaperone/phi"
)

// maxProfileFile bounds a profile file, in bytes.
const maxProfileFile = 64 << 10

// ParseCustom reads a profile of one's own: a YAML text such as
//
//	name: registry
//	date_order: month-first
//	treatments:
//	  date: generalise
//	  age: band
//	  org: keep
//
// Kinds that are not named are concealed. date_order (month-first or day-first)
// may be left out; see DateOrder. Anything unknown, repeated or unfitting is an
// error that names its line; the error holds all of them. No agency or expert
// has looked at a profile of one's own: what leaves under it is
// protected health information unless it conceals all that Safe Harbor does.
func ParseCustom(src []byte) (Profile, error) {
	p, name := Profile{}, ""
	f := profileFile{}
	f.read(src, []setting{
		{"name", func(n *yaml.Node) { name = f.word(n) }},
		{"date_order", func(n *yaml.Node) { p.order = f.dateOrder(n) }},
		{"treatments", func(n *yaml.Node) { p = f.treatments(n, p) }},
	})
	if err := f.err(); err != nil {
		return Profile{}, err
	}
	if name == "" {
		name = "custom"
	}
	p.name = "custom:" + name + "@" + digestOf(src)
	return p, nil
}

// Determination is a statistical expert's finding that the risk is very small
// under stated treatments (45 CFR 164.514(b)(1)).
type Determination struct {
	Expert     string    // who determined
	Method     string    // how
	Scope      string    // for which data and receivers
	Determined time.Time // the day, UTC
	Expires    time.Time // the last day it holds, UTC
	profile    Profile
}

// ParseDetermination reads a registered determination: a YAML text with expert,
// method, scope, determined and expires (year-month-day), and treatments as in
// ParseCustom. All but date_order are needed.
func ParseDetermination(src []byte) (Determination, error) {
	var d Determination
	f := profileFile{}
	f.read(src, []setting{
		{"expert", func(n *yaml.Node) { d.Expert = f.text(n) }},
		{"method", func(n *yaml.Node) { d.Method = f.text(n) }},
		{"scope", func(n *yaml.Node) { d.Scope = f.text(n) }},
		{"determined", func(n *yaml.Node) { d.Determined = f.day(n) }},
		{"expires", func(n *yaml.Node) { d.Expires = f.day(n) }},
		{"date_order", func(n *yaml.Node) { d.profile.order = f.dateOrder(n) }},
		{"treatments", func(n *yaml.Node) { d.profile = f.treatments(n, d.profile) }},
	})
	f.needs("expert", "method", "scope", "determined", "expires", "treatments")
	if err := f.err(); err != nil {
		return Determination{}, err
	}
	if d.Expires.Before(d.Determined) {
		return Determination{}, errors.New("deid: the determination expires before it was made: check determined and expires")
	}
	d.profile.name = "expert-determination@" + digestOf(src)
	d.profile.basis = "determination of " + d.Expert + ", until " + d.Expires.Format(time.DateOnly)
	return d, nil
}

// ErrNoDetermination says that there is no determination that holds today. Have
// one made or renewed, or take another profile.
var ErrNoDetermination = errors.New("deid: no expert determination holds (45 CFR 164.514(b)(1))")

// Profile returns the profile the determination unlocks. On a day before it was
// made or after it expired the error is ErrNoDetermination; the zero
// Determination unlocks nothing.
func (d Determination) Profile(today time.Time) (Profile, error) {
	switch {
	case d.Expert == "" || d.Expires.IsZero():
		return Profile{}, ErrNoDetermination
	case !today.Before(d.Expires.AddDate(0, 0, 1)):
		return Profile{}, fmt.Errorf("%w: it expired on %s", ErrNoDetermination, d.Expires.Format(time.DateOnly))
	case today.Before(d.Determined):
		return Profile{}, fmt.Errorf("%w: it begins on %s", ErrNoDetermination, d.Determined.Format(time.DateOnly))
	}
	return d.profile, nil
}

// digestOf tells files apart in records.
func digestOf(src []byte) string {
	sum := sha256.Sum256(src)
	return fmt.Sprintf("%x", sum[:4])
}

// profileFile reads the flat files above and collects what is wrong with them.
// Its faults never repeat a value.
type profileFile struct {
	faults []error
	seen   map[string]bool
}

type setting struct {
	name string
	read func(*yaml.Node)
}

func (f *profileFile) fault(n *yaml.Node, what string) {
	f.faults = append(f.faults, fmt.Errorf("line %d: %s", max(n.Line, 1), what))
}

func (f *profileFile) err() error {
	if len(f.faults) == 0 {
		return nil
	}
	return fmt.Errorf("deid: profile: %w", errors.Join(f.faults...))
}

func (f *profileFile) read(src []byte, settings []setting) {
	f.seen = map[string]bool{}
	if len(src) > maxProfileFile {
		f.faults = append(f.faults, errors.New("the file is larger than 64 KiB; a profile is a few lines"))
		return
	}
	var doc, second yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	if err == nil {
		err = loader.Load(&doc)
	}
	if err != nil || len(doc.Content) != 1 {
		line := 1
		var at *yaml.LoadError
		if errors.As(err, &at) && at.Mark.Line > 0 {
			line = at.Mark.Line
		}
		f.fault(&yaml.Node{Line: line}, "this is not YAML with settings of the form name: value")
		return
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		f.fault(&second, "there is more than one document; remove the --- line and what follows it")
	}
	f.mapping(doc.Content[0], settings)
}

func (f *profileFile) mapping(n *yaml.Node, settings []setting) {
	if n.Kind != yaml.MappingNode {
		f.fault(n, "here belong settings of the form name: value")
		return
	}
	here := map[string]bool{}
next:
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if here[key.Value] {
			f.fault(key, "this is set twice")
			continue
		}
		here[key.Value] = true
		for _, s := range settings {
			if key.Kind == yaml.ScalarNode && key.Value == s.name {
				f.seen[s.name] = true
				s.read(n.Content[i+1])
				continue next
			}
		}
		f.fault(key, "this setting is unknown; the settings here are "+names(settings))
	}
}

func names(settings []setting) string {
	list := make([]string, len(settings))
	for i, s := range settings {
		list[i] = s.name
	}
	return strings.Join(list, ", ")
}

func (f *profileFile) needs(list ...string) {
	for _, name := range list {
		if !f.seen[name] && len(f.faults) == 0 {
			f.faults = append(f.faults, errors.New(name+" is missing"))
		}
	}
}

func (f *profileFile) text(n *yaml.Node) string {
	s := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || s == "" || strings.ContainsAny(s, "\n\r") {
		f.fault(n, "here belongs one line of text")
	}
	return s
}

var profileName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (f *profileFile) word(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || !profileName.MatchString(n.Value) {
		f.fault(n, "a name is made of small letters, digits and hyphens")
	}
	return n.Value
}

func (f *profileFile) day(n *yaml.Node) time.Time {
	t, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		f.fault(n, "a day is written like 2026-11-21")
	}
	return t
}

func (f *profileFile) dateOrder(n *yaml.Node) DateOrder {
	switch n.Value {
	case "month-first":
		return MonthFirst
	case "day-first":
		return DayFirst
	}
	f.fault(n, "the orders are month-first and day-first")
	return OrderUnknown
}

// treatments reads kind: treatment for each of the kinds.
func (f *profileFile) treatments(n *yaml.Node, p Profile) Profile {
	var settings []setting
	for _, k := range phi.Kinds() {
		if !k.Identifies() {
			continue
		}
		settings = append(settings, setting{k.String(), func(n *yaml.Node) {
			t, ok := parseTreatment(n.Value)
			switch {
			case n.Kind != yaml.ScalarNode || !ok:
				f.fault(n, "the treatments are "+strings.Join(treatmentWords[:], ", "))
			case !t.fits(k):
				f.fault(n, k.Plain()+" cannot be treated so")
			default:
				p.treat[k] = t
			}
		}})
	}
	f.mapping(n, settings)
	return p
}
