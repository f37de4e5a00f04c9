package claude_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

func fixedKey() (string, error) { return "sk-test-1", nil }

func newDoor(t *testing.T, cfg claude.DoorConfig) *claude.HTTPDoor {
	t.Helper()
	if cfg.Key == nil {
		cfg.Key = fixedKey
	}
	d, err := claude.NewAnthropic(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func loopback(srv *claudetest.Server) claude.DoorConfig {
	return claude.DoorConfig{BaseURL: srv.URL, InsecureAllowHTTP: true}
}

func call(body string) claude.Call {
	return claude.Call{Method: http.MethodPost, Path: "/v1/messages", Header: http.Header{}, Body: []byte(body)}
}

// wantError checks kind and code, and that the public words hold nothing of
// the address, the key or the cause.
func wantError(t *testing.T, err error, kind chaperone.Kind, code string) {
	t.Helper()
	var e *chaperone.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not a *chaperone.Error", err)
	}
	if e.Kind != kind || e.Code != code {
		t.Errorf("kind %d code %q (cause %v), want %d %q", e.Kind, e.Code, errors.Unwrap(e), kind, code)
	}
	for _, secret := range []string{"127.0.0.1", "sk-test", "http://", "tls:", "dial"} {
		if strings.Contains(e.Error(), secret) {
			t.Errorf("the public words hold %q: %s", secret, e.Error())
		}
	}
}

func read(t *testing.T, r *claude.Reply) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheDoorSendsTheCallAsItIsAndAddsTheKey(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{"type":"message"}`))
	c := call(`{"model" : "x"}`)
	c.Query = url.Values{"beta": {"true"}}
	c.Header = http.Header{
		"Anthropic-Version": {"2026-10-21"}, "Anthropic-Beta": {"a,b"}, "User-Agent": {"sdk/1"},
		"Authorization": {"Bearer client"}, "X-Api-Key": {"client"}, "Cookie": {"a=b"}, "X-Chaperone-Session": {"s"},
		"X-Forwarded-For": {"10.0.0.1"}, "Connection": {"close"}, "Content-Encoding": {"gzip"}, "Accept-Encoding": {"gzip"},
		"Idempotency-Key": {"k"},
	}
	reply, err := newDoor(t, loopback(srv)).Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); got != `{"type":"message"}` || reply.Status != 200 || reply.Door != "anthropic" || reply.Simulated || reply.Stream {
		t.Errorf("got %q %+v", got, reply)
	}
	got := srv.Last(t)
	if got.Method != http.MethodPost || got.Target != "/v1/messages?beta=true" || string(got.Body) != `{"model" : "x"}` {
		t.Errorf("got %s %s %q", got.Method, got.Target, got.Body)
	}
	want := http.Header{
		"X-Api-Key": {"sk-test-1"}, "Anthropic-Version": {"2026-10-21"}, "Anthropic-Beta": {"a,b"},
		"User-Agent": {"sdk/1"}, "Accept-Encoding": {"identity"}, "Content-Length": {"15"},
	}
	for name := range want {
		if got.Header.Get(name) != want.Get(name) {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want.Get(name))
		}
	}
	for name := range got.Header {
		if _, ok := want[name]; !ok {
			t.Errorf("the header %s left as well", name)
		}
	}
	if _, ok := c.Header["Authorization"]; !ok {
		t.Error("the door changed the caller's header")
	}
}

func TestARotatedKeyFileIsUsedAtOnce(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	path := filepath.Join(t.TempDir(), "key")
	write := func(key string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(key), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	source, err := claude.ParseKeySource("file:" + path)
	if err != nil {
		t.Fatal(err)
	}
	cfg := loopback(srv)
	cfg.Key = source
	door := newDoor(t, cfg)
	for _, key := range []string{"sk-one", "sk-two"} {
		write(key+"\n", 0o600)
		reply, err := door.Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
		if got := srv.Last(t).Header.Get("X-Api-Key"); got != key {
			t.Errorf("sent %q, want %q", got, key)
		}
	}
	sent := len(srv.Wire())
	for name, spoil := range map[string]func(){
		"open to everybody":                 func() { write("sk-three", 0o644) },
		"empty":                             func() { write("\n", 0o600) },
		"with a line inside that is no key": func() { write("sk three\n", 0o600) },
		"too long":                          func() { write(strings.Repeat("k", 5000), 0o600) },
		"gone":                              func() { _ = os.Remove(path) },
	} {
		t.Run(name, func(t *testing.T) {
			spoil()
			_, err := door.Send(t.Context(), call(`{}`))
			wantError(t, err, chaperone.KindUnavailable, "door_key")
			if len(srv.Wire()) != sent {
				t.Error("bytes left without a key")
			}
		})
	}
}

func TestKeyReferencesSayWhereAKeyIsAndNeverHoldOne(t *testing.T) {
	t.Setenv("CHAPERONE_TEST_KEY", "sk-env")
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if err := os.WriteFile(filepath.Join(dir, "anthropic"), []byte("sk-cred\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{"env:CHAPERONE_TEST_KEY": "sk-env", "credential:anthropic": "sk-cred"} {
		source, err := claude.ParseKeySource(ref)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := source(); err != nil || got != want {
			t.Errorf("%s: %q, %v", ref, got, err)
		}
	}
	for _, ref := range []string{"", "sk-ant-secret", "file:relative", "env:", "env:A B", "credential:../x", "vault:x", "https://x"} {
		_, err := claude.ParseKeySource(ref)
		if err == nil {
			t.Errorf("%q was accepted", ref)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the reference: %v", err)
		}
	}
}

func TestAddressesThatAreNotTheVendorsAreRefusedWhenConnecting(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	port := srv.URL[strings.LastIndex(srv.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "169.254.169.254", "[fe80::1]", "10.0.0.1"} {
		t.Run(host, func(t *testing.T) {
			_, err := newDoor(t, claude.DoorConfig{BaseURL: "https://" + host + port}).Send(t.Context(), call(`{}`))
			wantError(t, err, chaperone.KindUnavailable, "door_address")
		})
	}
	srv.ZeroBytes(t)
	if n := srv.Connections(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestBaseURLsThatWouldWeakenTheDoorAreRefused(t *testing.T) {
	for _, c := range []claude.DoorConfig{
		{BaseURL: "http://api.example.com"},
		{BaseURL: "http://api.example.com", InsecureAllowHTTP: true},
		{BaseURL: "http://127.0.0.1"},
		{BaseURL: "ftp://api.example.com"},
		{BaseURL: "https://user:pass@api.example.com"},
		{BaseURL: "https://api.example.com?x=y"},
		{BaseURL: "api.example.com"},
		{TLSFloor: tls.VersionTLS11},
	} {
		c.Key = fixedKey
		if _, err := claude.NewAnthropic(c); err == nil {
			t.Errorf("%+v was accepted", c.BaseURL)
		}
	}
	if _, err := claude.NewAnthropic(claude.DoorConfig{}); err == nil {
		t.Error("a door without a key was accepted")
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	other := claudetest.New(t, claudetest.JSON(200, `{}`))
	for _, status := range []int{301, 307, 308} {
		srv := claudetest.New(t, claudetest.Script{claudetest.Head(status, "location", other.URL+"/v1/messages")})
		_, err := newDoor(t, loopback(srv)).Send(t.Context(), call(`{}`))
		wantError(t, err, chaperone.KindUpstream, "door_redirect")
	}
	other.ZeroBytes(t)
}

func TestAnswersThatAreErrorsPassWithTheirRetryAfter(t *testing.T) {
	for _, status := range []int{400, 429, 500, 529} {
		const body = `{"type":"error","error":{"type":"x","message":"y"}}`
		srv := claudetest.New(t, claudetest.Script{
			claudetest.Head(status, "content-type", "application/json", "retry-after", "7"), claudetest.Send(body),
		})
		reply, err := newDoor(t, loopback(srv)).Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, reply); reply.Status != status || reply.Header.Get("Retry-After") != "7" || got != body {
			t.Errorf("got %d %v %q", reply.Status, reply.Header, got)
		}
		if n := len(srv.Requests()); n != 1 {
			t.Errorf("status %d was sent %d times", status, n)
		}
	}
}

func TestFaultsOfTheVendorHaveKindsAndPlainWords(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		_ = l.Close()
		_, err = newDoor(t, claude.DoorConfig{BaseURL: "http://" + addr, InsecureAllowHTTP: true}).Send(t.Context(), call(`{}`))
		wantError(t, err, chaperone.KindUnavailable, "door_unreachable")
	})
	scripts := map[string]struct {
		script claudetest.Script
		kind   chaperone.Kind
		code   string
	}{
		"hangs before the answer":    {claudetest.Script{claudetest.Hang()}, chaperone.KindTimeout, "door_timeout"},
		"hangs up before the answer": {claudetest.Script{claudetest.Abort()}, chaperone.KindUpstream, "door_broken"},
		"does not speak HTTP":        {claudetest.Script{claudetest.Raw("SSH-2.0-x\r\n")}, chaperone.KindUpstream, "door_broken"},
		"refuses the house's key":    {claudetest.JSON(401, `{}`), chaperone.KindUpstream, "door_credential"},
		"compresses without being asked": {
			claudetest.Script{claudetest.Head(200, "content-encoding", "gzip"), claudetest.Send("x")},
			chaperone.KindUpstream, "door_encoding",
		},
	}
	for name, c := range scripts {
		t.Run(name, func(t *testing.T) {
			srv := claudetest.New(t, c.script)
			cfg := loopback(srv)
			cfg.Wait.FirstByte = 100 * time.Millisecond
			if c.code != "door_timeout" {
				cfg.Wait.FirstByte = 0
			}
			_, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
			wantError(t, err, c.kind, c.code)
			if n := len(srv.Requests()); n != 1 {
				t.Errorf("the call was sent %d times", n)
			}
		})
	}
}

func TestAnAnswerThatBreaksOffIsAnError(t *testing.T) {
	piece := claudetest.Event("ping", `{"type":"ping"}`)
	t.Run("falls silent", func(t *testing.T) {
		srv := claudetest.New(t, append(claudetest.Stream(piece), claudetest.Hang()))
		cfg := loopback(srv)
		cfg.Wait.Idle = 100 * time.Millisecond
		reply, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		got, err := io.ReadAll(reply.Body)
		if string(got) != piece || !reply.Stream {
			t.Errorf("got %q", got)
		}
		wantError(t, err, chaperone.KindTimeout, "door_silent")
	})
	t.Run("hangs up", func(t *testing.T) {
		srv := claudetest.New(t, append(claudetest.Stream(piece), claudetest.Abort()))
		reply, err := newDoor(t, loopback(srv)).Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		got, err := io.ReadAll(reply.Body)
		if string(got) != piece {
			t.Errorf("got %q", got)
		}
		wantError(t, err, chaperone.KindUpstream, "door_cut")
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the cause is %v", errors.Unwrap(err))
		}
	})
}

func TestASlowReaderIsNotASilentVendor(t *testing.T) {
	gate := make(chan struct{})
	srv := claudetest.New(t, append(claudetest.Stream("one"), claudetest.Wait(gate), claudetest.Send("two")))
	cfg := loopback(srv)
	cfg.Wait.Idle = time.Hour
	cfg.Wait.FirstByte = time.Hour
	reply, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 3)
	if _, err := io.ReadFull(reply.Body, first); err != nil || string(first) != "one" {
		t.Fatalf("%q %v", first, err)
	}
	close(gate)
	if got := read(t, reply); got != "two" {
		t.Errorf("got %q", got)
	}
}

func TestACallThatWasGivenUpSaysSo(t *testing.T) {
	srv := claudetest.New(t, claudetest.Script{claudetest.Hang()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	door := newDoor(t, loopback(srv))
	go func() {
		_, err := door.Send(ctx, call(`{}`))
		done <- err
	}()
	cancel()
	err := <-done
	wantError(t, err, chaperone.KindTimeout, "cancelled")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is %v", errors.Unwrap(err))
	}
}

func TestOnlyCallsWhoseTextIsConcealedPassADoor(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	inside := claude.NewHandlerDoor("simulator", http.NotFoundHandler(), true)
	for _, c := range []claude.Call{
		{Method: "POST", Path: "/v1/files"}, // without a file
		{Method: "GET", Path: "/v1/files/../organizations"},
		{Method: "GET", Path: "/v1/files/file_1/content/more"},
		{Method: "GET", Path: "/v1/files/msgbatch_1"},
		{Method: "DELETE", Path: "/v1/files"},
		{Method: "GET", Path: "/v1/filesystem"},
		{Method: "PUT", Path: "/v1/messages/batches", Body: []byte("{}")},
		{Method: "GET", Path: "/v1/messages/batches/file_1/results"},
		{Method: "POST", Path: "/v1/messages/batches/msgbatch_1/results"},
		{Method: "POST", Path: "/v1/messages/batches/msgbatch_1/cancel", Body: []byte("{}")},
		{Method: "GET", Path: "/v1/messages"},
		{Method: "GET", Path: "/v1/models/../files"},
		{Method: "GET", Path: "/v1/models/a/b"},
		{Method: "GET", Path: "/v1/models/.."},
		{Method: "GET", Path: "/v1/models/%2e"},
		{Method: "DELETE", Path: "/v1/models/x"},
		{Method: "GET", Path: "/v1/models", Body: []byte("x")},
		{Method: "GET", Path: "/v1/organizations"},
		{},
	} {
		for _, door := range []claude.Door{newDoor(t, loopback(srv)), inside} {
			_, err := door.Send(t.Context(), c)
			wantError(t, err, chaperone.KindInternal, "door_call")
		}
	}
	srv.ZeroBytes(t)
}

// tlsServer listens with a certificate that roots trusts.
func tlsServer(t *testing.T, newest uint16) (string, *x509.CertPool) {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	srv.TLS = &tls.Config{MaxVersion: newest, MinVersion: tls.VersionTLS12}
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = nil
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	return srv.URL, roots
}

func TestTLSIsThirteenUnlessTwelveIsAskedFor(t *testing.T) {
	oldURL, oldRoots := tlsServer(t, tls.VersionTLS12)
	newURL, newRoots := tlsServer(t, tls.VersionTLS13)
	cfg := claude.DoorConfig{BaseURL: oldURL, Roots: oldRoots, AllowPrivate: true}
	_, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
	wantError(t, err, chaperone.KindUnavailable, "door_tls")

	cfg.TLSFloor = tls.VersionTLS12
	reply, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	read(t, reply)

	cfg = claude.DoorConfig{BaseURL: newURL, Roots: newRoots, AllowPrivate: true}
	reply, err = newDoor(t, cfg).Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); got != "HTTP/2.0" {
		t.Errorf("spoke %s", got)
	}

	cfg.Roots = oldRoots
	cfg.Roots = x509.NewCertPool()
	_, err = newDoor(t, cfg).Send(t.Context(), call(`{}`))
	wantError(t, err, chaperone.KindUnavailable, "door_certificate")
}

func TestProxyVariablesOfTheEnvironmentAreNotObeyed(t *testing.T) {
	proxy := claudetest.New(t, claudetest.JSON(200, `{}`))
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	reply, err := newDoor(t, loopback(srv)).Send(t.Context(), call(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	read(t, reply)
	proxy.ZeroBytes(t)
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	door := newDoor(t, loopback(srv))
	for range 5 {
		reply, err := door.Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections for 5 calls", n)
	}
}
