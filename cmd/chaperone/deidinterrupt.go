package main

import (
	"io"

	"github.com/spf13/cobra"
)

var errInterrupted = exit{exitFailed, "it was interrupted, so nothing was written", ""}

// breakable is a reader that an interruption of the command ends, so that a long
// file stops at its next piece and its draft is removed.
type breakable struct {
	broken <-chan struct{}
	from   io.Reader
}

// Read reads on, unless the command was interrupted.
func (b breakable) Read(p []byte) (int, error) {
	select {
	case <-b.broken:
		return 0, errInterrupted
	default:
		return b.from.Read(p)
	}
}

// waiting is breakable for a reader that may wait for ever, such as a terminal:
// whoever sends nothing more can be left.
type waiting struct {
	broken <-chan struct{}
	from   io.Reader
}

// Read reads on, unless the command was or is interrupted.
func (w waiting) Read(p []byte) (int, error) {
	type piece struct {
		bytes []byte
		err   error
	}
	came := make(chan piece, 1)
	go func() { // it ends with the read, or with the process
		own := make([]byte, len(p))
		n, err := w.from.Read(own)
		came <- piece{own[:n], err}
	}()
	select {
	case <-w.broken:
		return 0, errInterrupted
	case got := <-came:
		return copy(p, got.bytes), got.err
	}
}

// stdin is standard input, until the command is interrupted.
func stdin(c *cobra.Command) io.Reader { return waiting{c.Context().Done(), c.InOrStdin()} }
