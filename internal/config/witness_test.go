package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const witnessKey = "witness.example.org/records+bf8274a4+BLr6TOLs1QZzr8IKdtogCWO/D/xb68x0J4WbsEwb874Z"

func TestWitnessesAndWhereCheckpointsGoAreRead(t *testing.T) {
	f, faults := Parse("/etc/chaperone/c.yaml", []byte("witnesses:\n  - {url: 'https://witness.example/a', key: '"+witnessKey+"'}\n"+
		"record: {checkpoint: 2s, checkpoint_folder: kept, checkpoint_webhook: 'https://siem.example/x?y=1', witness_limit: 1m, require_witness: true}\n"))
	if len(faults) != 1 || !strings.HasPrefix(faults[0].String(), "/etc/chaperone/c.yaml:3:71: this is not an address") {
		t.Fatal(faults)
	}
	f, faults = Parse("/etc/chaperone/c.yaml", []byte("witnesses:\n  - {url: 'http://10.0.0.7:8788', key: '"+witnessKey+"', insecure_http: true}\n"+
		"record: {checkpoint: 2s, checkpoint_folder: kept, checkpoint_webhook: 'https://siem.example/x', witness_limit: 1m, require_witness: true}\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := Record{Checkpoint: 2 * time.Second, Second: Second{Folder: "/etc/chaperone/kept", Webhook: "https://siem.example/x", Limit: time.Minute, Require: true}}
	if diff := cmp.Diff(want, f.Record); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Witness{{URL: "http://10.0.0.7:8788", Key: witnessKey, InsecureHTTP: true}}, f.Witnesses); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfWitnessesAreReportedAtTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"no key", "witnesses:\n  - {url: 'https://w.example'}\n", "c.yaml:2:5: the witness has no public key"},
		{"a key with a wrong hash", "witnesses:\n  - {url: 'https://w.example', key: '" + strings.Replace(witnessKey, "+", "+0", 1) + "'}\n", "c.yaml:2:5: the witness has no public key"},
		{"a private key", "witnesses:\n  - {url: 'https://w.example', key: 'PRIVATE+KEY+w+00000000+AAAA'}\n", "c.yaml:2:5: the witness has no public key"},
		{"no address", "witnesses:\n  - {key: '" + witnessKey + "'}\n", "c.yaml:2:5: this is not an address"},
		{"no encryption", "witnesses:\n  - {url: 'http://w.example', key: '" + witnessKey + "'}\n", "c.yaml:2:5: this address is not encrypted"},
		{"one name twice", "witnesses:\n  - {url: 'https://w.example', key: '" + witnessKey + "'}\n  - {url: 'https://v.example', key: '" + witnessKey + "'}\n", "c.yaml:3:5: two witnesses have the same name"},
		{"required and not there", "record: {require_witness: true}\n", "c.yaml:1:1: record.require_witness is set and there are no witnesses"},
		{"a webhook without encryption", "record: {checkpoint_webhook: 'http://siem.example'}\n", "c.yaml:1:30: this address is not encrypted"},
		{"a limit that nobody can keep", "record: {witness_limit: 1s}\n", "c.yaml:1:25: this length of time is out of range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := Parse("c.yaml", []byte(c.src))
			if len(faults) != 1 || !strings.HasPrefix(faults[0].String(), c.want) || faults[0].Hint == "" {
				t.Errorf("got %v, want %s", faults, c.want)
			}
		})
	}
}
