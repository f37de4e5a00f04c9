package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"chaperone/internal/config"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

//go:embed demo/note.txt
var demoNote string

// maxNote bounds the text that a demonstration takes, in bytes.
const maxNote = 1 << 20

func demoCommand() *cobra.Command {
	var note string
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Watch a clinical note go to Claude without its identifiers, and come back with them",
		Long: "Start Chaperone on loopback with the built-in simulator and a data directory of\n" +
			"its own, send a note through the public API, and show what you sent, what Claude\n" +
			"saw, what you got back, and what the record holds. Nothing leaves this machine.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := demonstrateNote(c, note)
			switch {
			case asJSON && err != nil:
				return err
			case asJSON:
				return showObject(c, d)
			case err != nil:
				fmt.Fprintf(c.OutOrStdout(), "demo: FAILED %s\n", oneLine(err))
				return err
			}
			return showPanes(c, d)
		},
	}
	c.Flags().StringVar(&note, "note", "", "file with your own text, or - for standard input")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead")
	return c
}

func demonstrateNote(c *cobra.Command, path string) (*demonstration, error) {
	text, err := readNote(c.InOrStdin(), path)
	if err != nil {
		return nil, err
	}
	if !utf8.ValidString(text) {
		fmt.Fprintln(c.ErrOrStderr(), "chaperone: note: the note is not UTF-8 throughout; what is not is shown as \uFFFD")
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return demonstrate(c.Context(), text)
}

// readNote reads the text of a file, of standard input for "-", or else our own
// example.
func readNote(stdin io.Reader, path string) (string, error) {
	if path == "" {
		return demoNote, nil
	}
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", unreadable(err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxNote+1))
	text := strings.TrimPrefix(string(raw), "\uFEFF")
	switch {
	case err != nil:
		return "", unreadable(err)
	case len(raw) > maxNote:
		return "", exit{exitFailed, "the note is larger than 1 MiB", "give a part of it"}
	case strings.ContainsRune(text, 0):
		return "", exit{exitFailed, "the note is not text", "give a plain text file in UTF-8; a document of a word processor is none"}
	case strings.TrimSpace(text) == "":
		return "", exit{exitFailed, "the note is empty", "give a file with text"}
	}
	return text, nil
}

func unreadable(err error) error {
	return exit{exitFailed, "the note cannot be read: " + err.Error(), "name a text file, or - for standard input"}
}

// demonstrate starts a house of its own, talks to it as any client would, and
// takes it down again.
func demonstrate(ctx context.Context, note string) (_ *demonstration, err error) {
	dir, err := os.MkdirTemp("", "chaperone-demo-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cfg := config.Default()
	cfg.Data, cfg.Listen, cfg.Log.Level = dir+"/data", "127.0.0.1:0", "error"
	cfg.Record.Checkpoint = 100 * time.Millisecond
	d, err := daemon.Open(ctx, daemon.Options{Config: cfg, Log: io.Discard, Version: versionText()})
	if err != nil {
		return nil, err
	}
	demo := &demonstration{note: note}
	if err := during(ctx, d, func() error { return demo.talk(ctx, d.URL(), d.FirstStart().APIKey, cfg) }); err != nil {
		return nil, err
	}
	return demo, demo.prove(ctx, cfg.Data)
}

// during runs the daemon for as long as f takes.
func during(ctx context.Context, d *daemon.Daemon, f func() error) error {
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running) }()
	err := f()
	stop()
	return errors.Join(err, <-ended)
}

func showObject(c *cobra.Command, d *demonstration) error {
	if err := json.NewEncoder(c.OutOrStdout()).Encode(d.object()); err != nil {
		return err
	}
	return d.broken()
}

func showPanes(c *cobra.Command, d *demonstration) error {
	out := c.OutOrStdout()
	d.panes(out, inColour(out))
	fmt.Fprintf(out, "\nTo keep it running:\n\n  %s up\n\nIt prints a key; with that key and its address:\n\n%s\n\n",
		programName(), tryIt("http://"+config.Default().Listen, "YOUR_API_KEY"))
	if err := d.broken(); err != nil {
		fmt.Fprintf(out, "demo: FAILED %s\n", oneLine(err))
		return err
	}
	fmt.Fprintf(out, "demo: ok exchanges=%d concealed=%d restored=%d verified=%d/%d\n",
		len(d.exchanges), d.concealed(), d.restored(), d.report.Verified, d.report.Records)
	return nil
}

// programName is how this program was called, so that the next line can be
// copied: bin/chaperone from a fresh clone, chaperone where it is installed.
func programName() string {
	if name := os.Args[0]; strings.ContainsRune(name, os.PathSeparator) && !filepath.IsAbs(name) {
		return name
	}
	return "chaperone"
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
