package table

import "math"

// Attack is the risk of re-identification under the three attackers that expert
// determinations reckon with (El Emam, Guide to the De-identification of
// Personal Health Information, 2013). f is the size of a record's class in the
// table, F that of the same class in the population. All are from 0 to 1.
type Attack struct {
	// Prosecutor knows that a certain person is in the table: 1/f.
	Prosecutor Risk `json:"prosecutor"`
	// Journalist wants to find anyone, by matching with a register of the population: 1/F.
	Journalist Risk `json:"journalist"`
	// Marketer wants to match as many as possible: the share of records that would be matched rightly.
	Marketer float64 `json:"marketer"`
	// Unique is the share of records that are alone in their class.
	Unique float64 `json:"unique"`
	// PopulationKnown says that F was counted. If not, F is taken to be f, the
	// worst case, and the journalist knows no less than the prosecutor.
	PopulationKnown bool `json:"population_known"`
}

// Risk is one attacker's chance.
type Risk struct {
	// Max is the chance on the record that hides worst.
	Max float64 `json:"max"`
	// Mean is the chance on average.
	Mean float64 `json:"mean"`
	// Over is the share of records whose chance is above the threshold.
	Over float64 `json:"over_threshold"`
}

// Attack reckons the three risks by the quasi-identifying columns against the
// threshold. population is a table of everyone the records were drawn from,
// with the same columns; it may be nil. A class that the population lacks, or
// has fewer of than the table, is counted as the table has it.
//
// The errors are those of Measure.
func (t *Table) Attack(quasi []string, population *Table, limit Threshold) (Attack, error) {
	if len(quasi) == 0 {
		return Attack{}, errNoColumns
	}
	at, err := t.find(quasi)
	if err != nil {
		return Attack{}, err
	}
	c := classesOf(t.rows, t.at(at))
	everyone := c.sizes
	if population != nil {
		if everyone, err = t.sizesIn(population, quasi, at, &c); err != nil {
			return Attack{}, err
		}
	}
	a := attack(c.sizes, everyone, limit)
	a.PopulationKnown = population != nil
	return a, nil
}

func attack(f, everyone []int, limit Threshold) (a Attack) {
	n, most, sumF := 0, 0, 0
	rarest := math.MaxInt
	for i, size := range f {
		if size == 0 {
			continue
		}
		n += size
		most++
		sumF += everyone[i]
		rarest = min(rarest, everyone[i])
		a.Prosecutor.Max = max(a.Prosecutor.Max, 1/float64(size))
		a.Marketer += float64(size) / float64(everyone[i])
		if limit.exceeded(size) {
			a.Prosecutor.Over += float64(size)
		}
		if limit.exceeded(everyone[i]) {
			a.Journalist.Over += float64(size)
		}
		if size == 1 {
			a.Unique++
		}
	}
	if n == 0 {
		return Attack{}
	}
	records := float64(n)
	a.Prosecutor.Mean = float64(most) / records
	a.Prosecutor.Over /= records
	a.Marketer /= records
	a.Journalist.Max = 1 / float64(rarest)
	// The larger of the two readings of the mean: over classes of the population, over records.
	a.Journalist.Mean = max(float64(most)/float64(sumF), a.Marketer)
	a.Journalist.Over /= records
	a.Unique /= records
	return a
}

// sizesIn counts the classes of t in the population.
func (t *Table) sizesIn(population *Table, quasi []string, at []int, c *classes) ([]int, error) {
	there, err := population.find(quasi)
	if err != nil {
		return nil, err
	}
	joined := make([]column, len(at))
	for i := range at {
		joined[i] = join(t.columns[at[i]], population.columns[there[i]])
	}
	both := classesOf(t.rows+population.rows, joined)
	of := make([]int, len(both.sizes))
	for r := t.rows; r < len(both.of); r++ {
		of[both.of[r]]++
	}
	sizes := make([]int, len(c.sizes))
	for r := range t.rows {
		class := c.of[r]
		sizes[class] = max(c.sizes[class], of[both.of[r]])
	}
	return sizes, nil
}

// join puts b's cells under a's, with one numbering of values.
func join(a, b column) column {
	known := make(map[string]uint32, len(a.values))
	both := column{values: a.values[:len(a.values):len(a.values)]}
	for code, v := range a.values {
		known[v] = uint32(code)
	}
	to := make([]uint32, len(b.values))
	for code, v := range b.values {
		at, ok := known[v]
		if !ok {
			at = uint32(len(both.values))
			both.values = append(both.values, v)
		}
		to[code] = at
	}
	both.codes = append(make([]uint32, 0, len(a.codes)+len(b.codes)), a.codes...)
	for _, code := range b.codes {
		both.codes = append(both.codes, to[code])
	}
	return both
}
