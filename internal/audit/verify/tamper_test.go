package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"k8s.io/klog/v2"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// exhibit is a finished record in memory, to be tampered with in copies.
type exhibit struct {
	rows     []verify.Row
	tree     fstest.MapFS
	key      string
	receipts []string
}

// makeExhibit records n exchanges (two rows each) under the signer's name.
func makeExhibit(t testing.TB, n int, mark string) *exhibit {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tree")
	journal := &audittest.Journal{}
	log, err := audit.Open(t.Context(), audit.Config{
		Journal: journal, Sealer: audittest.NewSealer(), Index: audittest.Index,
		Signer: audittest.NewSigner("record"), Tree: dir, Pace: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	x := &exhibit{}
	for i := range n {
		e, err := log.Intend(t.Context(), audit.Intent{
			Exchange: chaperone.ExchangeID(fmt.Sprintf("01935000-0000-7000-8000-%012x", i)),
			Who:      chaperone.Principal{Tenant: "clinic", ID: "dr.lee", Role: chaperone.RoleClinician},
			Ruling:   audit.Ruling{Decision: audit.Concealed}, Received: audit.Content(mark),
		})
		if err == nil {
			err = e.Settle(t.Context(), audit.Outcome{Result: audit.OK, Status: 200, Answered: audit.Content(mark)})
		}
		if err != nil {
			t.Fatal(err)
		}
		x.receipts = append(x.receipts, e.Receipt().String())
	}
	if x.key, err = log.PublicKey(); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range journal.Rows() {
		x.rows = append(x.rows, verify.Row{
			Seq: r.Seq, ID: r.ID, About: r.About, At: r.At, Kind: uint8(r.Kind), Class: r.Class,
			Patient: r.Index.Patient, Person: r.Index.Person, Session: r.Index.Session,
			KeyID: r.KeyID, Facts: r.Facts, Content: r.Content, Leaf: r.Leaf[:],
		})
	}
	x.tree = readTree(t, dir)
	return x
}

func readTree(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, ".state") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		out[path] = &fstest.MapFile{Data: data, Mode: 0o600}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (x *exhibit) copy() *exhibit {
	c := &exhibit{key: x.key, receipts: x.receipts, tree: maps.Clone(x.tree)}
	for _, r := range x.rows {
		r.Facts, r.Content, r.Leaf = bytes.Clone(r.Facts), bytes.Clone(r.Content), bytes.Clone(r.Leaf)
		c.rows = append(c.rows, r)
	}
	return c
}

func (x *exhibit) check(t testing.TB, kept ...[]byte) *verify.Report {
	t.Helper()
	r, err := verify.Check(context.Background(), verify.Input{
		Rows: func(yield func(verify.Row, error) bool) {
			for _, row := range x.rows {
				if !yield(row, nil) {
					return
				}
			}
		},
		Tree: x.tree, Key: x.key, Kept: kept,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// flip changes one bit of a file of the tree.
func (x *exhibit) flip(path string, at int, bit byte) {
	data := bytes.Clone(x.tree[path].Data)
	data[at] ^= bit
	x.tree[path] = &fstest.MapFile{Data: data, Mode: 0o600}
}

// used lists the tiles and bundles that count for the present size; obsolete
// partial ones prove nothing and may be anything.
func (x *exhibit) used(prefix string) []string {
	size := len(x.rows)
	var out []string
	for path := range x.tree {
		full, partial, cut := strings.Cut(path, ".p/")
		if !strings.HasPrefix(path, prefix) || cut && x.tree[full] != nil {
			continue
		}
		width := size % 256
		if strings.HasPrefix(path, "tile/1/") {
			width = size / 256
		}
		if cut && partial != fmt.Sprint(width) {
			continue
		}
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

func TestAnUntouchedRecordIsWhole(t *testing.T) {
	x := makeExhibit(t, 300, "seen in clinic")
	if r := x.check(t); !r.OK() || r.Records != 600 || r.Verified != 600 || r.TreeSize != 600 {
		t.Fatalf("report: %+v", r)
	}
}

// tampering is one kind of change: it changes the copy and yields the places of
// which at least one must be named, and how.
type tampering struct {
	name string
	do   func(x *exhibit, rnd *rand.Rand) (places []uint64)
}

func pick(x *exhibit, rnd *rand.Rand) (*verify.Row, []uint64) {
	n := rnd.IntN(len(x.rows))
	return &x.rows[n], []uint64{uint64(n)}
}

func flipIn(field func(*verify.Row) []byte) func(*exhibit, *rand.Rand) []uint64 {
	return func(x *exhibit, rnd *rand.Rand) []uint64 {
		for {
			r, places := pick(x, rnd)
			if b := field(r); len(b) > 0 {
				b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8)
				return places
			}
		}
	}
}

var tamperings = []tampering{
	{"a bit of the sealed facts", flipIn(func(r *verify.Row) []byte { return r.Facts })},
	{"a bit of the sealed content", flipIn(func(r *verify.Row) []byte { return r.Content })},
	{"a bit of the leaf", flipIn(func(r *verify.Row) []byte { return r.Leaf })},
	{"a bit of the event id", flipIn(func(r *verify.Row) []byte { return r.ID[:] })},
	{"a bit of what it is about", flipIn(func(r *verify.Row) []byte { return r.About[:] })},
	{"a bit of the person's hash", flipIn(func(r *verify.Row) []byte { return r.Person[:] })},
	{"a bit of the patient's hash", flipIn(func(r *verify.Row) []byte { return r.Patient[:] })},
	{"a bit of the session's hash", flipIn(func(r *verify.Row) []byte { return r.Session[:] })},
	{"the class", func(x *exhibit, rnd *rand.Rand) []uint64 {
		r, places := pick(x, rnd)
		r.Class = "clean"
		return places
	}},
	{"the kind", func(x *exhibit, rnd *rand.Rand) []uint64 {
		r, places := pick(x, rnd)
		r.Kind ^= 3
		return places
	}},
	{"the time, by a microsecond", func(x *exhibit, rnd *rand.Rand) []uint64 {
		r, places := pick(x, rnd)
		r.At = r.At.Add(time.Microsecond)
		return places
	}},
	{"the key's id", func(x *exhibit, rnd *rand.Rand) []uint64 {
		r, places := pick(x, rnd)
		r.KeyID += "0"
		return places
	}},
	{"content removed", func(x *exhibit, rnd *rand.Rand) []uint64 {
		r, places := pick(x, rnd)
		r.Content = nil
		return places
	}},
	{"a row dropped", func(x *exhibit, rnd *rand.Rand) []uint64 {
		n := rnd.IntN(len(x.rows))
		x.rows = slices.Delete(x.rows, n, n+1)
		return []uint64{uint64(n)}
	}},
	{"a row dropped and the rest moved up", func(x *exhibit, rnd *rand.Rand) []uint64 {
		n := rnd.IntN(len(x.rows) - 1)
		x.rows = slices.Delete(x.rows, n, n+1)
		for i := n; i < len(x.rows); i++ {
			x.rows[i].Seq = uint64(i)
		}
		return []uint64{uint64(n)}
	}},
	{"two rows exchanged", func(x *exhibit, rnd *rand.Rand) []uint64 {
		a := rnd.IntN(len(x.rows) - 1)
		b := a + 1 + rnd.IntN(len(x.rows)-a-1)
		x.rows[a], x.rows[b] = x.rows[b], x.rows[a]
		x.rows[a].Seq, x.rows[b].Seq = uint64(a), uint64(b)
		return []uint64{uint64(a), uint64(b)}
	}},
	{"the end cut off", func(x *exhibit, rnd *rand.Rand) []uint64 {
		n := 1 + rnd.IntN(len(x.rows)-1)
		x.rows = x.rows[:n]
		return []uint64{uint64(n)}
	}},
	{"a row replaced by a copy of another", func(x *exhibit, rnd *rand.Rand) []uint64 {
		a := rnd.IntN(len(x.rows) - 1)
		x.rows[a] = x.rows[a+1]
		x.rows[a].Seq = uint64(a)
		return []uint64{uint64(a)}
	}},
	{"a bit of an entry", func(x *exhibit, rnd *rand.Rand) []uint64 {
		files := x.used("tile/entries/")
		n := rnd.IntN(len(files))
		at := rnd.IntN(len(x.tree[files[n]].Data))
		x.flip(files[n], at, 1<<rnd.IntN(8))
		return []uint64{uint64(n*256 + at/134)}
	}},
	{"a bit of a leaf's tile", func(x *exhibit, rnd *rand.Rand) []uint64 {
		files := x.used("tile/0/")
		n := rnd.IntN(len(files))
		at := rnd.IntN(len(x.tree[files[n]].Data))
		x.flip(files[n], at, 1<<rnd.IntN(8))
		return []uint64{uint64(n*256 + at/32)}
	}},
	{"a bit of a higher tile", func(x *exhibit, rnd *rand.Rand) []uint64 {
		files := x.used("tile/1/")
		at := rnd.IntN(len(x.tree[files[0]].Data))
		x.flip(files[0], at, 1<<rnd.IntN(8))
		return []uint64{uint64(at / 32 * 256)}
	}},
	{"a file of the tree removed", func(x *exhibit, rnd *rand.Rand) []uint64 {
		files := append(x.used("tile/0/"), x.used("tile/entries/")...)
		n := rnd.IntN(len(files))
		delete(x.tree, files[n])
		return []uint64{uint64(n % 3 * 256)}
	}},
	{"a bit of the checkpoint", func(x *exhibit, rnd *rand.Rand) []uint64 {
		data := x.tree["checkpoint"].Data
		x.flip("checkpoint", rnd.IntN(len(data)), 1<<rnd.IntN(8))
		return []uint64{0}
	}},
}

// TestEveryTamperingIsFoundAndItsPlaceNamed makes 1,000 changes, one at a time,
// with a fixed seed. CRY-07, R13.
func TestEveryTamperingIsFoundAndItsPlaceNamed(t *testing.T) {
	whole := makeExhibit(t, 300, "seen in clinic")
	rnd := rand.New(rand.NewPCG(20261121, 7))
	rounds := 1000
	if testing.Short() {
		rounds = 200
	}
	for n := range rounds {
		how := tamperings[n%len(tamperings)]
		x := whole.copy()
		places := how.do(x, rnd)
		r := x.check(t)
		named := slices.ContainsFunc(r.Faults, func(f verify.Fault) bool { return slices.Contains(places, f.Seq) })
		if r.OK() || !named {
			t.Errorf("round %d: %s at %v: found %d faults, first %v", n, how.name, places, r.Total, first(r))
		}
		onlyTiles := !slices.ContainsFunc(r.Faults, func(f verify.Fault) bool { return f.What != verify.BadTile })
		if r.Verified == 600 && !onlyTiles {
			t.Errorf("round %d: %s at %v: every record counts as verified", n, how.name, places)
		}
	}
}

func first(r *verify.Report) string {
	if len(r.Faults) == 0 {
		return "none"
	}
	return r.Faults[0].String()
}

func TestARecordRewrittenAsAWholeIsFoundByWhatWasKeptElsewhere(t *testing.T) {
	old := makeExhibit(t, 20, "the truth")
	forged := makeExhibit(t, 20, "another story") // same key, same places, new tree, all consistent
	if r := forged.check(t); !r.OK() {
		t.Fatalf("the forgery is not even consistent: %v", first(r))
	}
	kept := old.tree["checkpoint"].Data
	if r := forged.check(t, kept); r.OK() || r.Faults[0].What != verify.Forked || r.Faults[0].Seq != 39 {
		t.Errorf("a kept checkpoint: %v", first(r))
	}
	r, err := verify.Check(t.Context(), verify.Input{
		Rows: slicesAll(forged.rows), Tree: forged.tree, Key: forged.key, Receipts: old.receipts[3:4],
	})
	if err != nil || r.OK() || r.Faults[0].What != verify.BadReceipt || r.Faults[0].Seq != 6 {
		t.Errorf("a kept receipt: %v, %v", first(r), err)
	}
}

func TestARollBackIsFoundByWhatWasKeptElsewhere(t *testing.T) {
	short := makeExhibit(t, 10, "the truth")
	long := makeExhibit(t, 20, "the truth")
	if r := short.check(t, long.tree["checkpoint"].Data); r.OK() || r.Faults[0].What != verify.RolledBack || r.Faults[0].Seq != 20 {
		t.Errorf("a kept checkpoint: %v", first(r))
	}
	r, err := verify.Check(t.Context(), verify.Input{
		Rows: slicesAll(short.rows), Tree: short.tree, Key: short.key, Receipts: long.receipts[15:16],
	})
	if err != nil || r.OK() || r.Faults[0].What != verify.RolledBack || r.Faults[0].Seq != 30 {
		t.Errorf("a kept receipt: %v, %v", first(r), err)
	}
}

func TestAKeptCheckpointOfTheSamePastIsNoFault(t *testing.T) {
	x := makeExhibit(t, 20, "the truth")
	if r := x.check(t, x.tree["checkpoint"].Data); !r.OK() || r.Kept != 1 {
		t.Errorf("report: %+v", r)
	}
}

func TestAnotherLogsKeyVerifiesNothing(t *testing.T) {
	x := makeExhibit(t, 2, "the truth")
	_, other, err := keyPair("chaperone/record")
	if err != nil {
		t.Fatal(err)
	}
	x.key = other
	if r := x.check(t); r.OK() || r.Verified != 0 || r.Faults[0].What != verify.BadCheckpoint {
		t.Errorf("report: %+v", r)
	}
	x.key = "no key"
	if _, err := verify.Check(t.Context(), verify.Input{Tree: x.tree, Key: x.key}); err == nil {
		t.Error("text that is no key is taken for one")
	}
}

func TestRowsNotYetInTheTreeAreCountedApart(t *testing.T) {
	x := makeExhibit(t, 4, "the truth")
	longer := makeExhibit(t, 6, "the truth")
	longer.rows = append(slices.Clone(x.rows), longer.rows[8:]...)
	longer.tree = x.tree
	r := longer.check(t)
	if !r.OK() || r.Verified != 8 || r.Pending != 4 {
		t.Errorf("report: %+v", r)
	}
	longer.rows[10].Seq = 1 << 60
	longer.rows = longer.rows[:11]
	if r := longer.check(t); r.OK() || r.Faults[0].Seq != 10 {
		t.Errorf("a gap behind the tree: %v", first(r))
	}
}

func TestAnUnreadableJournalIsAFault(t *testing.T) {
	x := makeExhibit(t, 4, "the truth")
	r, err := verify.Check(t.Context(), verify.Input{
		Rows: func(yield func(verify.Row, error) bool) {
			for _, row := range x.rows[:5] {
				if !yield(row, nil) {
					return
				}
			}
			yield(verify.Row{}, io.ErrUnexpectedEOF)
		},
		Tree: x.tree, Key: x.key,
	})
	if err != nil || r.OK() || r.Faults[0].What != verify.RowUnreadable || r.Faults[0].Seq != 5 {
		t.Errorf("%v, %v", first(r), err)
	}
}

func slicesAll(rows []verify.Row) func(func(verify.Row, error) bool) {
	return func(yield func(verify.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
