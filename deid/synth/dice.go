package synth

// dice is the source of every choice: SplitMix64, written out so that a seed
// yields the same people on every platform and with every release of Go.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9E3779B97F4A7C15
	z := d.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// n yields 0 to n-1; n must be positive.
func (d *dice) n(n int) int { return int(d.next() % uint64(n)) }

// between yields low to high, both possible.
func (d *dice) between(low, high int) int { return low + d.n(high-low+1) }

// in says yes k times out of n.
func (d *dice) in(k, n int) bool { return d.n(n) < k }

func (d *dice) pick(list []string) string { return list[d.n(len(list))] }

// digits yields n decimal digits, the first of them not zero.
func (d *dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.n(10))
	}
	if b[0] == '0' {
		b[0] = byte('1' + d.n(9))
	}
	return string(b)
}

// fill yields the pattern with each of the given mark replaced by a digit and
// each A by a capital letter that nobody takes for a digit.
func (d *dice) fill(pattern string, mark byte) string {
	const letters = "ABCDEFGHJKLMNPRSTVWXYZ"
	b := []byte(pattern)
	for i, c := range b {
		switch c {
		case mark:
			b[i] = byte('0' + d.n(10))
		case 'A':
			b[i] = letters[d.n(len(letters))]
		}
	}
	return string(b)
}
