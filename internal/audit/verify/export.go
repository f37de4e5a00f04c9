package verify

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The files of an exported record, beside the tree's own: tile/… and checkpoint.
const (
	exportKey      = "log.pub"    // the log's public key, name+hash+key
	exportRows     = "rows.jsonl" // one row a line, in order of seq
	exportKept     = "kept"       // checkpoints that were kept elsewhere, a file each
	exportReceipts = "receipts"   // receipts that clients kept, one a line
	exportSums     = "SHA256SUMS" // what sha256sum prints of all the others
)

// Exported says what an export holds.
type Exported struct {
	Records uint64 `json:"records"`
	Size    uint64 `json:"tree_size"`
	Root    string `json:"root"`
	Missing int    `json:"missing_files"` // of the tree: they could not be read, and verifying the export says which
}

// ErrNoCheckpoint says that the tree has no checkpoint of this key's, so that
// there is nothing an export could prove.
var ErrNoCheckpoint = errors.New("verify: export: the tree has no checkpoint that its key signed")

// Export writes a record into a directory that must be empty or not there, as
// far as the newest signed checkpoint reaches: rows, the tree's files, the
// checkpoint, the public key, and the checkpoints and receipts of in. It opens
// nothing that is sealed and judges nothing: a record that was tampered with is
// exported as it is, and CheckExport names what is wrong. Everything is for the
// owner alone; the list of digests comes last, so that an export that was cut
// short is known by its absence. The error is ErrKey, ErrNoCheckpoint, ctx's, or
// that of reading the journal or writing a file.
func Export(ctx context.Context, in Input, dir string) (Exported, error) {
	var out Exported
	key, err := parseKey(in.Key)
	if err != nil {
		return out, err
	}
	cp, err := readCheckpoint(in.Tree, key)
	if err != nil {
		return out, ErrNoCheckpoint
	}
	w, err := newExport(dir)
	if err != nil {
		return out, err
	}
	out.Size, out.Root = cp.size, cp.root.String()
	if out.Records, err = w.rows(ctx, in, cp.size); err != nil {
		return out, err
	}
	if out.Missing, err = w.tree(newTiles(in.Tree), cp.size); err != nil {
		return out, err
	}
	small := []struct {
		path string
		data []byte
	}{{"checkpoint", cp.text}, {exportKey, []byte(strings.TrimSpace(in.Key) + "\n")}}
	for i, kept := range in.Kept {
		small = append(small, struct {
			path string
			data []byte
		}{fmt.Sprintf("%s/%04d", exportKept, i+1), kept})
	}
	if len(in.Receipts) > 0 {
		small = append(small, struct {
			path string
			data []byte
		}{exportReceipts, []byte(strings.Join(in.Receipts, "\n") + "\n")})
	}
	for _, f := range small {
		if err := w.file(f.path, f.data); err != nil {
			return out, err
		}
	}
	return out, w.finish()
}

// export is a directory that is being filled.
type export struct {
	dir  string
	sums []string // lines of the list of digests
}

func newExport(dir string) (*export, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("verify: export: %w", err)
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("verify: export: %w", err)
	}
	if len(there) > 0 {
		return nil, errors.New("verify: export: the directory is not empty")
	}
	return &export{dir: dir}, nil
}

func (w *export) file(path string, data []byte) error {
	full := filepath.Join(w.dir, filepath.FromSlash(path))
	err := os.MkdirAll(filepath.Dir(full), 0o700)
	if err == nil {
		err = os.WriteFile(full, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("verify: export: %w", err)
	}
	sum := sha256.Sum256(data)
	w.sums = append(w.sums, sumLine(sum[:], path))
	return nil
}

func sumLine(sum []byte, path string) string { return hex.EncodeToString(sum) + "  " + path + "\n" }

// rows writes the rows that the signed tree covers.
func (w *export) rows(ctx context.Context, in Input, size uint64) (n uint64, err error) {
	f, err := os.OpenFile(filepath.Join(w.dir, exportRows), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("verify: export: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<16)
	for row, err := range in.Rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, fmt.Errorf("verify: export: rows: %w", err)
		}
		if row.Seq >= size {
			break
		}
		line, err := encodeRow(row)
		if err != nil {
			return n, err
		}
		if _, err := buffered.Write(line); err != nil {
			return n, fmt.Errorf("verify: export: rows: %w", err)
		}
		n++
	}
	if err := buffered.Flush(); err != nil {
		return n, fmt.Errorf("verify: export: rows: %w", err)
	}
	w.sums = append(w.sums, sumLine(sum.Sum(nil), exportRows))
	return n, nil
}

// tree writes the tiles and bundles of a tree of that size, each as wide as it
// is then: one that has been filled meanwhile is cut.
func (w *export) tree(t *tiles, size uint64) (missing int, err error) {
	for level := bundles; ; level++ {
		filled, each := size, entrySize
		if level != bundles {
			filled, each = size>>(tileHeight*level), 32
		}
		if filled == 0 {
			return missing, nil
		}
		for index := uint64(0); index*tileWidth < filled; index++ {
			width := int(min(filled-index*tileWidth, tileWidth))
			data, err := t.load(level, index, width)
			if err != nil {
				missing++
				continue
			}
			path := tilePath(level, index)
			if width < tileWidth {
				path += fmt.Sprintf(".p/%d", width)
			}
			if err := w.file(path, data[:min(len(data), width*each)]); err != nil {
				return missing, err
			}
		}
	}
}

// finish writes the list of digests.
func (w *export) finish() error {
	slices.SortFunc(w.sums, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	if err := os.WriteFile(filepath.Join(w.dir, exportSums), []byte(strings.Join(w.sums, "")), 0o600); err != nil {
		return fmt.Errorf("verify: export: %w", err)
	}
	return nil
}

// rowLine is a row in an export. Ids and keyed hashes are in lower-case
// hexadecimal, leaf and ciphertexts in base64 with padding.
type rowLine struct {
	Seq     uint64 `json:"seq"`
	ID      string `json:"id"`
	About   string `json:"about"` // 32 zeros where there is none, and so for the three below
	At      int64  `json:"at"`    // microseconds since 1970 UTC
	Kind    uint8  `json:"kind"`
	Class   string `json:"class"`
	Patient string `json:"patient"`
	Person  string `json:"person"`
	Session string `json:"session"`
	Key     string `json:"key"`
	Leaf    string `json:"leaf"`
	Facts   string `json:"facts"`
	Content string `json:"content"`
}

func encodeRow(r Row) ([]byte, error) {
	h := func(id [16]byte) string { return hex.EncodeToString(id[:]) }
	b := base64.StdEncoding.EncodeToString
	line, err := json.Marshal(rowLine{
		Seq: r.Seq, ID: h(r.ID), About: h(r.About), At: r.At.UnixMicro(), Kind: r.Kind, Class: r.Class,
		Patient: h(r.Patient), Person: h(r.Person), Session: h(r.Session), Key: r.KeyID,
		Leaf: b(r.Leaf), Facts: b(r.Facts), Content: b(r.Content),
	})
	if err != nil {
		return nil, fmt.Errorf("verify: export: row: %w", err)
	}
	return append(line, '\n'), nil
}

var errLine = errors.New("verify: a line of the rows is not in its form")

// decodeRow accepts exactly what encodeRow writes: one row has one form.
func decodeRow(text []byte) (Row, error) {
	var l rowLine
	if err := json.Unmarshal(text, &l); err != nil || !isPlain(l.Class) || !isPlain(l.Key) || l.At < 0 {
		return Row{}, errLine
	}
	r := Row{Seq: l.Seq, At: time.UnixMicro(l.At).UTC(), Kind: l.Kind, Class: l.Class, KeyID: l.Key}
	for _, f := range []struct {
		text string
		into *[16]byte
	}{{l.ID, &r.ID}, {l.About, &r.About}, {l.Patient, &r.Patient}, {l.Person, &r.Person}, {l.Session, &r.Session}} {
		raw, err := hex.DecodeString(f.text)
		if err != nil || len(raw) != len(f.into) {
			return Row{}, errLine
		}
		copy(f.into[:], raw)
	}
	for _, f := range []struct {
		text string
		into *[]byte
	}{{l.Leaf, &r.Leaf}, {l.Facts, &r.Facts}, {l.Content, &r.Content}} {
		raw, err := base64.StdEncoding.Strict().DecodeString(f.text)
		if err != nil {
			return Row{}, errLine
		}
		*f.into = raw
	}
	if again, err := encodeRow(r); err != nil || string(again) != string(text)+"\n" {
		return Row{}, errLine
	}
	return r, nil
}

// isPlain reports whether a class or a key id needs no escape anywhere.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("_.:-", c) < 0 {
			return false
		}
	}
	return len(s) <= 1000
}
