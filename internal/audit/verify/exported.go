package verify

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// Faults that only an export can have.
const (
	BadManifest What = "manifest" // a file is missing, not listed, or not the one that was exported
	BadKey      What = "key"      // the export's public key is not one
)

// maxLine bounds a row's line, in bytes: the largest content a record may hold,
// in base64, with the rest.
const maxLine = 768 << 20

// CheckExport verifies an exported record. Of in it takes the public key, best a
// copy that was kept elsewhere (empty: the export's own, which shows that the
// export agrees with itself and no more), and whatever checkpoints and receipts
// were kept besides those in the export. The error is that of Check.
func CheckExport(ctx context.Context, export fs.FS, in Input) (*Report, error) {
	own := in.Key == ""
	if own {
		text, err := fs.ReadFile(export, exportKey)
		if err == nil {
			in.Key = string(text)
		}
	}
	in.Tree, in.Rows = export, exportedRows(export)
	in.Kept, in.Receipts = slices.Clone(in.Kept), slices.Clone(in.Receipts)
	if files, err := fs.Glob(export, exportKept+"/*"); err == nil {
		for _, path := range files {
			text, err := fs.ReadFile(export, path)
			if err != nil {
				text = nil // it is named as a checkpoint that nobody signed
			}
			in.Kept = append(in.Kept, text)
		}
	}
	if text, err := fs.ReadFile(export, exportReceipts); err == nil {
		in.Receipts = append(in.Receipts, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	}
	r, err := Check(ctx, in)
	if errors.Is(err, ErrKey) && own {
		r, err = &Report{Faults: []Fault{}}, nil
		r.fault(0, BadKey, "the export's public key is not one")
	}
	if err != nil {
		return nil, err
	}
	if r.Pending > 0 {
		r.fault(r.TreeSize, RowForeign, "no signed tree reaches the row here")
	}
	r.manifest(export)
	return r, nil
}

// exportedRows reads rows a line at a time. A line that is not in its form ends
// the reading there.
func exportedRows(export fs.FS) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		f, err := export.Open(exportRows)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer f.Close() //nolint:errcheck // only read from
		lines := bufio.NewScanner(f)
		lines.Buffer(make([]byte, 1<<16), maxLine)
		lines.Split(wholeLines)
		for lines.Scan() {
			row, err := decodeRow(lines.Bytes())
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Row{}, err)
		}
	}
}

// wholeLines splits at line feeds and nowhere else; a last line without one was
// cut off.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errLine
	}
	return 0, nil, nil
}

var sumForm = regexp.MustCompile(`^([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._/-]{0,200})$`)

// manifest compares the files that are there with the list of their digests.
func (r *Report) manifest(export fs.FS) {
	text, err := fs.ReadFile(export, exportSums)
	if err != nil {
		r.fault(0, BadManifest, "there is no list of digests, so the export was cut short")
		return
	}
	listed := map[string]string{}
	body, whole := strings.CutSuffix(string(text), "\n")
	for _, line := range strings.Split(body, "\n") {
		f := sumForm.FindStringSubmatch(line)
		if f == nil || !whole {
			r.fault(0, BadManifest, "the list of digests is not in its form")
			return
		}
		listed[f[2]] = f[1]
	}
	err = fs.WalkDir(export, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == exportSums {
			return err
		}
		want, ok := listed[path]
		delete(listed, path)
		switch sum, err := digest(export, path); {
		case !ok:
			r.fault(0, BadManifest, "there is a file that is not listed")
		case err != nil || sum != want:
			r.fault(0, BadManifest, "%s is not the file that was exported", path)
		}
		return nil
	})
	if err != nil {
		r.fault(0, BadManifest, "the export cannot be read")
	}
	for path := range listed {
		r.fault(0, BadManifest, "%s is missing", path)
	}
}

func digest(export fs.FS, path string) (string, error) {
	f, err := export.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read from
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
