package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"chaperone/deid"
	"chaperone/deid/format"

	"github.com/spf13/cobra"
)

func deidCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "deid",
		Short: "Find and conceal what identifies people in texts, files and folders",
		Long: "Find and conceal what identifies people in texts, files and folders, with the engine\n" +
			"that the gateway uses. Nothing is sent anywhere.\n\n" +
			keptHelp + "\n\n" +
			"No detector is perfect: look at what is left before you hand it on.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(deidTextCommand(), deidFileCommand(), deidDirCommand(), deidScanCommand(), riskCommand(), rulesCommand())
	return c
}

// deidOptions are what the commands that conceal have in common.
type deidOptions struct {
	profile profileFlags
	treated deid.Profile // what the flags asked for, once they were read
	session *deid.Session
	rules   rulesFlag
	format  formatFlag
	images  imagesFlag
	ocr     string
	keeping keeping
	report  bool
	places  bool
	json    bool
	digest  string // of the rule packs in use; empty: none
}

func (o *deidOptions) flags(c *cobra.Command) {
	o.profile.flags(c)
	o.profile.written(c)
	o.rules.flag(c)
	o.keeping.flags(c)
	c.Flags().Var(&o.format, "format", "how to read it: auto, "+join(format.Names()))
	c.Flags().BoolVar(&o.report, "report", false, "print the counts by kind to standard error")
	c.Flags().BoolVar(&o.places, "places", false, "print every place to standard error: line, row and column or path, and kind, without the text")
}

// readAs are the flags besides profile and rules that change what is written, in
// one line; empty where all of them are left away.
func (o *deidOptions) readAs() string {
	var set []string
	for _, f := range []struct{ name, value, usual string }{
		{"format", o.format.String(), "auto"},
		{"images", o.images.String(), "refuse"},
		{"ocr", o.ocr, ""},
		{"surrogates", o.profile.surrogates, "placeholders"},
		{"date-order", o.profile.order, ""},
	} {
		if f.value != f.usual {
			set = append(set, f.name+"="+f.value)
		}
	}
	return strings.Join(set, " ")
}

// concealer returns a concealer with a session of its own or the kept one, and a
// veil over the same session.
func (o *deidOptions) concealer(c *cobra.Command) (*format.Concealer, *deid.Veil, error) {
	now := time.Now()
	profile, err := o.profile.profile(now)
	if err != nil {
		return nil, nil, err
	}
	engine, digest, err := o.rules.engine()
	if err != nil {
		return nil, nil, err
	}
	o.digest = digest
	if o.session, err = o.keeping.begin(c); err != nil {
		return nil, nil, err
	}
	session := o.session
	names := deid.NewVeil(engine.In(now.Year()), session)
	names.Under(profile)
	o.treated = profile
	return format.NewConcealer(engine, session, profile, now.Year()), names, nil
}

// told is where places are told, nil if they are not.
func (o *deidOptions) told(c *cobra.Command) io.Writer {
	if o.places {
		return c.ErrOrStderr()
	}
	return nil
}

// formatFlag is the format asked for on the command line; empty is automatic.
type formatFlag struct{ name format.Name }

// Set takes the name of a format.
func (f *formatFlag) Set(s string) error {
	if s == "auto" {
		f.name = ""
		return nil
	}
	name, ok := format.ParseName(s)
	if !ok {
		return fmt.Errorf("the formats are auto, %s", join(format.Names()))
	}
	f.name = name
	return nil
}

// String is what the flag says if nobody sets it.
func (f *formatFlag) String() string {
	if f.name == "" {
		return "auto"
	}
	return string(f.name)
}

// Type names the flag's value in help texts.
func (f *formatFlag) Type() string { return "format" }

// imagesFlag says what becomes of pictures in documents.
type imagesFlag struct{ format.Pictures }

func (f *imagesFlag) flag(c *cobra.Command) {
	c.Flags().Var(f, "images", "pictures in documents: refuse (the document is left out) or blank (they become empty)")
}

// Set takes refuse or blank.
func (f *imagesFlag) Set(s string) error {
	switch s {
	case "refuse":
		f.Pictures = format.RefusePictures
	case "blank":
		f.Pictures = format.BlankPictures
	default:
		return errors.New("pictures can be refused or made blank: refuse, blank")
	}
	return nil
}

// String is what the flag says if nobody sets it.
func (f *imagesFlag) String() string {
	if f.Pictures == format.BlankPictures {
		return "blank"
	}
	return "refuse"
}

// Type names the flag's value in help texts.
func (f *imagesFlag) Type() string { return "way" }

// newSession returns a session that lives as long as the command.
func newSession() *deid.Session { return deid.NewSession(nil, rand.Reader) }

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// nextStep is what to do with a document that cannot be inspected.
func nextStep(u *format.Uninspectable) string {
	if u.Hint != "" {
		return u.Hint
	}
	return "save it as plain text, CSV or XML, and try again"
}

// inspectable puts the next step to an error of a format.
func inspectable(err error) error {
	var (
		closed *format.Uninspectable
		fault  *format.Fault
	)
	switch {
	case errors.As(err, &closed):
		return exit{exitFailed, err.Error() + ", so nothing was written", nextStep(closed)}
	case errors.As(err, &fault):
		return exit{exitFailed, err.Error() + ", so nothing was written", "mend it there, or name another --format"}
	}
	return err
}
