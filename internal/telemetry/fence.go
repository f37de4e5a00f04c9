// Package telemetry writes logs and metrics behind the fence that keeps
// patients out of them: numbers, times and words of closed lists pass, free text
// does not. It owns the fence, the metrics and their label values. It never
// sees content, and there is no level or setting that opens the fence.
package telemetry

import (
	"context"
	"encoding"
	"io"
	"log" //nolint:depguard // http.Server takes no other kind of logger; see Foreign
	"log/slog"
	"reflect"
	"regexp"
	"strings"
)

// refusedValue stands where a value was refused.
const refusedValue = "[refused]"

// Module is the import path whose types may speak for themselves in a log.
const module = "chaperone"

// maxMessage bounds a message, in bytes. Messages are constants of ours; a long
// one was put together from something.
const maxMessage = 120

// NewLogger returns a logger that writes JSON lines to w. It passes booleans,
// numbers, durations, times, types of ours that know how they may be logged
// (LogValue), words of our closed string types, and plain strings under a few
// keys whose values come from the operator and never from a request. Anything
// else becomes "[refused]", and onRefused (which may be nil) is called.
func NewLogger(w io.Writer, level slog.Leveler, onRefused func()) *slog.Logger {
	if onRefused == nil {
		onRefused = func() {}
	}
	return slog.New(&fence{inner: slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), onRefused: onRefused})
}

// fence is the slog.Handler that judges every attribute.
type fence struct {
	inner     slog.Handler
	onRefused func()
}

// Enabled reports whether records of the level are written.
func (f *fence) Enabled(ctx context.Context, l slog.Level) bool { return f.inner.Enabled(ctx, l) }

// Handle writes the record with every attribute judged.
func (f *fence) Handle(ctx context.Context, r slog.Record) error {
	message := r.Message
	if len(message) > maxMessage || strings.ContainsAny(message, "\r\n") {
		message = refusedValue
		f.onRefused()
	}
	clean := slog.NewRecord(r.Time, r.Level, message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(f.judge(a))
		return true
	})
	return f.inner.Handle(ctx, clean)
}

// WithAttrs returns a handler that adds the attributes, judged.
func (f *fence) WithAttrs(attrs []slog.Attr) slog.Handler {
	judged := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		judged[i] = f.judge(a)
	}
	return &fence{f.inner.WithAttrs(judged), f.onRefused}
}

// WithGroup returns a handler that groups what follows.
func (f *fence) WithGroup(name string) slog.Handler {
	return &fence{f.inner.WithGroup(f.key(name)), f.onRefused}
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,39}$`)

func (f *fence) key(k string) string {
	if k == "" || keyForm.MatchString(k) {
		return k
	}
	f.onRefused()
	return "refused"
}

func (f *fence) judge(a slog.Attr) slog.Attr {
	return slog.Attr{Key: f.key(a.Key), Value: f.value(a.Key, a.Value)}
}

func (f *fence) value(key string, v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindDuration, slog.KindTime:
		return v
	case slog.KindString:
		if fromOperator(key) && plainForm.MatchString(v.String()) {
			return v
		}
	case slog.KindGroup:
		var judged []slog.Attr
		for _, a := range v.Group() {
			judged = append(judged, f.judge(a))
		}
		return slog.GroupValue(judged...)
	case slog.KindLogValuer:
		if lv := v.LogValuer(); ours(reflect.TypeOf(lv)) {
			return f.spoken(v.Resolve())
		}
	case slog.KindAny:
		if word, ok := closedWord(v.Any()); ok {
			return slog.StringValue(word)
		}
	}
	f.onRefused()
	return slog.StringValue(refusedValue)
}

// spoken passes what one of our own types said of itself: its strings are
// labels and public words, bounded like a message.
func (f *fence) spoken(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		if len(v.String()) <= 2*maxMessage {
			return v
		}
	case slog.KindGroup:
		var judged []slog.Attr
		for _, a := range v.Group() {
			judged = append(judged, slog.Attr{Key: f.key(a.Key), Value: f.spoken(a.Value.Resolve())})
		}
		return slog.GroupValue(judged...)
	default:
		return f.value("", v)
	}
	f.onRefused()
	return slog.StringValue(refusedValue)
}

var plainForm = regexp.MustCompile(`^[A-Za-z0-9./][A-Za-z0-9._:/@+\\-]{0,199}$`)

// fromOperator lists the keys under which a plain string may stand: what the
// operator configured or the build fixed. No value of a request may be logged
// under them.
func fromOperator(key string) bool {
	switch key {
	case "listen", "url", "data", "config", "door", "policy", "policy_version", "rules_version", "version", "commit", "component", "tenant", "export", "go":
		return true
	default:
		return false
	}
}

// closedWord returns the word of a value whose type is a string type or a
// TextMarshaler of ours, as the closed lists are.
func closedWord(v any) (string, bool) {
	t := reflect.TypeOf(v)
	if t == nil || !ours(t) {
		return "", false
	}
	word := ""
	switch m, isText := v.(encoding.TextMarshaler); {
	case isText:
		b, err := m.MarshalText()
		if err != nil {
			return "", false
		}
		word = string(b)
	case t.Kind() == reflect.String:
		word = reflect.ValueOf(v).String()
	case t.Kind() == reflect.Uint8 || t.Kind() == reflect.Int:
		s, ok := v.(interface{ String() string })
		if !ok {
			return "", false
		}
		word = s.String()
	default:
		return "", false
	}
	return word, word == "" || wordForm.MatchString(word)
}

var wordForm = regexp.MustCompile(`^[A-Za-z0-9[][A-Za-z0-9._:\]-]{0,63}$`)

// ours reports whether a type belongs to this module.
func ours(t reflect.Type) bool {
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t != nil && (t.PkgPath() == module || strings.HasPrefix(t.PkgPath(), module+"/"))
}

// Foreign returns a logger for libraries that write free text, such as
// http.Server. Their text can quote a request, so only the constant message and
// the text's length are logged.
func Foreign(to *slog.Logger, message string) *log.Logger {
	return log.New(foreign{to, message}, "", 0)
}

type foreign struct {
	to      *slog.Logger
	message string // a constant of whoever called Foreign
}

// Write logs that something was written, and how much.
func (f foreign) Write(p []byte) (int, error) {
	f.to.LogAttrs(context.Background(), slog.LevelWarn, f.message, slog.Int("bytes", len(p))) //nolint:sloglint // the caller of Foreign gave a constant
	return len(p), nil
}
