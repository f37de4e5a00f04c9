package console

import (
	"log/slog"
	"net/http"

	"chaperone"
	"chaperone/internal/telemetry"
)

// faultPage says what is wrong and what to do next.
type faultPage struct {
	frame
	Public, Next, Code string
}

func (*faultPage) name() string { return "fault" }

// faultOf is the page of an error: its public words and nothing else of it.
func faultOf(err error) *faultPage {
	e := chaperone.AsError(err)
	title := "This did not work"
	switch e.Kind {
	case chaperone.KindForbidden:
		title = "You may not do this"
	case chaperone.KindNotFound:
		title = "Not found"
	}
	return &faultPage{frame: frame{Title: title, status: statusOf(e.Kind)}, Public: e.Public, Next: e.Next, Code: e.Code}
}

// fail answers with the page of an error, without a session.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	c.report(r, err)
	c.write(&visit{Console: c, w: w, r: r}, faultOf(err))
}

// report tells the operator about a fault that is ours to mend.
func (c *Console) report(r *http.Request, err error) {
	e := chaperone.AsError(err)
	if e.Kind != chaperone.KindInternal && e.Kind != chaperone.KindUnavailable {
		return
	}
	c.parts.Logger.LogAttrs(r.Context(), slog.LevelError, "a page of the console could not be shown",
		slog.String("code", e.Code), telemetry.Cause(err))
}

func statusOf(k chaperone.Kind) int {
	switch k {
	case chaperone.KindInvalid:
		return http.StatusBadRequest
	case chaperone.KindUnauthenticated:
		return http.StatusUnauthorized
	case chaperone.KindForbidden:
		return http.StatusForbidden
	case chaperone.KindNotFound:
		return http.StatusNotFound
	case chaperone.KindConflict:
		return http.StatusConflict
	case chaperone.KindRateLimited:
		return http.StatusTooManyRequests
	case chaperone.KindUnavailable:
		return http.StatusServiceUnavailable
	case chaperone.KindTimeout:
		return http.StatusGatewayTimeout
	default:
		return http.StatusInternalServerError
	}
}
