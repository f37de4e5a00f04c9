package table

import (
	"encoding/json"
	"os"
	"testing"
)

// What anjana 1.2.3 made k-anonymous, diverse and close is so by our measure
// too, to the same numbers; see testdata/released.py.
func TestATableThatAnjanaReleasesMeasuresAsItPromises(t *testing.T) {
	var want struct {
		AskedK int     `json:"asked_k"`
		AskedT float64 `json:"asked_t"`
		Rows   int
		K, L   int
		T      float64
		Beta   float64 `json:"basic_beta"`
	}
	b, err := os.ReadFile("testdata/released.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("testdata/released.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	released, err := Read(f, "age", "zip", "diagnosis")
	if err != nil {
		t.Fatal(err)
	}
	m, err := released.Measure([]string{"age", "zip"}, []string{"diagnosis"}, false)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "t", m.T, want.T)
	near(t, "basic beta", m.Beta, want.Beta)
	if released.Rows() != want.Rows || m.K != want.K || m.L != want.L {
		t.Errorf("%d rows, k = %d, l = %d, want %+v", released.Rows(), m.K, m.L, want)
	}
	if m.K < want.AskedK || m.T > want.AskedT {
		t.Errorf("k = %d and t = %v, asked for %d and %v", m.K, m.T, want.AskedK, want.AskedT)
	}
}
