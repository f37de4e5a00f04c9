package lossy_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"chaperone/e2e/lossy"
)

func mount(t *testing.T, names lossy.Names) (*lossy.Disk, string) {
	if err := lossy.Able(); err != nil {
		t.Skip("no disk can be mounted here: ", err)
	}
	dir := t.TempDir()
	d, err := lossy.Mount(dir, names)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Unmount(); err != nil {
			t.Error(err)
		}
	})
	return d, dir
}

// write writes a file and syncs what is asked for.
func write(t *testing.T, path, text string, file, dir bool) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(text), 0); err != nil {
		t.Fatal(err)
	}
	if file {
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	if dir {
		d, err := os.Open(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Sync(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACutKeepsWhatWasSyncedAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		names     lossy.Names
		file, dir bool
		want      string // "gone": no such file
	}{
		"nothing synced":                    {lossy.Strict, false, false, "gone"},
		"the name alone":                    {lossy.Strict, false, true, ""},
		"bytes and name":                    {lossy.Strict, true, true, "text"},
		"the bytes alone, strict":           {lossy.Strict, true, false, "gone"},
		"the bytes alone, as ext4 does it":  {lossy.Ext4, true, false, "text"},
		"nothing synced, as ext4 does it":   {lossy.Ext4, false, false, "gone"},
		"the name alone, as ext4 does it":   {lossy.Ext4, false, true, ""},
		"bytes and name, as ext4 does both": {lossy.Ext4, true, true, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			d, dir := mount(t, c.names)
			path := filepath.Join(dir, "file")
			write(t, path, "text", c.file, c.dir)
			if err := d.Cut(); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if errors.Is(err, os.ErrNotExist) {
				got = []byte("gone")
			} else if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("after the cut: %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFileOverwrittenAndRenamedIsTheOldOneUntilItsDirectoryIsSynced(t *testing.T) {
	d, dir := mount(t, lossy.Strict)
	path := filepath.Join(dir, "file")
	write(t, path, "old", true, true)
	write(t, path+".new", "new", true, false)
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	if err := d.Cut(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("after the cut: %q", got)
	}
}

func TestASyncThatFailedIsNotMadeGoodByTheNext(t *testing.T) {
	d, dir := mount(t, lossy.Strict)
	path := filepath.Join(dir, "file")
	write(t, path, "old", true, true)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("new"), 0); err != nil {
		t.Fatal(err)
	}
	d.Set(lossy.Trials{SyncFails: 1})
	if err := f.Sync(); !errors.Is(err, syscall.EIO) {
		t.Errorf("the sync says %v", err)
	}
	d.Set(lossy.Trials{})
	if err := errors.Join(f.Sync(), f.Close(), d.Cut()); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("after the cut: %q", got)
	}
}

func TestTrialsFailAsADiskDoes(t *testing.T) {
	for name, c := range map[string]struct {
		trials lossy.Trials
		want   error
	}{
		"full":      {lossy.Trials{Space: 2}, syscall.ENOSPC},
		"read-only": {lossy.Trials{ReadOnly: true}, syscall.EROFS},
		"broken":    {lossy.Trials{WriteFails: true}, syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			d, dir := mount(t, lossy.Strict)
			path := filepath.Join(dir, "file")
			write(t, path, "a", true, true)
			d.Set(c.trials)
			if err := os.WriteFile(path, []byte("abcdef"), 0o600); !errors.Is(err, c.want) {
				t.Errorf("a write says %v", err)
			}
		})
	}
}
