package deid

import "testing"

// A full index would be searched for ever, and a crowded one for long.
func TestCueTableHasRoomForItsWords(t *testing.T) {
	table := newCueTable()
	if words, room := len(table.slots), len(table.index); words < 1000 || 2*words > room {
		t.Errorf("%d words in a table of %d places: make it larger", words, room)
	}
}
