package gateway

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strings"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// mostFile bounds one file, in bytes, on its way in and out.
const mostFile = 100_000_000

// mostRead bounds a file that is looked into, in bytes: a table of this size can
// name a quarter of a million people, and all of them are in memory while it is read.
const mostRead = 8_000_000

// tooLargeToRead refuses what could be looked into and is too large for it. What
// cannot be is the policy's matter, whatever its size.
func tooLargeToRead(file *claude.Upload) error {
	if len(file.Content) <= mostRead {
		return nil
	}
	if _, err := format.Detect(file.Name, file.Content); err != nil {
		return nil //nolint:nilerr // nobody reads it
	}
	return chaperone.NewError(chaperone.KindTooLarge, "file_too_large",
		"The file is larger than 8 MB, which is as much as is looked into at once", "Send it in parts", nil)
}

// filesAtOnce bounds the files in memory, on their way in and out; who comes
// later waits.
const filesAtOnce = 2

// takeTurn waits until a file may be held in memory. Whoever gets a turn gives it
// back with done.
func (x *exchange) takeTurn() (done func(), err error) {
	select {
	case x.g.files <- struct{}{}:
		return func() { <-x.g.files }, nil
	case <-x.r.Context().Done():
		return nil, fmt.Errorf("gateway: file: %w: %w", claude.ErrClientGone, context.Cause(x.r.Context()))
	}
}

// createFile is the walk of an upload: the file is read, ruled on and concealed
// as one in base64 in a message is. Its name never leaves.
func (x *exchange) createFile() error {
	said, h, err := x.admitKept()
	if err != nil {
		return err
	}
	ruling, err := x.ruleKept(said, h) // before the file is read
	if err != nil {
		return err
	}
	done, err := x.takeTurn()
	if err != nil {
		return err
	}
	defer done()
	file, err := claude.ReadUpload(x.r, mostFile)
	if err != nil {
		return err
	}
	if err := tooLargeToRead(file); err != nil {
		return err
	}
	boundary := "chaperone-" + string(x.intent.Exchange)
	_, x.intent.Received = file.Form(boundary)
	own := x.ownSession()
	x.intent.What.Session = pseudonym(x.g.parts.Vault.BlindIndex("session", string(own)))
	lease, err := x.g.sessions.take(x.r.Context(), own)
	if err != nil {
		return err
	}
	defer lease.release()
	made, out, err := x.concealFile(file, said, ruling, lease)
	if err != nil {
		return err
	}
	if err := x.g.parts.Vault.KeepUntil(x.r.Context(), own, x.started.Add(keepFile)); err != nil {
		return err
	}
	if err := lease.sealMany(x.r.Context()); err != nil {
		return err
	}
	media, body := out.Form(boundary)
	x.intent.Sent = body
	if err := x.intend(); err != nil {
		return err
	}
	h.Set("Content-Type", media)
	reply, err := x.send(claude.Call{Method: http.MethodPost, Path: claude.FilesPath, Query: betaQuery(x.r.URL.Query()), Header: h, Body: body})
	if err != nil {
		return err
	}
	return x.object(reply, func(obj object) error {
		if made.ID = obj.text("id"); !claude.FileID(made.ID) {
			return errNotTheThing()
		}
		if err := x.hold(context.WithoutCancel(x.r.Context()), made, keepFile); err != nil {
			return err
		}
		return obj.own(made)
	})
}

// concealFile asks for the verdict on a file and makes the one that may leave.
func (x *exchange) concealFile(file *claude.Upload, said stated, ruling policy.Ruling, l *lease) (holding, *claude.Upload, error) {
	made := holding{Session: l.id, Name: file.Name}
	inside := fileLeaf(file)
	texts := readTexts(fileTexts(file, inside), deid.NewVeil(x.engine, l.session), said.roster)
	left := texts.weigh(x.g.parts.Judge, deid.SafeHarbor())
	found := texts.found([]claude.Opaque{fileOpaque(file)}, left)
	verdict := ruling.With(found)
	profile, err := x.profile(verdict.Profile)
	if verdict.Profile != policy.ProfileSafeHarbor {
		left = texts.weigh(x.g.parts.Judge, profile)
	}
	x.ruled(verdict, found, left)
	if verdict.Err != nil {
		return made, nil, verdict.Err
	}
	if err != nil {
		return made, nil, err
	}
	made.Mode = x.intent.Ruling.Decision
	for _, o := range verdict.Uninspected {
		made.Unread = append(made.Unread, string(o))
	}
	out := &claude.Upload{Name: outsideName(file.Name), Media: file.Media, Content: file.Content, Expires: file.Expires}
	if verdict.Mode == policy.Identified {
		made.Kinds = x.intent.Ruling.Findings
		return made, out, nil
	}
	texts.veil.Under(profile)
	now := texts.conceal(inside)
	if texts.err != nil {
		return made, nil, texts.err
	}
	if now != inside.Text {
		out.Content, _ = decodeBase64(now) // it was encoded a moment ago
	}
	return made, out, nil
}

// outsideName is what a file is called outside the house: nothing of its name but
// the end, where a format has it.
func outsideName(name string) string { return "file" + strings.ToLower(format.Extension(name)) }

// fileLeaf is the file as it would stand in a message.
func fileLeaf(file *claude.Upload) claude.Leaf {
	media := file.Media
	if _, told := fileNamed[media]; !told || media == "text/plain" {
		for m, example := range fileNamed {
			if path.Ext(example) == strings.ToLower(path.Ext(file.Name)) && m != "text/yaml" {
				media = m
			}
		}
	}
	return claude.Leaf{Path: "/file/data", Label: media, Class: claude.Enclosed, Role: "user", Text: base64.StdEncoding.EncodeToString(file.Content)}
}

// fileTexts are the texts of an upload: the file, and its name, in which people
// are named too.
func fileTexts(file *claude.Upload, inside claude.Leaf) leaves {
	words := strings.NewReplacer("_", " ", "-", " ", "+", " ").Replace(strings.TrimSuffix(file.Name, format.Extension(file.Name)))
	return func(f func(claude.Leaf)) {
		f(claude.Leaf{Path: "/filename", Class: claude.Prose, Role: "user", Text: words})
		f(inside)
	}
}

func fileOpaque(file *claude.Upload) claude.Opaque {
	o := claude.Opaque{Path: "/file", Kind: "document", Source: "base64", MediaType: file.Media, Size: int64(len(file.Content))}
	if strings.HasPrefix(file.Media, "image/") {
		o.Kind = "image"
	}
	return o
}

// identified reports whether a file left as it was.
func (h holding) identified() bool { return h.Mode == audit.Identified }
