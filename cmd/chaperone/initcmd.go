package main

import (
	"errors"
	"fmt"
	"os"

	"chaperone/internal/config"

	"github.com/spf13/cobra"
)

func initCommand() *cobra.Command {
	var path string
	var force bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a commented chaperone.yaml to begin from",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
			if force {
				mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
			}
			f, err := os.OpenFile(path, mode, 0o600)
			if errors.Is(err, os.ErrExist) {
				return exit{exitFailed, path + " is there already, so it was left alone", "use --force to replace it"}
			}
			if err != nil {
				return err
			}
			_, err = f.Write(config.Template())
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "wrote %s; check it with 'chaperone check', then start with 'chaperone up'\n", path)
			return nil
		},
	}
	c.Flags().StringVar(&path, "config", config.DefaultPath, "where to write it")
	c.Flags().BoolVar(&force, "force", false, "replace a file that is there")
	return c
}
