package table

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Ten people in classes of 1, 2, 3 and 4.
const ten = "age,sex,illness\n" +
	"30,F,a\n" +
	"40,F,a\n40,F,b\n" +
	"50,F,a\n50,F,a\n50,F,b\n" +
	"50,M,a\n50,M,b\n50,M,c\n50,M,d\n"

func TestTheThreeRisksOfATableOfTenAreThoseReckonedByHand(t *testing.T) {
	people := read(t, ten)
	// The population has 10, 2, 6 and 8 of them, and 4 that the table lacks.
	everyone := "age,sex\n"
	for row, n := range map[string]int{"30,F\n": 10, "40,F\n": 2, "50,F\n": 6, "50,M\n": 8, "90,F\n": 4} {
		for range n {
			everyone += row
		}
	}
	quasi := []string{"age", "sex"}
	for name, c := range map[string]struct {
		population *Table
		want       Attack
	}{
		"when nobody has counted the population": {nil, Attack{
			Prosecutor: Risk{Max: 1, Mean: 0.4, Over: 0.3}, Journalist: Risk{Max: 1, Mean: 0.4, Over: 0.3},
			Marketer: 0.4, Unique: 0.1,
		}},
		"when the population is counted": {read(t, everyone), Attack{
			Prosecutor: Risk{Max: 1, Mean: 0.4, Over: 0.3}, Journalist: Risk{Max: 0.5, Mean: 0.21, Over: 0.2},
			// 1/10 + 2/2 + 3/6 + 4/8 of ten
			Marketer: 0.21, Unique: 0.1, PopulationKnown: true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := people.Attack(quasi, c.population, Threshold{3})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecursiveDiversityFollowsTheDefinition(t *testing.T) {
	// Counts 4, 2, 1: with l = 3, 4 < c·1 needs c = 5. From the rarest up it is 1 < c·4, so c = 1.
	m, err := read(t, "q,s\nx,a\nx,a\nx,a\nx,a\nx,b\nx,b\nx,c\n").Measure([]string{"q"}, []string{"s"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if m.L != 3 || m.RecursiveC != 5 || m.RecursiveCRare != 1 {
		t.Errorf("l = %d, c = %d and %d, want 3, 5 and 1", m.L, m.RecursiveC, m.RecursiveCRare)
	}
}

func TestATableWithoutSensitiveColumnsHasOnlyK(t *testing.T) {
	m, err := read(t, ten).Measure([]string{"age", "sex"}, nil, false)
	if want := (Measures{K: 1}); err != nil || m != want {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestAColumnOfOneValueIsSpreadAlikeEverywhere(t *testing.T) {
	for _, value := range []string{"a", "1"} {
		m, err := read(t, "q,s\nx,"+value+"\ny,"+value+"\n").Measure([]string{"q"}, []string{"s"}, false)
		want := Measures{K: 1, Alpha: 1, L: 1, EntropyL: 1}
		if err != nil || m != want {
			t.Errorf("got %+v, %v", m, err)
		}
	}
}
