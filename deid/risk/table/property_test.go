package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// random makes a table of people who never lived, different for each seed.
func random(t *testing.T, seed uint64) *Table {
	t.Helper()
	draw := rand.New(rand.NewPCG(seed, 7))
	return read(t, "age,zip,day,illness,cost\n"+strings.Join(rowsOf(draw, 40+draw.IntN(300)), ""))
}

func rowsOf(draw *rand.Rand, n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("%d,%03d%02d,20%02d-%02d-01,%c,%d\n",
			20+draw.IntN(60), draw.IntN(8)*100, draw.IntN(20), draw.IntN(25), 1+draw.IntN(12), 'a'+draw.IntN(5), draw.IntN(12))
	}
	return rows
}

var quasi = []string{"age", "zip", "day"}

func eachRandom(t *testing.T, f func(*testing.T, *Table)) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprintf("table %d", seed), func(t *testing.T) { f(t, random(t, seed)) })
	}
}

func TestMakingAColumnCoarserNeverLowersK(t *testing.T) {
	eachRandom(t, func(t *testing.T, table *Table) {
		s := newSearch(table, []int{0, 1, 2})
		k := slices.Min(s.sizes())
		for col, l := range s.ladders {
			if len(l) < 4 {
				t.Fatalf("column %d has a ladder of %d rungs", col, len(l))
			}
			for range l {
				s.level[col]++
				s.apply(col)
				now := slices.Min(s.sizes())
				if now < k {
					t.Errorf("k fell from %d to %d on rung %d of column %d", k, now, s.level[col], col)
				}
				k = now
			}
		}
		if k != table.Rows() {
			t.Errorf("without quasi-identifiers k = %d, want %d", k, table.Rows())
		}
	})
}

func TestTheMarketerNeverDoesBetterThanTheJournalistNorHeThanTheProsecutor(t *testing.T) {
	eachRandom(t, func(t *testing.T, table *Table) {
		for _, population := range []*Table{nil, table, random(t, 99)} {
			a, err := table.Attack(quasi[:1], population, Threshold{5})
			if err != nil {
				t.Fatal(err)
			}
			const slack = 1e-12
			if a.Marketer > a.Journalist.Mean+slack || a.Journalist.Mean > a.Prosecutor.Mean+slack ||
				a.Journalist.Max > a.Prosecutor.Max+slack || a.Journalist.Over > a.Prosecutor.Over+slack {
				t.Errorf("out of order: %+v", a)
			}
		}
	})
}

func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 3))
	rows := rowsOf(draw, 200)
	head := "age,zip,day,illness,cost\n"
	before := read(t, head+strings.Join(rows, ""))
	draw.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	after := read(t, head+strings.Join(rows, ""))
	for _, others := range []bool{false, true} {
		a, err1 := before.Measure(quasi[:1], []string{"illness", "cost"}, others)
		b, err2 := after.Measure(quasi[:1], []string{"illness", "cost"}, others)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		near(t, "t", a.T, b.T)
		near(t, "beta", a.Beta, b.Beta)
		near(t, "delta", a.Delta, b.Delta)
		if a.K != b.K || a.L != b.L || a.EntropyL != b.EntropyL || a.RecursiveC != b.RecursiveC || a.Alpha != b.Alpha {
			t.Errorf("%+v and %+v", a, b)
		}
	}
}

func TestASuggestionThatSaysItMeetsTheThresholdDoes(t *testing.T) {
	eachRandom(t, func(t *testing.T, table *Table) {
		for _, k := range []int{3, 11, 20} {
			s, err := table.Suggest(quasi, Threshold{k})
			if err != nil {
				t.Fatal(err)
			}
			if !s.Met || s.K < k || s.LeaveOutShare > 0.05 {
				t.Errorf("at k = %d: %+v", k, s)
			}
			at := newSearch(table, []int{0, 1, 2})
			for _, step := range s.Steps {
				col := slices.Index(quasi, step.Column)
				at.level[col] = 1 + slices.IndexFunc(at.ladders[col], func(r rung) bool { return r.words == step.How })
				at.apply(col)
			}
			if got := at.danger(Threshold{k}); got != s.LeaveOut {
				t.Errorf("at k = %d the steps leave %d records in danger, the suggestion says %d", k, got, s.LeaveOut)
			}
		}
	})
}

func TestTheOrderedDistanceIsThatOfTheTextbook(t *testing.T) {
	eachRandom(t, func(t *testing.T, table *Table) {
		c := classesOf(table.rows, table.columns[:1])
		s := spreadOf(&c, table.columns[4])
		want := 0.0
		for i, list := range s.within {
			q := make([]float64, len(s.share))
			for _, v := range list {
				q[v.value] = float64(v.n) / float64(s.sizes[i])
			}
			moved, carried := 0.0, 0.0
			for j := range q {
				carried += q[j] - s.share[j]
				moved += math.Abs(carried)
			}
			want = max(want, moved/float64(len(q)-1))
		}
		near(t, "t", s.farthest(), want)
	})
}
