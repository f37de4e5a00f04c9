package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
)

// The limits of a request: 63 hashes prove any growth (C2SP tlog-witness).
const (
	maxRequest = 64 << 10 // bytes
	maxProof   = 63
)

// request is the body of add-checkpoint.
type request struct {
	old        uint64
	proof      [][]byte
	checkpoint []byte // the signed note
	origin     string
}

var errRequest = errors.New("witness: the request is not in the form of tlog-witness")

// parseRequest reads "old SIZE", the hashes of a proof in base64, each on a
// line, an empty line, and a checkpoint. The error is errRequest.
func parseRequest(body []byte) (request, error) {
	var r request
	head, checkpoint, ok := bytes.Cut(body, []byte("\n\n"))
	if !ok {
		return r, errRequest
	}
	lines := bytes.Split(head, []byte("\n"))
	size, ok := bytes.CutPrefix(lines[0], []byte("old "))
	old, err := strconv.ParseUint(string(size), 10, 63)
	if !ok || err != nil || strconv.FormatUint(old, 10) != string(size) || len(lines)-1 > maxProof {
		return r, errRequest
	}
	r.old, r.checkpoint = old, checkpoint
	for _, line := range lines[1:] {
		hash, err := base64.StdEncoding.Strict().DecodeString(string(line))
		if err != nil || len(hash) != sha256.Size {
			return r, errRequest
		}
		r.proof = append(r.proof, hash)
	}
	origin, _, ok := bytes.Cut(checkpoint, []byte("\n"))
	if !ok || len(origin) == 0 {
		return r, errRequest
	}
	r.origin = string(origin)
	return r, nil
}

// bytes is the body of a request.
func (r request) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", r.old)
	for _, h := range r.proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h) + "\n")
	}
	b.WriteByte('\n')
	b.Write(r.checkpoint)
	return b.Bytes()
}
