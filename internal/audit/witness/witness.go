// Package witness is the second party of a record: somebody else's machine that
// remembers how far a log had come, and vouches for a checkpoint only if it
// continues what was vouched for before. It owns both ends: Witness, which
// cosigns (C2SP tlog-witness, tlog-cosignature), and Courier, which takes a
// log's checkpoints to its witnesses and to wherever else they are kept.
//
// A witness sees sizes and hashes and nothing of a record. It refuses a log it
// was not told of, a checkpoint that the log did not sign, one that is behind
// what it has cosigned, and one that does not continue it. What it has cosigned
// is on its disk before it answers; if it cannot read that again, it does not
// start.
package witness

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"chaperone/internal/audit/verify"

	"golang.org/x/mod/sumdb/note"
)

// Config says what a Witness is made of.
type Config struct {
	Dir    string           // of its key and its memory; made with mode 0700 if it is not there
	Name   string           // in its cosignatures, by custom a host without scheme; needed when there is no key yet
	Logs   []string         // public keys of the logs it vouches for, name+hash+key; the name is the origin
	Clock  func() time.Time // the time in cosignatures
	Random io.Reader        // a cryptographic source, for a new key
}

// Witness cosigns checkpoints. It is an http.Handler and safe for concurrent
// use.
type Witness struct {
	key   *cosigner
	clock func() time.Time
	store *memory
	logs  map[string]*log
	mux   *http.ServeMux
}

// log is one of the logs a witness knows. Only one request at a time compares
// with what it has cosigned and changes it.
type log struct {
	key    string
	signer note.Verifier
	mu     sync.Mutex
	latest verify.Checkpoint // the newest cosigned; of size 0 before the first
}

// New opens a witness, making its key if there is none. Close it when done. The
// error says in plain words what is not right: another process has the
// directory, the key or the memory cannot be read, or a log's key is not one.
func New(cfg Config) (*Witness, error) {
	store, err := openMemory(cfg.Dir)
	if err != nil {
		return nil, err
	}
	w := &Witness{clock: cfg.Clock, store: store, logs: map[string]*log{}, mux: http.NewServeMux()}
	if w.key, err = store.key(cfg.Name, cfg.Random); err == nil {
		err = w.learn(cfg.Logs)
	}
	if err != nil {
		return nil, errors.Join(err, store.close())
	}
	w.mux.HandleFunc("POST /add-checkpoint", w.addCheckpoint)
	return w, nil
}

// learn takes in the logs' keys and what was cosigned of each.
func (w *Witness) learn(keys []string) error {
	for _, text := range keys {
		signer, err := note.NewVerifier(text)
		if err != nil {
			return fmt.Errorf("witness: a log's key: %w", ErrKey)
		}
		l := &log{key: text, signer: signer}
		if w.logs[signer.Name()] != nil {
			return errors.New("witness: two logs have the same origin")
		}
		if l.latest, err = w.store.read(l, &w.key.verifier); err != nil {
			return err
		}
		w.logs[signer.Name()] = l
	}
	return nil
}

// Close lets go of the directory.
func (w *Witness) Close() error { return w.store.close() }

// Key is the witness's public key, name+hash+key: what a log's operator is told.
func (w *Witness) Key() string { return w.key.String() }

// Latest is how far the log of that origin was when it was last cosigned; 0 if
// it never was, or is not known.
func (w *Witness) Latest(origin string) uint64 {
	l := w.logs[origin]
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.latest.Size
}

// ServeHTTP answers POST /add-checkpoint.
func (w *Witness) ServeHTTP(out http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(out, r) }

// refusal is an answer other than a cosignature.
type refusal struct {
	status int
	words  string
	size   *uint64 // the body of a conflict
}

func (e *refusal) Error() string { return "witness: " + e.words }

func (w *Witness) addCheckpoint(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(out, r.Body, maxRequest))
	var line []byte
	if err != nil {
		err = &refusal{status: http.StatusBadRequest, words: "the request is too large or broke off"}
	} else {
		line, err = w.cosign(body)
	}
	out.Header().Set("X-Content-Type-Options", "nosniff")
	no, refused := errors.AsType[*refusal](err)
	switch {
	case err == nil:
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = out.Write(line) // a log that left asks again
	case refused && no.size != nil:
		out.Header().Set("Content-Type", "text/x.tlog.size")
		out.WriteHeader(no.status)
		_, _ = out.Write([]byte(strconv.FormatUint(*no.size, 10) + "\n"))
	case refused:
		http.Error(out, no.words, no.status)
	default:
		http.Error(out, "what was cosigned cannot be kept, so nothing was cosigned", http.StatusInternalServerError)
	}
}

// cosign makes all checks of C2SP tlog-witness in their order, keeps the
// checkpoint, and only then yields the cosignature's line. The error is a
// *refusal, or that of the disk.
func (w *Witness) cosign(body []byte) ([]byte, error) {
	ask, err := parseRequest(body)
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, words: "the request is not in the form of tlog-witness"}
	}
	l := w.logs[ask.origin]
	if l == nil {
		return nil, &refusal{status: http.StatusNotFound, words: "this log is not known here"}
	}
	cp, err := verify.ReadCheckpoint(ask.checkpoint, l.key)
	if err != nil {
		return nil, &refusal{status: http.StatusForbidden, words: "the checkpoint is not one that the log's key signed"}
	}
	if ask.old > cp.Size {
		return nil, &refusal{status: http.StatusBadRequest, words: "the old size is larger than the checkpoint's"}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.latest.Size
	if ask.old != known {
		return nil, &refusal{status: http.StatusConflict, words: "another size was cosigned last", size: &known}
	}
	if err := verify.CheckGrowth(l.latest, cp, ask.proof); err != nil {
		if known > 0 && known == cp.Size {
			return nil, &refusal{status: http.StatusConflict, words: "another root of this size was cosigned", size: &known}
		}
		return nil, &refusal{status: http.StatusUnprocessableEntity, words: "the checkpoint does not continue what was cosigned last"}
	}
	signed, err := note.Open(ask.checkpoint, note.VerifierList(l.signer))
	if err != nil {
		return nil, &refusal{status: http.StatusForbidden, words: "the checkpoint is not one that the log's key signed"}
	}
	line := w.key.sign([]byte(signed.Text), w.clock())
	// Signatures by others are not kept: nobody here has checked them.
	if err := w.store.write(l, cosignedNote(signed, line)); err != nil {
		return nil, err
	}
	l.latest = cp
	return line, nil
}

// cosignedNote is a note with the signatures of it that were verified, and with
// further lines of signatures.
func cosignedNote(n *note.Note, lines ...[]byte) []byte {
	out := []byte(n.Text + "\n")
	for _, s := range n.Sigs {
		out = fmt.Appendf(out, "— %s %s\n", s.Name, s.Base64)
	}
	return append(out, bytes.Join(lines, nil)...)
}
