package main

import (
	"encoding/json"
	"fmt"

	"chaperone/internal/config"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

func storeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "store",
		Short: "Keep records and keys in PostgreSQL instead of in files",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(storePrepareCommand(), storeMoveCommand())
	return c
}

// target is the database that a command is about: the one that was named, or
// else the configuration's.
type target struct{ url, file string }

func (t *target) flags(c *cobra.Command) {
	c.Flags().StringVar(&t.url, "to", "", "the database, postgres://USER@HOST/DATABASE (default the configuration's); others on this machine can see what stands here, so a password belongs into --to-file")
	c.Flags().StringVar(&t.file, "to-file", "", "file with the address of the database")
	c.MarkFlagsMutuallyExclusive("to", "to-file")
}

func (t *target) database(file config.File) config.Postgres {
	if t.url != "" || t.file != "" {
		return config.Postgres{URL: t.url, URLFile: t.file}
	}
	return file.Store.Postgres
}

func storePrepareCommand() *cobra.Command {
	var where place
	var to target
	var owner string
	var version int
	c := &cobra.Command{
		Use:   "prepare",
		Short: "Make or change the tables of the database, as its owner",
		Long: "Make the tables in the database, or bring those of an older version up to date, as\n" +
			"the owner of the database, and let the role that Chaperone signs in as add to the\n" +
			"record and read it, and never change it. It may be repeated. With --version the\n" +
			"tables go back to an older version, unless that would remove what they hold.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := where.load(c)
			if err != nil {
				return err
			}
			if err := daemon.PrepareDatabase(c.Context(), config.Postgres{URLFile: owner}, to.database(file), version); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "prepared")
			return nil
		},
	}
	where.flags(c)
	to.flags(c)
	c.Flags().StringVar(&owner, "owner-file", "", "file with the address by which the owner of the database signs in")
	c.Flags().IntVar(&version, "version", -1, "version to bring the tables to (default the newest)")
	_ = c.MarkFlagRequired("owner-file") // the flag is there
	return c
}

func storeMoveCommand() *cobra.Command {
	var where place
	var to target
	var asJSON bool
	c := &cobra.Command{
		Use:   "move",
		Short: "Take everything from the data directory's files into a database, and prove it",
		Long: "Copy records, placeholders, keys and credentials from the files of the data\n" +
			"directory into a prepared, empty database. Chaperone must be stopped. Every record\n" +
			"is read back and compared with its original, and the whole with the signed tree.\n" +
			"What was broken off goes on where it stopped when it is called again. The files\n" +
			"stay as they are, and no Chaperone runs on them afterwards; root.key and the tree\n" +
			"are used from where they are.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := where.load(c)
			if err != nil {
				return err
			}
			said := uint64(0)
			m, err := daemon.MoveStore(c.Context(), file.Data, to.database(file), func(done, all uint64) {
				if done == all || done-said >= 100_000 {
					said = done
					fmt.Fprintf(c.ErrOrStderr(), "chaperone: %d of %d records copied\n", done, all)
				}
			})
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(m)
			}
			fmt.Fprintf(c.OutOrStdout(), "%d records moved and compared, %d of them verified in the signed tree, root %s; %d other rows\n",
				m.Records, m.Verified, m.Root, m.Others)
			return nil
		},
	}
	where.flags(c)
	to.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
