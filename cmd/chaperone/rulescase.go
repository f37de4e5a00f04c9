package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"chaperone/deid"
	"chaperone/deid/pack"

	"github.com/spf13/cobra"
)

// maxCaseInput is what is read of a case on standard input, in bytes.
const maxCaseInput = 1 << 20

func rulesCaseCommand() *cobra.Command {
	var text, from string
	c := &cobra.Command{
		Use:   "case PACK",
		Short: "Add a case that was missed, or was concealed for nothing, to a rule pack",
		Long: "Add a case to a rule pack, from --text or standard input, and say whether the rules of\n" +
			"today pass it; 'chaperone deid rules check' fails until they do. Mark what is to be found\n" +
			"with its kind, {name|Jo Smith}, or without, [[Jo Smith]], and what must stay with\n" +
			"{keep|Foley}. Without a mark it is a text in which nothing may be found.\n\n" +
			"Write the case about people who never lived: keep the form of what went wrong, and\n" +
			"change every name and number.",
		Example: "  chaperone deid rules case site.yaml --from INC-12 --text 'seen with {record|LV-448120} by {name|Jo Smith}'",
		Args:    oneArgument("the rule pack"),
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("text") {
				b, err := io.ReadAll(io.LimitReader(c.InOrStdin(), maxCaseInput))
				if err != nil {
					return err
				}
				text = strings.TrimRight(string(b), "\r\n")
			}
			return addCase(c.OutOrStdout(), args[0], text, from)
		},
	}
	c.Flags().StringVar(&text, "text", "", "the text with its marks (default standard input)")
	c.Flags().StringVar(&from, "from", "", "the incident it comes from, like INC-12")
	return c
}

func addCase(w io.Writer, path, text, from string) error {
	path, err := filepath.EvalSymlinks(path) // the file is replaced, not a link to it
	if err != nil {
		return plainPathError(err)
	}
	src, mode, err := readPack(path)
	if err != nil {
		return err
	}
	out, p, err := pack.AddCase(path, src, text, from, time.Now().UTC())
	if err != nil {
		return rulesError(err)
	}
	set, err := pack.Join(p)
	if err != nil {
		return err
	}
	engine, err := deid.NewEngine()
	if err != nil {
		return err
	}
	if err := replaceFile(path, out, mode); err != nil {
		return err
	}
	n := len(p.Cases)
	why := p.Cases[n-1].Run(engine.With(set))
	if len(why) == 0 {
		fmt.Fprintf(w, "case %d is added; the rules of today pass it\n", n)
		return nil
	}
	fmt.Fprintf(w, "case %d is added; the rules of today fail it: %s\n", n, strings.Join(why, "; "))
	fmt.Fprintln(w, "'chaperone deid rules check' fails until a rule mends that")
	return nil
}

func readPack(path string) ([]byte, os.FileMode, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, plainPathError(err)
	}
	src, err := io.ReadAll(io.LimitReader(f, 5<<20)) // more than a pack may have
	return src, info.Mode().Perm(), err
}

// replaceFile puts content in the place of a file, wholly or not at all.
func replaceFile(path string, content []byte, mode os.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".chaperone-*.part")
	if err != nil {
		return plainPathError(err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name()) //nolint:errcheck // the first error is the one to tell
		}
	}()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
