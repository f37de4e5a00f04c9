package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is a signed statement of a tree's size and root (C2SP
// tlog-checkpoint): origin, size and root on a line each.
type checkpoint struct {
	size uint64
	root tlog.Hash
	text []byte
}

func parseKey(text string) (note.Verifier, error) {
	key, err := note.NewVerifier(strings.TrimSpace(text))
	if err != nil {
		return nil, ErrKey
	}
	return key, nil
}

func readCheckpoint(tree fs.FS, key note.Verifier) (*checkpoint, error) {
	text, err := fs.ReadFile(tree, "checkpoint")
	if err != nil {
		return nil, errors.New("it cannot be read")
	}
	return parseCheckpoint(text, key)
}

// parseCheckpoint accepts only what the key signed. Its errors are plain words.
func parseCheckpoint(text []byte, key note.Verifier) (*checkpoint, error) {
	n, err := note.Open(text, note.VerifierList(key))
	if err != nil {
		return nil, errors.New("it is not signed by the log's key")
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return nil, errors.New("it is another log's")
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil || strconv.FormatUint(size, 10) != lines[1] {
		return nil, errors.New("its size is not a number")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return nil, errors.New("its root is not a hash")
	}
	return &checkpoint{size: size, root: tlog.Hash(root), text: text}, nil
}

// plain keeps the words of our own errors and drops those of others, which may
// carry paths.
func plain(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return fmt.Sprint(strings.TrimSuffix(err.Error(), ": "+inner.Error()))
	}
	return err.Error()
}
