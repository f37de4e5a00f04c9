package config

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"chaperone/internal/audit/witness"

	"go.yaml.in/yaml/v4"
)

// Witness is somebody else's machine that cosigns checkpoints.
type Witness struct {
	URL string // its submission prefix (C2SP tlog-witness)
	Key string // its public key, name+hash+key

	InsecureHTTP bool // allow http
}

// Second says where checkpoints go besides, and what happens while no second
// party vouches for the record.
type Second struct {
	Folder  string        // a folder they are put into; empty: none
	Webhook string        // an https URL they are posted to; empty: none
	Limit   time.Duration // how old the newest cosigned checkpoint may be before there is an alarm
	Require bool          // refuse exchanges while there is an alarm
}

// witnesses reads who cosigns. No name may stand twice: a witness counts once.
func (r *reader) witnesses(n *yaml.Node) (list []Witness) {
	names := map[string]bool{}
	r.list(n, func(item *yaml.Node) {
		var w Witness
		before := len(r.faults)
		r.mapping(item, []field{
			{"url", func(n *yaml.Node) { r.text(n, &w.URL, urlForm, "write https://host") }},
			{"key", func(n *yaml.Node) { r.text(n, &w.Key, nil, "write the witness's public key, name+hash+key") }},
			{"insecure_http", func(n *yaml.Node) { r.flag(n, &w.InsecureHTTP) }},
		})
		if len(r.faults) > before {
			return
		}
		r.address(item, w.URL, w.InsecureHTTP)
		name, err := witness.KeyName(w.Key)
		switch {
		case err != nil:
			r.fault(item, "the witness has no public key, or one that is not in its form", "write key: name+hash+key, as 'chaperone witness' shows it")
		case names[name]:
			r.fault(item, "two witnesses have the same name", "remove one")
		}
		names[name] = true
		list = append(list, w)
	})
	return list
}

var urlForm = regexp.MustCompile(`^https?://[^\s\x00-\x1f\x7f]{1,1000}$`)

// address refuses what is not an address, and http unless it is allowed by name.
func (r *reader) address(n *yaml.Node, address string, insecure bool) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		r.fault(n, "this is not an address", "write https://host, with a path if it has one")
	case !strings.EqualFold(u.Scheme, "https") && !insecure:
		r.fault(n, "this address is not encrypted", "write https://, or set insecure_http: true for a witness in your own network")
	}
}

// second reads the settings of record that concern the second party.
func (r *reader) second(s *Second, dir string) []field {
	return []field{
		{"checkpoint_folder", func(n *yaml.Node) {
			r.text(n, &s.Folder, pathForm, "write the path of a folder, best on write-once storage of somebody else's")
			s.Folder = under(dir, s.Folder)
		}},
		{"checkpoint_webhook", func(n *yaml.Node) {
			r.text(n, &s.Webhook, urlForm, "write https://host/path")
			if s.Webhook != "" {
				r.address(n, s.Webhook, false)
			}
		}},
		{"witness_limit", func(n *yaml.Node) { r.duration(n, &s.Limit, 10*time.Second, 24*time.Hour) }},
		{"require_witness", func(n *yaml.Node) { r.flag(n, &s.Require) }},
	}
}

// required refuses a house that waits for witnesses it does not have: it would
// refuse everything.
func (r *reader) required(root *yaml.Node, f File) {
	if f.Record.Second.Require && len(f.Witnesses) == 0 {
		r.fault(root, "record.require_witness is set and there are no witnesses", "list them under witnesses, or remove it")
	}
}
