package regulation

import (
	"fmt"
	"slices"
	"strings"
)

// Matrix says which features, products and models the agreement of each
// arrangement covers, and how a request shows that it uses one (BAA-14).
type Matrix struct {
	Source `yaml:",inline"`
	// Clouds says how the column "cloud" was checked, which the table's own source
	// does not speak of.
	Clouds   Reliability `yaml:"cloud_reliability"`
	Features []Row       `yaml:"features"`
	Surfaces []Row       `yaml:"surfaces"`
	Models   []Row       `yaml:"models"`
}

// Row is one line of the matrix.
type Row struct {
	Name        string      `yaml:"name"`
	Plain       string      `yaml:"plain"`
	HIPAA       Verdict     `yaml:"hipaa"`
	ZDR         Verdict     `yaml:"zdr"`
	Cloud       Verdict     `yaml:"cloud"`
	Line        string      `yaml:"line"`        // what the source says of it
	Instead     string      `yaml:"instead"`     // the nearest thing that is covered
	Retention   string      `yaml:"retention"`   // of a model that sets it, whatever the arrangement
	Reliability Reliability `yaml:"reliability"` // empty: that of the table
	Marks       []Mark      `yaml:"marks"`
}

// Verdict says whether an agreement covers something.
type Verdict string

// The verdicts. What is not listed is Unlisted.
const (
	Covered    Verdict = "covered"
	IfNamed    Verdict = "if_named" // only where your agreement names it
	NotCovered Verdict = "never"
	Unlisted   Verdict = ""
)

// Arrangement is what you have with whoever processes the text.
type Arrangement string

// The arrangements. NoArrangement covers nothing.
const (
	NoArrangement    Arrangement = ""
	ArrangementHIPAA Arrangement = "hipaa" // a HIPAA-ready organisation
	ArrangementZDR   Arrangement = "zdr"   // zero data retention with an agreement
	ArrangementCloud Arrangement = "cloud" // a cloud provider's own agreement
)

// Mark is one sign in a request: a kind ("tool", "beta", "field" …) and a name.
// A name that ends in * stands for all that begin like it.
type Mark struct{ Kind, Name string }

// UnmarshalText reads "tool web_fetch_*".
func (m *Mark) UnmarshalText(text []byte) error {
	kind, name, ok := strings.Cut(string(text), " ")
	if !ok || !slices.Contains(markKinds(), kind) || name == "" || name == "*" || strings.Contains(strings.TrimSuffix(name, "*"), "*") {
		return fmt.Errorf("regulation: the mark %q is not a kind and a name", text)
	}
	*m = Mark{kind, name}
	return nil
}

// String is the mark as the table writes it.
func (m Mark) String() string { return m.Kind + " " + m.Name }

func markKinds() []string {
	return []string{"path", "beta", "field", "tool", "caller", "call", "block", "source", "role", "edit", "model"}
}

func (m Mark) knows(other Mark) bool {
	if m.Kind != other.Kind {
		return false
	}
	if begin, ok := strings.CutSuffix(m.Name, "*"); ok {
		return strings.HasPrefix(other.Name, begin)
	}
	return m.Name == other.Name
}

// Under is the row's verdict for an arrangement.
func (r Row) Under(a Arrangement) Verdict {
	switch a {
	case ArrangementHIPAA:
		return r.HIPAA
	case ArrangementZDR:
		return r.ZDR
	case ArrangementCloud:
		return r.Cloud
	default:
		return Unlisted
	}
}

// Feature is the feature that a request with this mark uses, and false where the
// table knows none.
func (m Matrix) Feature(mark Mark) (Row, bool) { return rowOf(m.Features, mark) }

// Surface is the row of a product, and false where the connection alone counts.
func (m Matrix) Surface(name string) (Row, bool) {
	for _, r := range m.Surfaces {
		if r.Name == name {
			return r, true
		}
	}
	return Row{}, false
}

// Model is the row of a model's id, as the vendor or a cloud platform writes it,
// and false where the table knows none.
func (m Matrix) Model(id string) (Row, bool) { return rowOf(m.Models, Mark{"model", plainModel(id)}) }

// plainModel takes away what a cloud platform puts around an id
// ("us.anthropic.claude-opus-4-6-v1:0"), and the day of a snapshot.
func plainModel(id string) string {
	if _, after, ok := strings.Cut(id, "anthropic."); ok {
		id = after
	}
	id, _, _ = strings.Cut(id, "@")
	id, _, _ = strings.Cut(id, ":")
	if i := strings.LastIndex(id, "-v"); i > 0 && digits(id[i+2:]) {
		id = id[:i]
	}
	if i := len(id) - 9; i > 0 && id[i] == '-' && digits(id[i+1:]) {
		id = id[:i]
	}
	return id
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func rowOf(rows []Row, mark Mark) (Row, bool) {
	for i := range rows {
		for _, m := range rows[i].Marks {
			if m.knows(mark) {
				return rows[i], true
			}
		}
	}
	return Row{}, false
}

// LoadMatrix reads the embedded table. The error means that the data is wrong.
func LoadMatrix() (Matrix, error) {
	var m Matrix
	if err := load("features.yaml", &m, func() Source { return m.Source }); err != nil {
		return Matrix{}, err
	}
	return m, m.check()
}

// check refuses a table with a row that does not decide or cannot be met.
func (m *Matrix) check() error {
	if !slices.Contains([]Reliability{Confirmed, Reported, ToRecheck}, m.Clouds) {
		return fmt.Errorf("regulation: features.yaml: cloud_reliability is needed")
	}
	seen := map[string]bool{}
	for _, rows := range [][]Row{m.Features, m.Surfaces, m.Models} {
		if len(rows) == 0 {
			return fmt.Errorf("regulation: features.yaml: features, surfaces and models are needed")
		}
		for i := range rows {
			r := &rows[i]
			if r.Reliability == "" {
				r.Reliability = m.Reliability
			}
			if err := r.check(); err != nil {
				return err
			}
			for _, mark := range r.Marks {
				if seen[mark.String()] {
					return fmt.Errorf("regulation: features.yaml: %s: %s stands twice", r.Name, mark)
				}
				seen[mark.String()] = true
			}
		}
	}
	return nil
}

func (r Row) check() error {
	if r.Name == "" || r.Plain == "" || r.Line == "" {
		return fmt.Errorf("regulation: features.yaml: %s: name, plain and line are needed", r.Name)
	}
	open := true
	for _, v := range []Verdict{r.HIPAA, r.ZDR, r.Cloud} {
		if v != Covered && v != IfNamed && v != NotCovered {
			return fmt.Errorf("regulation: features.yaml: %s: a verdict is covered, if_named or never", r.Name)
		}
		open = open && v == Covered
	}
	if !open && r.Instead == "" && r.HIPAA != Covered {
		return fmt.Errorf("regulation: features.yaml: %s: say what to use instead", r.Name)
	}
	return nil
}
