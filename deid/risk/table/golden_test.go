package table

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

type golden struct {
	Quasi, Sensitive []string
	K                int
	Alpha            float64
	AlphaK           int `json:"alpha_k"`
	L                int
	EntropyL         int `json:"entropy_l"`
	C                *int
	CL               int `json:"c_l"`
	T                float64
	Beta             float64 `json:"basic_beta"`
	EnhancedBeta     float64 `json:"enhanced_beta"`
	Delta            float64
	Gen              bool
}

// Measured by pyCANON 1.3.6; see testdata/golden.py.
func TestTheNineMeasuresAreThoseOfPyCANON(t *testing.T) {
	b, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []golden
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) < 7 {
		t.Fatalf("%d golden cases, %v", len(cases), err)
	}
	for _, want := range cases {
		name := strings.Join(want.Quasi, "+") + " hides " + strings.Join(want.Sensitive, "+")
		if !want.Gen {
			name += " each with the others"
		}
		t.Run(name, func(t *testing.T) {
			got, err := clinic(t).Measure(want.Quasi, want.Sensitive, !want.Gen)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "alpha", got.Alpha, want.Alpha)
			near(t, "t", got.T, want.T)
			near(t, "basic beta", got.Beta, want.Beta)
			near(t, "enhanced beta", got.EnhancedBeta, want.EnhancedBeta)
			near(t, "delta", got.Delta, want.Delta)
			if got.K != want.K || got.K != want.AlphaK || got.L != want.L || got.EntropyL != want.EntropyL {
				t.Errorf("k, l, entropy l = %d, %d, %d, want %d, %d, %d", got.K, got.L, got.EntropyL, want.K, want.L, want.EntropyL)
			}
			switch {
			case want.C == nil && want.CL == 1 && got.RecursiveCRare != 0:
				t.Errorf("c = %d where l is 1", got.RecursiveCRare)
			case want.C != nil && (got.RecursiveCRare != *want.C || got.L != want.CL):
				t.Errorf("(c,l) = (%d,%d), want (%d,%d)", got.RecursiveCRare, got.L, *want.C, want.CL)
			}
		})
	}
}

func clinic(t *testing.T) *Table {
	t.Helper()
	return open(t, "testdata/clinic.csv")
}

func open(t *testing.T, file string) *Table {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := Read(f, "age", "sex", "zip3", "diagnosis", "days", "plan")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func read(t *testing.T, text string) *Table {
	t.Helper()
	head, _, _ := strings.Cut(text, "\n")
	table, err := Read(strings.NewReader(text), slices.Collect(strings.SplitSeq(head, ","))...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}
