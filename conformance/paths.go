package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

func pathCases() []scenario {
	return []scenario{
		{"paths", "tokens are counted", func(t *trial) error {
			s, g, err := t.sent(ask{path: "/v1/messages/count_tokens", body: t.conversation(userTurn)})
			if err != nil {
				return err
			}
			if !strings.Contains(s.Path, "/count_tokens") {
				return fmt.Errorf("the upstream was asked %s", s.Path)
			}
			return holds("the answer", compact(g.body), `"input_tokens":2095`)
		}},
		{"paths", "models are listed", func(t *trial) error {
			g, err := t.send(ask{method: http.MethodGet, path: "/v1/models?limit=1000"})
			if err != nil {
				return err
			}
			if g.status != http.StatusOK {
				return fmt.Errorf("status %d: %s", g.status, clip(g.body))
			}
			if err := holds("the list", compact(g.body), `"has_more"`); err != nil {
				return err
			}
			return holds("the list", compact(g.body), `"type":"model"`)
		}},
		{"paths", "one model is described", func(t *trial) error {
			g, err := t.send(ask{method: http.MethodGet, path: "/v1/models/" + t.target.Model})
			if err != nil {
				return err
			}
			if g.status != http.StatusOK {
				return fmt.Errorf("status %d: %s", g.status, clip(g.body))
			}
			return holds("the description", compact(g.body), `"id":"`+t.target.Model+`"`)
		}},
		probes("/"), probes("/api/hello"),
		served("batches", ask{path: "/v1/messages/batches", body: []byte(`{"requests":[]}`)}),
		served("files", ask{method: http.MethodGet, path: "/v1/files"}),
	}
}

// probes: clients look whether anyone is there. Any answer without a body will
// do, but for one that says the gateway is broken.
func probes(path string) scenario {
	return scenario{"paths", "HEAD " + path + " is answered", func(t *trial) error {
		g, err := t.send(ask{method: http.MethodHead, path: path})
		if err == nil && (g.status >= 300 || len(g.body) > 0) {
			err = fmt.Errorf("status %d with %d bytes", g.status, len(g.body))
		}
		return err
	}}
}

// served: a surface is either served or refused in the API's words.
func served(name string, a ask) scenario {
	return scenario{"paths", name + " are served, or refused in the envelope", func(t *trial) error {
		t.up.answer(always(http.StatusOK, `{"data":[],"has_more":false,"id":"msgbatch_01Conform","type":"message_batch"}`))
		g, err := t.send(a)
		switch {
		case err != nil:
			return err
		case g.status < 300:
			return nil
		}
		return g.envelope("")
	}}
}

// methodCase wants the envelope where a path is asked with the wrong method.
func methodCase(method, path string, statuses ...int) scenario {
	return scenario{"errors", method + " " + path + " is refused in the envelope", func(t *trial) error {
		return t.refused(ask{method: method, path: path}, statuses...)
	}}
}

// errorCases are faults of the client.
func errorCases() []scenario {
	bodies := func(name string, statuses []int, body func(*trial) []byte) scenario {
		return scenario{"errors", name, func(t *trial) error { return t.refused(ask{body: body(t)}, statuses...) }}
	}
	return []scenario{
		methodCase(http.MethodGet, "/v1/nothing-here", 403, 404),
		methodCase(http.MethodGet, "/", 403, 404, 405),
		methodCase(http.MethodGet, "/v1/messages", 404, 405),
		methodCase(http.MethodDelete, "/v1/messages", 404, 405),
		methodCase(http.MethodPut, "/v1/messages/count_tokens", 404, 405),
		bodies("JSON that breaks off is refused in the envelope", []int{400}, func(t *trial) []byte {
			return bytes.TrimSuffix(t.message(anyQuestion), []byte("]}"))
		}),
		bodies("two JSON values are refused in the envelope", []int{400}, func(t *trial) []byte {
			return append(t.message(anyQuestion), t.message(anyQuestion)...)
		}),
		bodies("a body that is no object is refused in the envelope", []int{400}, func(*trial) []byte { return []byte(`["a"]`) }),
		bodies("an empty body is refused in the envelope", []int{400}, func(*trial) []byte { return nil }),
		bodies("text that is not UTF-8 is refused in the envelope", []int{400}, func(t *trial) []byte {
			return bytes.Replace(t.message(anyQuestion), []byte("normal"), []byte("n\xffrmal"), 1)
		}),
		bodies("a hundred thousand open brackets are refused in the envelope", []int{400}, func(t *trial) []byte {
			return t.conversation(userTurn, `"x_deep":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))
		}),
		{"errors", "a small body that unfolds to 256 MiB is refused", func(t *trial) error {
			bomb, err := bomb(256 << 20)
			if err != nil {
				return err
			}
			return t.refused(ask{body: bomb, header: coded("gzip")}, 400, 413)
		}},
		bodies("a body of 40 MiB is refused with 413", []int{413}, func(t *trial) []byte {
			return t.message(strings.Repeat("well ", 8<<20))
		}),
	}
}
