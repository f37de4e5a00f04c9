package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/api"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// keeping says whether the placeholders of a run are kept in the vault, and
// takes them back from there.
type keeping struct {
	keep    bool
	session string // a kept session to go on with
	relink  string // a kept session to restore with
	where   place

	client *api.Client
	kept   *api.Kept // once something is kept
}

func (k *keeping) flags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&k.keep, "keep", false, "keep what the placeholders stand for in the vault of the data directory, and say under which session")
	f.StringVar(&k.session, "session", "", "go on with the placeholders of this kept `session`; implies --keep")
	f.StringVar(&k.relink, "relink", "", "restore what placeholders stand for, with this kept `session`, instead of concealing")
	k.where.flags(c)
}

// keptHelp is said of --keep by every command that has it.
const keptHelp = "Without --keep this goes one way: nothing is recorded, and no placeholder can be restored.\n" +
	"With it the vault of the data directory keeps what the placeholders stand for, encrypted,\n" +
	"until nobody has used them for as long as session.idle says, and --relink restores them in\n" +
	"whatever was made of the output. The record says when they were kept and when read. What a\n" +
	"profile makes coarser, and the years left in fields that must hold a date, do not come back."

// during runs f; with a client of the vault if placeholders are to be kept.
func (k *keeping) during(c *cobra.Command, f func() error) error {
	if k.session != "" {
		if err := keptID("session", k.session); err != nil {
			return err
		}
		k.keep = true
	}
	if !k.keep {
		for _, name := range []string{"config", "data"} {
			if c.Flags().Changed(name) {
				return misuse{"--" + name + " has a meaning with --keep, --session or --relink alone", "add one of them, or leave it away"}
			}
		}
		return f()
	}
	return managed(c, &k.where, func(client *api.Client) error {
		k.client = client
		return f()
	})
}

// goOn takes up the session of an earlier run over the same folder. A folder is
// kept as a whole or not at all.
func (k *keeping) goOn(done *manifest) error {
	switch {
	case done.session == "" && len(done.entries) > 0 && k.keep:
		return exit{exitFailed, "the placeholders of the files that are done there were not kept, so nothing was written", "choose another folder to write"}
	case done.session == "":
		return nil
	case !k.keep:
		return exit{exitFailed, "the placeholders of the files that are done there are kept as " + done.session + ", so nothing was written", "run it with --keep, or choose another folder to write"}
	case k.session != "" && k.session != done.session:
		return exit{exitFailed, "the placeholders of the files that are done there are kept as " + done.session + ", so nothing was written", "leave --session away, or choose another folder to write"}
	}
	k.session = done.session
	return nil
}

// ended says what to do about a folder whose session has ended.
func ended(err error, done *manifest) error {
	if gone := (*chaperone.Error)(nil); done.session != "" && errors.As(err, &gone) && gone.Code == "kept_gone" {
		return exit{exitFailed, "the session of the files that are done there, " + done.session + ", has expired or is another data directory's, so nothing was written", "choose another folder to write"}
	}
	return err
}

func keptID(flag, id string) error {
	if !api.IsKept(id) {
		return misuse{"--" + flag + " takes the id of a kept session", "it is the word that begins with kept-, as --keep said it"}
	}
	return nil
}

// begin returns the session to conceal under. It knows what was kept before.
func (k *keeping) begin(c *cobra.Command) (*deid.Session, error) {
	if k.session == "" {
		return newSession(), nil
	}
	known, err := k.client.ResumeSession(c.Context(), k.session)
	if err != nil {
		return nil, err
	}
	k.kept = &api.Kept{Session: k.session}
	return deid.NewSession(known, rand.Reader), nil
}

// seal keeps what the session has minted. What holds its placeholders may be
// written when it returns without an error, and not before.
func (k *keeping) seal(c *cobra.Command, session *deid.Session) error {
	if !k.keep {
		return nil
	}
	if k.kept == nil {
		kept, err := k.client.KeepSession(c.Context())
		if err != nil {
			return err
		}
		k.kept = &kept
	}
	pairs := session.Unsealed()
	kept, err := k.client.SealPairs(c.Context(), k.kept.Session, pairs)
	if err != nil {
		return err
	}
	session.Sealed(pairs)
	k.kept = &kept
	return nil
}

// tell says where the placeholders are kept, to people.
func (k *keeping) tell(w io.Writer) {
	if k.kept != nil {
		fmt.Fprintf(w, "chaperone: note: kept as %s until %s; restore with --relink %s\n", k.kept.Session,
			k.kept.Until.Local().Format("2006-01-02 15:04"), k.kept.Session)
	}
}

// restorer returns what restores the placeholders of the session asked for, and
// refuses flags that speak of concealing.
func (k *keeping) restorer(c *cobra.Command, with ...string) (by *deid.Revealer, err error) {
	if err := keptID("relink", k.relink); err != nil {
		return nil, err
	}
	var idle []string
	c.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(append(with, "relink", "config", "data", "json", "format"), f.Name) {
			idle = append(idle, "--"+f.Name)
		}
	})
	if len(idle) > 0 {
		return nil, misuse{strings.Join(idle, ", ") + " says how to conceal, and --relink restores", "leave one of them away"}
	}
	err = managed(c, &k.where, func(client *api.Client) error {
		known, err := client.RelinkSession(c.Context(), k.relink)
		if err == nil {
			by = deid.NewRevealer(deid.NewSession(known, rand.Reader))
		}
		return err
	})
	return by, err
}

// restored is what a run of --relink did, for machines.
type restored struct {
	Session  string `json:"session"`
	Restored int    `json:"restored"` // placeholders
	Unknown  int    `json:"unknown"`  // that stay as they are: the session does not have them
}

func (k *keeping) restored(by *deid.Revealer) restored {
	return restored{k.relink, by.Restored(), by.Unknown()}
}

// foreign is the error for a text all of whose placeholders are another's.
func (r restored) foreign() error {
	if r.Restored > 0 || r.Unknown == 0 {
		return nil
	}
	return exit{
		exitFailed, fmt.Sprintf("none of its %d placeholder(s) is of this session, so nothing was written", r.Unknown),
		"name the session it was concealed under",
	}
}

// tell warns of placeholders that stay.
func (r restored) tell(w io.Writer) {
	if r.Unknown > 0 {
		fmt.Fprintf(w, "chaperone: note: %d placeholder(s) are not of this session and stay as they are\n", r.Unknown)
	}
}
