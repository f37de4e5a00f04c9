package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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
			text, err := readNote(c.InOrStdin(), note)
			if err != nil {
				return err
			}
			show := showPanes
			if asJSON {
				show = showObject
			}
			result, err := demonstrate(c.Context(), text)
			if err != nil {
				fmt.Fprintf(c.OutOrStdout(), "demo: FAILED %s\n", oneLine(err))
				return err
			}
			return show(c, result)
		},
	}
	c.Flags().StringVar(&note, "note", "", "file with your own text, or - for standard input")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead")
	return c
}

func readNote(stdin io.Reader, path string) (string, error) {
	if path == "" {
		return demoNote, nil
	}
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", exit{exitFailed, "the note cannot be read: " + err.Error(), "name a text file, or - for standard input"}
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxNote+1))
	switch {
	case err != nil:
		return "", exit{exitFailed, "the note cannot be read: " + err.Error(), ""}
	case len(raw) > maxNote:
		return "", exit{exitFailed, "the note is larger than 1 MiB", "give a part of it"}
	}
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	if strings.TrimSpace(text) == "" {
		return "", exit{exitFailed, "the note is empty", "give a file with text"}
	}
	return text, nil
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
	fmt.Fprintf(out, "\nTo keep it running:\n\n  chaperone up\n\nIt prints a key; with that key and its address:\n\n%s\n\n",
		tryIt("http://"+config.Default().Listen, "YOUR_API_KEY"))
	if err := d.broken(); err != nil {
		fmt.Fprintf(out, "demo: FAILED %s\n", oneLine(err))
		return err
	}
	fmt.Fprintf(out, "demo: ok exchanges=%d concealed=%d restored=%d verified=%d/%d\n",
		len(d.exchanges), d.concealed(), d.restored(), d.report.Verified, d.report.Records)
	return nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
