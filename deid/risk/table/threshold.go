package table

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Threshold is the largest risk that is taken to be small: one in K. Custom
// writes it as a rounded share, 0.09 for one in eleven; K is what counts. The
// zero Threshold is stricter than any table.
type Threshold struct {
	K int
}

// The presets, by the share they are known under.
const (
	Tau33 = "0.33" // one in 3: data under contract, among trusted parties
	Tau20 = "0.20" // one in 5: old cell-size rules
	Tau09 = "0.09" // one in 11: public release; EMA policy 0070, Health Canada's PRCI, Ontario's guidelines
	Tau05 = "0.05" // one in 20: sensitive data, attackers with means
)

// errThreshold says what a threshold looks like.
var errThreshold = errors.New("a threshold is a share above 0 and up to 1, such as 0.09")

// ParseThreshold reads a share above 0 and up to 1. The presets stand for the
// whole class size that they are rounded from; any other share tau demands
// classes of 1/tau records, rounded up. The error says what is expected.
func ParseThreshold(s string) (Threshold, error) {
	tau, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(tau >= 1e-6 && tau <= 1) {
		return Threshold{}, errThreshold
	}
	for preset, k := range map[float64]int{0.33: 3, 0.20: 5, 0.09: 11, 0.05: 20} {
		if math.Abs(tau-preset) < 1e-9 {
			return Threshold{k}, nil
		}
	}
	return Threshold{int(math.Ceil(1/tau - 1e-9))}, nil
}

// Risk is the largest chance that the threshold allows: 1/K, and 0 for the zero
// Threshold.
func (t Threshold) Risk() float64 {
	if t.K <= 0 {
		return 0
	}
	return 1 / float64(t.K)
}

// exceeded reports whether a class of that size is too small.
func (t Threshold) exceeded(size int) bool { return t.K <= 0 || size < t.K }
