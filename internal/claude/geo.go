package claude

import (
	"bytes"

	"chaperone"
)

// Geo is the inference_geo that the request states: empty if it states none, "?"
// if what stands there is not of its form.
func (a *Ask) Geo() string {
	v, ok := a.doc.get(0, "inference_geo")
	if !ok {
		return ""
	}
	if geo := a.doc.text(v); a.doc.is(v, text) && typeForm(geo) {
		return geo
	}
	return "?"
}

// PinGeo returns a copy of the body of a request with an inference_geo put first. The
// body must be that of an Ask whose Geo is empty: no other byte of it changes.
func PinGeo(body []byte, geo string) []byte {
	at := bytes.IndexByte(body, '{') + 1 // a request is an object and not an empty one
	out := make([]byte, 0, len(body)+len(geo)+20)
	out = append(out, body[:at]...)
	out = append(out, `"inference_geo":`...)
	out = append(appendQuoted(out, geo), ',')
	return append(out, body[at:]...)
}

// echo holds where the upstream says that it ran against where it had to.
func (c *copier) echo() *chaperone.Error {
	if c.opt.Geo == "" || c.d.Geo == c.opt.Geo {
		return nil
	}
	// A client that tried again would send the text to that place once more.
	c.w.Header().Set("X-Should-Retry", "false")
	return chaperone.NewError(chaperone.KindUpstream, "residency_echo",
		"The answer does not say that it was made in the country that your organisation allows, so it is withheld",
		"Tell your privacy officer: the request has left, and the record holds it", nil)
}
