package answer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
)

//go:embed README.txt
var instruction string

// Record is what a pack takes out of the record besides the answer.
type Record interface {
	Exhibit(ctx context.Context, places []uint64, each func(verify.Exhibit) error) (checkpoint string, err error)
	Attest(digest [32]byte) (note []byte, err error)
	PublicKey() (string, error)
}

// Pack writes an answer as a zip file with every form of it, the sealed records
// that its lines are made of, their proofs, the checkpoint they lead to, the
// public key and an instruction, under a manifest that the record's key signs.
// verify.CheckPack checks it. It waits until the signed tree covers every line:
// use a context with a deadline. The error is a *chaperone.Error where the record
// failed.
func Pack(ctx context.Context, w io.Writer, a *audit.Answer, record Record) error {
	p := &packing{zip: zip.NewWriter(w), answer: a}
	if err := p.all(ctx, record); err != nil {
		return err
	}
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("answer: pack: %w", err)
	}
	return nil
}

// packing is a pack under way.
type packing struct {
	zip    *zip.Writer
	answer *audit.Answer
	files  []verify.PackFile
}

func (p *packing) all(ctx context.Context, record Record) error {
	if err := p.text(verify.PackInstruction, instruction); err != nil {
		return err
	}
	if err := p.forms(); err != nil {
		return err
	}
	checkpoint, err := p.records(ctx, record)
	if err != nil {
		return err
	}
	key, err := record.PublicKey()
	if err != nil {
		return err
	}
	if err := p.text(verify.PackCheckpoint, checkpoint); err != nil {
		return err
	}
	if err := p.text(verify.PackKey, key+"\n"); err != nil {
		return err
	}
	return p.sign(record)
}

// forms writes the answer in every form. The words of one exchange stand in
// files of their own, byte for byte, and not in the answer.
func (p *packing) forms() error {
	lean := *p.answer
	if whole := p.answer.Exchange; whole != nil {
		facts := *whole
		facts.Parts = nil
		lean.Exchange = &facts
		for _, name := range slices.Sorted(maps.Keys(whole.Parts)) {
			if err := p.text(verify.PackWords+name, string(whole.Parts[name])); err != nil {
				return err
			}
		}
	}
	for _, f := range []struct {
		name string
		form Form
	}{
		{verify.PackAnswer, JSON},
		{verify.PackTable, Table},
		{verify.PackSheets, Sheets},
		{verify.PackPages, Pages},
	} {
		if err := p.file(f.name, func(w io.Writer) error { return Write(w, f.form, &lean) }); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) records(ctx context.Context, record Record) (checkpoint string, err error) {
	var places []uint64
	for _, l := range p.answer.Lines {
		places = append(places, l.Seq)
		if l.Ended != nil {
			places = append(places, *l.Ended)
		}
	}
	err = p.file(verify.PackRecords, func(w io.Writer) error {
		out := bufio.NewWriter(w)
		lines := json.NewEncoder(out)
		var err error
		checkpoint, err = record.Exhibit(ctx, places, func(e verify.Exhibit) error { return lines.Encode(e) })
		if err != nil {
			return err
		}
		return out.Flush()
	})
	return checkpoint, err
}

// sign closes the pack: the manifest lists every file, and the record's key signs
// the manifest.
func (p *packing) sign(record Record) error {
	m := verify.Manifest{Version: 1, Made: moment(p.answer.AskedAt), Title: p.answer.Title, Totals: map[string]int{}, Files: p.files}
	for _, t := range p.answer.Totals.List() {
		m.Totals[t.Name] = t.N
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("answer: manifest: %w", err)
	}
	sig, err := record.Attest(sha256.Sum256(text))
	if err != nil {
		return err
	}
	if err := p.text(verify.PackManifest, string(text)); err != nil {
		return err
	}
	return p.text(verify.PackSignature, string(sig))
}

func (p *packing) text(name, text string) error {
	return p.file(name, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader([]byte(text)))
		return err
	})
}

func (p *packing) file(name string, write func(io.Writer) error) error {
	f, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.answer.AskedAt})
	if err != nil {
		return fmt.Errorf("answer: pack: %w", err)
	}
	counted := &counter{to: f, sum: sha256.New()}
	if err := write(counted); err != nil {
		return err
	}
	p.files = append(p.files, verify.PackFile{Name: name, Bytes: counted.n, SHA256: hex.EncodeToString(counted.sum.Sum(nil))})
	return nil
}

// counter counts and digests what passes.
type counter struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	c.sum.Write(b[:n])
	return n, err
}
