package e2e

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// The patient of these tests never lived.
const exportPatient = "MRN-4471982"

// ask sends one message about the patient and reads the answer to its end.
func (d *daemon) ask(t *testing.T) {
	t.Helper()
	body := `{"model":"claude-sonnet-5-5","max_tokens":50,"messages":[{"role":"user","content":"Otilia Marchbanks, MRN 4471982, has a cough."}]}`
	req, err := http.NewRequest(http.MethodPost, d.URL+"/v1/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"X-Api-Key": d.APIKey, "Anthropic-Version": "2023-06-01", "Content-Type": "application/json",
		"X-Chaperone-Patient": exportPatient, "X-Chaperone-Purpose": "treatment", "X-Chaperone-Reason": "visit of today",
	} {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %v %s", res.StatusCode, err, text)
	}
}

// ownCertificate writes a certificate for 127.0.0.1 that signs itself.
func ownCertificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, &form, &form, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// rsyslog runs a real rsyslogd with TLS that writes what it gets to a file.
func rsyslog(t *testing.T, dir, cert, key string, port int) (stop func()) {
	t.Helper()
	path, err := exec.LookPath("rsyslogd")
	if err != nil {
		path = "/usr/sbin/rsyslogd"
	}
	conf := filepath.Join(dir, "rsyslog.conf")
	text := fmt.Sprintf(`global(workDirectory=%q maxMessageSize="64k" defaultNetstreamDriver="ossl"
  defaultNetstreamDriverCAFile=%q defaultNetstreamDriverCertFile=%q defaultNetstreamDriverKeyFile=%q)
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
template(name="raw" type="string" string="%%msg%%\n")
ruleset(name="r") { action(type="omfile" file=%q template="raw") }
input(type="imtcp" port="%d" ruleset="r")
`, dir, cert, cert, key, filepath.Join(dir, "got.log"), port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-n", "-f", conf, "-i", filepath.Join(dir, "pid"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			t.Fatalf("rsyslogd does not listen\n%s", &out)
		}
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cmd.Process.Signal(os.Interrupt)
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				cmd.Process.Kill()
				<-ended
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// seqs are the places in the record of the lines of a file, as they stand in it.
func seqs(t *testing.T, path string) []uint64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var list []uint64
	for scan := bufio.NewScanner(bytes.NewReader(text)); scan.Scan(); {
		var e struct {
			Seq *uint64 `json:"seq"`
		}
		if err := json.Unmarshal(scan.Bytes(), &e); err != nil || e.Seq == nil {
			continue // the last line may be half written
		}
		list = append(list, *e.Seq)
	}
	return list
}

// complete reports whether every place from 0 to n is there, the first of each in
// order.
func complete(list []uint64, n int) bool {
	next := uint64(0)
	for _, s := range list {
		if s == next {
			next++
		} else if s > next {
			return false
		}
	}
	return int(next) >= n
}

func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

// AUD-07: a real rsyslog over TLS and the decoder of the OpenTelemetry collector
// get every row, through a receiver that is down, kill -9 and a restart.
func TestTheRecordReachesRealReceiversThroughOutagesAndKill(t *testing.T) {
	if _, err := exec.LookPath("/usr/sbin/rsyslogd"); err != nil {
		t.Skip("SKIPPED: rsyslogd is not installed: apt-get install rsyslog rsyslog-openssl")
	}
	dir := t.TempDir()
	cert, key := ownCertificate(t, dir)
	port := freePort(t)
	stop := rsyslog(t, dir, cert, key, port)

	var mu sync.Mutex
	var otlp []uint64
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		req := plogotlp.NewExportRequest()
		if err == nil {
			err = req.UnmarshalJSON(body)
		}
		if err != nil || r.URL.Path != "/v1/logs" {
			t.Errorf("the collector's decoder: %v %s", err, r.URL)
			w.WriteHeader(400)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, rl := range req.Logs().ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, rec := range sl.LogRecords().All() {
					seq, ok := rec.Attributes().Get("chaperone.seq")
					if !ok || rec.Timestamp() == 0 || strings.Contains(rec.Body().AsString(), exportPatient) {
						t.Errorf("not as it should be: %s", rec.Body().AsString())
					}
					otlp = append(otlp, uint64(seq.Int()))
				}
			}
		}
		out, err := plogotlp.NewExportResponse().MarshalJSON()
		if err != nil {
			t.Error(err)
		}
		w.Write(out)
	}))
	defer collector.Close()

	config := filepath.Join(dir, "chaperone.yaml")
	text := fmt.Sprintf(`exports:
  - {name: siem, kind: syslog, address: "127.0.0.1:%d", tls: {ca: %s}}
  - {name: collector, kind: otlp, address: %s, insecure_http: true}
  - {name: archive, kind: file, address: archive.jsonl, rotate: 64KiB}
`, port, cert, collector.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data, got := filepath.Join(dir, "data"), filepath.Join(dir, "got.log")
	d := up(t, data, "--config", config)
	apiKey := d.APIKey
	for range 5 {
		d.ask(t)
	}
	await(t, "rsyslog has the first rows", func() bool { return complete(seqs(t, got), 10) })
	stop() // the receiver is down, and care goes on
	for range 5 {
		d.ask(t)
	}
	await(t, "the collector has the rows that rsyslog missed", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return complete(otlp, 20)
	})
	d.kill()
	rsyslog(t, dir, cert, key, port)
	d = up(t, data, "--config", config)
	d.APIKey = apiKey
	d.ask(t)
	report, _ := auditVerify(t, data)
	await(t, "rsyslog has all rows", func() bool { return complete(seqs(t, got), report.Records) })
	await(t, "the collector has all rows", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return complete(otlp, report.Records)
	})
	await(t, "the archive has all rows", func() bool {
		var all []uint64
		parts, _ := filepath.Glob(filepath.Join(dir, "archive.jsonl.*"))
		slices.Sort(parts)
		for _, p := range append(parts, filepath.Join(dir, "archive.jsonl")) {
			all = append(all, seqs(t, p)...)
		}
		return complete(all, report.Records)
	})
	for _, path := range []string{got, filepath.Join(dir, "archive.jsonl")} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range []string{exportPatient, "4471982", "Marchbanks", "visit of today"} {
			if bytes.Contains(text, []byte(canary)) {
				t.Errorf("%s is in %s", canary, path)
			}
		}
	}
}

// The FHIR export passes other people's models of FHIR R4, and what IHE's Basic
// Audit Log Patterns ask besides.
func TestTheFHIRExportIsValidForOtherReaders(t *testing.T) {
	const python = "python/.venv/bin/python"
	if _, err := os.Stat(filepath.FromSlash(python)); err != nil {
		t.Skipf("SKIPPED: %s is not installed; `make e2e` installs it", python)
	}
	data := filepath.Join(t.TempDir(), "data")
	d := up(t, data)
	d.ask(t)
	show := exec.Command(chaperone(t), "audit", "show", "--data", data, "--patient", exportPatient)
	if out, err := show.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, identified := range []bool{false, true} {
		out := filepath.Join(t.TempDir(), "record.ndjson")
		args := []string{"audit", "export", "--data", data, "--format", "fhir", "--out", out}
		if identified {
			args = append(args, "--identified")
		}
		if text, err := exec.Command(chaperone(t), args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		text, err := os.ReadFile(out)
		if err != nil || bytes.Contains(text, []byte(exportPatient)) != identified {
			t.Errorf("identified is %v and the reference is not as that says: %v", identified, err)
		}
		cmd := exec.Command(python, "-m", "unittest", "-v", "python/test_exports.py")
		cmd.Env = append(os.Environ(), "CHAPERONE_EXPORT="+out)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
