package audit

import (
	"context"
	"time"
)

// Journal keeps rows. A driver is proven by the suite in store/storetest.
type Journal interface {
	// Append writes the rows, all or none, in the order given and next to each
	// other, and returns the place of the first once they are durable. Places
	// count from 0 without a gap. If the first row's id and leaf are kept
	// already, the append happened before: its place is returned and nothing is
	// written. If the id is kept with another leaf, the error is ErrTaken. Any
	// other error leaves open whether the rows will be there later.
	Append(ctx context.Context, rows ...Row) (first uint64, err error)

	// Leaves reads leaves in order from a place on, at most limit; fewer at the
	// end, none beyond it.
	Leaves(ctx context.Context, from uint64, limit int) ([]Leaf, error)

	// Find reads the rows that match, without their Content.
	Find(ctx context.Context, m Match) ([]Row, error)

	// Content reads the sealed content of a row; nil if it has none.
	Content(ctx context.Context, seq uint64) ([]byte, error)
}

// Match selects rows; zero fields do not restrict. Rows come in order of their
// places.
type Match struct {
	Seq    *uint64 // this very row
	About  ID      // an intent and its outcome
	Kind   Kind
	Class  string
	Open   bool // intents that have no outcome
	Index  Index
	From   time.Time // at or after
	To     time.Time // before
	After  *uint64   // places beyond this one (before it, with Newest)
	Newest bool      // newest first
	Limit  int       // at most so many; 1,000 when zero
}
