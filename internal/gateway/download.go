package gateway

import (
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/internal/claude"
)

// fileContent is the walk of a download: what the file says in placeholders comes
// back in the words that they stand for.
func (x *exchange) fileContent() error {
	thing, h, err := x.own()
	if err != nil {
		return err
	}
	lease, err := x.g.sessions.take(x.r.Context(), thing.Session)
	if err != nil {
		return err
	}
	defer lease.release()
	done, err := x.takeTurn()
	if err != nil {
		return err
	}
	defer done()
	if err := x.intend(); err != nil {
		return err
	}
	reply, err := x.send(claude.Call{Method: http.MethodGet, Path: x.r.URL.Path, Query: betaQuery(x.r.URL.Query()), Header: bare(h)})
	if err != nil {
		return err
	}
	if reply.Status != http.StatusOK {
		return x.deliver(reply, asItIs{}, nil)
	}
	raw, err := readFile(reply)
	x.outcome.Answered = raw
	if err != nil {
		return err
	}
	by := deid.NewRevealer(lease.session)
	out, err := restoreFile(thing.Name, raw, by)
	if err != nil {
		return err
	}
	x.outcome.Restored, x.outcome.Unknown = by.Restored(), by.Unknown()
	x.w.Header().Set("Content-Type", mediaOf(reply.Header.Get("Content-Type")))
	return x.release200(out)
}

func readFile(reply *claude.Reply) ([]byte, error) {
	defer reply.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(reply.Body, mostFile+1))
	if err != nil {
		return raw, err
	}
	if len(raw) > mostFile {
		return nil, chaperone.NewError(chaperone.KindUpstream, "upstream_too_large",
			"The answer is larger than the limit", "Ask for less at once", nil)
	}
	return raw, nil
}

// restoreFile puts the words back into a file, each with the escapes of its
// format. What no format reads and is no text comes as it is: nothing of it was
// made of placeholders.
func restoreFile(name string, raw []byte, by *deid.Revealer) ([]byte, error) {
	kind, err := format.Detect(name, raw)
	if err != nil {
		return raw, nil //nolint:nilerr // a binary file of a kind that holds no placeholders
	}
	if kind != format.Text {
		if doc, err := format.Parse(kind, raw); err == nil {
			out, err := format.Reveal(doc, by)
			if err != nil {
				return nil, errUnwritable(err)
			}
			return out, nil
		}
	}
	if !utf8.Valid(raw) {
		return raw, nil
	}
	return []byte(by.Reveal(string(raw))), nil
}

// mediaOf is a media type in its closed form.
func mediaOf(stated string) string {
	media, _, err := mime.ParseMediaType(stated)
	if err != nil || !plain(media, "/.+-") {
		return "application/octet-stream"
	}
	return media
}
