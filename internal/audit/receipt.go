package audit

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Receipt is the log's signed promise that a record stands at a place: it closes
// the window between the durable record and the next checkpoint. Whoever keeps
// it can prove later that the record was changed or removed. Its text form is
// one line, fit for a response header; see String. Package verify checks it.
type Receipt struct {
	Seq  uint64
	At   time.Time
	Leaf [32]byte // hash of the leaf as the tree has it (RFC 6962, section 2.1)
	Sig  []byte   // Ed25519 over the text of receiptMessage
}

// String is "1.SEQ.MICROSECONDS.LEAF.SIGNATURE", the last two in base64url
// without padding.
func (r Receipt) String() string {
	b := base64.RawURLEncoding
	return strings.Join([]string{
		"1", fmt.Sprint(r.Seq), fmt.Sprint(r.At.UnixMicro()), b.EncodeToString(r.Leaf[:]), b.EncodeToString(r.Sig),
	}, ".")
}

// receiptMessage is what is signed. Its first line is no log's origin, so that a
// receipt can never pass for a checkpoint.
func receiptMessage(origin string, r Receipt) []byte {
	return fmt.Appendf(nil, "chaperone receipt v1\n%s\n%d %d %s\n", origin, r.Seq, r.At.UnixMicro(),
		base64.StdEncoding.EncodeToString(r.Leaf[:]))
}

func (l *Log) receipt(row Row) (Receipt, error) {
	r := Receipt{Seq: row.Seq, At: row.At, Leaf: tlog.RecordHash(row.Leaf[:])}
	sig, err := l.cfg.Signer.Sign(receiptMessage(l.cfg.Origin, r))
	if err != nil {
		return r, fmt.Errorf("audit: receipt: %w", err)
	}
	r.Sig = sig
	return r, nil
}
