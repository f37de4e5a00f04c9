package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"chaperone/internal/config"
	"chaperone/internal/daemon"

	"github.com/spf13/cobra"
)

// place is where a command finds the configuration and the data.
type place struct{ config, data string }

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.config, "config", "", "configuration file (default chaperone.yaml, if it is there)")
	c.Flags().StringVar(&p.data, "data", "", "data directory, instead of the configuration's")
}

// load reads the configuration. Faults are printed by line, all of them.
func (p *place) load(c *cobra.Command) (config.File, error) {
	file, err := p.read()
	var wrong *faulty
	if errors.As(err, &wrong) {
		for _, f := range wrong.faults {
			fmt.Fprintln(c.ErrOrStderr(), f)
		}
		return file, exit{exitFailed, wrong.Error(), "mend the lines above"}
	}
	return file, err
}

// read reads the configuration and says nothing. The error is *faulty if it
// has faults.
func (p *place) read() (config.File, error) {
	file, faults := config.Load(p.config)
	if len(faults) > 0 {
		return file, &faulty{p.path(), faults}
	}
	return p.at(file)
}

// path is the configuration file that counts.
func (p *place) path() string {
	if p.config == "" {
		return config.DefaultPath
	}
	return p.config
}

// faulty is a configuration with faults.
type faulty struct {
	path   string
	faults []config.Fault
}

func (f *faulty) Error() string {
	return fmt.Sprintf("%s has %d fault(s), so nothing was done", f.path, len(f.faults))
}

// at puts the data directory where it was asked for, and makes the paths that
// outlive this command absolute: relative ones count from the configuration's
// directory, or for --data from here.
func (p *place) at(file config.File) (config.File, error) {
	if p.data != "" {
		file.Data = p.data
	}
	file.Doors = slices.Clone(file.Doors)
	paths := []*string{&file.Data}
	for i := range file.Doors {
		if key := &file.Doors[i].Key.File; *key != "" {
			paths = append(paths, key)
		}
	}
	for _, path := range paths {
		full, err := filepath.Abs(*path)
		if err != nil {
			return file, err
		}
		*path = full
	}
	return file, nil
}

// options are what the daemon opens with.
func (p *place) options(c *cobra.Command) (daemon.Options, error) {
	file, err := p.load(c)
	return daemon.Options{Config: file, Log: c.ErrOrStderr()}, err
}
