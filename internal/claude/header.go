package claude

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"chaperone"
)

// forwarded copies the headers that belong to the API and keep to a closed
// form. All others stay here: headers are not looked into, so what could hold a
// free text must not leave.
func forwarded(in http.Header, betas []string, version string) http.Header {
	out := http.Header{}
	for name, values := range in {
		name = http.CanonicalHeaderKey(name)
		for _, v := range values {
			if v, ok := forwardedValue(name, v); ok {
				out.Add(name, v)
			}
		}
	}
	out.Set("Content-Type", "application/json")
	out.Set("Anthropic-Version", version)
	if len(betas) > 0 {
		out.Set("Anthropic-Beta", strings.Join(betas, ","))
		if lines := in.Values("Anthropic-Beta"); len(lines) == 1 {
			out.Set("Anthropic-Beta", lines[0])
		}
	}
	return out
}

// CheckVersion yields the anthropic-version of a request. A header that is
// missing, repeated with another value, or not in known (nil: Versions) is
// KindInvalid.
func CheckVersion(h http.Header, known []string) (string, error) {
	if len(known) == 0 {
		known = Versions()
	}
	values := slices.Compact(slices.Clone(h.Values("Anthropic-Version")))
	next := "Send anthropic-version with one of: " + strings.Join(known, ", ")
	switch {
	case len(values) == 0:
		return "", chaperone.NewError(chaperone.KindInvalid, "version_missing",
			"The header anthropic-version is required", next, nil)
	case len(values) > 1 || !slices.Contains(known, values[0]):
		return "", chaperone.NewError(chaperone.KindInvalid, "version_unknown",
			"The header anthropic-version does not name a version that is spoken here", next, nil)
	}
	return values[0], nil
}

// readBetas lists the values of anthropic-beta. The list is open, but each must
// have the form of a name.
func readBetas(h http.Header) ([]string, error) {
	var list []string
	for _, line := range h.Values("Anthropic-Beta") {
		for _, b := range strings.Split(line, ",") {
			b = strings.TrimSpace(b)
			if b == "" {
				continue
			}
			if !betaForm(b) {
				return nil, chaperone.NewError(chaperone.KindInvalid, "beta_malformed",
					"The header anthropic-beta holds a value that is not the name of a feature",
					"Send names of features as the API documents them, each with its date, separated by commas", nil)
			}
			list = append(list, b)
		}
	}
	return list, nil
}

// readSession finds what the client calls its session. Our own header is meant:
// if it is not of its form, the request is refused rather than put elsewhere.
func readSession(h http.Header) (string, error) {
	if v := h.Get("X-Chaperone-Session"); v != "" {
		if !within(v, 128, "._:-") {
			return "", chaperone.NewError(chaperone.KindInvalid, "session_malformed",
				"The header X-Chaperone-Session has 1 to 128 characters out of letters, digits and . _ : -",
				"Send a random session id", nil)
		}
		return v, nil
	}
	if v := h.Get("X-Claude-Code-Session-Id"); within(v, 128, "._:-") {
		return v, nil
	}
	return "", nil
}

// readAgent keeps what is printable of the client's name for itself.
func readAgent(h http.Header) string {
	v := h.Get("User-Agent")
	if len(v) > 256 {
		v = v[:256]
	}
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return -1
		}
		return r
	}, v)
}

// forwardedQuery keeps beta=true.
func forwardedQuery(q url.Values) url.Values {
	if q.Get("beta") == "true" {
		return url.Values{"beta": {"true"}}
	}
	return nil
}
