package main

import (
	"errors"
	"io"
	"strings"
	"time"

	"chaperone/deid"

	"github.com/spf13/cobra"
)

// profileFlags are the flags that say what becomes of what is found.
type profileFlags struct {
	name          string
	file          string
	determination string
	agreement     string
	surrogates    string
	order         string
}

func (p *profileFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&p.name, "profile", "", "`profile`: safe-harbor (default), safe-harbor-dataset, limited-data-set, expert-determination, minimum or custom")
	f.StringVar(&p.file, "profile-file", "", "`file` with a profile of your own, in YAML: see the guide; implies --profile custom")
	f.StringVar(&p.determination, "determination", "", "`file` with the expert's determination, in YAML: see the guide; implies --profile expert-determination")
	f.StringVar(&p.agreement, "data-use-agreement", "", "the `reference` of the agreement that a limited data set needs")
}

// written adds the flags for what is written in the place of what is found.
func (p *profileFlags) written(c *cobra.Command) {
	c.Flags().StringVar(&p.surrogates, "surrogates", "placeholders", "`what` stands for what is concealed: placeholders, or realistic (invented names and numbers)")
	c.Flags().StringVar(&p.order, "date-order", "", "`order` in which to read 3/4/2024: month-first or day-first; without it such a date is not read")
}

const (
	limitedDataSet      = "limited-data-set"
	expertDetermination = "expert-determination"
	customProfile       = "custom"
)

// profile is the profile that the flags ask for.
func (p *profileFlags) profile(now time.Time) (deid.Profile, error) {
	profile, err := p.named(now)
	if err != nil {
		return deid.Profile{}, err
	}
	switch p.surrogates {
	case "", "placeholders":
	case "realistic":
		profile = profile.Realistic()
	default:
		return deid.Profile{}, misuse{"the surrogates are placeholders and realistic", "name one of them after --surrogates"}
	}
	switch p.order {
	case "":
	case "month-first":
		profile = profile.Reading(deid.MonthFirst)
	case "day-first":
		profile = profile.Reading(deid.DayFirst)
	default:
		return deid.Profile{}, misuse{"the orders of a date are month-first and day-first", "name one of them after --date-order"}
	}
	return profile, nil
}

func (p *profileFlags) named(now time.Time) (deid.Profile, error) {
	name, err := p.implied()
	if err != nil {
		return deid.Profile{}, err
	}
	switch name {
	case limitedDataSet:
		profile, err := deid.LimitedDataSet(p.agreement)
		if errors.Is(err, deid.ErrNoAgreement) {
			return profile, exit{
				exitRefused, "a limited data set needs a data use agreement with whoever receives it, so nothing was written",
				"name its reference with --data-use-agreement, or take --profile safe-harbor",
			}
		}
		return profile, err
	case expertDetermination:
		return p.determined(now)
	case customProfile:
		if p.file == "" {
			return deid.Profile{}, misuse{"a profile of your own needs its file", "name it with --profile-file"}
		}
		src, err := profileSource(p.file)
		if err != nil {
			return deid.Profile{}, err
		}
		profile, err := deid.ParseCustom(src)
		return profile, misread(p.file, err)
	}
	profile, ok := deid.ParseProfile(name)
	if !ok {
		return deid.Profile{}, misuse{
			"the profiles are safe-harbor, safe-harbor-dataset, limited-data-set, expert-determination, minimum and custom",
			"name one of them after --profile",
		}
	}
	return profile, nil
}

// implied is the profile's name where a flag that belongs to one says it, and an
// error where two flags say two.
func (p *profileFlags) implied() (string, error) {
	name := p.name
	for _, f := range []struct{ value, flag, implies string }{
		{p.file, "--profile-file", customProfile},
		{p.determination, "--determination", expertDetermination},
		{p.agreement, "--data-use-agreement", limitedDataSet},
	} {
		switch {
		case f.value == "" || name == f.implies:
		case name == "" && f.implies != limitedDataSet:
			name = f.implies
		default:
			return "", misuse{f.flag + " belongs to the profile " + f.implies + ", and that is not the one asked for", "name one profile with --profile"}
		}
	}
	if name == "" {
		name = deid.SafeHarbor().String()
	}
	return name, nil
}

func (p *profileFlags) determined(now time.Time) (deid.Profile, error) {
	var d deid.Determination
	if p.determination != "" {
		src, err := profileSource(p.determination)
		if err != nil {
			return deid.Profile{}, err
		}
		if d, err = deid.ParseDetermination(src); err != nil {
			return deid.Profile{}, misread(p.determination, err)
		}
	}
	profile, err := d.Profile(now.UTC())
	if errors.Is(err, deid.ErrNoDetermination) {
		what := "there is no expert determination"
		if p.determination != "" {
			what = "the expert determination does not hold today: it is for " + d.Determined.Format(time.DateOnly) + " to " + d.Expires.Format(time.DateOnly)
		}
		return profile, exit{exitRefused, what + ", so nothing was written", "name one that holds with --determination, or take --profile safe-harbor"}
	}
	return profile, err
}

// mostProfile bounds what is read of a profile's file; package deid says that it
// is too large.
const mostProfile = 1 << 17

func profileSource(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostProfile))
}

// misread names the file in an error of its reader.
func misread(path string, err error) error {
	if err == nil {
		return nil
	}
	return exit{exitFailed, path + ": " + strings.TrimPrefix(err.Error(), "deid: profile: "), "mend it there; nothing was written"}
}
