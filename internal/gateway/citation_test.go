package gateway

import (
	"testing"

	"chaperone/deid"
	"chaperone/phi"
)

func TestOffsetsOfCitationsAreThoseOfTheClientsDocument(t *testing.T) {
	// The client's: "É John Smith, é Ann" — Claude's: "É NAME-000001, é NAME-000002".
	const sent = "É NAME-000001, é NAME-000002!"
	hits := []deid.Hit{
		{Start: 3, End: 14, Value: phi.Seal("John Smith")},
		{Start: 19, End: 30, Value: phi.Seal("Zoë")},
	}
	for _, c := range []struct {
		offset int
		end    bool
		want   int
	}{
		{0, false, 0},
		{2, false, 2},
		{13, true, 12},
		{13, false, 12},
		{14, false, 13},
		{17, false, 16},
		{28, true, 19},
		{29, true, 20},
		{7, false, 2},
		{7, true, 12},
		{100, true, 91},
	} {
		if got := original(sent, hits, c.offset, c.end); got != c.want {
			t.Errorf("offset %d (end %v) became %d, want %d", c.offset, c.end, got, c.want)
		}
	}
}
