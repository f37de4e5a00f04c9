package gateway

import (
	"context"
	"slices"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
	"chaperone/internal/vault"
	"chaperone/phi"
)

// filesUsed are the caller's own files that a request refers to. They were looked
// into when they were uploaded, so they are not opaque.
type filesUsed struct {
	list []holding
	by   []*deid.Revealer // what restores what Claude quotes of them
}

// filesOf finds the files that a request refers to. A file of another's is not
// there. One that nobody here has stays what the request's form says it is.
func (x *exchange) filesOf(ask *claude.Ask) (filesUsed, error) {
	var used filesUsed
	for _, o := range ask.Opaque() {
		if o.FileID == "" || slices.ContainsFunc(used.list, func(h holding) bool { return h.ID == o.FileID }) {
			continue
		}
		h, whose, err := x.held(x.r.Context(), o.FileID)
		switch {
		case err != nil:
			return used, err
		case whose == nobodys:
			continue
		case whose == anothers, h.Door != x.door.Name():
			return used, errNoFile()
		}
		known, err := x.g.parts.Vault.Unseal(x.r.Context(), h.Session)
		if err != nil {
			return used, err
		}
		used.list = append(used.list, h)
		used.by = append(used.by, deid.NewRevealer(deid.NewSession(known, x.g.parts.Random)))
		if err := x.keepFile(h); err != nil {
			return used, err
		}
	}
	return used, nil
}

// keepFile moves the end of a file that is in use on.
func (x *exchange) keepFile(h holding) error {
	until := x.started.Add(keepFile)
	for _, id := range []vault.SessionID{heldSession(h.ID), h.Session} {
		ends, ok, err := x.g.parts.Vault.Until(x.r.Context(), id)
		if err != nil || ok && until.Sub(ends) < keepFile/8 {
			return err
		}
		if err := x.g.parts.Vault.KeepUntil(x.r.Context(), id, until); err != nil {
			return err
		}
	}
	return nil
}

// unread is what remains that nobody could look into, and what of the files adds
// to what was found.
func (u filesUsed) unread(list []claude.Opaque) []claude.Opaque {
	return slices.DeleteFunc(list, func(o claude.Opaque) bool {
		return slices.ContainsFunc(u.list, func(h holding) bool { return h.ID == o.FileID && len(h.Unread) == 0 })
	})
}

// join adds what left with the files to what a request holds: a request about an
// identified file is identified.
func (u filesUsed) join(found *policy.Found) {
	for _, h := range u.list {
		for name, n := range h.Kinds {
			if k, ok := phi.ParseKind(name); ok && h.identified() {
				found.Kinds[k] += n
			}
		}
	}
}

// fit refuses a request whose text would be concealed while its file is not.
func (u filesUsed) fit(m policy.Mode) error {
	if m == policy.Identified || !slices.ContainsFunc(u.list, holding.identified) {
		return nil
	}
	return chaperone.NewError(chaperone.KindForbidden, "file_identified",
		"A file of the request was sent with identifiers, and this request may not be", "Upload the file again, so that it is concealed", nil)
}

// reveals restores an answer by the request's own session and by those of its
// files.
func (u filesUsed) reveals(first claude.Revealer) claude.Revealer {
	if len(u.by) == 0 {
		return first
	}
	all := revealers{first}
	for _, r := range u.by {
		all = append(all, revealer{r})
	}
	return all
}

// revealers restores by several sessions; of two that know a placeholder the
// first counts.
type revealers []claude.Revealer

// Reveal restores a whole text.
func (all revealers) Reveal(text string) string {
	for _, r := range all {
		text = r.Reveal(text)
	}
	return text
}

// Scan finds the live placeholders of every session.
func (all revealers) Scan(buf string) (hits []claude.Span, hold int) {
	for _, r := range all {
		more, held := r.Scan(buf)
		hits, hold = append(hits, more...), max(hold, held)
	}
	slices.SortStableFunc(hits, func(a, b claude.Span) int { return a.Start - b.Start })
	end := 0
	return slices.DeleteFunc(hits, func(s claude.Span) bool {
		if s.Start < end {
			return true
		}
		end = s.End
		return false
	}), hold
}

// counts is what a revealer has restored, and not known.
type counts interface {
	Restored() int
	Unknown() int
}

// Restored is how many placeholders were put back.
func (all revealers) Restored() (n int) {
	for _, r := range all {
		if c, ok := r.(counts); ok {
			n += c.Restored()
		}
	}
	return n
}

// Unknown is how many well-formed placeholders no session knows. Each session
// misses those of the others, so what the others restored is taken off.
func (all revealers) Unknown() int {
	fewest := -1
	for _, r := range all {
		if c, ok := r.(counts); ok {
			if n := c.Unknown() - (all.Restored() - c.Restored()); fewest < 0 || n < fewest {
				fewest = n
			}
		}
	}
	return max(0, fewest)
}

// holdMade keeps the files that Claude made in an answer for the one who asked,
// with the session whose placeholders they hold.
func (x *exchange) holdMade(answered []byte, l *lease) error {
	if l == nil || !claude.Offers(x.door.Door, claude.FilesPath) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.r.Context()), vaultWait)
	defer cancel()
	for _, id := range claude.MadeFiles(answered) {
		_, whose, err := x.held(ctx, id)
		if err != nil {
			return err
		}
		if whose != nobodys {
			continue
		}
		if err := x.g.parts.Vault.KeepUntil(ctx, l.id, x.started.Add(keepFile)); err != nil {
			return err
		}
		made := holding{ID: id, Session: l.id, Mode: madeByClaude}
		if x.intent.Ruling.Decision == audit.Identified {
			made.Unread = []string{string(policy.OpaqueFile)} // it may hold what Claude was told
		}
		if err := x.hold(ctx, made, keepFile); err != nil {
			return err
		}
	}
	return nil
}

// madeByClaude marks a file that was not uploaded.
const madeByClaude audit.Decision = "made"
