package witness_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chaperone/internal/audit/witness"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// testLog is a log in memory with an arithmetic of its own (x/mod/sumdb).
type testLog struct {
	t      *testing.T
	signer note.Signer
	key    string
	hashes []tlog.Hash
	leaves []tlog.Hash
}

func newLog(t *testing.T, origin string) *testLog {
	t.Helper()
	secret, key, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return &testLog{t: t, signer: signer, key: key}
}

// fork is a log of the same key with the first n leaves of this one.
func (l *testLog) fork(n int) *testLog {
	f := &testLog{t: l.t, signer: l.signer, key: l.key}
	for _, leaf := range l.leaves[:n] {
		f.addHash(leaf)
	}
	return f
}

func (l *testLog) add(texts ...string) *testLog {
	for _, s := range texts {
		l.addHash(tlog.RecordHash([]byte(s)))
	}
	return l
}

func (l *testLog) addHash(h tlog.Hash) {
	l.t.Helper()
	stored, err := tlog.StoredHashesForRecordHash(int64(len(l.leaves)), h, l.reader())
	if err != nil {
		l.t.Fatal(err)
	}
	l.leaves, l.hashes = append(l.leaves, h), append(l.hashes, stored...)
}

func (l *testLog) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, l.hashes[i])
		}
		return out, nil
	})
}

func (l *testLog) checkpoint() string {
	l.t.Helper()
	root, err := tlog.TreeHash(int64(len(l.leaves)), l.reader())
	if err != nil {
		l.t.Fatal(err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", l.signer.Name(), len(l.leaves), root)
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(signed)
}

// ask is the body of a request from a size on.
func (l *testLog) ask(old int) string {
	l.t.Helper()
	body := fmt.Sprintf("old %d\n", old)
	if old > 0 && old < len(l.leaves) {
		proof, err := tlog.ProveTree(int64(len(l.leaves)), int64(old), l.reader())
		if err != nil {
			l.t.Fatal(err)
		}
		for _, h := range proof {
			body += h.String() + "\n"
		}
	}
	return body + "\n" + l.checkpoint()
}

func newWitness(t *testing.T, dir string, logs ...*testLog) *witness.Witness {
	t.Helper()
	var keys []string
	for _, l := range logs {
		keys = append(keys, l.key)
	}
	w, err := witness.New(witness.Config{
		Dir: dir, Name: "witness.example/records", Logs: keys, Clock: func() time.Time { return noon }, Random: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func post(w http.Handler, body string) *httptest.ResponseRecorder {
	out := httptest.NewRecorder()
	w.ServeHTTP(out, httptest.NewRequest(http.MethodPost, "/add-checkpoint", strings.NewReader(body)))
	return out
}

// The cosignature is read here by another implementation, that of
// transparency-dev.
func TestACosignatureIsOneForEverybody(t *testing.T) {
	l := newLog(t, "clinic.example/record").add("a", "b", "c")
	w := newWitness(t, t.TempDir(), l)
	got := post(w, l.ask(0))
	if got.Code != http.StatusOK {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	theirs, err := fnote.NewVerifierForCosignatureV1(w.Key())
	if err != nil {
		t.Fatal(err)
	}
	ours, err := note.NewVerifier(l.key)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(l.checkpoint()+got.Body.String()), note.VerifierList(theirs, ours))
	if err != nil || len(n.Sigs) != 2 {
		t.Fatalf("%v, %v", n, err)
	}
	if at, err := fnote.CoSigV1Timestamp(n.Sigs[1]); err != nil || !at.Equal(noon) {
		t.Errorf("cosigned at %v, %v", at, err)
	}
}

// Every answer that C2SP tlog-witness prescribes, against a witness that has
// cosigned five leaves.
func TestTheWitnessAnswersAsTheSpecificationSays(t *testing.T) {
	l := newLog(t, "clinic.example/record").add("a", "b", "c", "d", "e")
	five := l.fork(5)
	seven := l.fork(5).add("f", "g")
	forkAtFive := l.fork(4).add("another")
	forkAtSeven := l.fork(4).add("another", "f", "g")
	stranger := newLog(t, "stranger.example/record").add("a")
	impostor := newLog(t, "clinic.example/record").add("a", "b", "c", "d", "e", "f")
	for _, c := range []struct {
		name   string
		body   string
		status int
		size   string // the body of a conflict
	}{
		{"growth with its proof is cosigned", seven.ask(5), 200, ""},
		{"the same again is cosigned again", five.ask(5), 200, ""},
		{"the same size with another root is a conflict", forkAtFive.ask(5), 409, "5\n"},
		{"growth from another size is a conflict that names the size", seven.ask(3), 409, "5\n"},
		{"a client that does not know begins at zero and is told", seven.ask(0), 409, "5\n"},
		{"a rollback is a conflict", l.fork(3).ask(3), 409, "5\n"},
		{"a rollback that hides its size is refused", l.fork(3).ask(5), 400, ""},
		{"a fork is not proved", forkAtSeven.ask(5), 422, ""},
		{"growth without its proof is not proved", "old 5\n\n" + seven.checkpoint(), 422, ""},
		{"a proof where none belongs", "old 5\n" + strings.Repeat("A", 43) + "=\n\n" + five.checkpoint(), 409, "5\n"},
		{"a log that nobody named", stranger.ask(0), 404, ""},
		{"another key under the log's name", impostor.ask(5), 403, ""},
		{"a checkpoint without signatures", "old 5\n\nclinic.example/record\n7\nAAAA\n", 403, ""},
		{"an empty request", "", 400, ""},
		{"no checkpoint", "old 5\n", 400, ""},
		{"a size that is no number", "old five\n\n" + five.checkpoint(), 400, ""},
		{"a size with a zero in front", "old 05\n\n" + five.checkpoint(), 400, ""},
		{"a hash that is too short", "old 5\nAAAA\n\n" + seven.checkpoint(), 400, ""},
		{"more hashes than any proof has", "old 5\n" + strings.Repeat(strings.Repeat("A", 43)+"=\n", 64) + "\n" + seven.checkpoint(), 400, ""},
		{"more than a request may have", strings.Repeat("x", 1<<17), 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWitness(t, t.TempDir(), l)
			if got := post(w, five.ask(0)); got.Code != http.StatusOK {
				t.Fatalf("first: %d %s", got.Code, got.Body)
			}
			got := post(w, c.body)
			if got.Code != c.status {
				t.Fatalf("status %d, want %d: %s", got.Code, c.status, got.Body)
			}
			if c.size != "" && (got.Body.String() != c.size || got.Header().Get("Content-Type") != "text/x.tlog.size") {
				t.Errorf("conflict: %q, %q", got.Body, got.Header().Get("Content-Type"))
			}
			if c.status != http.StatusOK && w.Latest("clinic.example/record") != 5 {
				t.Errorf("a refusal moved the witness to %d", w.Latest("clinic.example/record"))
			}
			if c.status != http.StatusOK && strings.Contains(got.Body.String(), "—") {
				t.Errorf("a refusal holds a signature: %s", got.Body)
			}
		})
	}
}

func TestOnlyAPostToAddCheckpointIsAnswered(t *testing.T) {
	w := newWitness(t, t.TempDir(), newLog(t, "clinic.example/record"))
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/add-checkpoint", http.StatusMethodNotAllowed},
		{http.MethodPost, "/", http.StatusNotFound},
	} {
		out := httptest.NewRecorder()
		w.ServeHTTP(out, httptest.NewRequest(c.method, c.path, nil))
		if out.Code != c.status {
			t.Errorf("%s %s: %d", c.method, c.path, out.Code)
		}
	}
}

func TestAWitnessRemembersAcrossARestart(t *testing.T) {
	l := newLog(t, "clinic.example/record").add("a", "b", "c", "d", "e")
	dir := t.TempDir()
	w := newWitness(t, dir, l)
	key := w.Key()
	if got := post(w, l.ask(0)); got.Code != http.StatusOK {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = newWitness(t, dir, l)
	if w.Key() != key {
		t.Error("the witness has another key")
	}
	if got := post(w, l.fork(3).ask(0)); got.Code != http.StatusConflict || got.Body.String() != "5\n" {
		t.Errorf("a rollback after a restart: %d %s", got.Code, got.Body)
	}
}

func TestWhatCannotBeKeptIsNotCosigned(t *testing.T) {
	l := newLog(t, "clinic.example/record").add("a", "b", "c")
	dir := t.TempDir()
	w := newWitness(t, dir, l)
	if got := post(w, l.ask(0)); got.Code != http.StatusOK {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	// The directory turns into something nothing can be written to, for root too.
	logs := filepath.Join(dir, "logs")
	if err := os.Rename(logs, logs+".away"); err != nil {
		t.Fatal(err)
	}
	l.add("d")
	got := post(w, l.ask(3))
	if got.Code != http.StatusInternalServerError || strings.Contains(got.Body.String(), "—") {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	if w.Latest("clinic.example/record") != 3 {
		t.Error("the witness remembers what it did not keep")
	}
	if err := os.Rename(logs+".away", logs); err != nil {
		t.Fatal(err)
	}
	if got := post(w, l.ask(3)); got.Code != http.StatusOK {
		t.Errorf("once the disk is back: %d %s", got.Code, got.Body)
	}
}

// A witness that has forgotten would vouch for a rollback.
func TestAWitnessThatCannotTrustItsMemoryDoesNotStart(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string, file string)
	}{
		{"a bit of what it cosigned", func(t *testing.T, _ string, file string) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text[len(text)-10] ^= 1
			write(t, file, string(text))
		}},
		{"what it cosigned without its own cosignature", func(t *testing.T, _ string, file string) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfter(string(text), "\n")
			write(t, file, strings.Join(lines[:len(lines)-2], ""))
		}},
		{"its key gone", func(t *testing.T, dir, _ string) {
			if err := os.Remove(filepath.Join(dir, "witness.key")); err != nil {
				t.Fatal(err)
			}
		}},
		{"its key cut", func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "witness.key"), "PRIVATE+KEY+x") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLog(t, "clinic.example/record").add("a")
			dir := t.TempDir()
			w := newWitness(t, dir, l)
			if got := post(w, l.ask(0)); got.Code != http.StatusOK {
				t.Fatal(got.Body)
			}
			w.Close()
			files, err := filepath.Glob(filepath.Join(dir, "logs", "*"))
			if err != nil || len(files) != 1 {
				t.Fatalf("%v, %v", files, err)
			}
			c.spoil(t, dir, files[0])
			if _, err := witness.New(witness.Config{Dir: dir, Name: "witness.example/records", Logs: []string{l.key}, Random: rand.Reader}); err == nil {
				t.Error("it starts")
			}
		})
	}
}

func TestOneDirectoryHasOneWitness(t *testing.T) {
	l := newLog(t, "clinic.example/record")
	dir := t.TempDir()
	newWitness(t, dir, l)
	_, err := witness.New(witness.Config{Dir: dir, Logs: []string{l.key}, Random: rand.Reader})
	if err == nil || !strings.Contains(err.Error(), "another witness runs") {
		t.Errorf("a second witness: %v", err)
	}
	if _, err := witness.New(witness.Config{Dir: t.TempDir(), Name: "two words", Logs: []string{l.key}, Random: rand.Reader}); err == nil {
		t.Error("a name that no note can hold is taken")
	}
	if _, err := witness.New(witness.Config{Dir: t.TempDir(), Name: "w", Logs: []string{l.key, l.key}, Random: rand.Reader}); err == nil {
		t.Error("the same log twice is taken")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Nothing that was not signed by the log is ever cosigned, and no text makes the
// witness crash.
func FuzzAddCheckpoint(f *testing.F) {
	t := &testing.T{}
	l := newLog(t, "clinic.example/record").add("a", "b", "c")
	w, err := witness.New(witness.Config{Dir: f.TempDir(), Name: "w", Logs: []string{l.key}, Clock: func() time.Time { return noon }, Random: rand.Reader})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { w.Close() })
	whole := l.checkpoint()
	f.Add(l.ask(0))
	f.Add("old 3\n" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n\nclinic.example/record\n9\n")
	f.Add("old 0\n\n\n\n")
	f.Fuzz(func(t *testing.T, body string) {
		got := post(w, body)
		if got.Code == http.StatusOK && !strings.Contains(body, strings.SplitAfter(whole, "\n\n")[0]) {
			t.Errorf("cosigned: %q", body)
		}
		if got.Code >= 500 {
			text, _ := io.ReadAll(got.Body)
			t.Errorf("%d %s", got.Code, text)
		}
	})
}
