package verify

import (
	"bytes"
	"context"
	"encoding/hex"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// walk goes over the places of the record once, from the first to the last of
// tree and journal, holding no more than the tree's edge and the open intents.
type walk struct {
	ctx      context.Context
	report   *Report
	tiles    *tiles
	rows     *rows
	size     uint64 // of the signed tree
	sum      sum
	intents  map[[16]byte]bool      // open intents
	kept     map[uint64][]tlog.Hash // roots that kept checkpoints state, by size
	receipts map[uint64][]tlog.Hash // leaf hashes that receipts state, by place
	badTile  [3]badTile             // the last faulty tile, not to be named for each of its hashes
}

type badTile struct {
	known bool
	level int
	index uint64
}

func (w *walk) run() error {
	w.sum.node = w.node
	for place := uint64(0); place < w.size || !w.rows.end(); place++ {
		if next := w.rows.ahead(); place >= w.size && next > place {
			w.report.fault(place, RowMissing, "the journal skips from here to %d", next)
			place = next
		}
		if place%tileWidth == 0 {
			if err := w.ctx.Err(); err != nil {
				return err
			}
		}
		w.place(place)
		w.atSize(w.sum.size)
	}
	return nil
}

// place looks at one place of the record.
func (w *walk) place(place uint64) {
	row, ok, err := w.rows.at(place)
	if err != nil {
		w.report.fault(place, RowUnreadable, "the journal cannot be read from here on")
	}
	var leaf []byte
	inTree := place < w.size
	if inTree {
		leaf = w.leaf(place, row, ok)
	}
	if !ok {
		if inTree {
			w.report.fault(place, RowMissing, "the tree has a record here, the journal has not")
		}
		return
	}
	w.report.Records++
	good := w.row(row)
	switch {
	case !inTree && good:
		w.report.Pending++
	case inTree && leaf != nil && !bytes.Equal(leaf, row.Leaf):
		w.report.fault(place, RowForeign, "the record here (event %s) is not the one that was signed", hex.EncodeToString(row.ID[:]))
	case inTree && leaf != nil && good:
		w.report.Verified++
	}
	w.checkReceipt(place, tlog.RecordHash(row.Leaf))
}

// leaf reads the tree's entry at a place and adds it to the sum. Where the entry
// cannot be read, the row stands in, so that the faults behind can be named; it
// is a fault all the same.
func (w *walk) leaf(place uint64, row Row, ok bool) []byte {
	entry, err := w.tiles.entry(place, w.size)
	if err != nil {
		w.report.fault(place, BadEntry, "the bundle of entries: %s", err)
		if ok {
			w.sum.add(tlog.RecordHash(row.Leaf))
		} else if h, err := w.tiles.hash(0, place, w.size); err == nil {
			w.sum.add(h)
		} else {
			w.sum.add(tlog.Hash{})
		}
		return nil
	}
	w.sum.add(tlog.RecordHash(entry))
	return entry
}

// row compares a row with itself and with the rows before it.
func (w *walk) row(r Row) bool {
	before := w.report.Total
	if what := differ(r); what != "" {
		w.report.fault(r.Seq, RowChanged, "%s differs from what was recorded", what)
		w.pair(r) // its partner is not to be blamed
		return false
	}
	if seenBy(r.Leaf) > r.Seq {
		w.report.fault(r.Seq, RowOrder, "its writer had seen %d records, so it cannot stand here", seenBy(r.Leaf))
	}
	if !w.pair(r) {
		w.report.fault(r.Seq, BadOutcome, "no open intent stands before this outcome")
	}
	return w.report.Total == before
}

// pair keeps account of open intents. It is false for an outcome that has none.
func (w *walk) pair(r Row) bool {
	switch r.Kind {
	case kindIntent:
		w.intents[r.ID] = true
	case kindOutcome:
		open := w.intents[r.About]
		delete(w.intents, r.About)
		return open
	}
	return true
}

// node compares a complete subtree with the tile that holds its hash. Tiles hold
// every eighth level.
func (w *walk) node(level int, index uint64, h tlog.Hash) {
	if level%tileHeight != 0 {
		return
	}
	tile := level / tileHeight
	got, err := w.tiles.hash(tile, index, w.size)
	if err == nil && got == h {
		return
	}
	first := index << level
	if err == nil {
		w.report.fault(first, BadTile, "the tile of level %d holds another hash than the entries yield", tile)
		return
	}
	bad := badTile{true, tile, index / tileWidth}
	if slot := min(tile, len(w.badTile)-1); w.badTile[slot] != bad {
		w.badTile[slot] = bad
		w.report.fault(first, BadTile, "the tile of level %d: %s", tile, err)
	}
}

// first is the place named for a fault of the whole tree: the first fault known,
// else the last place.
func (w *walk) first() uint64 {
	if len(w.report.Faults) > 0 {
		return w.report.Faults[0].Seq
	}
	return max(w.size, 1) - 1
}

// rows reads the journal one row ahead.
type rows struct {
	next func() (Row, error, bool)
	stop func()
	row  Row
	err  error
	have bool
	over bool
}

func newRows(seq iter.Seq2[Row, error]) *rows {
	r := &rows{}
	if seq == nil {
		seq = func(func(Row, error) bool) {}
	}
	r.next, r.stop = iter.Pull2(seq)
	return r
}

func (r *rows) fill() {
	if r.have || r.over {
		return
	}
	row, err, ok := r.next()
	if !ok || err != nil {
		r.over, r.err = true, err
		return
	}
	r.row, r.have = row, true
}

// end reports whether every row was taken. A journal that broke off is at its
// end.
func (r *rows) end() bool {
	r.fill()
	return r.over && r.err == nil
}

// ahead is the place of the next row, and 0 at the end.
func (r *rows) ahead() uint64 {
	r.fill()
	if !r.have {
		return 0
	}
	return r.row.Seq
}

// at takes the row of a place, if it is there. The error is given once.
func (r *rows) at(place uint64) (Row, bool, error) {
	r.fill()
	if r.have && r.row.Seq <= place {
		r.have = false
		return r.row, r.row.Seq == place, nil
	}
	err := r.err
	r.err = nil
	return Row{}, false, err
}
