package export

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"chaperone"

	"github.com/google/go-cmp/cmp"
)

func seqsOf(t *testing.T, text []byte) []uint64 {
	t.Helper()
	var list []uint64
	for _, l := range bytes.Split(bytes.TrimSpace(text), []byte("\n")) {
		var e Event
		if err := json.Unmarshal(l, &e); err != nil {
			t.Fatalf("%v: %q", err, l)
		}
		list = append(list, e.Seq)
	}
	return list
}

func TestAFileKeepsWholeLinesAndCutsWhatACrashLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.jsonl")
	s := &File{Path: path, Format: FormatJSON}
	if err := s.Send(t.Context(), events(0, 1)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"schema":"torn` + strings.Repeat("x", 100<<10))
	f.Close()
	s = &File{Path: path, Format: FormatJSON}
	if err := s.Send(t.Context(), events(2)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]uint64{0, 1, 2}, seqsOf(t, text)); diff != "" {
		t.Error(diff)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestAFullFileIsPutAsideUnderThePlaceOfTheNext(t *testing.T) {
	dir := t.TempDir()
	s := &File{Path: filepath.Join(dir, "record.jsonl"), Format: FormatJSON, Rotate: 1}
	for i := range uint64(3) {
		if err := s.Send(t.Context(), events(i)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	for name, want := range map[string]uint64{
		"record.jsonl.00000000000000000001": 0, "record.jsonl.00000000000000000002": 1, "record.jsonl": 2,
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff([]uint64{want}, seqsOf(t, text)); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestAFileThatCannotBeWrittenIsAnError(t *testing.T) {
	s := &File{Path: filepath.Join(t.TempDir(), "absent", "record.jsonl"), Format: FormatJSON}
	if err := s.Send(t.Context(), events(0)); chaperone.AsError(err).Code != "export_unreachable" {
		t.Error(err)
	}
}

// certificate is that of an httptest server, and a client's trust in it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return srv.TLS.Certificates[0], pool
}

// syslogServer reads frames as RFC 5425 has them. cut ends a connection after
// that many frames, without reading on.
func syslogServer(t *testing.T, cert tls.Certificate, cut int) (addr string, got chan string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13})
	if err != nil {
		t.Fatal(err)
	}
	got = make(chan string, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(conn)
			for n := 0; cut == 0 || n < cut; n++ {
				size, err := r.ReadString(' ')
				if err != nil {
					break
				}
				length, err := strconv.Atoi(strings.TrimSpace(size))
				if err != nil {
					got <- "bad frame " + size
					break
				}
				msg := make([]byte, length)
				if _, err := io.ReadFull(r, msg); err != nil {
					break
				}
				got <- string(msg)
			}
			if cut > 0 {
				if tc, ok := conn.(*tls.Conn).NetConn().(*net.TCPConn); ok {
					tc.SetLinger(0) // a process that dies with bytes unread
				}
				conn.(*tls.Conn).NetConn().Close()
				continue
			}
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String(), got
}

func TestSyslogIsFramedByLengthAndEndsInGoodOrder(t *testing.T) {
	cert, pool := certificate(t)
	addr, got := syslogServer(t, cert, 0)
	s := &Syslog{Address: addr, TLS: &tls.Config{RootCAs: pool, ServerName: "example.com", MinVersion: tls.VersionTLS13}, Format: FormatCEF, Host: "gate 1"}
	if err := s.Send(t.Context(), events(0, 1)); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		m := <-got
		want := fmt.Sprintf(`<109>1 2026-05-04T12:00:0%d.000000Z gate1 chaperone - outcome [meta sequenceId="%d"][origin software="Chaperone"] CEF:0|Chaperone|`, i, i+1)
		if !strings.HasPrefix(m, want) {
			t.Errorf("got %s\nwant %s…", m, want)
		}
	}
}

func TestASyslogReceiverThatDiesHasNotAcknowledged(t *testing.T) {
	cert, pool := certificate(t)
	addr, _ := syslogServer(t, cert, 1)
	s := &Syslog{Address: addr, TLS: &tls.Config{RootCAs: pool, ServerName: "example.com", MinVersion: tls.VersionTLS13}, Format: FormatJSON}
	var many []uint64
	for i := range uint64(200) {
		many = append(many, i)
	}
	if err := s.Send(t.Context(), events(many...)); chaperone.AsError(err).Code != "export_unreachable" {
		t.Error("it passed for an acknowledgement", err)
	}
}

func TestASyslogReceiverWithAStrangersCertificateGetsNothing(t *testing.T) {
	cert, _ := certificate(t)
	addr, got := syslogServer(t, cert, 0)
	s := &Syslog{Address: addr, TLS: &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "example.com", MinVersion: tls.VersionTLS13}, Format: FormatJSON}
	if err := s.Send(t.Context(), events(0)); err == nil || len(got) > 0 {
		t.Error("it was sent", err)
	}
}

// receiver is a fake that answers with what reply makes of a request.
func receiver(t *testing.T, reply func(r *http.Request, body []byte) (int, string)) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		status, text := reply(r, body)
		w.WriteHeader(status)
		io.WriteString(w, text)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestAWebhookIsSignedOverItsIdTimeAndBody(t *testing.T) {
	const text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of the standard's own examples
	key, err := ParseWebhookSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	url := receiver(t, func(r *http.Request, body []byte) (int, string) {
		id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
		secret, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "whsec_"))
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(id + "." + at + "." + string(body)))
		if got := r.Header.Get("webhook-signature"); got != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("the signature does not match: %s", got)
		}
		if at != strconv.FormatInt(testTime.Unix(), 10) || len(seqsOf(t, body)) != 2 {
			t.Errorf("%s %s", at, body)
		}
		ids = append(ids, id)
		return 204, ""
	})
	s := &Webhook{URL: url, Client: NewClient(nil), Secret: key, Format: FormatJSON, Clock: func() time.Time { return testTime }}
	for range 2 {
		if err := s.Send(t.Context(), events(4, 5)); err != nil {
			t.Fatal(err)
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("a repeated batch cannot be told: %v", ids)
	}
}

func TestASecretOfAWebhookHasAForm(t *testing.T) {
	for _, bad := range []string{"", "secret", "whsec_", "whsec_!!", "whsec_c2hvcnQ="} {
		if _, err := ParseWebhookSecret(bad); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
}

func TestSplunkHasABatchOnlyWhenItIsIndexed(t *testing.T) {
	asked := 0
	url := receiver(t, func(r *http.Request, body []byte) (int, string) {
		if r.Header.Get("Authorization") != "Splunk token" || r.Header.Get("X-Splunk-Request-Channel") != "channel" {
			return 401, `{"text":"Invalid token","code":4}`
		}
		switch r.URL.Path {
		case "/services/collector/event":
			dec := json.NewDecoder(bytes.NewReader(body))
			for i := range uint64(2) {
				var line struct {
					Time  float64 `json:"time"`
					Event Event   `json:"event"`
				}
				if err := dec.Decode(&line); err != nil || line.Event.Seq != i {
					t.Errorf("%v %+v", err, line)
				}
			}
			return 200, `{"text":"Success","code":0,"ackId":7}`
		case "/services/collector/ack":
			var ask struct{ Acks []int }
			if err := json.Unmarshal(body, &ask); err != nil || !cmp.Equal(ask.Acks, []int{7}) {
				t.Errorf("%v %v", err, ask)
			}
			asked++
			return 200, fmt.Sprintf(`{"acks":{"7":%v}}`, asked == 3)
		}
		return 404, ""
	})
	s := &Splunk{URL: url, Client: NewClient(nil), Token: "token", Channel: "channel", Format: FormatJSON, Poll: time.Millisecond}
	if err := s.Send(t.Context(), events(0, 1)); err != nil || asked != 3 {
		t.Error(err, asked)
	}
}

func TestWhatIsNoAcknowledgement(t *testing.T) {
	send := func(kind, url string) error {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		client := NewClient(nil)
		sinks := map[string]Sink{
			"splunk":  &Splunk{URL: url, Client: client, Poll: time.Millisecond, Format: FormatJSON},
			"otlp":    &OTLP{URL: url, Client: client, Format: FormatJSON},
			"fhir":    &FHIR{URL: url, Client: client},
			"webhook": &Webhook{URL: url, Client: client, Secret: []byte("k"), Format: FormatJSON, Clock: time.Now},
		}
		return sinks[kind].Send(ctx, events(0))
	}
	for _, c := range []struct {
		kind, what string
		status     int
		reply      string
		code       string
	}{
		{"splunk", "no acknowledgement is enabled", 200, `{"text":"Success","code":0}`, "export_refused"},
		{"splunk", "never indexed", 200, `{"code":0,"ackId":1,"acks":{"1":false}}`, "export_unreachable"},
		{"splunk", "busy", 503, `{"text":"Server is busy","code":9}`, "export_unreachable"},
		{"splunk", "a wrong token", 403, `{"text":"Invalid token","code":4}`, "export_refused"},
		{"otlp", "a partial success", 200, `{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}`, "export_refused"},
		{"otlp", "not OTLP", 200, `<html>`, "export_refused"},
		{"fhir", "an entry refused", 200, `{"entry":[{"response":{"status":"201"}},{"response":{"status":"422 no"}}]}`, "export_refused"},
		{"fhir", "an entry short", 200, `{"entry":[{"response":{"status":"201"}}]}`, "export_refused"},
		{"webhook", "a redirect", 307, ``, "export_refused"},
		{"webhook", "too many requests", 429, ``, "export_unreachable"},
	} {
		url := receiver(t, func(*http.Request, []byte) (int, string) { return c.status, c.reply })
		if err := send(c.kind, url); err == nil || chaperone.AsError(err).Code != c.code {
			t.Errorf("%s, %s: %v", c.kind, c.what, err)
		}
	}
}

func TestAnAnswerOfFullSuccessIsOne(t *testing.T) {
	for _, reply := range []string{"", "{}", `{"partialSuccess":{}}`, `{"partialSuccess":{"rejectedLogRecords":"0"}}`, `{"partialSuccess":{"rejectedLogRecords":0}}`} {
		url := receiver(t, func(r *http.Request, _ []byte) (int, string) {
			if r.URL.Path != "/v1/logs" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %v", r.URL, r.Header)
			}
			return 200, reply
		})
		if err := (&OTLP{URL: url, Client: NewClient(nil), Format: FormatJSON}).Send(t.Context(), events(0)); err != nil {
			t.Errorf("%q: %v", reply, err)
		}
	}
	url := receiver(t, func(*http.Request, []byte) (int, string) {
		return 200, `{"resourceType":"Bundle","entry":[{"response":{"status":"201 Created"}},{"response":{"status":"200"}}]}`
	})
	if err := (&FHIR{URL: url, Client: NewClient(nil)}).Send(t.Context(), events(0)); err != nil {
		t.Error(err)
	}
}
