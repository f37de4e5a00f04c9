package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"chaperone/internal/audit/verify"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

// held is what an auditor kept elsewhere and holds a record against.
type held struct {
	key      string
	kept     []string
	receipts []string
}

func (h *held) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&h.key, "key", "", "file with the log's public key (default the one beside the tree)")
	f.StringSliceVar(&h.kept, "checkpoint", nil, "file with a checkpoint that was kept elsewhere; may be repeated")
	f.StringSliceVar(&h.receipts, "receipt", nil, "a receipt from an answer's x-chaperone-receipt header; may be repeated")
}

// options reads the files.
func (h *held) options() (daemon.VerifyOptions, error) {
	o := daemon.VerifyOptions{Receipts: h.receipts}
	if h.key != "" {
		text, err := os.ReadFile(h.key)
		if err != nil {
			return o, err
		}
		o.Key = strings.TrimSpace(string(text))
	}
	for _, path := range h.kept {
		text, err := os.ReadFile(path)
		if err != nil {
			return o, err
		}
		o.Kept = append(o.Kept, text)
	}
	return o, nil
}

// verifyExport verifies the directory of an export.
func verifyExport(ctx context.Context, dir string, o daemon.VerifyOptions) (*verify.Report, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, misuse{filepath.Base(dir) + " is not a directory", "name the directory that 'chaperone audit export' has written"}
	}
	return verify.CheckExport(ctx, os.DirFS(dir), verify.Input{Key: o.Key, Kept: o.Kept, Receipts: o.Receipts})
}

func auditExportCommand() *cobra.Command {
	var (
		where  place
		hold   held
		open   opened
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "export [DIRECTORY]",
		Short: "Write the record out: sealed for somebody else to verify, or in a format for other programs",
		Long: "Write every row that the signed tree covers, the tree, its checkpoint and the public\n" +
			"key into a directory, with a list of digests that sha256sum reads. Nothing is\n" +
			"opened: what is sealed stays sealed, and no key is needed. 'chaperone audit verify\n" +
			"DIRECTORY' checks it, and so does anybody's own program: see record-format.md.\n\n" +
			"With --format and no directory, a part of the record is opened and written for other\n" +
			"programs, oldest first, one document a line; this is itself recorded. People and\n" +
			"patients are pseudonyms unless --identified is given, and the words of an exchange\n" +
			"are never there. The file is yours alone, and one that is there is never replaced.",
		Args: atMostOne("the directory to write, empty or not there yet"),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 1) == open.asked(c) {
				return misuse{"export takes either a directory or --format", "name an empty directory for a sealed export, or a format for one that other programs read"}
			}
			if len(args) == 0 {
				return open.write(c, &where)
			}
			file, err := where.load(c)
			if err != nil {
				return err
			}
			o, err := hold.options()
			if err != nil {
				return err
			}
			got, err := daemon.Export(c.Context(), file.Data, args[0], o)
			if errors.Is(err, verify.ErrNoCheckpoint) {
				return exit{exitUntrue, "the record has no checkpoint that its key signed, so an export would prove nothing", "run 'chaperone audit verify', and copy the data directory as it is"}
			}
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(got)
			}
			fmt.Fprintf(c.OutOrStdout(), "%d records; tree of %d, root %s\n", got.Records, got.Size, got.Root)
			if got.Missing > 0 {
				fmt.Fprintf(c.ErrOrStderr(), "chaperone: hint: %d file(s) of the tree could not be read; 'chaperone audit verify' names them\n", got.Missing)
			}
			return nil
		},
	}
	where.flags(c)
	hold.flags(c)
	open.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
