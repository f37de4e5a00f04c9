package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"chaperone/internal/api"
	"chaperone/internal/register"

	"github.com/spf13/cobra"
)

func registerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "register",
		Short: "Keep agreements and evidence, and see what is missing and due",
		Long: "Keep what was signed and what is known about it: agreements in all their versions,\n" +
			"who reviewed them, what they are for, what vendors show of themselves. Whatever is\n" +
			"put down stays, and stands in the record. The configuration alone says what doors\n" +
			"are ruled by; the report holds the two against each other.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		registerAgreementCommand(), registerUseCaseCommand(), registerEvidenceCommand(), registerCommitmentCommand(),
		registerIncidentCommand(), registerDocumentCommand(), registerTasksCommand(), registerReportCommand(),
	)
	return c
}

// group is a command that only holds others.
func group(use, short string, list ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: noArguments, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(list...)
	return c
}

// clerk is what every command has that puts something down.
type clerk struct {
	place
	by, file string
	asJSON   bool
}

func (k *clerk) flags(c *cobra.Command, file string) {
	k.place.flags(c)
	c.Flags().StringVar(&k.by, "by", "", "your name, which stays with it")
	c.Flags().BoolVar(&k.asJSON, "json", false, "print one JSON object")
	_ = c.MarkFlagRequired("by") // the flag is there
	if file != "" {
		c.Flags().StringVar(&k.file, "file", "", file)
		_ = c.MarkFlagRequired("file")
	}
}

// putDown keeps the file, if there is one, and then the deed that speaks of it.
func (k *clerk) putDown(c *cobra.Command, deed func(register.File) register.Deed) error {
	var content []byte
	if k.file != "" {
		info, err := os.Stat(k.file)
		if err != nil {
			return err
		}
		if info.Size() > register.MaxFile {
			return misuse{"the file is larger than 32 MiB", "give the signed document alone"}
		}
		if content, err = os.ReadFile(k.file); err != nil {
			return err
		}
	}
	return managed(c, &k.place, func(client *api.Client) error {
		var kept register.File
		if k.file != "" {
			digest, err := client.KeepDocument(c.Context(), content)
			if err != nil {
				return err
			}
			kept = register.File{Name: filepath.Base(k.file), Digest: digest}
		}
		e, err := client.PutDown(c.Context(), k.by, deed(kept))
		if err != nil {
			return err
		}
		if k.asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(e)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "put down as entry %d\n", e.Number)
		return err
	})
}

// onDay reads a day of a flag, at its beginning in UTC.
func onDay(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, misuse{"--" + flag + " is a day such as 2026-11-21", ""}
	}
	return t, nil
}

// days reads several days, by their flags.
func days(of map[string]*string, into map[string]*time.Time) error {
	for flag, text := range of {
		t, err := onDay(flag, *text)
		if err != nil {
			return err
		}
		*into[flag] = t
	}
	return nil
}

// listed shows a list of the register as lines, or as JSON.
func listed[T any](use, short string, pick func(register.State) []T, line func(T) string) *cobra.Command {
	var where place
	var asJSON bool
	c := &cobra.Command{
		Use: use, Short: short, Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			state, err := registered(c, &where)
			if err != nil {
				return err
			}
			list := pick(state)
			if asJSON {
				if list == nil {
					list = []T{}
				}
				return json.NewEncoder(c.OutOrStdout()).Encode(list)
			}
			for _, item := range list {
				fmt.Fprintln(c.OutOrStdout(), line(item))
			}
			return nil
		},
	}
	where.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	return c
}

// registered is what the register comes to.
func registered(c *cobra.Command, where *place) (state register.State, err error) {
	return state, managed(c, where, func(client *api.Client) error {
		entries, err := client.Register(c.Context())
		state = register.Fold(entries)
		return err
	})
}

func utcDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func registerDocumentCommand() *cobra.Command {
	var where place
	c := &cobra.Command{
		Use:   "document DIGEST",
		Short: "Write a document of the register to standard output; reading it is recorded",
		Args:  oneArgument("the digest of a document, as 'chaperone register agreement show' shows it"),
		RunE: func(c *cobra.Command, args []string) error {
			return managed(c, &where, func(client *api.Client) error {
				content, err := client.Document(c.Context(), strings.ToLower(args[0]))
				if err == nil {
					_, err = c.OutOrStdout().Write(content)
				}
				return err
			})
		},
	}
	where.flags(c)
	return c
}
