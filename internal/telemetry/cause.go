package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"syscall"
)

// Cause describes an inner error for the operator without its text, which could
// quote a request: the types of its chain and, where the system or a limit
// spoke, which one.
func Cause(err error) slog.Attr {
	return slog.Any("cause", cause{err})
}

type cause struct{ err error }

const maxChain = 8

// LogValue yields the types of the chain and the system's word.
func (c cause) LogValue() slog.Value {
	var chain []string
	for e := c.err; e != nil && len(chain) < maxChain; e = errors.Unwrap(e) {
		chain = append(chain, reflect.TypeOf(e).String())
	}
	attrs := []slog.Attr{slog.String("types", strings.Join(chain, " > "))}
	if s := system(c.err); s != "" {
		attrs = append(attrs, slog.String("system", s))
	}
	return slog.GroupValue(attrs...)
}

// system is the system's own word for an error, from a closed list of texts.
func system(err error) string {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "deadline exceeded"
	case errors.Is(err, os.ErrNotExist):
		return "does not exist"
	case errors.Is(err, os.ErrPermission):
		return "permission denied"
	default:
		return ""
	}
}
