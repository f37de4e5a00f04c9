package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"
)

// Export is a receiver to whom the record is passed on.
type Export struct {
	Name         string
	Kind         string // one of exportKinds
	Format       string // json, fhir, ocsf, ecs or cef
	Address      string // of a file its path, of syslog host:port, else a URL
	Key          Key    // token or secret; of an export only File, Env or Credential
	TLS          ExportTLS
	Rotate       int64 // bytes at which a file is full; 0: never
	From         string
	Approval     ExportApproval
	InsecureHTTP bool // allow http to a loopback address
}

// ExportTLS is how a receiver is known, and how it knows this house.
type ExportTLS struct {
	CA   string // file of certificates that may have signed the receiver's; empty: the system's
	Cert string // file of this house's certificate; empty: none is shown
	Key  string // file of its key
	Min  string // "1.3" or "1.2"
}

// ExportApproval says that a receiver may have identifying fields, and who said
// so. The zero ExportApproval is none.
type ExportApproval struct {
	By string
	On time.Time
}

var (
	exportKinds   = []string{"file", "syslog", "otlp", "splunk", "webhook", "fhir"}
	exportFormats = []string{"json", "fhir", "ocsf", "ecs", "cef"}
	fromForm      = regexp.MustCompile(`^(start|now|[0-9]{1,18})$`)
)

type exportNodes struct{ address, key, rotate, format *yaml.Node }

func (r *reader) exports(n *yaml.Node, dir string) []Export {
	var list []Export
	r.list(n, func(item *yaml.Node) {
		e := r.export(item, dir)
		if e.Name != "" && slices.ContainsFunc(list, func(o Export) bool { return o.Name == e.Name }) {
			r.fault(item, "another export has this name", "give every export a name of its own: it stands for how far its receiver has got")
		}
		list = append(list, e)
	})
	return list
}

func (r *reader) export(item *yaml.Node, dir string) Export {
	e := Export{From: "start", TLS: ExportTLS{Min: "1.3"}}
	var at exportNodes
	key := func(n *yaml.Node, into *string, form *regexp.Regexp, hint string) {
		if at.key != nil {
			r.fault(n, "the export has more than one place for its key", "keep one of key_file, key_env, key_credential")
			return
		}
		at.key = n
		r.text(n, into, form, hint)
	}
	r.mapping(item, []field{
		{"name", func(n *yaml.Node) {
			r.text(n, &e.Name, nameForm, "write lower-case letters and digits joined by hyphens")
		}},
		{"kind", func(n *yaml.Node) { r.choice(n, &e.Kind, exportKinds) }},
		{"format", func(n *yaml.Node) { at.format = n; r.choice(n, &e.Format, exportFormats) }},
		{"address", func(n *yaml.Node) {
			at.address = n
			r.text(n, &e.Address, pathForm, "write a URL, for syslog host:port, for a file its path")
		}},
		{"key_file", func(n *yaml.Node) {
			key(n, &e.Key.File, pathForm, "write the path of a file that holds the key")
			e.Key.File = under(dir, e.Key.File)
		}},
		{"key_env", func(n *yaml.Node) { key(n, &e.Key.Env, envForm, "write the name of an environment variable") }},
		{"key_credential", func(n *yaml.Node) { key(n, &e.Key.Credential, credForm, "write the name of a systemd credential") }},
		{"tls", func(n *yaml.Node) { r.exportTLS(n, &e.TLS, dir) }},
		{"rotate", func(n *yaml.Node) { at.rotate = n; r.size(n, &e.Rotate, 64<<10, 1<<30) }},
		{"from", func(n *yaml.Node) { r.text(n, &e.From, fromForm, "write start, now, or a place in the record") }},
		{"approved_for_phi", func(n *yaml.Node) { r.exportApproval(n, &e.Approval) }},
		{"insecure_http", func(n *yaml.Node) { r.flag(n, &e.InsecureHTTP) }},
	})
	if item.Kind == yaml.MappingNode {
		r.exportWhole(item, at, &e, dir)
	}
	return e
}

func (r *reader) exportTLS(n *yaml.Node, t *ExportTLS, dir string) {
	path := func(into *string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			r.text(n, into, pathForm, "write the path of a PEM file")
			*into = under(dir, *into)
		}
	}
	r.mapping(n, []field{
		{"ca", path(&t.CA)},
		{"cert", path(&t.Cert)},
		{"key", path(&t.Key)},
		{"min", func(n *yaml.Node) { r.choice(n, &t.Min, []string{"1.3", "1.2"}) }},
	})
	if (t.Cert == "") != (t.Key == "") {
		r.fault(n, "a certificate of ours needs its key, and the other way round", "set both cert and key, or neither")
	}
}

// exportApproval reads an approval and requires all of it.
func (r *reader) exportApproval(n *yaml.Node, a *ExportApproval) {
	before := len(r.faults)
	r.mapping(n, []field{
		{"by", func(n *yaml.Node) { r.text(n, &a.By, wordsForm, "write who approved it") }},
		{"on", func(n *yaml.Node) { r.day(n, &a.On) }},
	})
	if len(r.faults) == before && (a.By == "" || a.On.IsZero()) {
		r.fault(n, "the approval is not whole, so none is in force", "set by and on")
	}
	if len(r.faults) > before {
		*a = ExportApproval{}
	}
}

// exportWhole judges the settings of an export together.
func (r *reader) exportWhole(item *yaml.Node, at exportNodes, e *Export, dir string) {
	for name, missing := range map[string]bool{"name": e.Name == "", "kind": e.Kind == "", "address": e.Address == "" && at.address == nil} {
		if missing && !has(item, name) {
			r.fault(item, "the export has no "+name, "set "+name)
		}
	}
	if e.Format == "" && at.format == nil {
		e.Format = "json"
		if e.Kind == "fhir" {
			e.Format = "fhir"
		}
	}
	if e.Kind == "fhir" && e.Format != "fhir" && e.Format != "" {
		r.fault(at.format, "a FHIR server takes no other format", "remove format")
	}
	if at.rotate != nil && e.Kind != "file" {
		r.fault(at.rotate, "only a file has a size at which it is full", "remove rotate")
	}
	switch e.Kind {
	case "splunk", "webhook":
		if at.key == nil {
			r.fault(item, "the export has no place for its key", "set key_file, key_env or key_credential")
		}
	case "file", "syslog":
		if at.key != nil {
			r.fault(at.key, "this kind of export has no key", "remove it; syslog knows this house by tls.cert")
		}
	}
	if e.Address != "" {
		r.exportAddress(at.address, e, dir)
	}
}

func has(item *yaml.Node, name string) bool {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == name {
			return true
		}
	}
	return false
}

// exportAddress refuses what is not encrypted (CRY-01).
func (r *reader) exportAddress(n *yaml.Node, e *Export, dir string) {
	switch e.Kind {
	case "":
	case "file":
		e.Address = under(dir, e.Address)
	case "syslog":
		host, port, err := net.SplitHostPort(e.Address)
		if p, perr := strconv.ParseUint(port, 10, 16); err != nil || host == "" || perr != nil || p == 0 {
			r.fault(n, "this is not the address of a receiver of syslog", "write host:port; over TLS the port is usually 6514")
		}
	default:
		u, err := url.Parse(e.Address)
		switch {
		case err != nil || u.Hostname() == "" || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
			r.fault(n, "this is not the address of a receiver", "write https://host")
		case u.User != nil || u.RawQuery != "" || u.Fragment != "":
			r.fault(n, "the address holds more than a host and a path", "write it without user and query; a key goes into key_file")
		case u.Scheme == "http" && !(loopback(u.Hostname()) && e.InsecureHTTP):
			r.fault(n, "the record would travel unencrypted", "write https://, or set insecure_http: true for a loopback address")
		}
	}
}
