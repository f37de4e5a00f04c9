package main

import (
	"crypto/rand"
	"strings"

	"chaperone/deid"

	"github.com/spf13/cobra"
)

func deidCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "deid",
		Short: "Find and conceal what identifies people in texts, files and folders",
		Long: "Find and conceal what identifies people in texts, files and folders, with the engine\n" +
			"that the gateway uses. Nothing is sent anywhere and nothing is recorded.\n\n" +
			"No detector is perfect: look at what is left before you hand it on.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(deidScanCommand())
	return c
}

// profileFlag is the profile asked for on the command line.
type profileFlag struct{ deid.Profile }

func (p *profileFlag) flag(c *cobra.Command) {
	c.Flags().Var(p, "profile", "what counts: safe-harbor (all kinds) or minimum (names, contacts and numbers)")
}

// Set takes the name of a profile.
func (p *profileFlag) Set(name string) error {
	profile, ok := deid.ParseProfile(name)
	if !ok {
		return misuse{"there is no such profile", "the profiles are safe-harbor and minimum"}
	}
	p.Profile = profile
	return nil
}

// Type names the flag's value in help texts.
func (p *profileFlag) Type() string { return "profile" }

// newSession returns a session that lives as long as the command.
func newSession() *deid.Session { return deid.NewSession(nil, rand.Reader) }

// kindWord is how a kind is called in what machines read: "NAME".
func kindWord(f deid.Finding) string { return strings.ToUpper(f.Kind.Word()) }
