// Package verify checks a record from outside: it recomputes the tree from its
// entries, compares the tree with the rows and the signed checkpoint, and names
// by position what was changed, dropped, reordered, cut off, forked or rolled
// back.
//
// It is an implementation of its own. It shares no code with the writer and none
// with the writer's tree: the arithmetic is that of golang.org/x/mod/sumdb
// (RFC 6962, section 2.1), and the layouts (C2SP tlog-tiles, tlog-checkpoint,
// signed-note, and our leaf) are read here again from their descriptions. It
// needs a public key and no other, opens nothing that is sealed, and refuses to
// call a record whole when it could not read part of it.
package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"time"
)

// Row is a row of the journal as the verifier sees it: all ciphertext, hashes
// and times.
type Row struct {
	Seq                      uint64
	ID, About                [16]byte
	At                       time.Time
	Kind                     uint8
	Class                    string
	Patient, Person, Session [16]byte
	KeyID                    string
	Facts, Content           []byte
	Leaf                     []byte
}

// Input is what there is to verify.
type Input struct {
	Rows     iter.Seq2[Row, error] // every row in order of Seq; started after the checkpoint was read
	Tree     fs.FS                 // the tree's directory
	Key      string                // the log's public key, name+hash+key; best a copy that was kept elsewhere
	Kept     [][]byte              // checkpoints that were kept elsewhere
	Receipts []string              // receipts that clients kept
}

// Report is what was found.
type Report struct {
	Records  uint64  `json:"records"`  // rows read
	Verified uint64  `json:"verified"` // rows that agree with the signed tree in every byte
	Pending  uint64  `json:"pending"`  // rows that agree with themselves, not yet in the signed tree
	Open     uint64  `json:"open"`     // intents without an outcome: exchanges under way, or a crash that no restart has followed
	TreeSize uint64  `json:"tree_size"`
	Root     string  `json:"root"` // of the signed tree, base64
	Kept     int     `json:"kept_checkpoints"`
	Receipts int     `json:"receipts"`
	Faults   []Fault `json:"faults"`
	Total    uint64  `json:"faults_total"` // may be more than are listed
}

// OK reports whether nothing was found wrong.
func (r *Report) OK() bool { return r.Total == 0 }

// maxFaults bounds the list of a report; the count goes on.
const maxFaults = 1000

// What sorts faults. The list is closed.
type What string

// The faults.
const (
	BadCheckpoint What = "checkpoint" // unreadable, unsigned or not this log's
	BadTile       What = "tile"       // a tile of hashes is missing or not what the entries yield
	BadEntry      What = "entry"      // a bundle of entries is missing, malformed, or not what was signed
	BadRoot       What = "root"       // the entries do not yield the signed root
	RowMissing    What = "missing"    // the tree has a leaf for which there is no row
	RowChanged    What = "changed"    // a row differs from its own leaf
	RowForeign    What = "foreign"    // a row's leaf is not the one in the tree: moved, or rewritten as a whole
	RowUnreadable What = "unreadable" // the journal cannot be read from here on
	RowOrder      What = "order"      // the row stands before what its writer had already seen
	BadOutcome    What = "outcome"    // an outcome without its intent, or a second one
	Forked        What = "forked"     // a kept checkpoint and the tree have different pasts
	RolledBack    What = "rolledback" // a kept checkpoint or receipt is newer than the tree
	BadReceipt    What = "receipt"    // a receipt is not this log's, or its record is another now
)

// Fault names one thing that is wrong, and where.
type Fault struct {
	Seq  uint64 `json:"seq"` // place in the record; where a tree is concerned, the first place it touches
	What What   `json:"what"`
	Text string `json:"text"` // plain words; never anything sealed
}

// String is one line for people.
func (f Fault) String() string { return fmt.Sprintf("%d: %s: %s", f.Seq, f.What, f.Text) }

func (r *Report) fault(seq uint64, what What, format string, args ...any) {
	r.Total++
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, Fault{Seq: seq, What: what, Text: fmt.Sprintf(format, args...)})
	}
}

// ErrKey says that the public key itself is not one, so that nothing can be
// verified.
var ErrKey = errors.New("verify: the public key is not in the form name+hash+key")

// Check verifies a record. What is wrong with the record stands in the report;
// the error says only that the work could not be done: the key is unusable
// (ErrKey), or ctx ended.
func Check(ctx context.Context, in Input) (*Report, error) {
	key, err := parseKey(in.Key)
	if err != nil {
		return nil, err
	}
	public, err := publicKey(in.Key)
	if err != nil {
		return nil, err
	}
	r := &Report{Faults: []Fault{}}
	w := &walk{ctx: ctx, report: r, tiles: newTiles(in.Tree), rows: newRows(in.Rows), intents: map[[16]byte]bool{}}
	defer w.rows.stop()
	cp, err := readCheckpoint(in.Tree, key)
	if err != nil {
		r.fault(0, BadCheckpoint, "the tree's checkpoint: %s", plain(err))
	} else {
		r.TreeSize, r.Root = cp.size, cp.root.String()
	}
	w.size = r.TreeSize
	w.keep(in.Kept, key)
	w.promise(in.Receipts, public)
	if err := w.run(); err != nil {
		return nil, err
	}
	w.unmet()
	if root := w.sum.root(); cp != nil && root != cp.root {
		r.fault(w.first(), BadRoot, "the entries yield another root than the signed one")
		r.Verified = 0
	}
	r.Open = uint64(len(w.intents))
	return r, nil
}
