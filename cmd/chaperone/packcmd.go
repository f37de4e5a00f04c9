package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"chaperone/internal/audit/verify"

	"github.com/spf13/cobra"
)

// verifyPack checks a pack, wherever it came from. It needs no data directory.
func verifyPack(c *cobra.Command, path, key string, asJSON bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r, err := verify.CheckPack(f, info.Size(), key)
	switch {
	case errors.Is(err, verify.ErrPack):
		return exit{exitUntrue, path + " is not a pack: it cannot be read as a zip file", "ask for the pack again"}
	case errors.Is(err, verify.ErrKey):
		return exit{exitUntrue, "there is no public key to hold the pack against", "name the record's key with --key"}
	case err != nil:
		return err
	}
	if asJSON {
		if err := json.NewEncoder(c.OutOrStdout()).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d files, %d lines, %d records proved; tree of %d, root %s\n", r.Files, r.Lines, r.Records, r.TreeSize, r.Root)
		for _, f := range r.Faults {
			fmt.Fprintf(c.OutOrStdout(), "fault in %s\n", f)
		}
		if r.OwnKey {
			fmt.Fprintln(c.ErrOrStderr(), "chaperone: held against the pack's own key; name a key that came from elsewhere with --key")
		}
		if r.OK() {
			fmt.Fprintln(c.OutOrStdout(), "verified")
		}
	}
	if !r.OK() {
		return exit{exitUntrue, fmt.Sprintf("the pack did not verify: %d fault(s)", r.Total), "ask whoever made it for the pack again"}
	}
	return nil
}
