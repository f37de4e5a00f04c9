package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const anyQuestion = "What is a normal potassium?"

// forwards sends a header and wants it at the upstream.
func forwards(name string, header ...string) scenario {
	return scenario{"headers", name, func(t *trial) error {
		h := http.Header{}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		s, _, err := t.sent(ask{body: t.message(anyQuestion), header: h})
		if err != nil {
			return err
		}
		for name := range h {
			if got := strings.Join(s.Header.Values(name), ","); got != h.Get(name) {
				return fmt.Errorf("%s arrived as %q, want %q", name, got, h.Get(name))
			}
		}
		return nil
	}}
}

func headerCases() []scenario {
	return []scenario{
		forwards("API version 2023-06-01 passes", "Anthropic-Version", "2023-06-01"),
		forwards("API version 2026-10-21 passes", "Anthropic-Version", "2026-10-21"),
		forwards("a beta passes", "Anthropic-Beta", "context-1m-2025-08-07"),
		forwards("a beta that nobody knows yet passes", "Anthropic-Beta", "tomorrow-2027-02-03"),
		forwards("several betas pass in their order", "Anthropic-Beta", "claude-code-20250219,interleaved-thinking-2025-05-14,tomorrow-2027-02-03"),
		forwards("the session of Claude Code passes", "X-Claude-Code-Session-Id", "6f0c3b52-1c0e-4d0e-9a51-1de1b7c0a001"),
		forwards("the SDK's own headers pass", "X-Stainless-Lang", "go", "X-Stainless-Retry-Count", "1"),
		{"headers", "a header that nobody knows does no harm", func(t *trial) error {
			_, _, err := t.sent(ask{body: t.message(anyQuestion), header: http.Header{"X-Tomorrow": {"yes"}}})
			return err
		}},
		{"headers", "the query beta=true passes", func(t *trial) error {
			s, _, err := t.sent(ask{path: "/v1/messages?beta=true", body: t.message(anyQuestion)})
			if err == nil && !strings.HasSuffix(s.Path, "?beta=true") {
				err = fmt.Errorf("the upstream was asked %s", s.Path)
			}
			return err
		}},
		{"headers", "a key in x-api-key is taken", withKey(func(t *trial) error {
			_, _, err := t.sent(ask{body: t.message(anyQuestion)})
			return err
		})},
		{"headers", "a key in Authorization: Bearer is taken", withKey(func(t *trial) error {
			_, _, err := t.sent(ask{body: t.message(anyQuestion), header: http.Header{"X-Api-Key": nil, "Authorization": {"Bearer " + t.target.Key}}})
			return err
		})},
		{"headers", "the same key in both is taken", withKey(func(t *trial) error {
			_, _, err := t.sent(ask{body: t.message(anyQuestion), header: http.Header{"Authorization": {"Bearer " + t.target.Key}}})
			return err
		})},
		{"headers", "two keys that differ are refused with 401", withKey(func(t *trial) error {
			return t.refused(ask{body: t.message(anyQuestion), header: http.Header{"Authorization": {"Bearer somebody-else"}}}, 401)
		})},
		{"headers", "a wrong key is refused with 401", withKey(func(t *trial) error {
			return t.refused(ask{body: t.message(anyQuestion), header: http.Header{"X-Api-Key": {"wrong-key"}}}, 401)
		})},
		{"headers", "no key at all is refused with 401", withKey(func(t *trial) error {
			return t.refused(ask{body: t.message(anyQuestion), header: http.Header{"X-Api-Key": nil}}, 401)
		})},
		{"headers", "the gateway's key does not reach the upstream", withKey(func(t *trial) error {
			s, _, err := t.sent(ask{body: t.message(anyQuestion)})
			if err != nil {
				return err
			}
			for name, values := range s.Header {
				if strings.Contains(strings.Join(values, "\n"), t.target.Key) {
					return fmt.Errorf("it stands in %s", name)
				}
			}
			return nil
		})},
		{"headers", "what names the client and its connection stays behind", func(t *trial) error {
			s, _, err := t.sent(ask{body: t.message(anyQuestion), header: http.Header{
				"Cookie": {"ward=7"}, "Referer": {"http://chart.example.org/patient/90817263"}, "X-Forwarded-For": {"10.1.2.3"},
			}})
			if err != nil {
				return err
			}
			for _, name := range []string{"Cookie", "Referer", "X-Forwarded-For"} {
				if v := s.Header.Get(name); v != "" {
					return fmt.Errorf("%s reached the upstream", name)
				}
			}
			return nil
		}},
	}
}

// withKey skips a case where the target was given no key of its own.
func withKey(play func(*trial) error) func(*trial) error {
	return func(t *trial) error {
		if t.target.Key == "" {
			return skip("no key of the gateway's own was given")
		}
		return play(t)
	}
}

// refused wants an error of the gateway's own in the API's envelope, with one of
// these statuses, and nothing at the upstream.
func (t *trial) refused(a ask, statuses ...int) error {
	g, err := t.send(a)
	if err != nil {
		return err
	}
	if n := len(t.up.all()); n > 0 {
		return fmt.Errorf("it was not refused: the upstream was asked, and the client got %d", g.status)
	}
	if !slices.Contains(statuses, g.status) {
		return fmt.Errorf("status %d, want %v: %s", g.status, statuses, clip(g.body))
	}
	return g.envelope("")
}
