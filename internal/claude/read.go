package claude

import (
	"cmp"
	"net/http"
	"slices"

	"chaperone"
)

// ReadRequest reads a call of POST /v1/messages or /v1/messages/count_tokens, in
// any Form; what is read is the vendor's own.
// Errors are *chaperone.Error and never repeat text of the request:
//   - KindNotFound, KindMethod: not one of the two calls
//   - KindInvalid: header, encoding or JSON is at fault; for JSON the words name
//     the offset in bytes, for an unknown block (code unknown_block) its type
//   - KindUnsupported: a Content-Encoding nobody can undo here
//   - KindTooLarge: over a limit, before or after decoding
//   - KindTimeout: the body did not arrive in time
func ReadRequest(r *http.Request, lim Limits) (*Ask, error) {
	lim = lim.filled()
	a := &Ask{query: forwardedQuery(r.URL.Query()), agent: readAgent(r.Header)}
	if err := a.readHead(r, lim); err != nil {
		return nil, err
	}
	body, err := readBody(r, lim)
	if err != nil {
		return nil, err
	}
	if a.way.form != FormNative {
		var header http.Header
		if body, header, err = a.way.undress(body, r.Header, lim); err != nil {
			return nil, err
		}
		if err := a.readHeader(header, lim); err != nil {
			return nil, err
		}
	}
	if err := a.readText(body, lim); err != nil {
		return nil, err
	}
	return a, nil
}

// readHead reads what stands before the body, as far as it is the same in every
// form. Where there is nothing to undress, a fault of the header is told before
// the body is read.
func (a *Ask) readHead(r *http.Request, lim Limits) error {
	var ok bool
	var err error
	if a.way, ok = wayOf(r.URL.Path); !ok {
		return chaperone.NewError(chaperone.KindNotFound, "not_found",
			"There is nothing at this path", "Use /v1/messages", nil)
	}
	if r.Method != http.MethodPost {
		return chaperone.NewError(chaperone.KindMethod, "method_not_allowed",
			"This path takes POST only", "Send the request with POST", nil)
	}
	if err := noGuardrail(r.Header); err != nil {
		return err
	}
	if a.way.form == FormNative {
		if err := a.readHeader(r.Header, lim); err != nil {
			return err
		}
	}
	a.session, err = readSession(r.Header)
	return err
}

// readHeader reads what a header says of the API.
func (a *Ask) readHeader(h http.Header, lim Limits) error {
	var err error
	if a.version, err = CheckVersion(h, lim.Versions); err != nil {
		return err
	}
	if a.betas, err = readBetas(h); err != nil {
		return err
	}
	a.header = forwarded(h, a.betas, a.version)
	return nil
}

// readText parses the body and finds every text in it.
func (a *Ask) readText(body []byte, lim Limits) error {
	doc, f := parse(body, lim.Depth)
	if f != nil {
		return f.asInvalid()
	}
	s := &survey{doc: doc, words: spoken(), admit: lim.AllowUnknownBlocks}
	s.request()
	if s.err != nil {
		return s.err
	}
	slices.SortFunc(s.leaves, func(x, y place) int { return cmp.Compare(x.node, y.node) })
	a.body, a.doc, a.leaves, a.opaque, a.uses = body, doc, s.leaves, s.opaque, s.uses
	if m := doc.getText(0, "model"); modelForm(m) {
		a.model = m
	}
	if v, ok := doc.get(0, "stream"); ok {
		a.stream = doc.is(v, word) && doc.text(v) == "true"
	}
	return nil
}
