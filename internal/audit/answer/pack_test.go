package answer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/audit/answer"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

// unpack reads a pack's files; repack makes a zip file of them again.
func unpack(t testing.TB, pack []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return files
}

func repack(t testing.TB, files map[string][]byte, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range append(slices.Sorted(maps.Keys(files)), more...) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(files[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPackVerifiesOfflineAndReconstructsAnExchangeByteForByte(t *testing.T) { // AUD-02, AUD-10
	h := busy(t)
	id := h.happen("4471902", nil)
	pack := h.pack(h.ask(audit.Question{Exchange: id}))
	r := check(t, pack, h.key())
	if !r.OK() || r.Lines != 1 || r.Records != 2 || r.OwnKey {
		t.Errorf("%+v", r)
	}
	files := unpack(t, pack)
	for name, want := range map[string]string{
		"reason": "discharge letter", "received": "Otilia Marchbanks was seen", "sent": "NAME-7K2QAX was seen",
		"answered": "NAME-7K2QAX is well", "delivered": "Otilia Marchbanks is well",
	} {
		if got := string(files["exchange/"+name]); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if strings.Contains(string(files["README.txt"])+string(files["manifest.json"]), "4471902") {
		t.Error("the instruction or the manifest names the patient")
	}
}

// remade signs a changed pack again, as the house itself could: the records do
// not follow.
func remade(t testing.TB, files map[string][]byte) {
	t.Helper()
	var m verify.Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	for i, f := range m.Files {
		m.Files[i].Bytes, m.Files[i].SHA256 = int64(len(files[f.Name])), digest(files[f.Name])
	}
	files["manifest.json"], _ = json.Marshal(m)
	log, err := audit.Open(t.Context(), audit.Config{
		Journal: &audittest.Journal{}, Sealer: audittest.NewSealer(), Index: audittest.Index, Signer: audittest.NewSigner("record"),
		Tree: t.TempDir() + "/tree",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close(context.Background())
	if files["manifest.sig"], err = log.Attest(sum(files["manifest.json"])); err != nil {
		t.Fatal(err)
	}
}

func TestWhateverIsChangedInAPackIsNamed(t *testing.T) {
	h := busy(t)
	id := h.happen("4471902", nil)
	patient, one := unpack(t, h.pack(h.ask(audit.Question{About: aPatient("4471902")}))), unpack(t, h.pack(h.ask(audit.Question{Exchange: id})))
	swap := func(name, old, with string, again bool) func(map[string][]byte) {
		return func(f map[string][]byte) {
			changed := bytes.Replace(f[name], []byte(old), []byte(with), 1)
			if bytes.Equal(changed, f[name]) {
				t.Fatalf("%s does not have %q", name, old)
			}
			f[name] = changed
			if again {
				remade(t, f)
			}
		}
	}
	lineOut := func(name string, n int) func(map[string][]byte) {
		return func(f map[string][]byte) {
			lines := bytes.SplitAfter(f[name], []byte("\n"))
			f[name] = bytes.Join(slices.Delete(lines, n, n+1), nil)
			remade(t, f)
		}
	}
	for name, c := range map[string]struct {
		files map[string][]byte
		edit  func(map[string][]byte)
		want  string
	}{
		"a byte of the pages":      {patient, func(f map[string][]byte) { f["answer.pdf"][99] ^= 1 }, "answer.pdf: the file is not the one that was signed"},
		"a byte of the workbook":   {patient, func(f map[string][]byte) { f["answer.xlsx"][99] ^= 1 }, "answer.xlsx: the file is not the one that was signed"},
		"a word of the table":      {patient, swap("answer.csv", "dr.lee", "dr.moe", false), "answer.csv: the file is not the one that was signed"},
		"a word of the answer":     {patient, swap("answer.json", "dr.lee", "dr.moe", false), "answer.json: the file is not the one that was signed"},
		"the instruction":          {patient, swap("README.txt", "HOW", "NOT", false), "README.txt: the file is not the one that was signed"},
		"the manifest":             {patient, swap("manifest.json", `"version": 1`, `"version":  1`, false), "manifest.json: it is not the manifest that was signed"},
		"the signature":            {patient, swap("manifest.sig", "chaperone pack v1", "chaperone pack v2", false), "manifest.sig: it is not signed by the record's key"},
		"a missing file":           {patient, func(f map[string][]byte) { delete(f, "answer.pdf") }, "answer.pdf: the file is missing"},
		"a missing manifest":       {patient, func(f map[string][]byte) { delete(f, "manifest.json") }, "manifest.json: the file is missing"},
		"a file more":              {patient, func(f map[string][]byte) { f["exchange/extra"] = []byte("x") }, "exchange/extra: the manifest does not list the file"},
		"a file of no pack":        {patient, func(f map[string][]byte) { f["../../etc/cron.d/x"] = []byte("x") }, `"../../etc/cron.d/x": a pack has no such file`},
		"the checkpoint":           {patient, swap("checkpoint", "chaperone/record\n", "chaperone/record\n1", true), "checkpoint: it is not signed by the log's key"},
		"the time, by the house":   {patient, swap("answer.json", `"time":"2026`, `"time":"2025`, true), "its time is another than the record's"},
		"the decision":             {patient, swap("answer.json", `"decision":"identified"`, `"decision":"concealed"`, true), "its decision is another than the record's"},
		"the result":               {patient, swap("answer.json", `"result":"ok"`, `"result":"timeout"`, true), "it ended otherwise than its record says"},
		"the id":                   {patient, swap("answer.json", `"id":"01935000-0000-7000-8000-000000000001"`, `"id":"01935000-0000-7000-8000-000000000002"`, true), "its id is another than the record's"},
		"a total":                  {patient, swap("answer.json", `"refused":1`, `"refused":0`, true), "answer.json: the totals are not those of its lines"},
		"a total of the manifest":  {patient, swap("manifest.json", `"refused": 1`, `"refused": 0`, true), "manifest.json: the totals are not those of the answer's lines"},
		"a line out of the table":  {patient, lineOut("answer.csv", 1), "answer.csv line 1: it is not the answer's"},
		"a record left out":        {patient, lineOut("records.jsonl", 0), "there is no proved record for it"},
		"a record's class":         {patient, swap("records.jsonl", `"class":"identified"`, `"class":"concealed"`, true), "the facts, or what they are found by differs from what was recorded"},
		"a record's place":         {patient, swap("records.jsonl", `{"seq":0,`, `{"seq":1,`, true), "its proof does not lead to the signed root"},
		"words of an exchange":     {one, swap("exchange/sent", "NAME", "SAME", true), "exchange/sent: these are not the words that were recorded"},
		"words that are not there": {one, func(f map[string][]byte) { delete(f, "exchange/sent") }, "exchange/sent: the file is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{}
			for n, b := range c.files {
				files[n] = bytes.Clone(b)
			}
			c.edit(files)
			r := check(t, repack(t, files), h.key())
			if r.OK() || !strings.Contains(fmt.Sprint(r.Faults), c.want) {
				t.Errorf("want %q in %v", c.want, r.Faults)
			}
		})
	}
	if r := check(t, repack(t, patient), h.key()); !r.OK() {
		t.Errorf("untouched: %v", r.Faults)
	}
	if r := check(t, repack(t, patient, "answer.csv"), h.key()); r.OK() {
		t.Error("a file twice passes")
	}
}

func TestAPackOfAnotherRecordIsRefused(t *testing.T) {
	h := busy(t)
	pack := h.pack(h.ask(audit.Question{About: aPatient("4471902")}))
	if r := check(t, pack, ""); !r.OK() || !r.OwnKey {
		t.Errorf("by its own key: %+v", r)
	}
	other, err := audit.Open(t.Context(), audit.Config{
		Journal: &audittest.Journal{}, Sealer: audittest.NewSealer(), Index: audittest.Index, Signer: audittest.NewSigner("other"),
		Tree: t.TempDir() + "/tree",
	})
	h.must(err)
	defer other.Close(context.Background())
	key, err := other.PublicKey()
	h.must(err)
	if r := check(t, pack, key); r.OK() || r.Faults[0].Where != "log.pub" {
		t.Errorf("by another's key: %+v", r)
	}
	if _, err := verify.CheckPack(bytes.NewReader(pack), int64(len(pack)), "nonsense"); err == nil {
		t.Error("a key that is none passes")
	}
	if _, err := verify.CheckPack(strings.NewReader("no zip"), 6, key); err == nil {
		t.Error("no zip passes")
	}
}

func TestADamagedRecordIsInTheAnswerAndThePackSaysSo(t *testing.T) {
	h := busy(t)
	h.journal.Change(0, func(r *audit.Row) { r.Facts[3] ^= 1 })
	a := h.ask(audit.Question{About: aPatient("4471902")})
	if !a.Lines[0].Damaged || a.Totals.Damaged != 1 || !strings.Contains(a.Remarks[0], "do not read as they were written") {
		t.Errorf("%+v, %v", a.Lines[0], a.Remarks)
	}
	r := check(t, h.pack(a), h.key())
	if r.OK() || !strings.Contains(r.Faults[0].Where, "(place 0)") {
		t.Errorf("%v", r.Faults)
	}
}

func FuzzCheckPack(f *testing.F) {
	h := busy(f)
	pack := h.pack(h.ask(audit.Question{About: aPatient("4471902")}))
	key := h.key()
	f.Add([]byte("PK\x05\x06"), 0, byte(0))
	f.Add([]byte(nil), 40, byte(1))
	f.Add([]byte(nil), len(pack)-30, byte(255))
	f.Fuzz(func(t *testing.T, raw []byte, at int, flip byte) {
		// Anything at all is either no pack or has a fault; and a pack with one byte
		// changed passes only if its files are still the same.
		if r, err := verify.CheckPack(bytes.NewReader(raw), int64(len(raw)), key); err == nil && r.OK() {
			t.Error("a pack that nobody signed passes")
		}
		if at < 0 || at >= len(pack) || flip == 0 {
			return
		}
		changed := bytes.Clone(pack)
		changed[at] ^= flip
		r, err := verify.CheckPack(bytes.NewReader(changed), int64(len(changed)), key)
		if err == nil && r.OK() && !maps.EqualFunc(unpack(t, changed), unpack(t, pack), bytes.Equal) {
			t.Errorf("byte %d was changed, and the pack passes", at)
		}
	})
}

func sum(b []byte) [32]byte { return sha256.Sum256(b) }

func digest(b []byte) string { return fmt.Sprintf("%x", sum(b)) }

var _ answer.Record = (*audit.Log)(nil)
