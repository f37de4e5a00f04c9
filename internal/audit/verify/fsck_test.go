package verify_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chaperone/internal/audit/verify"
)

// theirs is what the tree's own library says of a tree in a directory.
// It queues as many files as it has workers, and waits for ever if all of those
// have given up; there are fewer files here than workers.
func theirs(t *testing.T, x *exhibit) error {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, x.tree); err != nil {
		t.Fatal(err)
	}
	key, err := note.NewVerifier(x.key)
	if err != nil {
		t.Fatal(err)
	}
	hash := func(data []byte) ([][]byte, error) {
		var bundle api.EntryBundle
		if err := bundle.UnmarshalText(data); err != nil {
			return nil, err
		}
		var out [][]byte
		for _, entry := range bundle.Entries {
			h := tlog.RecordHash(entry)
			out = append(out, h[:])
		}
		return out, nil
	}
	return fsck.New(key.Name(), key, &client.FileFetcher{Root: dir}, hash, fsck.Opts{N: 64}).Check(t.Context())
}

// The tree is checked by a third party's program too, Tessera's fsck, and the
// two say the same of it: whole, exported, and tampered with.
func TestTesserasOwnCheckAgreesAboutTheTree(t *testing.T) {
	for _, n := range []int{1, 127, 128, 129, 300} {
		x := makeExhibit(t, n, "seen in clinic")
		if err := theirs(t, x); err != nil {
			t.Errorf("%d exchanges: %v", n, err)
		}
		dir := filepath.Join(t.TempDir(), "export")
		if _, err := verify.Export(t.Context(), verify.Input{Rows: slicesAll(x.rows), Tree: x.tree, Key: x.key}, dir); err != nil {
			t.Fatal(err)
		}
		x.tree = readTree(t, dir)
		if err := theirs(t, x); err != nil {
			t.Errorf("%d exchanges, exported: %v", n, err)
		}
	}
	whole := makeExhibit(t, 300, "seen in clinic")
	whole.prune()
	rnd := rand.New(rand.NewPCG(20261122, 6))
	tried := 0
	for n := range 2 * len(tamperings) {
		how := tamperings[n%len(tamperings)]
		if !strings.Contains(how.name, "entry") && !strings.Contains(how.name, "tile") && !strings.Contains(how.name, "checkpoint") && !strings.Contains(how.name, "file of") {
			continue
		}
		tried++
		x := whole.copy()
		how.do(x, rnd)
		if ours, err := x.check(t), theirs(t, x); ours.OK() || err == nil {
			t.Errorf("%s: audit verify finds %d faults, fsck says %v", how.name, ours.Total, err)
		}
	}
	if tried < 8 {
		t.Errorf("only %d changes of the tree were tried", tried)
	}
}
