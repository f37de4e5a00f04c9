package verify_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"chaperone/internal/audit/verify"
)

var mutations = flag.Int("mutations", 105, "how many seeded changes both verifiers must find; the gate is 1,000")

// python is the other verifier, docs/compliance/verify.py, kept running: a
// folder a line in, its faults a line out.
type python struct {
	in  *bufio.Writer
	out *bufio.Reader
}

// found is a fault as either verifier names it.
type found struct {
	Place uint64
	Kind  string
}

const loop = `
import base64, json, sys
sys.path.insert(0, sys.argv[1])
import verify
for line in sys.stdin:
    job = json.loads(line)
    job["checkpoints"] = [base64.b64decode(c) for c in job["checkpoints"]]
    print(json.dumps(verify.check(**job)), flush=True)
`

// startPython starts the verifier with CHAPERONE_PYTHON, or that of the
// end-to-end tests, or python3. It needs the package cryptography.
func startPython(t *testing.T) *python {
	t.Helper()
	program := os.Getenv("CHAPERONE_PYTHON")
	if program == "" {
		program = "python3"
		if venv, err := filepath.Abs("../../../e2e/python/.venv/bin/python"); err == nil {
			if _, err := os.Stat(venv); err == nil {
				program = venv
			}
		}
	}
	if out, err := exec.Command(program, "-c", "import cryptography").CombinedOutput(); err != nil {
		if os.Getenv("CHAPERONE_PYTHON") != "" {
			t.Fatalf("%s has no cryptography: %s", program, out)
		}
		t.Skip("no Python with the package cryptography; make e2e installs one")
	}
	cmd := exec.Command(program, "-c", loop, "../../../docs/compliance")
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the Python verifier: %v", err)
		}
	})
	return &python{bufio.NewWriter(in), bufio.NewReader(out)}
}

// held is what an auditor kept elsewhere.
type held struct {
	Folder      string   `json:"folder"`
	Key         string   `json:"key,omitempty"`
	Receipts    []string `json:"receipts"`
	Checkpoints [][]byte `json:"checkpoints"`
}

func (p *python) check(t *testing.T, h held) []found {
	t.Helper()
	h.Receipts, h.Checkpoints = append([]string{}, h.Receipts...), append([][]byte{}, h.Checkpoints...)
	line, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	p.in.Write(append(line, '\n'))
	if err := p.in.Flush(); err != nil {
		t.Fatal(err)
	}
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("the Python verifier ended: %v", err)
	}
	var rows [][3]any
	if err := json.Unmarshal(answer, &rows); err != nil {
		t.Fatal(err)
	}
	var list []found
	for _, r := range rows {
		list = append(list, found{uint64(r[0].(float64)), r[1].(string)})
	}
	return list
}

func goFaults(t *testing.T, h held) []found {
	t.Helper()
	r, err := verify.CheckExport(t.Context(), os.DirFS(h.Folder), verify.Input{Key: h.Key, Receipts: h.Receipts})
	if err != nil {
		t.Fatal(err)
	}
	var list []found
	for _, f := range r.Faults {
		list = append(list, found{f.Seq, string(f.What)})
	}
	if r.OK() != (len(list) == 0) {
		t.Errorf("%d faults, %d listed", r.Total, len(list))
	}
	return list
}

// exported is the exhibit as an export, with checkpoints that were kept
// elsewhere and a list of digests that fits it: whoever tampers has the list too.
func (x *exhibit) exported(t testing.TB, kept ...[]byte) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	put := func(path string, data []byte) { out[path] = &fstest.MapFile{Data: data, Mode: 0o600} }
	var rows bytes.Buffer
	for _, r := range x.rows {
		line, err := verify.EncodeRow(r)
		if err != nil {
			t.Fatal(err)
		}
		rows.Write(line)
	}
	put("rows.jsonl", rows.Bytes())
	put("log.pub", []byte(x.key+"\n"))
	for path, f := range x.tree {
		if strings.HasPrefix(path, "tile/") || path == "checkpoint" {
			put(path, f.Data)
		}
	}
	for i, cp := range kept {
		put(fmt.Sprintf("kept/%04d", i+1), cp)
	}
	put("SHA256SUMS", sums(out))
	return out
}

func sums(files fstest.MapFS) []byte {
	var b bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if path != "SHA256SUMS" {
			fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(files[path].Data), path)
		}
	}
	return b.Bytes()
}

// prune removes what a tree leaves behind and no export holds: partial tiles
// that fuller ones have replaced.
func (x *exhibit) prune() {
	keep := map[string]bool{"checkpoint": true}
	for _, prefix := range []string{"tile/entries/", "tile/0/", "tile/1/"} {
		for _, path := range x.used(prefix) {
			keep[path] = true
		}
	}
	for path := range x.tree {
		if !keep[path] {
			delete(x.tree, path)
		}
	}
}

func writeFolder(t testing.TB, files fstest.MapFS) string {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "export")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// kinds are what each tampering may be called. The first places that both
// verifiers name are those of the tampering.
var kinds = map[string][]string{
	"a bit of the leaf":                      {"changed", "foreign"},
	"a row dropped":                          {"missing"},
	"a row dropped and the rest moved up":    {"foreign"},
	"two rows exchanged":                     {"foreign"},
	"the end cut off":                        {"missing"},
	"a row replaced by a copy of another":    {"foreign"},
	"a bit of an entry":                      {"foreign", "entry"},
	"a bit of a leaf's tile":                 {"tile"},
	"a bit of a higher tile":                 {"tile"},
	"a file of the tree removed":             {"tile", "entry"},
	"a bit of the checkpoint":                {"checkpoint"},
	"a bit of any file, digests left alone":  {"manifest", "key"},
	"a tile of another log":                  {"tile"},
	"rolled back behind a kept checkpoint":   {"rolledback"},
	"forked, with a kept checkpoint":         {"forked"},
	"rolled back behind a kept receipt":      {"rolledback"},
	"rewritten, with a kept receipt":         {"receipt"},
	"a kept checkpoint that was forged":      {"checkpoint"},
	"the rows cut off in the middle":         {"unreadable"},
	"the list of digests cut off":            {"manifest"},
	"an outcome given to a second intent":    {"changed"},
	"a row of another writer, leaf and all":  {"foreign"},
	"the public key exchanged for another's": {"checkpoint"},
}

// twice makes a tampered export and says where, for both verifiers.
type twice struct {
	name string
	do   func(t *testing.T, rnd *rand.Rand) (h held, places []uint64)
}

// atBoth is every kind of change as an export: those of the record itself, and
// those that only an export, or an auditor with something in hand, can show.
func atBoth(t *testing.T) []twice {
	whole, other := makeExhibit(t, 300, "seen in clinic"), makeExhibit(t, 300, "another story")
	short := makeExhibit(t, 100, "seen in clinic")
	whole.prune()
	other.prune()
	short.prune()
	var list []twice
	for _, how := range tamperings {
		list = append(list, twice{how.name, func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			x := whole.copy()
			places := how.do(x, rnd)
			return held{Folder: writeFolder(t, x.exported(t))}, places
		}})
	}
	folder := func(files fstest.MapFS, places ...uint64) (held, []uint64) {
		return held{Folder: writeFolder(t, files)}, places
	}
	return append(list, []twice{
		{"a bit of any file, digests left alone", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			files := whole.exported(t)
			paths := slices.Sorted(maps.Keys(files))
			f := files[paths[rnd.IntN(len(paths))]]
			f.Data = bytes.Clone(f.Data)
			f.Data[rnd.IntN(len(f.Data))] ^= 1 << rnd.IntN(8)
			return folder(files, 0)
		}},
		{"a tile of another log", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			x := whole.copy()
			paths := x.used("tile/0/")
			n := rnd.IntN(len(paths))
			x.tree[paths[n]] = other.tree[paths[n]]
			return folder(x.exported(t), uint64(n*256))
		}},
		{"rolled back behind a kept checkpoint", func(t *testing.T, _ *rand.Rand) (held, []uint64) {
			return folder(short.exported(t, whole.tree["checkpoint"].Data), 200)
		}},
		{"forked, with a kept checkpoint", func(t *testing.T, _ *rand.Rand) (held, []uint64) {
			return folder(whole.exported(t, short.tree["checkpoint"].Data), 199)
		}},
		{"rolled back behind a kept receipt", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			n := 100 + rnd.IntN(200)
			h, _ := folder(short.exported(t))
			h.Receipts = []string{whole.receipts[n]}
			return h, []uint64{uint64(2 * n)}
		}},
		{"rewritten, with a kept receipt", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			n := rnd.IntN(300)
			h, _ := folder(other.exported(t))
			h.Receipts = []string{whole.receipts[n]}
			return h, []uint64{uint64(2 * n)}
		}},
		{"a kept checkpoint that was forged", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			cp := bytes.Clone(whole.tree["checkpoint"].Data)
			cp[rnd.IntN(len(cp))] ^= 1 << rnd.IntN(8)
			return folder(whole.exported(t, cp), 0)
		}},
		{"the rows cut off in the middle", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			files := whole.exported(t)
			data := files["rows.jsonl"].Data
			at := 1 + rnd.IntN(len(data)-2)
			for data[at-1] == '\n' {
				at++
			}
			files["rows.jsonl"] = &fstest.MapFile{Data: data[:at], Mode: 0o600}
			files["SHA256SUMS"].Data = sums(files)
			return folder(files, uint64(bytes.Count(data[:at], []byte("\n"))))
		}},
		{"the list of digests cut off", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			files := whole.exported(t)
			data := files["SHA256SUMS"].Data
			files["SHA256SUMS"] = &fstest.MapFile{Data: data[:rnd.IntN(len(data))], Mode: 0o600}
			return folder(files, 0)
		}},
		{"an outcome given to a second intent", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			x := whole.copy()
			n := 2*rnd.IntN(299) + 1
			x.rows[n].About = x.rows[n+1].ID
			return folder(x.exported(t), uint64(n))
		}},
		{"a row of another writer, leaf and all", func(t *testing.T, rnd *rand.Rand) (held, []uint64) {
			x := whole.copy()
			n := rnd.IntN(600)
			x.rows[n] = other.rows[n]
			return folder(x.exported(t), uint64(n))
		}},
		{"the public key exchanged for another's", func(t *testing.T, _ *rand.Rand) (held, []uint64) {
			x := whole.copy()
			_, key, err := keyPair("chaperone/record")
			if err != nil {
				t.Fatal(err)
			}
			x.key = key
			return folder(x.exported(t), 0)
		}},
	}...)
}

// CRY-07, R13: two implementations that share no code, one of them written from
// the document, find every change and name its kind and its place.
func TestTwoVerifiersFindAndNameEveryTampering(t *testing.T) {
	other := startPython(t)
	list := atBoth(t)
	rnd := rand.New(rand.NewPCG(20261122, 5))
	rounds := *mutations
	if testing.Short() {
		rounds = min(rounds, len(list))
	}
	for n := range rounds {
		how := list[n%len(list)]
		h, places := how.do(t, rnd)
		want := kinds[how.name]
		if want == nil {
			want = []string{"changed"}
		}
		named := func(f found) bool { return slices.Contains(places, f.Place) && slices.Contains(want, f.Kind) }
		if got := goFaults(t, h); !slices.ContainsFunc(got, named) {
			t.Errorf("round %d: %s at %v: audit verify found %v", n, how.name, places, got[:min(len(got), 5)])
		}
		if got := other.check(t, h); !slices.ContainsFunc(got, named) {
			t.Errorf("round %d: %s at %v: verify.py found %v", n, how.name, places, got[:min(len(got), 5)])
		}
		if t.Failed() {
			return
		}
		os.RemoveAll(h.Folder)
	}
}

func TestTwoVerifiersPassAWholeRecord(t *testing.T) {
	other := startPython(t)
	for _, n := range []int{0, 1, 127, 128, 300} {
		x := makeExhibit(t, n, "seen in clinic")
		dir := filepath.Join(t.TempDir(), "export")
		in := verify.Input{Rows: slicesAll(x.rows), Tree: x.tree, Key: x.key, Kept: [][]byte{x.tree["checkpoint"].Data}, Receipts: x.receipts}
		got, err := verify.Export(t.Context(), in, dir)
		if err != nil || got.Missing != 0 || got.Records != uint64(2*n) {
			t.Fatalf("%d exchanges: %+v, %v", n, got, err)
		}
		if faults := goFaults(t, held{Folder: dir}); len(faults) > 0 {
			t.Errorf("%d exchanges: audit verify found %v", n, faults)
		}
		if faults := other.check(t, held{Folder: dir, Key: x.key}); len(faults) > 0 {
			t.Errorf("%d exchanges: verify.py found %v", n, faults)
		}
		if _, err := verify.Export(t.Context(), in, dir); err == nil {
			t.Error("an export is written over another")
		}
	}
}

func FuzzRowLine(f *testing.F) {
	x := makeExhibit(f, 1, "seen in clinic")
	for _, r := range x.rows {
		line, err := verify.EncodeRow(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.TrimSuffix(line, []byte("\n")))
	}
	f.Add([]byte(`{"Seq":0}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := verify.DecodeRow(line)
		if err != nil {
			return
		}
		if again, err := verify.EncodeRow(row); err != nil || string(again) != string(line)+"\n" {
			t.Errorf("a row has two forms: %q and %q", line, again)
		}
	})
}
