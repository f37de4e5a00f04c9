package table

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// world makes a population whose classes are one person and a negative
// binomial number more each, and says how many people are unique in it.
func world(draw *rand.Rand, classes int, shape int, odds float64) (people []int, uniques int) {
	for class := range classes {
		size := 1
		for range shape { // a negative binomial number is a sum of geometric ones
			for draw.Float64() < odds/(1+odds) {
				size++
			}
		}
		if size == 1 {
			uniques++
		}
		for range size {
			people = append(people, class)
		}
	}
	return people, uniques
}

func sample(draw *rand.Rand, people []int, share float64) drawn {
	people = slices.Clone(people)
	draw.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	return drawn(people[:int(share*float64(len(people)))])
}

// restaurant makes a population by Pitman's own process: a newcomer founds a
// class with chance (θ + α·classes)/(θ + people), else joins one by its size − α.
func restaurant(draw *rand.Rand, n int, theta, alpha float64) (people []int) {
	var founder []bool
	classes := 0
	for len(people) < n {
		found := draw.Float64()*(theta+float64(len(people))) < theta+alpha*float64(classes)
		class := classes
		for !found {
			if i := draw.IntN(len(people)); !founder[i] || draw.Float64() >= alpha {
				class = people[i]
				break
			}
		}
		if found {
			classes++
		}
		people, founder = append(people, class), append(founder, found)
	}
	return people
}

func TestASmallSampleIsJudgedByPitmansModel(t *testing.T) {
	for name, c := range map[string]struct{ theta, alpha float64 }{
		"many alone": {300, 0.7},
		"some alone": {500, 0.3},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(2, 8))
			people := restaurant(random, 40_000, c.theta, c.alpha)
			uniques := drawn(people).sizes().s1
			e := estimate(sample(random, people, 0.08).sizes(), float64(len(people)))
			if e.Model != Pitman || math.Abs(e.Uniques-uniques)/uniques > 0.15 {
				t.Errorf("%s says %.0f uniques of %.0f", e.Model, e.Uniques, uniques)
			}
		})
	}
}

// drawn is a sample, by class.
type drawn []int

func (s drawn) sizes() draw {
	size, of := map[int]int{}, map[int]int{}
	for _, class := range s {
		size[class]++
	}
	for _, n := range size {
		of[n]++
	}
	return drawOf(of)
}

func TestTheEstimateComesNearTheUniquesOfAPopulationThatIsKnown(t *testing.T) {
	for name, c := range map[string]struct {
		shape       int
		odds, share float64
		model       []string
		within      float64
	}{
		"a third of many small classes":  {1, 2, 0.33, []string{SNB, Zayatz}, 0.25},
		"half of larger classes":         {2, 3, 0.5, []string{SNB, Zayatz}, 0.25},
		"nearly all of middling classes": {3, 1, 0.9, []string{SNB, Zayatz}, 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(11, 5))
			people, uniques := world(random, 6000, c.shape, c.odds)
			e := estimate(sample(random, people, c.share).sizes(), float64(len(people)))
			if !slices.Contains(c.model, e.Model) {
				t.Errorf("chose %s of %v", e.Model, e.Converged)
			}
			if off := math.Abs(e.Uniques-float64(uniques)) / float64(uniques); off > c.within {
				t.Errorf("%s says %.0f uniques of %d (off by %.0f %%)", e.Model, e.Uniques, uniques, 100*off)
			}
		})
	}
}

func TestTheEstimateOfAWholePopulationIsItsCount(t *testing.T) {
	e, err := read(t, ten).Estimate([]string{"age", "sex"}, 10)
	if err != nil || e.Uniques != 1 || e.Share != 0.1 || e.Fraction != 1 {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestNobodyUniqueInTheTableMeansNobodyIsSaidToBe(t *testing.T) {
	table := read(t, "q\na\na\nb\nb\n")
	for _, people := range []int{5, 1000} {
		if e, err := table.Estimate([]string{"q"}, people); err != nil || e.Uniques != 0 || e.Model != Zayatz {
			t.Errorf("of %d people: %+v, %v", people, e, err)
		}
	}
}

func TestAPopulationSmallerThanTheTableIsRefused(t *testing.T) {
	if _, err := read(t, ten).Estimate([]string{"age"}, 9); err == nil {
		t.Error("nine people gave ten records")
	}
}
