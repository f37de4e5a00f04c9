package claude_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/claude/simulator"
)

func handlerDoor(h http.HandlerFunc) claude.Door { return claude.NewHandlerDoor("simulator", h, true) }

func TestAnEventArrivesBeforeTheHandlerReturns(t *testing.T) {
	gate := make(chan struct{})
	door := handlerDoor(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "one")
		_ = http.NewResponseController(w).Flush()
		<-gate
		_, _ = io.WriteString(w, "two")
	})
	reply, err := door.Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 3)
	if _, err := io.ReadFull(reply.Body, first); err != nil || string(first) != "one" {
		t.Fatalf("%q %v", first, err)
	}
	close(gate)
	if got := read(t, reply); got != "two" || !reply.Stream || !reply.Simulated || reply.Door != "simulator" {
		t.Errorf("got %q %+v", got, reply)
	}
}

func TestTheHandlerSeesTheCallWithoutCredentials(t *testing.T) {
	c := call(`{"a":1}`)
	c.Header.Set("Authorization", "Bearer client")
	c.Header.Set("X-Chaperone-Session", "s")
	c.Header.Set("Anthropic-Version", "2023-06-01")
	door := handlerDoor(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != `{"a":1}` || r.Method != "POST" || r.URL.Path != "/v1/messages" || len(r.Header) != 1 {
			t.Errorf("%v %q %s %s %v", err, body, r.Method, r.URL, r.Header)
		}
		w.WriteHeader(http.StatusTeapot)
	})
	reply, err := door.Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); reply.Status != http.StatusTeapot || got != "" {
		t.Errorf("%d %q", reply.Status, got)
	}
}

func TestAHandlerThatSaysNothingAnswersOK(t *testing.T) {
	reply, err := handlerDoor(func(http.ResponseWriter, *http.Request) {}).Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); reply.Status != http.StatusOK || got != "" {
		t.Errorf("%d %q", reply.Status, got)
	}
}

func TestGivingUpReachesTheHandler(t *testing.T) {
	t.Run("before the answer", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := false
		_, err := handlerDoor(func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
			ended = true
		}).Send(ctx, call(`{}`))
		wantError(t, err, chaperone.KindTimeout, "cancelled")
		if !errors.Is(err, context.Canceled) || !ended {
			t.Errorf("cause %v, the handler ended: %v", errors.Unwrap(err), ended)
		}
	})
	t.Run("in the middle, by the context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		reply, err := handlerDoor(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "one")
			<-r.Context().Done()
		}).Send(ctx, call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		first := make([]byte, 3)
		if _, err := io.ReadFull(reply.Body, first); err != nil {
			t.Fatal(err)
		}
		cancel()
		_, err = reply.Body.Read(first)
		wantError(t, err, chaperone.KindTimeout, "cancelled")
	})
	t.Run("in the middle, by closing the answer", func(t *testing.T) {
		var failed error
		reply, err := handlerDoor(func(w http.ResponseWriter, _ *http.Request) {
			for failed == nil {
				_, failed = io.WriteString(w, "more")
			}
		}).Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := reply.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if failed == nil {
			t.Error("Close did not wait for the handler")
		}
	})
}

func TestAPanicIsAnErrorThatDoesNotSayItsValue(t *testing.T) {
	for name, value := range map[string]any{"of the handler": "NAME Ada Example", "scripted": http.ErrAbortHandler} {
		t.Run(name+" before the answer", func(t *testing.T) {
			_, err := handlerDoor(func(http.ResponseWriter, *http.Request) { panic(value) }).Send(t.Context(), call(`{}`))
			wantError(t, err, chaperone.KindUpstream, "door_broken")
			if cause := errors.Unwrap(err); cause == nil || strings.Contains(cause.Error(), "Ada") {
				t.Errorf("the cause is %v", cause)
			}
		})
		t.Run(name+" in the middle", func(t *testing.T) {
			reply, err := handlerDoor(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "one")
				panic(value)
			}).Send(t.Context(), call(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			got, err := io.ReadAll(reply.Body)
			wantError(t, err, chaperone.KindUpstream, "door_cut")
			if string(got) != "one" || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %q, cause %v", got, errors.Unwrap(err))
			}
		})
	}
}

func TestTheSimulatorAnswersThroughItsDoor(t *testing.T) {
	h, err := simulator.New(simulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	door := claude.NewHandlerDoor("simulator", h, true)
	c := call(`{"model":"claude-opus-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"[[simulate:echo]] NAME-7K2QAX"}]}`)
	c.Header.Set("Anthropic-Version", "2026-10-21")
	reply, err := door.Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	body := read(t, reply)
	if reply.Status != 200 || !reply.Stream || reply.Header.Get(simulator.HeaderSimulated) != "true" || !strings.HasSuffix(body, "\"message_stop\"}\n\n") {
		t.Errorf("%d %v %q", reply.Status, reply.Header, body)
	}
	c.Body = bytes.Replace(c.Body, []byte("simulate:echo"), []byte("simulate:truncate"), 1)
	reply, err = door.Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	_, err = io.ReadAll(reply.Body)
	wantError(t, err, chaperone.KindUpstream, "door_cut")
}
