package audit

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"

	"chaperone/internal/audit/verify"
)

// Exhibit calls each for every record at these places, sealed as it stands in
// the journal and with the proof that it stands in the signed tree, in order of
// places. It waits until the tree covers them all; use a context with a
// deadline. It yields the checkpoint that all proofs lead to. The error is a
// *chaperone.Error: record_not_in_tree, record_not_found, record_unavailable.
func (l *Log) Exhibit(ctx context.Context, places []uint64, each func(verify.Exhibit) error) (checkpoint string, err error) {
	places = slices.Compact(slices.Sorted(slices.Values(places)))
	if len(places) == 0 {
		cp, err := l.Checkpoint(ctx)
		return string(cp), err
	}
	if _, err := l.Proof(ctx, places[len(places)-1]); err != nil {
		return "", err
	}
	key, err := l.PublicKey()
	if err != nil {
		return "", err
	}
	checkpoint, err = verify.ProveAll(os.DirFS(l.cfg.Tree), key, places, func(p verify.Proof) error {
		row, err := l.find(ctx, Match{Seq: &p.Seq})
		if err != nil {
			return err
		}
		return each(exhibitOf(row, p.Hashes))
	})
	if err != nil {
		return "", unavailable(err)
	}
	return checkpoint, nil
}

func exhibitOf(r Row, hashes [][]byte) verify.Exhibit {
	return verify.Exhibit{
		Seq: r.Seq, ID: r.ID[:], About: r.About[:], Micros: r.At.UnixMicro(), Kind: uint8(r.Kind), Class: r.Class,
		Patient: r.Index.Patient[:], Person: r.Index.Person[:], Session: r.Index.Session[:],
		KeyID: r.KeyID, Facts: r.Facts, Leaf: r.Leaf[:], Hashes: hashes,
	}
}

// Attest signs the SHA-256 digest of a pack's manifest with the record's key:
// a signed note of two lines, the first of which sets it apart from checkpoints
// and receipts.
func (l *Log) Attest(digest [32]byte) ([]byte, error) {
	text := fmt.Sprintf("%s\n%x\n", verify.PackStatement, digest)
	sig, err := l.cfg.Signer.Sign([]byte(text))
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: attest: %w", err))
	}
	g, _, err := newGate(l.cfg.Signer, l.cfg.Origin, nil)
	if err != nil {
		return nil, errUnavailable(errors.Join(errors.New("audit: attest"), err))
	}
	sig = append(binary.BigEndian.AppendUint32(nil, g.hash), sig...)
	return fmt.Appendf(nil, "%s\n— %s %s\n", text, g.name, base64.StdEncoding.EncodeToString(sig)), nil
}
