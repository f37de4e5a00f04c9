package verify_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

var update = flag.Bool("update", false, "write the test vectors again")

const vectorFile = "../../../docs/compliance/record-vectors.json"

// vectors are what a verifier of one's own is tried on; see record-format.md.
type vectors struct {
	Key     string         `json:"key"`
	Steps   map[string]any `json:"steps"`
	Exports []vector       `json:"exports"`
}

// vector is one export, and what a verifier says of it.
type vector struct {
	Name        string            `json:"name"`
	Key         string            `json:"key,omitempty"`         // that the auditor kept
	Checkpoints [][]byte          `json:"checkpoints,omitempty"` // the same
	Receipts    []string          `json:"receipts,omitempty"`    // the same
	Files       map[string][]byte `json:"files"`
	Faults      []wantFault       `json:"faults"` // each must be named; with none, nothing may be
}

type wantFault struct {
	Seq  uint64 `json:"seq"`
	What string `json:"what"`
}

// sameSealer seals to the same bytes each time. What is sealed is opaque to a
// verifier; these are no ciphertexts of the product.
type sameSealer struct{}

func stretch(n int, parts ...string) []byte {
	var out []byte
	for i := 0; len(out) < n; i++ {
		sum := sha256.Sum256([]byte(fmt.Sprint(parts, i)))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func (sameSealer) SealFacts(record string, plain []byte) ([]byte, error) {
	return stretch(60, "facts", record), nil
}
func (sameSealer) OpenFacts(string, []byte) ([]byte, error) { return nil, os.ErrInvalid }

func (sameSealer) SealContent(_ context.Context, record, kind string, plain []byte) ([]byte, string, [32]byte, error) {
	return stretch(45, "content", record), "0123456789abcdef.7", sha256.Sum256([]byte(record)), nil
}

func (sameSealer) OpenContent(context.Context, string, string, string, []byte) ([]byte, error) {
	return nil, os.ErrInvalid
}

// sameBytes is a source that is no secret.
type sameBytes struct{ n byte }

func (s *sameBytes) Read(b []byte) (int, error) {
	for i := range b {
		s.n++
		b[i] = s.n
	}
	return len(b), nil
}

// tell makes a record of n exchanges and an event after each, always the same
// for the same story. It is closed in between, so that checkpoints of its past
// are there to be kept.
func tell(t *testing.T, n int, story string) (*exhibit, [][]byte) {
	t.Helper()
	at := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	cfg := audit.Config{
		Journal: &audittest.Journal{}, Sealer: sameSealer{}, Index: audittest.Index, Signer: audittest.NewSigner("record"),
		Tree: filepath.Join(t.TempDir(), "tree"), Pace: 100 * time.Millisecond, Random: &sameBytes{},
		Clock: func() time.Time { at = at.Add(time.Second); return at },
	}
	x := &exhibit{}
	var kept [][]byte
	for i := range max(n, 1) {
		log, err := audit.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			x.receipts = append(x.receipts, tellOne(t, log, i, story))
		}
		if x.key, err = log.PublicKey(); err == nil {
			err = log.Close(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		cp, err := os.ReadFile(filepath.Join(cfg.Tree, "checkpoint"))
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, cp)
	}
	for _, r := range cfg.Journal.(*audittest.Journal).Rows() {
		x.rows = append(x.rows, verify.Row{
			Seq: r.Seq, ID: r.ID, About: r.About, At: r.At, Kind: uint8(r.Kind), Class: r.Class,
			Patient: r.Index.Patient, Person: r.Index.Person, Session: r.Index.Session,
			KeyID: r.KeyID, Facts: r.Facts, Content: r.Content, Leaf: r.Leaf[:],
		})
	}
	x.tree = readTree(t, cfg.Tree)
	x.prune()
	return x, kept
}

func tellOne(t *testing.T, log *audit.Log, i int, story string) string {
	t.Helper()
	patient, err := chaperone.NewPatientRef("MRN-SYNTHETIC-1")
	if err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprintf("01935000-0000-7000-8000-%012x", i)
	if i > 0 {
		id = fmt.Sprintf("01935000-0000-7000-8000-%s%06x", hex.EncodeToString([]byte(story)[:3]), i)
	}
	e, err := log.Intend(t.Context(), audit.Intent{
		Exchange: chaperone.ExchangeID(id), Who: chaperone.Principal{Tenant: "clinic", ID: "dr.lee", Role: chaperone.RoleClinician},
		Why: audit.Why{Patient: patient}, Ruling: audit.Ruling{Decision: audit.Concealed}, Received: audit.Content("received"),
	})
	if err == nil {
		err = e.Settle(t.Context(), audit.Outcome{Result: audit.OK, Status: 200})
	}
	if err == nil {
		err = log.Note(t.Context(), audit.Event{Kind: audit.RecordQueried, Subject: "exchanges"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return e.Receipt().String()
}

// makeVectors is the whole file.
func makeVectors(t *testing.T) vectors {
	three, kept := tell(t, 3, "the truth")
	two, keptTwo := tell(t, 2, "the truth")
	other, _ := tell(t, 3, "another story")
	none, _ := tell(t, 0, "")
	one, _ := tell(t, 1, "the truth")
	v := vectors{Key: three.key, Steps: steps(t, three, kept)}
	add := func(name string, files fstest.MapFS, with vector, faults ...wantFault) {
		with.Name, with.Files, with.Faults = name, map[string][]byte{}, append([]wantFault{}, faults...)
		for path, f := range files {
			with.Files[path] = f.Data
		}
		v.Exports = append(v.Exports, with)
	}
	change := func(edit func(x *exhibit)) fstest.MapFS {
		x := three.copy()
		edit(x)
		return x.exported(t)
	}
	add("good: nothing recorded yet", none.exported(t), vector{})
	add("good: one exchange and an event", one.exported(t), vector{Key: three.key, Receipts: one.receipts})
	add("good: three exchanges, with checkpoints and receipts kept all along", three.exported(t, kept...), vector{Checkpoints: kept[:1], Receipts: three.receipts})
	add("a bit of the sealed facts of record 4", change(func(x *exhibit) { x.rows[4].Facts[7] ^= 1 }), vector{}, wantFault{4, "changed"})
	add("record 3 dropped", change(func(x *exhibit) { x.rows = slices.Delete(x.rows, 3, 4) }), vector{}, wantFault{3, "missing"})
	add("record 3 dropped, the rest moved up", change(func(x *exhibit) {
		x.rows = slices.Delete(x.rows, 3, 4)
		for i := range x.rows {
			x.rows[i].Seq = uint64(i)
		}
	}), vector{}, wantFault{3, "foreign"}, wantFault{8, "missing"})
	add("records 3 to 8 told anew, with leaves that fit", change(func(x *exhibit) { copy(x.rows[3:], other.rows[3:]) }), vector{}, wantFault{3, "foreign"}, wantFault{6, "foreign"})
	add("the tile of another record", change(func(x *exhibit) { x.tree["tile/0/000.p/9"] = other.tree["tile/0/000.p/9"] }), vector{}, wantFault{3, "tile"})
	add("a checkpoint that claims a record less", change(func(x *exhibit) {
		text := bytes.Replace(x.tree["checkpoint"].Data, []byte("\n9\n"), []byte("\n8\n"), 1)
		x.tree["checkpoint"] = &fstest.MapFile{Data: text}
	}), vector{}, wantFault{0, "checkpoint"})
	add("rolled back: whole in itself, behind a kept checkpoint", two.exported(t), vector{Checkpoints: kept[2:]}, wantFault{6, "rolledback"})
	add("rolled back: whole in itself, behind a kept receipt", two.exported(t), vector{Receipts: three.receipts[2:]}, wantFault{6, "rolledback"})
	add("forked: whole in itself, another past than a kept checkpoint's", other.exported(t), vector{Checkpoints: keptTwo[1:]}, wantFault{5, "forked"})
	add("rewritten: whole in itself, another record than a kept receipt's", other.exported(t), vector{Receipts: three.receipts[1:2]}, wantFault{3, "receipt"})
	return v
}

// steps are the values on the way, for whoever looks for his mistake.
func steps(t *testing.T, x *exhibit, kept [][]byte) map[string]any {
	row := x.rows[0]
	outcome := audit.OutcomeID(audit.ID(row.ID))
	h := tlog.RecordHash(row.Leaf)
	proof, err := verify.Prove(x.tree, x.key, 4)
	if err != nil {
		t.Fatal(err)
	}
	cp, err := verify.ReadCheckpoint(x.tree["checkpoint"].Data, x.key)
	if err != nil {
		t.Fatal(err)
	}
	growth, err := verify.ProveGrowth(x.tree, cp, 6)
	if err != nil {
		t.Fatal(err)
	}
	old, err := verify.ReadCheckpoint(kept[1], x.key)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify.CheckGrowth(old, cp, growth); err != nil {
		t.Fatal(err)
	}
	line, err := verify.EncodeRow(row)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"row_0": string(line), "outcome_id_of_row_0": hex.EncodeToString(outcome[:]),
		"head_of_row_0": hex.EncodeToString(row.Leaf[36:68]), "leaf_of_row_0": hex.EncodeToString(row.Leaf), "leaf_hash_of_row_0": hex.EncodeToString(h[:]),
		"inclusion_proof_of_row_4": proof.Hashes, "growth_proof_from_6_to_9": growth,
		"checkpoint_of_6": string(kept[1]), "checkpoint_of_9": string(x.tree["checkpoint"].Data), "receipt_of_row_0": x.receipts[0],
	}
}

// The committed vectors are what the writer makes today, and both verifiers say
// of them what stands there.
func TestTheVectorsAreTrueForTheWriterAndForBothVerifiers(t *testing.T) {
	made := makeVectors(t)
	text, err := json.MarshalIndent(made, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile(vectorFile, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), string(text)); diff != "" {
		t.Errorf("the writer makes other vectors than the committed ones; after a change of the format, run with -update:\n%s", diff)
	}
	var read vectors
	if err := json.Unmarshal(committed, &read); err != nil {
		t.Fatal(err)
	}
	for _, v := range read.Exports {
		t.Run(v.Name, func(t *testing.T) {
			files := fstest.MapFS{}
			for path, data := range v.Files {
				files[path] = &fstest.MapFile{Data: data, Mode: 0o600}
			}
			report, err := verify.CheckExport(t.Context(), files, verify.Input{Key: v.Key, Kept: v.Checkpoints, Receipts: v.Receipts})
			if err != nil {
				t.Fatal(err)
			}
			var got []found
			for _, f := range report.Faults {
				got = append(got, found{f.Seq, string(f.What)})
			}
			agrees(t, "audit verify", v, got)
		})
	}
	other := startPython(t)
	for _, v := range read.Exports {
		files := fstest.MapFS{}
		for path, data := range v.Files {
			files[path] = &fstest.MapFile{Data: data, Mode: 0o600}
		}
		h := held{Folder: writeFolder(t, files), Key: v.Key, Receipts: v.Receipts, Checkpoints: v.Checkpoints}
		agrees(t, "verify.py: "+v.Name, v, other.check(t, h))
	}
}

func agrees(t *testing.T, who string, v vector, got []found) {
	t.Helper()
	if len(v.Faults) == 0 && len(got) > 0 {
		t.Errorf("%s finds %v", who, got)
	}
	for _, want := range v.Faults {
		if !slices.Contains(got, found{want.Seq, want.What}) {
			t.Errorf("%s does not name %v; it finds %v", who, want, got)
		}
	}
}
