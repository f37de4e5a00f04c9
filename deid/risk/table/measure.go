package table

import (
	"errors"
	"math"
)

// Measures are the nine measures of the classes of a table. Each speaks of the
// worst class, and with several sensitive columns of the worst column. They are
// those of pyCANON (Sáinz-Pardo Díaz and López García, Scientific Data 2022),
// whose numbers on a sample stand in testdata.
type Measures struct {
	// K is the size of the smallest class (Samarati and Sweeney 1998).
	K int `json:"k"`
	// Alpha is the largest share of one sensitive value in a class ((α,k)-anonymity, Wong 2006).
	Alpha float64 `json:"alpha"`
	// L is the smallest number of sensitive values in a class (Machanavajjhala 2007).
	L int `json:"l"`
	// EntropyL is e to the smallest entropy of a class, rounded down.
	EntropyL int `json:"entropy_l"`
	// RecursiveC is the smallest whole c for which every class is recursively (c,L)-diverse; 0 if L is 1.
	RecursiveC int `json:"recursive_c"`
	// RecursiveCRare is the same with the rarest value counted first, as pyCANON counts; 0 if L is 1.
	// It is here so that reports can be compared; RecursiveC follows the definition.
	RecursiveCRare int `json:"recursive_c_pycanon"`
	// T is the largest earth mover's distance between a class and all records (t-closeness, Li 2007).
	T float64 `json:"t"`
	// Beta is the largest relative rise of a value's share in a class (basic β-likeness, Cao and Karras 2012).
	Beta float64 `json:"basic_beta"`
	// EnhancedBeta is Beta, limited by −ln of the share of the rarest value.
	EnhancedBeta float64 `json:"enhanced_beta"`
	// Delta is the largest |ln(q/p)| of a value in a class (δ-disclosure, Brickell and Shmatikov 2008).
	Delta float64 `json:"delta"`
}

var errNoColumns = errors.New("table: quasi-identifying columns are needed")

// Measure measures the table's classes by the quasi-identifying columns, and
// how well they hide the sensitive ones. Without sensitive columns only K is
// measured. With others, every sensitive column is judged as if all others were
// quasi-identifying too, which is the careful reading of a table with several.
//
// The error is *UnknownColumnError for a column that was not read, or says that
// there are no quasi-identifying columns.
func (t *Table) Measure(quasi, sensitive []string, others bool) (Measures, error) {
	if len(quasi) == 0 {
		return Measures{}, errNoColumns
	}
	q, err := t.find(quasi)
	if err != nil {
		return Measures{}, err
	}
	s, err := t.find(sensitive)
	if err != nil {
		return Measures{}, err
	}
	shared := classesOf(t.rows, t.at(q))
	m := Measures{K: shared.smallest()}
	if len(s) == 0 {
		return m, nil
	}
	var spreads []*spread
	for i := range s {
		c := &shared
		if others && len(s) > 1 {
			own := classesOf(t.rows, append(append(t.at(q), t.at(s[:i])...), t.at(s[i+1:])...))
			c = &own
		}
		spreads = append(spreads, spreadOf(c, t.columns[s[i]]))
	}
	m.fill(spreads)
	return m, nil
}

func (t *Table) at(index []int) []column {
	columns := make([]column, len(index))
	for i, j := range index {
		columns[i] = t.columns[j]
	}
	return columns
}

// slack is what rounding may take from e to the entropy of equal shares, which
// is a whole number.
const slack = 1e-9

func (m *Measures) fill(spreads []*spread) {
	m.L = math.MaxInt
	entropy, beta := math.Inf(1), math.Inf(-1)
	for _, s := range spreads {
		m.Alpha = max(m.Alpha, s.commonest())
		m.L = min(m.L, s.fewest())
		entropy = min(entropy, s.entropy())
		m.T = max(m.T, s.farthest())
		gain := s.gain()
		beta = max(beta, gain)
		m.EnhancedBeta = max(m.EnhancedBeta, min(gain, -math.Log(s.rarest())))
		m.Delta = max(m.Delta, s.disclosed())
	}
	m.EntropyL, m.Beta = int(math.Exp(entropy)+slack), beta
	if m.L < 2 {
		return
	}
	for _, s := range spreads {
		m.RecursiveC = max(m.RecursiveC, s.recursive(m.L, false))
		m.RecursiveCRare = max(m.RecursiveCRare, s.recursive(m.L, true))
	}
}
