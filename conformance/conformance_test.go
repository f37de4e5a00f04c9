package conformance

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// measured plays some cases against a gateway made of a handler. build is given
// the upstream's address.
func measured(t *testing.T, only string, build func(upstream *url.URL) http.Handler) Report {
	t.Helper()
	up, err := NewUpstream("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := up.Close(); err != nil {
			t.Error(err)
		}
	})
	at, err := url.Parse(up.URL)
	if err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(build(at))
	t.Cleanup(gateway.Close)
	report, err := Run(t.Context(), Target{URL: gateway.URL, Model: "claude-sonnet-5"}, up, Options{Only: regexp.MustCompile(only), Short: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(report) == 0 {
		t.Fatal("no case was played")
	}
	return report
}

// clear passes everything on as it is.
func clear(upstream *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		FlushInterval: -1, ErrorLog: nil,
	}
}

func TestAProxyThatPassesEverythingOnConformsAndLeaks(t *testing.T) {
	t.Parallel()
	wire := measured(t, "^(requests|sealed|answers|streams: (a|the|an|comments|citations|unknown))", clear)
	for _, c := range wire {
		// What breaks off has to be told to the client, which takes more than a proxy.
		if c.Status == Failed && c.Name != "a stream that breaks off ends with an error, not in silence" && c.Name != "an error in mid-stream reaches the client as an event" {
			t.Errorf("%s: %s: %s", c.Area, c.Name, c.Detail)
		}
	}
	leaks := measured(t, "^leaks: (blocks|positions|encodings)", clear)
	for _, c := range leaks {
		if c.Status != Failed || c.Leaked == 0 {
			t.Errorf("%s: %s ended as %s with %d leaks through a proxy that conceals nothing: %s", c.Area, c.Name, c.Status, c.Leaked, c.Detail)
		}
	}
}

func TestAGatewayThatRefusesEverythingKeepsEverythingAndIsSeenToRefuse(t *testing.T) {
	t.Parallel()
	report := measured(t, "^leaks: (blocks|positions)", func(*url.URL) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
	})
	sum := report.Tally()
	if report.Count(Passed) != len(report) || sum.Refused != sum.Kept || sum.Restored != 0 || sum.Leaked != 0 {
		t.Errorf("%d of %d passed: %+v", report.Count(Passed), len(report), sum)
	}
}

func TestAGatewayThatFailsWithoutSayingWhyPassesNothing(t *testing.T) {
	t.Parallel()
	report := measured(t, "^leaks: positions: in the (text|system)", func(*url.URL) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oh", http.StatusInternalServerError) })
	})
	if report.Count(Failed) != len(report) {
		t.Errorf("%d of %d failed", report.Count(Failed), len(report))
	}
}

// forgetful conceals and never restores.
func forgetful(upstream *url.URL) http.Handler {
	p := clear(upstream)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		for _, id := range identifiers() {
			body = bytes.ReplaceAll(body, []byte(id), []byte("[gone]"))
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		p.ServeHTTP(w, r)
	})
}

func TestWhatIsKeptAndNotRestoredFails(t *testing.T) {
	t.Parallel()
	report := measured(t, "^leaks: (positions: in the text|splits)", forgetful)
	for _, c := range report {
		if c.Status != Failed || c.Kept == 0 || c.Restored != 0 || c.Leaked != 0 {
			t.Errorf("%s: %s %+v: %s", c.Name, c.Status, c.Tally, c.Detail)
		}
	}
}

// hoarder gathers an answer before it passes it on.
func hoarder(upstream *url.URL) http.Handler {
	p := clear(upstream)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := httptest.NewRecorder()
		p.ServeHTTP(kept, r)
		for name, values := range kept.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(kept.Code)
		_, _ = w.Write(kept.Body.Bytes())
	})
}

func TestAGatewayThatGathersTheAnswerFirstIsFoundOut(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for what does not come")
	}
	t.Parallel()
	report := measured(t, "the first event arrives before", hoarder)
	if report.Count(Failed) != 1 {
		t.Errorf("%+v", report)
	}
}

func TestTheSearchFindsATraceInEveryEncoding(t *testing.T) {
	once := map[string]string{
		"JSON escapes":     escapeAll(personMail),
		"percent escapes":  percentAll(personSSN),
		"HTML entities":    entities(personName),
		"base64":           base64Of(personPhone),
		"base64 in base64": base64Of(base64Of(passage)),
		"hex":              "6d617269736f6c2d7175696e74616e6172",
		"full width":       wide(personCard),
		"joiners":          joined(personName),
		"other spaces":     strings.ReplaceAll(personCard, " ", "\u00a0"),
		"capitals":         strings.ToUpper(personMail),
		"escaped base64":   strings.ReplaceAll(quote(base64Of(passage)), "=", `\u003d`),
		"accents":          "Quintañar",
		"quoted printable": "marisol=2Equintanar=40example.org",
	}
	for name, text := range once {
		if clean("it", []byte("before "+text+" after"), allTraces()) == nil {
			t.Errorf("nothing is found in %s: %s", name, text)
		}
	}
	for _, harmless := range []string{anyMessage, textStream("It is well."), signature, otherSeal, someTool, `{"NAME-R982C6":"DATE-7K2QAX (Day 14)"}`} {
		if err := clean("it", []byte(harmless), allTraces()); err != nil {
			t.Errorf("%v in %s", err, clip([]byte(harmless)))
		}
	}
}

func FuzzTheSearchEndsAndFindsWhatIsPlain(f *testing.F) {
	for _, s := range []string{passage, base64Of(passage), escapeAll(remark), "%%%41%", `\u12`, "&#x;&#", strings.Repeat("QUJD", 64)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		if strings.Contains(s, "90817263") && clean("it", []byte(s), allTraces()) == nil {
			t.Errorf("not found in %q", s)
		}
		_ = clean("it", []byte(s), allTraces())
	})
}
