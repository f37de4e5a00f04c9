package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExportsAreRead(t *testing.T) {
	got, faults := Parse("/etc/c/chaperone.yaml", []byte(`
exports:
  - name: siem
    kind: syslog
    address: siem.clinic.example:6514
    format: cef
    tls: {ca: ca.pem, cert: own.pem, key: own.key, min: "1.2"}
    from: now
  - name: archive
    kind: file
    address: record.jsonl
    rotate: 64MiB
  - name: repository
    kind: fhir
    address: https://fhir.clinic.example/r4
    key_file: token
    approved_for_phi: {by: privacy-officer, on: 2026-05-04}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := []Export{
		{
			Name: "siem", Kind: "syslog", Format: "cef", Address: "siem.clinic.example:6514", From: "now",
			TLS: ExportTLS{CA: "/etc/c/ca.pem", Cert: "/etc/c/own.pem", Key: "/etc/c/own.key", Min: "1.2"},
		},
		{Name: "archive", Kind: "file", Format: "json", Address: "/etc/c/record.jsonl", Rotate: 64 << 20, From: "start", TLS: ExportTLS{Min: "1.3"}},
		{
			Name: "repository", Kind: "fhir", Format: "fhir", Address: "https://fhir.clinic.example/r4", From: "start", TLS: ExportTLS{Min: "1.3"},
			Key: Key{File: "/etc/c/token"}, Approval: ExportApproval{By: "privacy-officer", On: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)},
		},
	}
	if diff := cmp.Diff(want, got.Exports); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfExportsAreReportedAtTheirLine(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		line int
		what string
	}{
		"no list":              {"exports: siem", 1, "list"},
		"no kind":              {"exports:\n  - name: a\n    address: x", 2, "no kind"},
		"no address":           {"exports:\n  - name: a\n    kind: file", 2, "no address"},
		"no key":               {"exports:\n  - name: a\n    kind: splunk\n    address: https://h:8088", 2, "no place for its key"},
		"two keys":             {"exports:\n  - name: a\n    kind: otlp\n    address: https://h\n    key_file: a\n    key_env: B", 6, "more than one place"},
		"an unknown kind":      {"exports:\n  - name: a\n    kind: kafka\n    address: h:1", 3, "not one of"},
		"the same name":        {"exports:\n  - {name: a, kind: file, address: x}\n  - {name: a, kind: file, address: y}", 3, "another export"},
		"no encryption":        {"exports:\n  - name: a\n    kind: otlp\n    address: http://collector:4318", 4, "unencrypted"},
		"a key in the address": {"exports:\n  - name: a\n    kind: otlp\n    address: https://u:p@h", 4, "more than a host"},
		"no port":              {"exports:\n  - name: a\n    kind: syslog\n    address: siem", 4, "not the address"},
		"half an approval":     {"exports:\n  - name: a\n    kind: file\n    address: x\n    approved_for_phi: {by: someone}", 5, "not whole"},
		"a bare approval":      {"exports:\n  - name: a\n    kind: file\n    address: x\n    approved_for_phi: true", 5, "settings of the form"},
		"half a certificate":   {"exports:\n  - name: a\n    kind: syslog\n    address: h:6514\n    tls: {cert: own.pem}", 5, "needs its key"},
		"a key for a file":     {"exports:\n  - name: a\n    kind: file\n    address: x\n    key_file: k", 5, "has no key"},
		"a size for syslog":    {"exports:\n  - name: a\n    kind: syslog\n    address: h:6514\n    rotate: 1MiB", 5, "only a file"},
		"another FHIR":         {"exports:\n  - name: a\n    kind: fhir\n    address: https://h\n    format: ocsf", 5, "no other format"},
		"a strange beginning":  {"exports:\n  - name: a\n    kind: file\n    address: x\n    from: tomorrow", 5, "wrong form"},
	} {
		f, faults := Parse("c.yaml", []byte(c.src))
		found := false
		for _, fault := range faults {
			found = found || fault.Line == c.line && strings.Contains(fault.What, c.what)
		}
		if !found {
			t.Errorf("%s: %v", name, faults)
		}
		for _, e := range f.Exports {
			if e.Approval.By != "" {
				t.Errorf("%s: an approval that is not whole is in force", name)
			}
		}
	}
}
