package table

import (
	"errors"
	"math"
)

// The models of population uniqueness.
const (
	Zayatz = "zayatz" // Zayatz 1991: sizes of classes in the population are spread as in the table
	Pitman = "pitman" // Hoshino 2001: Pitman's sampling formula, fitted by likelihood
	SNB    = "snb"    // Chen and Keller-McNulty 1998: one and a negative binomial number of people in each class
)

// Estimate is how many people of the population are probably alone in their
// class, though nobody has counted it.
type Estimate struct {
	// Model is the model that the rule of Dankar (BMC Medical Informatics 2012) chose.
	Model string `json:"model"`
	// Uniques is the expected number of people who are unique.
	Uniques float64 `json:"population_uniques"`
	// Share is Uniques as a share of the population.
	Share float64 `json:"share"`
	// Fraction is the share of the population that the table holds.
	Fraction float64 `json:"sampling_fraction"`
	// Converged names the models whose fit was found; Zayatz needs none.
	Converged []string `json:"converged"`
}

var errPopulation = errors.New("table: a population is at least as large as the table")

// Estimate estimates population uniqueness for a table drawn at random from so
// many people. It follows Dankar's rule: where the table holds a tenth of them
// or less, Pitman's model; else the smaller answer of SNB and Zayatz; Zayatz
// where the fit is not found. The error is that of Measure, or says that the
// population is smaller than the table.
func (t *Table) Estimate(quasi []string, people int) (Estimate, error) {
	if people < t.rows {
		return Estimate{}, errPopulation
	}
	at, err := t.find(quasi)
	if err != nil {
		return Estimate{}, err
	}
	c := classesOf(t.rows, t.at(at))
	return estimate(drawOf(c.sizesOfSize()), float64(people)), nil
}

func estimate(d draw, people float64) Estimate {
	e := Estimate{Model: Zayatz, Fraction: d.n / people, Uniques: d.zayatz(people), Converged: []string{Zayatz}}
	if d.n == people {
		e.Uniques = d.s1
	} else if e.Fraction <= 0.1 {
		if u, ok := d.pitman(people); ok {
			e.Model, e.Uniques = Pitman, u
			e.Converged = append(e.Converged, Pitman)
		}
	} else if u, ok := d.snb(people); ok {
		e.Converged = append(e.Converged, SNB)
		if u <= e.Uniques {
			e.Model, e.Uniques = SNB, u
		}
	}
	e.Uniques = min(max(e.Uniques, 0), people)
	e.Share = e.Uniques / people
	return e
}

// draw is what the models see of a table.
type draw struct {
	n, u, s1, s2 float64 // records, classes, classes of one, classes of two
	of           map[int]int
}

func drawOf(of map[int]int) draw {
	d := draw{of: of, s1: float64(of[1]), s2: float64(of[2])}
	for size, count := range of {
		d.n += float64(size * count)
		d.u += float64(count)
	}
	return d
}

// zayatz scales the table's uniques up by the chance that a unique of the table
// is one of the population.
func (d draw) zayatz(people float64) float64 {
	if d.s1 == 0 {
		return 0
	}
	all := 0.0
	for size, count := range d.of {
		all += float64(count) / d.u * drawnOnce(people, d.n, float64(size))
	}
	right := d.s1 / d.u * drawnOnce(people, d.n, 1) / all
	return d.s1 * right * people / d.n
}

// drawnOnce is the hypergeometric chance that exactly one of size people is
// among n drawn from so many.
func drawnOnce(people, n, size float64) float64 {
	if n-1 > people-size {
		return 0
	}
	return math.Exp(math.Log(size) + choose(people-size, n-1) - choose(people, n))
}

func choose(n, k float64) float64 { return lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1) }

func lgamma(x float64) float64 { v, _ := math.Lgamma(x); return v }

// pitman fits θ and α by maximum likelihood and yields the expected uniques
// N^α·Γ(θ+1)/Γ(θ+α). ok is false where the likelihood has no maximum inside.
func (d draw) pitman(people float64) (uniques float64, ok bool) {
	if d.s1 == 0 || d.u < 2 || d.s1 == d.n {
		return 0, false
	}
	best := func(alpha float64) (theta, value float64) {
		// θ is searched on a logarithmic scale between nothing and far more than the classes.
		x, v := highest(-12, math.Log(d.n)*2+5, func(x float64) float64 { return d.likelihood(math.Exp(x), alpha) })
		return math.Exp(x), v
	}
	const low, high = 1e-6, 1 - 1e-6
	alpha, _ := highest(low, high, func(a float64) float64 { _, v := best(a); return v })
	theta, value := best(alpha)
	if math.IsNaN(value) || math.IsInf(value, 0) || alpha > high-1e-4 {
		return 0, false
	}
	return math.Exp(alpha*math.Log(people) + lgamma(theta+1) - lgamma(theta+alpha)), true
}

// likelihood is the logarithm of Pitman's sampling formula, but for what does
// not depend on θ and α.
func (d draw) likelihood(theta, alpha float64) float64 {
	v := (d.u-1)*math.Log(alpha) + lgamma(theta/alpha+d.u) - lgamma(theta/alpha+1)
	v -= lgamma(theta+d.n) - lgamma(theta+1)
	for size, count := range d.of {
		if size > 1 {
			v += float64(count) * (lgamma(float64(size)-alpha) - lgamma(1-alpha))
		}
	}
	return v
}

// highest finds where f is largest between low and high by golden section; f
// has one hill.
func highest(low, high float64, f func(float64) float64) (x, value float64) {
	const ratio = 0.6180339887498949
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for range 60 {
		if fa > fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2, max(fa, fb)
}

// snb takes every class of the population to have one person and a negative
// binomial number more, with shape α and odds q, drawn with the table's
// fraction. α and q are those that give the table's number of classes and of
// uniques. ok is false if there are none.
func (d draw) snb(people float64) (uniques float64, ok bool) {
	pi := d.n / people
	if d.s1 == 0 || d.u >= d.n || pi >= 1 {
		return 0, false
	}
	missed := func(x float64) float64 { // how far the uniques are off, for the odds e^x
		q := math.Exp(x)
		return onceSNB(d.shape(q, pi, people), q, pi) - d.s1/people
	}
	const step = 0.25
	for x := -10.0; x < 12; x += step {
		low, high := x, x+step
		if (missed(low) > 0) == (missed(high) > 0) {
			continue
		}
		for range 60 {
			if middle := (low + high) / 2; (missed(low) > 0) == (missed(middle) > 0) {
				low = middle
			} else {
				high = middle
			}
		}
		q := math.Exp(low)
		alpha := d.shape(q, pi, people)
		return people / (1 + alpha*q) * math.Pow(1+q, -alpha), true
	}
	return 0, false
}

// shape finds the α that gives the table's number of classes; it falls as α
// grows.
func (d draw) shape(q, pi, people float64) float64 {
	low, high := 0.0, 1.0
	classes := func(alpha float64) float64 {
		return (1 - (1-pi)*math.Pow(1+q*pi, -alpha)) / (1 + alpha*q)
	}
	for classes(high) > d.u/people && high < 1e12 {
		high *= 2
	}
	for range 80 {
		if middle := (low + high) / 2; classes(middle) > d.u/people {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// onceSNB is how many classes, per person of the population, are drawn once.
func onceSNB(alpha, q, pi float64) float64 {
	a := 1 + q*pi
	return pi * math.Pow(a, -alpha) * (1 + (1-pi)*alpha*q/a) / (1 + alpha*q)
}
