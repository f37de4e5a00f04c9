package gateway

import "errors"

// mostTaped bounds what is kept of an answer for the record, in bytes. It is
// also the largest answer: one that cannot be recorded whole is not delivered.
const mostTaped = 64 << 20

var errTapeFull = errors.New("gateway: the answer is larger than what may be recorded")

// tape keeps what passes, for the record.
type tape struct {
	kept []byte
	last int // where the last write begins
}

// Write keeps p, or nothing of it if it is too much.
func (t *tape) Write(p []byte) (int, error) {
	if len(t.kept)+len(p) > mostTaped+1 { // a reader looks one byte beyond the limit
		return 0, errTapeFull
	}
	t.last = len(t.kept)
	t.kept = append(t.kept, p...)
	return len(p), nil
}

// withdraw forgets the last write: it did not happen after all.
func (t *tape) withdraw() { t.kept = t.kept[:t.last] }
