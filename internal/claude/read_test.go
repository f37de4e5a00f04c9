package claude

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"chaperone"
)

const small = `{"model":"claude-opus-5","messages":[{"role":"user","content":"Marta Example"}]}`

func pack(t *testing.T, coding string, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare deflate":
		w, err = flate.NewWriter(&b, 6)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err = w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(body []byte, codings ...string) *http.Request {
	r := post(body)
	for _, c := range codings {
		r.Header.Add("Content-Encoding", c)
	}
	return r
}

func TestACompressedBodyIsReadLikeAPlainOne(t *testing.T) {
	for name, r := range map[string]*http.Request{
		"gzip":           encoded(pack(t, "gzip", []byte(small)), "gzip"),
		"x-gzip":         encoded(pack(t, "gzip", []byte(small)), "X-GZIP"),
		"br":             encoded(pack(t, "br", []byte(small)), "br"),
		"zstd":           encoded(pack(t, "zstd", []byte(small)), "zstd"),
		"deflate":        encoded(pack(t, "deflate", []byte(small)), "deflate"),
		"bare deflate":   encoded(pack(t, "bare deflate", []byte(small)), "deflate"),
		"two, one line":  encoded(pack(t, "br", pack(t, "gzip", []byte(small))), "gzip, br"),
		"two, two lines": encoded(pack(t, "br", pack(t, "gzip", []byte(small))), "gzip", "br"),
		"identity":       encoded([]byte(small), "identity"),
	} {
		a, err := ReadRequest(r, Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if string(a.Body()) != small || len(seen(a)) != 1 {
			t.Errorf("%s: %s", name, a.Body())
		}
		if a.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: Content-Encoding goes on", name)
		}
	}
}

func TestABodyThatCannotBeReadIsRefusedInPlainWords(t *testing.T) {
	big := `{"messages":[{"role":"user","content":"` + strings.Repeat("a", 33<<20) + `"}]}`
	bomb := []byte(strings.Repeat(" ", 64<<20))
	cut := pack(t, "gzip", []byte(small))
	broken := func(err error) *http.Request {
		r := post(nil)
		r.Body, r.ContentLength = &chopped{data: []byte(small[:20]), err: err}, -1
		return r
	}
	chunked := post([]byte(big))
	chunked.ContentLength = -1
	for name, c := range map[string]struct {
		r    *http.Request
		kind chaperone.Kind
		code string
	}{
		"33 MB":                    {post([]byte(big)), chaperone.KindTooLarge, "request_too_large"},
		"33 MB of no stated size":  {chunked, chaperone.KindTooLarge, "request_too_large"},
		"a gzip bomb":              {encoded(pack(t, "gzip", bomb), "gzip"), chaperone.KindTooLarge, "request_body_too_large_after_decoding"},
		"a brotli bomb":            {encoded(pack(t, "br", bomb), "br"), chaperone.KindTooLarge, "request_body_too_large_after_decoding"},
		"a zstd bomb":              {encoded(pack(t, "zstd", bomb), "zstd"), chaperone.KindTooLarge, "request_body_too_large_after_decoding"},
		"a bomb in a bomb":         {encoded(pack(t, "gzip", pack(t, "gzip", bomb)), "gzip, gzip"), chaperone.KindTooLarge, "request_body_too_large_after_decoding"},
		"an unknown encoding":      {encoded([]byte(small), "compress"), chaperone.KindUnsupported, "request_body_encoding_unsupported"},
		"too many encodings":       {encoded([]byte(small), "gzip,gzip,gzip,gzip"), chaperone.KindUnsupported, "request_body_encoding_unsupported"},
		"not what it says":         {encoded([]byte(small), "gzip"), chaperone.KindInvalid, "request_body_encoding_invalid"},
		"not brotli":               {encoded([]byte(small), "br"), chaperone.KindInvalid, "request_body_encoding_invalid"},
		"not zstd":                 {encoded([]byte(small), "zstd"), chaperone.KindInvalid, "request_body_encoding_invalid"},
		"compressed and cut":       {encoded(cut[:len(cut)-9], "gzip"), chaperone.KindInvalid, "request_body_encoding_invalid"},
		"nothing":                  {post(nil), chaperone.KindInvalid, "request_body_empty"},
		"only space":               {post([]byte(" \n")), chaperone.KindInvalid, "request_body_empty"},
		"a client that breaks off": {broken(io.ErrUnexpectedEOF), chaperone.KindInvalid, "request_body_incomplete"},
		"a client that is slow":    {broken(os.ErrDeadlineExceeded), chaperone.KindTimeout, "request_body_timeout"},
		"a server's own limit":     {broken(&http.MaxBytesError{Limit: 9}), chaperone.KindTooLarge, "request_too_large"},
		"a client that went away":  {broken(context.Canceled), chaperone.KindInvalid, "request_body_incomplete"},
	} {
		a, err := ReadRequest(c.r, Limits{})
		if e := chaperone.AsError(err); a != nil || e.Kind != c.kind || e.Code != c.code || strings.Contains(e.Error(), "Marta") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLimitsCanBeSetButNotRemoved(t *testing.T) {
	if _, err := ReadRequest(post([]byte(small)), Limits{Encoded: 10}); chaperone.AsError(err).Code != "request_too_large" {
		t.Error(err)
	}
	if _, err := ReadRequest(encoded(pack(t, "gzip", []byte(small)), "gzip"), Limits{Decoded: 10}); chaperone.AsError(err).Code != "request_body_too_large_after_decoding" {
		t.Error(err)
	}
	if _, err := ReadRequest(post([]byte(small)), Limits{Depth: 2}); chaperone.AsError(err).Code != codeDepth {
		t.Error(err)
	}
	if got := (Limits{Encoded: 1 << 40, Depth: 1 << 30}).filled(); got.Encoded != mostBytes || got.Depth != mostDepth {
		t.Errorf("%+v", got)
	}
}

func TestTheHeadOfARequestIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		kind   chaperone.Kind
		code   string
	}{
		"another path":        {func(r *http.Request) { r.URL.Path = "/v1/messages/batches" }, chaperone.KindNotFound, "not_found"},
		"another method":      {func(r *http.Request) { r.Method = "GET" }, chaperone.KindMethod, "method_not_allowed"},
		"no version":          {func(r *http.Request) { r.Header.Del("Anthropic-Version") }, chaperone.KindInvalid, "version_missing"},
		"a malformed version": {func(r *http.Request) { r.Header.Set("Anthropic-Version", "Marta") }, chaperone.KindInvalid, "version_unknown"},
		"a version to come":   {func(r *http.Request) { r.Header.Set("Anthropic-Version", "2031-01-01") }, chaperone.KindInvalid, "version_unknown"},
		"two versions":        {func(r *http.Request) { r.Header.Add("Anthropic-Version", "2026-10-21") }, chaperone.KindInvalid, "version_unknown"},
		"a beta with words":   {func(r *http.Request) { r.Header.Set("Anthropic-Beta", "a-2026, for Marta") }, chaperone.KindInvalid, "beta_malformed"},
		"a session of words":  {func(r *http.Request) { r.Header.Set("X-Chaperone-Session", "Marta Example") }, chaperone.KindInvalid, "session_malformed"},
	} {
		r := post([]byte(small))
		c.change(r)
		_, err := ReadRequest(r, Limits{})
		e := chaperone.AsError(err)
		if e.Kind != c.kind || e.Code != c.code || strings.Contains(e.Error(), "Marta") {
			t.Errorf("%s: %v", name, err)
		}
		if e.Code == "version_unknown" && !strings.Contains(e.Next, "2023-06-01, 2026-10-21") {
			t.Errorf("%s: the versions are not named: %q", name, e.Next)
		}
	}
	for _, v := range Versions() {
		r := post([]byte(small))
		r.URL.Path = "/v1/messages/count_tokens"
		r.Header.Set("Anthropic-Version", v)
		a, err := ReadRequest(r, Limits{})
		if err != nil || a.Version() != v || a.Endpoint() != CountTokens || a.Header().Get("Anthropic-Version") != v {
			t.Errorf("%s: %v", v, err)
		}
	}
}

func TestOnlyTheHeadersOfTheAPIGoOn(t *testing.T) {
	r := post([]byte(small))
	r.Header = http.Header{
		"Anthropic-Version":       {"2023-06-01"},
		"Anthropic-Beta":          {"claude-code-20250219,interleaved-thinking-2025-05-14", "x-2026-01-01"},
		"X-Api-Key":               {"chk_secret"},
		"Authorization":           {"Bearer secret"},
		"Cookie":                  {"a=b"},
		"X-Chaperone-Purpose":     {"treatment"},
		"X-Chaperone-Session":     {"s-1"},
		"X-Forwarded-For":         {"192.0.2.7"},
		"Connection":              {"keep-alive"},
		"Accept-Encoding":         {"gzip"},
		"X-Patient":               {"Marta"},
		"User-Agent":              {"claude-cli/2.1.330 (external, cli)"},
		"X-App":                   {"cli"},
		"X-Stainless-Retry-Count": {"0"},
		"X-Stainless-Os":          {"Linux\tMarta"},
		"X-Claude-Code-Agent-Id":  {"agent-1"},
		"Accept":                  {"application/json"},
		"Content-Type":            {"text/plain; patient=Marta"},
	}
	a, err := ReadRequest(r, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Anthropic-Version":       {"2023-06-01"},
		"Anthropic-Beta":          {"claude-code-20250219,interleaved-thinking-2025-05-14,x-2026-01-01"},
		"User-Agent":              {"claude-cli/2.1.330 (external, cli)"},
		"X-App":                   {"cli"},
		"X-Stainless-Retry-Count": {"0"},
		"X-Claude-Code-Agent-Id":  {"agent-1"},
		"Accept":                  {"application/json"},
		"Content-Type":            {"application/json"},
	}
	if diff := cmp.Diff(want, a.Header()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"claude-code-20250219", "interleaved-thinking-2025-05-14", "x-2026-01-01"}, a.Betas()); diff != "" {
		t.Error(diff)
	}
	if a.ClientSession() != "s-1" || a.UserAgent() != "claude-cli/2.1.330 (external, cli)" {
		t.Errorf("%q %q", a.ClientSession(), a.UserAgent())
	}
}
