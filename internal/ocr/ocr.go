// Package ocr has the words of pictures read by tesseract, a program for
// optical character recognition that the operator installs. It owns how that
// program is run: only when asked for by name or path, without a shell, with
// the picture on its standard input, in a private folder that is removed
// afterwards, with a bound on time and on what it answers.
//
// It refuses to go without a bound, and it passes on nothing that the program
// says in errors: that may repeat what the picture shows.
package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Tesseract is the program, found and tried. It may be used by several
// goroutines.
type Tesseract struct {
	path      string
	languages string
	patience  time.Duration // for one picture
	most      int           // bytes of an answer
}

// spoken are the languages that the engine reads, by tesseract's names for them.
var spoken = []string{"eng", "fra", "spa"}

const (
	patience = 2 * time.Minute
	most     = 64 << 20
)

// Open finds the program by its name on PATH or by its path, and asks which
// languages it has; those of ours are used. The error says what is missing.
func Open(program string) (*Tesseract, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("%s is not there: install tesseract (Debian: tesseract-ocr), or name its path", program)
	}
	t := &Tesseract{path: path, patience: patience, most: most}
	list, err := t.run(nil, "--list-langs")
	if err != nil {
		return nil, fmt.Errorf("%s does not answer as tesseract does: %w", program, err)
	}
	var have []string
	for _, l := range strings.Fields(string(list)) {
		if slices.Contains(spoken, l) {
			have = append(have, l)
		}
	}
	if len(have) == 0 {
		return nil, fmt.Errorf("%s has none of the languages %s: install one (Debian: tesseract-ocr-eng)", program, strings.Join(spoken, ", "))
	}
	t.languages = strings.Join(have, "+")
	return t, nil
}

// Words returns the table of the words of a PNG, as tesseract's TSV.
func (t *Tesseract) Words(png []byte) ([]byte, error) {
	return t.run(png, "stdin", "stdout", "-l", t.languages, "tsv")
}

// run runs the program in a folder of its own.
func (t *Tesseract) run(input []byte, arguments ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "chaperone-ocr-") // its mode is 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // nothing is written there but by a program that is gone
	ctx, cancel := context.WithTimeout(context.Background(), t.patience)
	defer cancel()
	answer := &bounded{left: t.most, end: cancel}
	c := exec.CommandContext(ctx, t.path, arguments...) //nolint:gosec // the program is the operator's choice, the arguments are ours
	c.Dir, c.Stdin, c.Stdout, c.Stderr = dir, bytes.NewReader(input), answer, io.Discard
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + dir, "LC_ALL=C", "OMP_THREAD_LIMIT=1"}
	if data := os.Getenv("TESSDATA_PREFIX"); data != "" {
		c.Env = append(c.Env, "TESSDATA_PREFIX="+data)
	}
	c.WaitDelay = time.Second
	err = c.Run()
	switch {
	case answer.left < 0:
		return nil, fmt.Errorf("it answered with more than %d bytes, and was ended", t.most)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("it was not done after %s, and was ended", t.patience)
	case err != nil:
		return nil, plain(err)
	}
	return answer.kept.Bytes(), nil
}

// plain tells how a program ended, and nothing of what it said.
func plain(err error) error {
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return fmt.Errorf("it ended with %s", ended.String())
	}
	return errors.New("it could not be run")
}

var errTooLong = errors.New("too long")

// bounded keeps so many bytes, and then ends whoever writes.
type bounded struct {
	kept bytes.Buffer // no embedding: its ReadFrom would go round Write
	left int
	end  func()
}

// Write keeps p if there is room.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		b.end() // or it would wait until somebody reads on
		return 0, errTooLong
	}
	return b.kept.Write(p)
}
