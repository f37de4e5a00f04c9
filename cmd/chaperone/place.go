package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"chaperone/internal/config"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

// place is where a command finds the configuration and the data.
type place struct{ config, data string }

const defaultConfig = "chaperone.yaml"

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.config, "config", "", "configuration file (default chaperone.yaml, if it is there)")
	c.Flags().StringVar(&p.data, "data", "", "data directory, instead of the configuration's")
}

// load reads the configuration. Faults are printed by line, all of them.
func (p *place) load(c *cobra.Command) (config.File, error) {
	path := p.config
	if path == "" {
		if _, err := os.Stat(defaultConfig); errors.Is(err, os.ErrNotExist) {
			return p.at(config.Default())
		}
		path = defaultConfig
	}
	file, faults := config.Load(path)
	if len(faults) > 0 {
		for _, f := range faults {
			fmt.Fprintln(c.ErrOrStderr(), f)
		}
		return file, exit{exitFailed, fmt.Sprintf("%s has %d fault(s), so nothing was started", path, len(faults)), "mend the lines above"}
	}
	return p.at(file)
}

// at puts the data directory where it was asked for.
func (p *place) at(file config.File) (config.File, error) {
	if p.data != "" {
		file.Data = p.data
	}
	dir, err := filepath.Abs(file.Data)
	if err != nil {
		return file, err
	}
	file.Data = dir
	return file, nil
}

// options are what the daemon opens with.
func (p *place) options(c *cobra.Command) (daemon.Options, error) {
	file, err := p.load(c)
	return daemon.Options{Config: file, Log: c.ErrOrStderr()}, err
}
