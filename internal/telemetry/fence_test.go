package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/telemetry"
	"chaperone/phi"
)

// canary is what no line may hold.
const canary = "Jane-Synthetic"

// sneaky knows how to be logged. Wrapped in a type without a package it stands
// for a type of somebody else's.
type sneaky struct{}

func (sneaky) LogValue() slog.Value { return slog.StringValue(canary) }

type record struct{ Patient string }

func line(t *testing.T, write func(l *slog.Logger)) (map[string]any, string, int) {
	t.Helper()
	var out bytes.Buffer
	refused := 0
	write(telemetry.NewLogger(&out, slog.LevelDebug, func() { refused++ }))
	got := map[string]any{}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("not one JSON line: %v: %s", err, out.String())
	}
	return got, out.String(), refused
}

func TestWhatCouldHoldAPatientIsRefused(t *testing.T) {
	ctx := context.Background()
	for name, attr := range map[string]slog.Attr{
		"a string": slog.String("name", canary),
		"a string under a trusted key, with spaces":          slog.String("door", canary+" of Springfield"),
		"a string under a trusted key in a group's disguise": slog.Group("x", slog.String("door", canary+"\nsecond line")),
		"an error":                         slog.Any("err", errors.New(canary)),
		"a wrapped error":                  slog.Any("err", fmt.Errorf("vault: seal: %w", errors.New(canary))),
		"a struct":                         slog.Any("r", record{canary}),
		"a pointer":                        slog.Any("r", &record{canary}),
		"a map":                            slog.Any("m", map[string]string{"name": canary}),
		"a slice":                          slog.Any("s", []string{canary}),
		"bytes":                            slog.Any("b", []byte(canary)),
		"a Stringer":                       slog.Any("a", netip.MustParseAddr("192.0.2.7")),
		"raw JSON":                         slog.Any("j", json.RawMessage(`"`+canary+`"`)),
		"a LogValuer that is not ours":     slog.Any("v", struct{ slog.LogValuer }{sneaky{}}),
		"a group":                          slog.Group("g", slog.Int("n", 1), slog.Group("h", slog.String("name", canary))),
		"a key":                            slog.Int(canary, 1),
		"one of our string types, misused": slog.Any("p", chaperone.Purpose(canary+" is treated")),
		"nil":                              slog.Any("nil", nil),
	} {
		t.Run(name, func(t *testing.T) {
			for how, write := range map[string]func(l *slog.Logger){
				"in the call":     func(l *slog.Logger) { l.LogAttrs(ctx, slog.LevelInfo, "m", attr) },
				"before the call": func(l *slog.Logger) { slog.New(l.Handler().WithAttrs([]slog.Attr{attr})).InfoContext(ctx, "m") },
				"behind a group":  func(l *slog.Logger) { l.WithGroup("g").LogAttrs(ctx, slog.LevelInfo, "m", attr) },
				"with With":       func(l *slog.Logger) { l.With(attr).DebugContext(ctx, "m") },
				"as loose any":    func(l *slog.Logger) { l.InfoContext(ctx, "m", attr.Key, attr.Value) },
			} {
				_, text, refused := line(t, write)
				if strings.Contains(text, canary) || strings.Contains(text, "192.0.2.7") || refused == 0 {
					t.Errorf("%s: refused %d: %s", how, refused, text)
				}
			}
		})
	}
}

func TestAMessagePutTogetherFromTextIsRefused(t *testing.T) {
	for _, m := range []string{strings.Repeat("x", 121) + canary, "two\nlines " + canary} {
		_, text, refused := line(t, func(l *slog.Logger) { l.InfoContext(context.Background(), m) })
		if strings.Contains(text, canary) || refused != 1 {
			t.Error(text)
		}
	}
	if _, text, _ := line(t, func(l *slog.Logger) { l.WithGroup(canary).InfoContext(context.Background(), "m", "n", 1) }); strings.Contains(text, canary) {
		t.Error(text)
	}
}

func TestWhatIsSafePassesUnchanged(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	got, text, refused := line(t, func(l *slog.Logger) {
		l.LogAttrs(context.Background(), slog.LevelWarn, "an exchange was refused",
			slog.Bool("streamed", true), slog.Int("status", 403), slog.Duration("took", time.Second), slog.Time("at", at), slog.Float64("score", .5),
			slog.Any("role", chaperone.RoleClinician), slog.Any("kind", phi.Name), slog.Any("purpose", chaperone.PurposeNone),
			slog.Any("text", phi.Seal(canary)), slog.String("door", "anthropic"), slog.String("data", "/var/lib/chaperone"), slog.String("listen", "127.0.0.1:8787"),
			slog.Any("error", chaperone.NewError(chaperone.KindForbidden, "no_agreement", "This door has no agreement", "Ask", errors.New(canary))),
			slog.Group("usage", slog.Int("in", 3)))
	})
	if refused != 0 || strings.Contains(text, canary) {
		t.Errorf("refused %d: %s", refused, text)
	}
	for key, want := range map[string]any{
		"msg": "an exchange was refused", "streamed": true, "status": 403.0, "role": "clinician", "kind": "name", "purpose": "",
		"text": "[sealed]", "door": "anthropic", "data": "/var/lib/chaperone", "listen": "127.0.0.1:8787",
	} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
	if e, ok := got["error"].(map[string]any); !ok || e["code"] != "no_agreement" || e["public"] != "This door has no agreement" {
		t.Errorf("error: %v", got["error"])
	}
}

func TestACauseIsDescribedWithoutItsText(t *testing.T) {
	err := fmt.Errorf("record: append: %w", &os.PathError{Op: "write", Path: "/" + canary, Err: syscall.ENOSPC})
	got, text, refused := line(t, func(l *slog.Logger) {
		l.LogAttrs(context.Background(), slog.LevelError, "the record cannot be written", telemetry.Cause(err))
	})
	c, _ := got["cause"].(map[string]any)
	if strings.Contains(text, canary) || refused != 0 || c["types"] != "*fmt.wrapError > *fs.PathError > syscall.Errno" || c["system"] != "no space left on device" {
		t.Error(text)
	}
	for want, err := range map[string]error{"canceled": context.Canceled, "deadline exceeded": context.DeadlineExceeded, "does not exist": os.ErrNotExist, "permission denied": os.ErrPermission} {
		got, _, _ := line(t, func(l *slog.Logger) { l.LogAttrs(context.Background(), slog.LevelError, "m", telemetry.Cause(err)) })
		if c, _ := got["cause"].(map[string]any); c["system"] != want {
			t.Errorf("%v: %v", err, c)
		}
	}
	if _, text, _ := line(t, func(l *slog.Logger) { l.LogAttrs(context.Background(), slog.LevelError, "m", telemetry.Cause(nil)) }); !strings.Contains(text, "cause") {
		t.Error(text)
	}
}

func TestForeignTextIsCountedAndNotRepeated(t *testing.T) {
	got, text, _ := line(t, func(l *slog.Logger) { telemetry.Foreign(l, "http server").Printf("panic serving: %s", canary) })
	if strings.Contains(text, canary) || got["bytes"] == nil || got["msg"] != "http server" {
		t.Error(text)
	}
}

func TestTheLevelHolds(t *testing.T) {
	var out bytes.Buffer
	l := telemetry.NewLogger(&out, slog.LevelWarn, nil)
	l.InfoContext(context.Background(), "m", "x", canary)
	if out.Len() != 0 {
		t.Error(out.String())
	}
	l.WarnContext(context.Background(), "m", "x", canary)
	if out.Len() == 0 || strings.Contains(out.String(), canary) {
		t.Error(out.String())
	}
}

func TestPseudonymsJoinAndDoNotTell(t *testing.T) {
	mac := func(purpose string, parts ...[]byte) []byte {
		return []byte(fmt.Sprintf("%-32.32s", string(bytes.Join(parts, nil))+purpose))
	}
	c := telemetry.NewCorrelation(mac)
	first, again := c("session", "a"), c("session", "a")
	if first != again || first == c("session", "b") || len(first) != 20 {
		t.Errorf("pseudonyms do not join: %q %q", first, again)
	}
	if c("session", "") != "" {
		t.Error("nothing has a pseudonym")
	}
	asked := ""
	telemetry.NewCorrelation(func(purpose string, _ ...[]byte) []byte { asked = purpose; return make([]byte, 32) })("session", "a")
	if asked != "telemetry/session" {
		t.Errorf("the key's purpose is %q", asked)
	}
}
