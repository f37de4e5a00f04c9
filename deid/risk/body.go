package risk

import (
	"math"
	"strings"
)

// Measures of adults, means and spreads as the National Health and Nutrition
// Examination Survey has them (cdc.gov, public domain), rounded. Weight and BMI
// are spread on a logarithmic scale.
var (
	heights = [3]spread{anySex: {168, 10}, female: {161.5, 7}, male: {175.5, 7.5}}      // cm
	weights = [3]spread{anySex: {83, 0.25}, female: {77, 0.25}, male: {90, 0.22}}       // kg
	bmis    = [3]spread{anySex: {28.8, 0.22}, female: {28.9, 0.24}, male: {28.7, 0.20}} // kg/m²
)

// spread is a middle and how far values lie from it.
type spread struct{ middle, width float64 }

// extreme is the share of adults under which a measure is worth a mention.
const extreme = 0.01

// findBody takes heights, weights and BMIs that one adult in a hundred has.
func (p *portrait) findBody() {
	if p.age.known && p.age.last < 18 {
		return
	}
	for i := range p.words {
		if !p.signed(i, digit) {
			continue
		}
		value, unit, used := p.quantity(i)
		if used == 0 {
			continue
		}
		share := 1.0
		switch {
		case !plausible(value, unit):
		case unit == "height", unit == "cm" && p.labelled(i, used, "height tall ht stature taille mesure mesurant"):
			share = heights[p.sex].beyond(value)
		case unit == "kg" && p.labelled(i, used, "weight wt weighs weighing weighed poids pese"):
			share = weights[p.sex].beyondLog(value)
		case unit == "bmi":
			share = bmis[p.sex].beyondLog(value)
		}
		if share < extreme && (p.body == 0 || share < p.body) {
			p.body = max(share, 1e-8)
		}
	}
}

func (s spread) beyond(value float64) float64    { return tail((value - s.middle) / s.width) }
func (s spread) beyondLog(value float64) float64 { return tail(math.Log(value/s.middle) / s.width) }

// plausible reports whether an adult can have it; a misread number is no
// extreme.
func plausible(value float64, unit string) bool {
	switch unit {
	case "kg":
		return value >= 30 && value <= 450
	case "bmi":
		return value >= 11 && value <= 110
	}
	return value >= 110 && value <= 255
}

// tail is the share of a normal spread that is as far out or farther, on the
// same side.
func tail(z float64) float64 { return math.Erfc(math.Abs(z)/math.Sqrt2) / 2 }

// quantity reads a height in cm, a weight in kg, or a BMI at word i.
func (p *portrait) quantity(i int) (value float64, unit string, used int) {
	digits := strings.TrimRightFunc(p.folded(i), func(r rune) bool { return r >= 'a' && r <= 'z' })
	glued := p.folded(i)[len(digits):]
	whole := float64(number(digits))
	if whole <= 0 {
		return 0, "", 0
	}
	used = 1
	if k := i + 1; glued == "" && k < len(p.words) && (p.gap(k) == "." || p.gap(k) == ",") && number(p.folded(k)) >= 0 && len(p.folded(k)) == 1 {
		whole += float64(number(p.folded(k))) / 10
		used++
	}
	unit = glued
	if unit == "" {
		unit = p.folded(i + used)
		if i+used < len(p.words) && strings.HasPrefix(p.gap(i+used), "'") || unit == "ft" || unit == "feet" || unit == "foot" {
			return p.feet(i, whole)
		}
	}
	switch unit {
	case "cm":
		return whole, "cm", used
	case "kg", "kilos", "kilograms":
		return whole, "kg", used
	case "lb", "lbs", "pounds":
		return whole * 0.4536, "kg", used
	}
	if among(p.folded(i-1), "bmi imc") || among(p.folded(i-1), "of is was") && among(p.folded(i-2), "bmi imc") {
		return whole, "bmi", used
	}
	return 0, "", 0
}

// feet reads 6'9", 6 ft 9 and 7 feet tall.
func (p *portrait) feet(i int, feet float64) (float64, string, int) {
	if feet < 2 || feet > 9 {
		return 0, "", 0
	}
	k := i + 1
	for among(p.folded(k), "ft feet foot") {
		k++
	}
	inches := float64(max(number(p.folded(k)), 0))
	if inches > 11 {
		inches = 0
	}
	unit := "cm" // and needs a label, as in "7 feet from the door"
	if k == i+1 && feet >= 4 {
		unit = "height"
	}
	return (feet*12 + inches) * 2.54, unit, k - i + 1
}

// labelled reports whether one of the words stands up to three words before i
// or up to two behind what was used.
func (p *portrait) labelled(i, used int, words string) bool {
	for k := i - 3; k <= i+used+2; k++ {
		if (k < i || k >= i+used) && among(p.folded(k), words) {
			return true
		}
	}
	return false
}
