package verify

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// keep takes in the checkpoints that were kept elsewhere.
func (w *walk) keep(kept [][]byte, key note.Verifier) {
	w.kept = map[uint64][]tlog.Hash{}
	for i, text := range kept {
		cp, err := parseCheckpoint(text, key)
		switch {
		case err != nil:
			w.report.fault(0, BadCheckpoint, "kept checkpoint %d: %s", i+1, err)
		case cp.size > w.size:
			w.report.fault(w.size, RolledBack, "a kept checkpoint covers %d records, the tree only %d", cp.size, w.size)
		default:
			w.kept[cp.size] = append(w.kept[cp.size], cp.root)
			w.report.Kept++
		}
	}
	w.atSize(0)
}

// atSize compares the tree at this size with the kept checkpoints of this size.
func (w *walk) atSize(size uint64) {
	roots, ok := w.kept[size]
	if !ok {
		return
	}
	delete(w.kept, size)
	for _, root := range roots {
		if w.sum.root() != root {
			w.report.fault(max(size, 1)-1, Forked, "a kept checkpoint over the first %d records states another root", size)
		}
	}
}

// promise takes in the receipts that clients kept.
func (w *walk) promise(receipts []string, key logKey) {
	w.receipts = map[uint64][]tlog.Hash{}
	for i, text := range receipts {
		seq, leaf, err := parseReceipt(text, key)
		if err != nil {
			w.report.fault(0, BadReceipt, "receipt %d: %s", i+1, err)
			continue
		}
		w.receipts[seq] = append(w.receipts[seq], leaf)
		w.report.Receipts++
	}
}

// checkReceipt compares the record at a place with the receipts for it.
func (w *walk) checkReceipt(place uint64, leaf tlog.Hash) {
	for _, promised := range w.receipts[place] {
		if promised != leaf {
			w.report.fault(place, BadReceipt, "the record here is not the one a receipt was given for")
		}
	}
	delete(w.receipts, place)
}

// unmet names the receipts whose records are not there at all.
func (w *walk) unmet() {
	for place := range w.receipts {
		w.report.fault(place, RolledBack, "a receipt was given for a record here, and there is none")
	}
}

// Receipt checks a receipt by itself: whether the log of that key gave it, for
// which place, and for which leaf. The error is plain words.
func Receipt(text, key string) (seq uint64, leaf [32]byte, err error) {
	k, err := publicKey(key)
	if err != nil {
		return 0, leaf, err
	}
	return parseReceipt(text, k)
}

// parseReceipt reads "1.SEQ.MICROSECONDS.LEAF.SIGNATURE". The signature is
// Ed25519 over three lines: "chaperone receipt v1", the origin, and place,
// microseconds and leaf hash (base64) with spaces between.
func parseReceipt(text string, key logKey) (uint64, tlog.Hash, error) {
	var leaf tlog.Hash
	f := strings.Split(strings.TrimSpace(text), ".")
	if len(f) != 5 || f[0] != "1" {
		return 0, leaf, errors.New("it is not a receipt")
	}
	seq, err := strconv.ParseUint(f[1], 10, 63)
	if err != nil {
		return 0, leaf, errors.New("its place is not a number")
	}
	micros, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil {
		return 0, leaf, errors.New("its time is not a number")
	}
	hash, err := base64.RawURLEncoding.Strict().DecodeString(f[3])
	if err != nil || len(hash) != len(leaf) {
		return 0, leaf, errors.New("its leaf is not a hash")
	}
	sig, err := base64.RawURLEncoding.Strict().DecodeString(f[4])
	if err != nil {
		return 0, leaf, errors.New("its signature is not one")
	}
	copy(leaf[:], hash)
	signed := fmt.Appendf(nil, "chaperone receipt v1\n%s\n%d %d %s\n", key.name, seq, micros,
		base64.StdEncoding.EncodeToString(hash))
	if !ed25519.Verify(key.public, signed, sig) {
		return 0, leaf, errors.New("it is not signed by the log's key")
	}
	return seq, leaf, nil
}

// logKey is the log's public key taken out of its note form, name+hash+key,
// where key is base64 over one byte of algorithm (1, Ed25519) and 32 of key.
type logKey struct {
	name   string
	public ed25519.PublicKey
}

func publicKey(text string) (logKey, error) {
	text = strings.TrimSpace(text)
	if _, err := note.NewVerifier(text); err != nil {
		return logKey{}, ErrKey
	}
	f := strings.SplitN(text, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(f[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != 1 {
		return logKey{}, ErrKey
	}
	return logKey{name: f[0], public: raw[1:]}, nil
}
