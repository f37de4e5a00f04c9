//go:build unix

package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
)

// Some faults need a process of their own: this test binary starts itself again
// in one of these roles.
const (
	childRole  = "CHAPERONE_TEST_CHILD"
	childDir   = "CHAPERONE_TEST_DIR"
	childUID   = "CHAPERONE_TEST_UID"
	childURL   = "CHAPERONE_TEST_URL" // of a database; empty: files
	roleWriter = "writer"             // records exchanges until it is killed, printing each acknowledgement
	roleFull   = "full-disk"          // records until files may grow no further
	roleOpen   = "open"               // opens the directory and prints the error's code
	fileLimit  = 3 << 20              // bytes, for roleFull
)

func command(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childRole+"="+role, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

func child(role string) int {
	h := &house{dir: os.Getenv(childDir), url: os.Getenv(childURL)}
	if role == roleFull {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: fileLimit, Max: fileLimit}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			fmt.Println("skip", err)
			return 0
		}
	}
	if uid, err := strconv.Atoi(os.Getenv(childUID)); err == nil && uid != os.Geteuid() {
		if err := syscall.Setuid(uid); err != nil {
			fmt.Println("setuid", err)
			return 1
		}
	}
	if err := h.open(context.Background()); err != nil {
		fmt.Println("code", code(err))
		return 0
	}
	if role == roleOpen {
		fmt.Println("code none")
		return 0
	}
	start, err := strconv.Atoi(os.Getenv("CHAPERONE_TEST_FROM"))
	if err != nil {
		start = 1
	}
	return record(h, start)
}

// record writes exchanges from 8 goroutines until one cannot, printing "intent
// N" and "outcome N" once each is acknowledged.
func record(h *house, start int) int {
	var next atomic.Int64
	next.Store(int64(start))
	var out sync.Mutex
	say := func(words ...any) { out.Lock(); defer out.Unlock(); fmt.Println(words...) }
	text := strings.Repeat("seen in clinic ", 200)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				n := int(next.Add(1))
				e, err := h.log.Intend(context.Background(), intent(n, strconv.Itoa(n)+text))
				if err != nil {
					say("refused", code(err))
					return
				}
				say("intent", n)
				if err := e.Settle(context.Background(), audit.Outcome{Result: audit.OK, Status: 200}); err != nil {
					say("unsettled", n, code(err))
					return
				}
				say("outcome", n)
			}
		})
	}
	wg.Wait()
	return 0
}

func code(err error) string {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own.Code
	}
	return fmt.Sprint(err)
}

func TestKilledUnderLoadNothingAcknowledgedIsLost(t *testing.T) { // R2
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	dir := t.TempDir() + "/data"
	acked := map[string]bool{}
	const rounds = 10
	for round := range rounds {
		cmd := command(t, roleWriter, dir)
		cmd.Env = append(cmd.Env, fmt.Sprintf("CHAPERONE_TEST_FROM=%d", round*1_000_000))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acked[lines.Text()] = true
			if n == 100+round*37 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
	}
	h := openHouse(t, &house{dir: dir})
	intents, outcomes := 0, 0
	for line := range acked {
		what, number, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("the child said %q", line)
		}
		id, err := audit.ParseID(string(exchange(n)))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := h.store.Journal.Find(t.Context(), audit.Match{About: id})
		if err != nil || len(rows) != 2 {
			t.Fatalf("exchange %d has %d rows (%v), want its intent and one outcome", n, len(rows), err)
		}
		if what == "intent" {
			intents++
			continue
		}
		outcomes++
		if rows[1].Class != "ok" {
			t.Errorf("exchange %d was acknowledged as ok and is recorded as %s", n, rows[1].Class)
		}
	}
	h.close(t)
	r := h.verify(t, nil)
	if !r.OK() || r.Open != 0 || r.Pending != 0 || r.Verified != r.Records {
		t.Errorf("after %d kills: %+v", rounds, r)
	}
	t.Logf("%d kills: %d intents and %d outcomes acknowledged, %d records, all there and verified", rounds, intents, outcomes, r.Records)
}

func TestAFullDiskRefusesAndLosesNothing(t *testing.T) { // R5
	dir := t.TempDir() + "/data"
	out, err := command(t, roleFull, dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(string(out), "skip") {
		t.Skip("file sizes cannot be limited here:", string(out))
	}
	var acked []int
	refused := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		switch f[0] {
		case "refused", "unsettled":
			refused++
			if got := f[len(f)-1]; got != "record_unavailable" {
				t.Errorf("refused with %q", got)
			}
		case "intent":
			n, _ := strconv.Atoi(f[1])
			acked = append(acked, n)
		}
	}
	if refused == 0 || len(acked) == 0 {
		t.Fatalf("%d acknowledged, %d refused:\n%s", len(acked), refused, out)
	}
	h := openHouse(t, &house{dir: dir}) // space has returned
	for _, n := range acked {
		if _, err := h.log.Show(t.Context(), string(exchange(n))); err != nil {
			t.Errorf("exchange %d was acknowledged: %v", n, err)
		}
	}
	if _, err := h.log.Intend(t.Context(), intent(99_999_999, "x")); err != nil {
		t.Errorf("with space again: %v", err)
	}
	h.close(t)
	if r := h.verify(t, nil); !r.OK() {
		t.Errorf("report: %+v", r)
	}
	t.Logf("%d intents acknowledged, then refused; all there and verified", len(acked))
}

func TestADirectoryThatCannotBeWrittenIsRefused(t *testing.T) {
	top, err := os.MkdirTemp("", "chaperone-read-only-")
	if err != nil {
		t.Fatal(err)
	}
	dir := top + "/data"
	h := openHouse(t, &house{dir: dir})
	h.close(t)
	uid := os.Geteuid()
	if uid == 0 {
		uid = 65534 // nothing is read-only to root, so the child becomes somebody else
	}
	if err := os.Chmod(top, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = filepath.WalkDir(top, func(path string, _ fs.DirEntry, _ error) error { return os.Chmod(path, 0o700) })
		if err := os.RemoveAll(top); err != nil {
			t.Error(err)
		}
	})
	var paths []string
	if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if err := errors.Join(os.Chown(path, uid, -1), os.Chmod(path, 0o500)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := command(t, roleOpen, dir)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", childUID, uid))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != "code data_unavailable" {
		t.Errorf("the child says %q", got)
	}
}
