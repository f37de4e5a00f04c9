package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"chaperone/internal/audit/verify"

	"golang.org/x/mod/sumdb/note"
)

// Peer is a witness as a log knows it.
type Peer struct {
	URL string // its submission prefix
	Key string // its public key, name+hash+key
}

// What sorts what a witness did not vouch for. The list is closed.
type What string

// The faults.
const (
	Unreachable What = "unreachable" // no answer, or none that says anything
	Unknown     What = "unknown"     // the witness does not know this log, or not by this key
	RolledBack  What = "rolledback"  // the witness has cosigned more than there is
	Forked      What = "forked"      // what there is does not continue what the witness has cosigned
	Unsigned    What = "unsigned"    // it answered with no cosignature of its key, or one of another time
	Unkept      What = "unkept"      // the checkpoint could not be kept in the folder, or the webhook did not take it
	Damaged     What = "damaged"     // the log's own checkpoint or tree cannot be read
)

// Whats lists them all.
func Whats() []What {
	return []What{Unreachable, Unknown, RolledBack, Forked, Unsigned, Unkept, Damaged}
}

// Fault says why a checkpoint was not cosigned or kept, and by whom.
type Fault struct {
	Who  string `json:"who"` // the witness's name, or "folder", "webhook", "log"
	What What   `json:"what"`
	Size uint64 `json:"size"` // the place that it concerns, as far as it is known
	Text string `json:"text"` // plain words
}

// Betrayed reports whether the record itself is in doubt, which no waiting
// mends.
func (f Fault) Betrayed() bool { return f.What == RolledBack || f.What == Forked }

// Error is the fault in words.
func (f *Fault) Error() string { return f.Who + ": " + f.Text }

// peer is a witness that is asked again and again.
type peer struct {
	name   string
	url    string
	key    *verifier
	size   uint64 // what it has cosigned last, as far as is known
	client *http.Client
}

func newPeer(p Peer, client *http.Client) (*peer, error) {
	key, err := parseVerifier(p.Key)
	if err != nil {
		return nil, err
	}
	where, err := url.JoinPath(p.URL, "add-checkpoint")
	if err != nil {
		return nil, fmt.Errorf("witness: address: %w", err)
	}
	return &peer{name: key.name, url: where, key: key, client: client}, nil
}

// signature is what a witness gave for a checkpoint.
type signature struct {
	line []byte // of the note
	at   time.Time
}

// ask asks for a cosignature. Where the witness has cosigned another size last,
// it says so, and is asked once more with the proof from there.
func (p *peer) ask(ctx context.Context, tree fs.FS, cp verify.Checkpoint, text []byte) (signature, *Fault) {
	for try := 0; ; try++ {
		proof, err := verify.ProveGrowth(tree, cp, p.size)
		if err != nil {
			return signature{}, &Fault{"log", Damaged, p.size, "the tree yields no proof of its growth"}
		}
		answer, err := p.post(ctx, request{old: p.size, proof: proof, checkpoint: text}.bytes())
		if err != nil {
			return signature{}, &Fault{p.name, Unreachable, cp.Size, "the witness does not answer"}
		}
		switch answer.status {
		case http.StatusOK:
			sig, err := p.read(text, answer.body)
			if err != nil {
				return signature{}, &Fault{p.name, Unsigned, cp.Size, "the answer holds no cosignature of the witness's key"}
			}
			p.size = cp.Size
			return sig, nil
		case http.StatusConflict:
			fault := p.conflict(answer.body, cp)
			if fault == nil && try == 0 {
				continue
			}
			if fault == nil {
				fault = &Fault{p.name, Unreachable, p.size, "the witness cosigns this log for somebody else at the same time"}
			}
			return signature{}, fault
		case http.StatusUnprocessableEntity:
			return signature{}, p.forked()
		case http.StatusNotFound, http.StatusForbidden:
			return signature{}, &Fault{p.name, Unknown, cp.Size, "the witness does not know this log by its key"}
		default:
			return signature{}, &Fault{p.name, Unreachable, cp.Size, fmt.Sprintf("the witness answers with status %d", answer.status)}
		}
	}
}

// conflict reads what the witness has cosigned last: nil if it is worth asking
// again from there.
func (p *peer) conflict(body []byte, cp verify.Checkpoint) *Fault {
	line, ok := strings.CutSuffix(string(body), "\n")
	size, err := strconv.ParseUint(line, 10, 63)
	switch {
	case !ok || err != nil:
		return &Fault{p.name, Unreachable, cp.Size, "the witness does not say what it has cosigned"}
	case size > cp.Size:
		return &Fault{p.name, RolledBack, cp.Size, fmt.Sprintf("the witness has cosigned %d records, and there are %d: the record was rolled back", size, cp.Size)}
	case size == p.size && size == cp.Size:
		return p.forked()
	}
	p.size = size
	return nil
}

func (p *peer) forked() *Fault {
	f := &Fault{p.name, Forked, max(p.size, 1) - 1, fmt.Sprintf("the first %d records are not those that the witness has cosigned: the record was rewritten", p.size)}
	p.size = 0 // it is asked what it knows each time
	return f
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
}

func (p *peer) post(ctx context.Context, body []byte) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := p.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxRequest))
	return answer{res.StatusCode, text}, err
}

// read takes the witness's cosignature out of its answer.
func (p *peer) read(text, lines []byte) (signature, error) {
	n, err := note.Open(append(bytes.Clone(text), lines...), note.VerifierList(p.key))
	if err != nil {
		return signature{}, err
	}
	if len(n.Sigs) == 0 {
		return signature{}, errors.New("witness: no cosignature")
	}
	at, err := cosignatureTime(n.Sigs[0])
	return signature{fmt.Appendf(nil, "— %s %s\n", n.Sigs[0].Name, n.Sigs[0].Base64), at}, err
}
