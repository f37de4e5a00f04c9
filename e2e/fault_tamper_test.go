package e2e

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// finding is a fault as `chaperone audit verify --json` names it.
type finding struct {
	Seq  int    `json:"seq"`
	What string `json:"what"`
}

func (c *clinic) findings(args ...string) (list []finding, code int) {
	c.t.Helper()
	cmd := exec.Command(chaperone(c.t), append([]string{"audit", "verify", "--data", c.dir, "--json"}, args...)...)
	out, _ := cmd.Output()
	var v struct {
		Faults []finding `json:"faults"`
		Total  int       `json:"faults_total"`
	}
	if err := json.Unmarshal(out, &v); err != nil {
		c.t.Fatalf("audit verify: %v: %s", err, out)
	}
	return v.Faults, cmd.ProcessState.ExitCode()
}

// change edits the journal as somebody who owns the file can.
func change(t *testing.T, dir string, steps ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "record", "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, step := range append([]string{`DROP TRIGGER record_no_update`, `DROP TRIGGER record_no_delete`}, steps...) {
		if _, err := db.Exec(step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
}

// edit flips one bit of the first file whose path holds word.
func edit(t *testing.T, dir, word string) {
	t.Helper()
	done := false
	err := filepath.WalkDir(filepath.Join(dir, "record", "tree"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || done || e.IsDir() || !strings.Contains(path, word) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data[len(data)/2+50] ^= 1
		done = true
		return os.WriteFile(path, data, 0o600)
	})
	if err != nil || !done {
		t.Fatalf("no file to edit: %v", err)
	}
}

func copied(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o600)
		if e.IsDir() {
			mode = 0o700
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestFaultTampering bends a record in every way its owner could. Verification
// names the kind and the place; the program does not start on it, unless the
// operator says that the faults are known, which is recorded.
func TestFaultTampering(t *testing.T) { // AUD-05, CRY-06; R13
	whole := newClinic(t, filepath.Join(t.TempDir(), "data"))
	d, _ := whole.up()
	var old string
	for n := range 200 {
		whole.ask(d.URL, n)
		if n == 100 {
			d.stop(t)
			old = copied(t, whole.dir)
			d, _ = whole.up()
		}
	}
	d.stop(t)
	whole.verify(0)
	kept := filepath.Join(t.TempDir(), "checkpoint")
	text, err := os.ReadFile(filepath.Join(whole.dir, "record", "tree", "checkpoint"))
	if err == nil {
		err = os.WriteFile(kept, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	swap := []string{
		`UPDATE record SET seq = -1 WHERE seq = 40`, `UPDATE record SET seq = 40 WHERE seq = 42`, `UPDATE record SET seq = 42 WHERE seq = -1`,
	}
	for name, x := range map[string]struct {
		bend func(t *testing.T, dir string)
		what string
		seq  int // -1: any
	}{
		"a byte of the facts flipped":       {func(t *testing.T, d string) { change(t, d, flip("facts", 30)) }, "changed", 30},
		"a byte of the content flipped":     {func(t *testing.T, d string) { change(t, d, flip("content", -1)) }, "changed", -1},
		"a result changed":                  {func(t *testing.T, d string) { change(t, d, `UPDATE record SET class = 'clean' WHERE seq = 50`) }, "changed", 50},
		"a row dropped":                     {func(t *testing.T, d string) { change(t, d, `DELETE FROM record WHERE seq = 60`) }, "missing", 60},
		"two rows in each other's place":    {func(t *testing.T, d string) { change(t, d, swap...) }, "foreign", 40},
		"the tail cut off":                  {func(t *testing.T, d string) { change(t, d, `DELETE FROM record WHERE seq > 380`) }, "missing", 381},
		"a tile of hashes replaced":         {func(t *testing.T, d string) { edit(t, d, "tile/0/000") }, "tile", -1},
		"a bundle of entries replaced":      {func(t *testing.T, d string) { edit(t, d, "tile/entries/000") }, "foreign", 128},
		"the checkpoint edited":             {func(t *testing.T, d string) { edit(t, d, "tree/checkpoint") }, "checkpoint", 0},
		"an old journal under the new tree": {func(t *testing.T, d string) { restore(t, old, d, "record/journal.db") }, "missing", -1},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clinic{t: t, dir: copied(t, whole.dir), config: whole.config, vendor: whole.vendor, key: whole.key, http: whole.http}
			x.bend(t, c.dir)
			list, code := c.findings()
			found := false
			for _, f := range list {
				found = found || f.What == x.what && (f.Seq == x.seq || x.seq < 0)
			}
			if !found || code != 4 {
				t.Errorf("verify exits with %d and names %v, want %s at %d", code, list, x.what, x.seq)
			}
			if said := c.upFails(); !strings.Contains(said, "hint:") {
				t.Errorf("up says %s", said)
			}
		})
	}
	t.Run("the whole directory put back from an old copy", func(t *testing.T) {
		c := &clinic{t: t, dir: copied(t, old), config: whole.config}
		list, code := c.findings("--checkpoint", kept)
		if len(list) == 0 || list[0].What != "rolledback" || code != 4 {
			t.Errorf("held against a kept checkpoint, verify exits with %d and names %v", code, list)
		}
	})
	t.Run("faults that the operator knows of", func(t *testing.T) {
		c := &clinic{t: t, dir: copied(t, whole.dir), config: whole.config, vendor: whole.vendor, key: whole.key, http: whole.http}
		change(t, c.dir, flip("facts", 30))
		list, _ := c.findings()
		d := up(t, c.dir, "--config", c.config, "--known-faults", fmt.Sprint(len(list)))
		if _, _, a, err := c.ask(d.URL, 1); !a.whole {
			t.Errorf("not served: %v", err)
		}
		d.stop(t)
		db := openJournal(t, c.dir)
		defer db.Close()
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM record WHERE class = 'weakened' AND seq > 380`).Scan(&n); err != nil || n == 0 {
			t.Errorf("the record says so %d times, %v", n, err)
		}
		if again, _ := c.findings(); len(again) != len(list) {
			t.Errorf("faults before %v, after %v", list, again)
		}
		if said := c.upFails(); !strings.Contains(said, "--known-faults") {
			t.Errorf("without the word for it: %s", said)
		}
	})
}

// flip changes one byte of a column; seq -1 takes the first row that has any.
func flip(column string, seq int) string {
	where := fmt.Sprintf("seq = %d", seq)
	if seq < 0 {
		where = "seq = (SELECT min(seq) FROM record WHERE " + column + " IS NOT NULL)"
	}
	return fmt.Sprintf(`UPDATE record SET %[1]s = CAST(substr(%[1]s, 1, 9) ||
		CASE WHEN substr(%[1]s, 10, 1) = x'00' THEN x'01' ELSE x'00' END || substr(%[1]s, 11) AS BLOB) WHERE %[2]s`, column, where)
}

func restore(t *testing.T, from, to, file string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(from, file))
	if err == nil {
		err = os.WriteFile(filepath.Join(to, file), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		os.Remove(filepath.Join(to, file) + suffix)
	}
}
