package tagger

// binWidth is the width of a step of the table of scores, in units of margin.
const binWidth = 80

// Calibrate sets the bias that Find uses, and the scores: for each class and
// step of margin the share of words that were identifiers in examples that were
// not learned from. A larger margin never has a smaller score.
func (m *Model) Calibrate(examples []Example, b Bias) {
	var right, all [kinds][bins]int
	m.bias, m.unit = b, binWidth
	for _, x := range examples {
		r := m.Read(x.Text)
		for k, g := range goldLabels(r.page, x.Spans) {
			c, step := (r.labels[k]-1)/2, m.bin(r.margins[k])
			all[c][step]++
			if g != outside {
				right[c][step]++
			}
		}
	}
	for c := range kinds {
		low := 0
		for step := range bins {
			if n := all[c][step]; n > 0 {
				low = max(low, 100*right[c][step]/n)
			}
			m.scores[c][step] = uint8(low)
		}
	}
}
