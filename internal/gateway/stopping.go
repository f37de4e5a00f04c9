package gateway

import (
	"context"
	"errors"

	"chaperone"
	"chaperone/internal/claude"
)

// Stopping is the cause with which the contexts of exchanges under way end when the
// house stops and can wait no longer. Their clients are still there: they are told,
// and the record says that the house ended the exchange.
func Stopping() error {
	return chaperone.NewError(chaperone.KindUnavailable, "stopping",
		"Chaperone is stopping and ended this request before its answer was whole", "Try again in a moment", nil)
}

// whyEnded is err, unless the house itself ended the exchange: then the end of the
// context does not mean that the client is gone.
func whyEnded(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if isStopping(cause) && (errors.Is(err, claude.ErrClientGone) || errors.Is(err, context.Canceled)) {
		return cause
	}
	return err
}

func isStopping(err error) bool {
	e, ok := errors.AsType[*chaperone.Error](err)
	return ok && e.Code == "stopping"
}
