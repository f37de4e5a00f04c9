package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"chaperone/internal/policy"

	"go.yaml.in/yaml/v4"
)

var (
	modelForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$`)
	envForm    = regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,127}$`)
	credForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	regionForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	betaForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	wordsForm  = regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,200}$`)
)

func (r *reader) doors(n *yaml.Node, dir string) []Door {
	var list []Door
	r.list(n, func(item *yaml.Node) {
		d := r.door(item, dir)
		if d.Name != "" && slices.ContainsFunc(list, func(o Door) bool { return o.Name == d.Name }) {
			r.fault(item, "another door has this name", "give every door a name of its own")
		}
		list = append(list, d)
	})
	return list
}

// doorNodes are the places of settings that are judged together.
type doorNodes struct {
	url, key, agreement *yaml.Node
	platform            map[string]*yaml.Node // settings that not every kind takes
}

func (r *reader) door(item *yaml.Node, dir string) Door {
	d := Door{TLSMin: "1.3"}
	at := doorNodes{platform: map[string]*yaml.Node{}}
	var kind string
	r.mapping(item, append([]field{
		{"name", func(n *yaml.Node) {
			r.text(n, &d.Name, nameForm, "write lower-case letters and digits joined by hyphens")
		}},
		{"kind", func(n *yaml.Node) {
			r.choice(n, &kind, doorKinds())
		}},
		{"url", func(n *yaml.Node) { at.url = n; r.text(n, &d.URL, wordsForm, "write https://host") }},
		{"key_file", func(n *yaml.Node) {
			r.keyPlace(n, &at, &d.Key.File, pathForm, "write the path of a file that holds the key")
			d.Key.File = under(dir, d.Key.File)
		}},
		{"key_env", func(n *yaml.Node) {
			r.keyPlace(n, &at, &d.Key.Env, envForm, "write the name of an environment variable, like ANTHROPIC_API_KEY")
		}},
		{"key_credential", func(n *yaml.Node) {
			r.keyPlace(n, &at, &d.Key.Credential, credForm, "write the name of a systemd credential")
		}},
		{"key_secret", func(n *yaml.Node) { r.keySecret(n, &at, &d.Key.Secret, dir) }},
		{"agreement", func(n *yaml.Node) { at.agreement = n; r.agreement(n, &d.Agreement) }},
		{"data_use_agreement", func(n *yaml.Node) { r.agreement(n, &d.DataUse) }},
		{"configuration", func(n *yaml.Node) { r.choice(n, &d.Configuration, []string{"hipaa", "zdr", "standard"}) }},
		{"plan", func(n *yaml.Node) {
			plans, _ := policy.Plans() // a broken table lets nothing be bought
			r.choice(n, &d.Plan, plans)
		}},
		{"region", func(n *yaml.Node) {
			at.platform["region"] = n
			r.text(n, &d.Region, regionForm, "write the platform's name of the region")
		}},
		{"country", func(n *yaml.Node) { r.text(n, &d.Country, countryForm, "write a two-letter country code, like US") }},
		{"models", func(n *yaml.Node) {
			r.list(n, func(m *yaml.Node) {
				var id string
				r.text(m, &id, modelForm, "write a model id")
				d.Models = append(d.Models, id)
			})
		}},
		{"betas", func(n *yaml.Node) {
			d.Betas = []string{}
			r.list(n, func(b *yaml.Node) {
				var name string
				r.text(b, &name, betaForm, "write a value of anthropic-beta")
				d.Betas = append(d.Betas, name)
			})
		}},
		{"fallback", func(n *yaml.Node) { r.doorList(n, &d.Fallback) }},
		{"prices", func(n *yaml.Node) { r.prices(n, &d.Prices) }},
		{"repeat", func(n *yaml.Node) { r.flag(n, &d.Repeat) }},
		{"tls_min", func(n *yaml.Node) { r.choice(n, &d.TLSMin, []string{"1.3", "1.2"}) }},
		{"insecure_http", func(n *yaml.Node) { r.flag(n, &d.InsecureHTTP) }},
		{"pins", func(n *yaml.Node) { r.pins(n, &d.Pins) }},
		{"insecure_private_address", func(n *yaml.Node) { r.flag(n, &d.InsecurePrivateAddress) }},
	}, r.platformFields(&d.Platform, &at, dir)...))
	d.Kind = policy.DoorKind(kind)
	r.doorWhole(item, at, &d)
	return d
}

// keyPlace reads where a key lies. A value that looks like the key itself is a
// fault, and is not repeated.
func (r *reader) keyPlace(n *yaml.Node, at *doorNodes, into *string, form *regexp.Regexp, hint string) {
	if at.key != nil {
		r.fault(n, "the door has more than one place for its key", "keep one of key_file, key_env, key_credential, key_secret")
		return
	}
	at.key = n
	if strings.HasPrefix(n.Value, "sk-") {
		r.fault(n, "this looks like the key itself", "take it out of this file, replace the key, and name where the new one lies")
		return
	}
	r.text(n, into, form, hint)
}

// doorWhole judges the settings of a door together.
func (r *reader) doorWhole(item *yaml.Node, at doorNodes, d *Door) {
	if item.Kind != yaml.MappingNode {
		return
	}
	if d.Name == "" {
		r.missing(item, "name")
	}
	switch d.Kind {
	case "":
		r.missing(item, "kind")
	case policy.DoorSimulator:
		d.TLSMin = ""
		if at.url != nil || at.key != nil || at.agreement != nil {
			r.fault(item, "a simulator has no url, key or agreement", "remove them: nothing leaves this machine")
		}
	default:
		if d.Kind == policy.DoorAnthropic && at.agreement != nil && (d.Configuration == "" || d.Configuration == "standard") {
			r.fault(at.agreement, "the vendor signs no agreement for an ordinary organisation", "set configuration: hipaa or zdr, whichever was granted")
		}
		r.platformWhole(item, at, d)
	}
}

func (r *reader) missing(item *yaml.Node, name string) {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == name {
			return // it is there and its own fault is reported
		}
	}
	r.fault(item, "the door has no "+name, "set "+name)
}

// url refuses anything but a bare https origin. http is for a loopback address
// and by name only (CRY-01).
func (r *reader) url(n *yaml.Node, d Door) {
	if d.URL == "" {
		return
	}
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" {
		r.fault(n, "this is not the address of a door", "write https://host")
		return
	}
	path := strings.Trim(u.Path, "/") != "" && d.Kind != policy.DoorCompatible
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || path {
		r.fault(n, "the address holds more than a host", "write https://host without user, path or query")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && !loopback(u.Hostname()):
		r.fault(n, "text would travel unencrypted", "write https://")
	case u.Scheme == "http" && !d.InsecureHTTP:
		r.fault(n, "text would travel unencrypted", "write https://, or set insecure_http: true for a loopback address")
	case u.Scheme != "http":
		r.fault(n, "this is not the address of a door", "write https://host")
	}
}

func categories() []string {
	var names []string
	for _, c := range policy.Categories() {
		names = append(names, string(c))
	}
	return names
}

// agreement reads an agreement and requires all of it: half an agreement covers
// nothing (BAA-03, BAA-06). Sensitive matters are covered only if they are listed
// (DLP-11).
func (r *reader) agreement(n *yaml.Node, a *Agreement) {
	before := len(r.faults)
	r.mapping(n, []field{
		{"id", func(n *yaml.Node) { r.text(n, &a.ID, modelForm, "write the id under which you keep it") }},
		{"holder", func(n *yaml.Node) { r.text(n, &a.Holder, wordsForm, "write the party that signed it") }},
		{"signed", func(n *yaml.Node) { r.day(n, &a.Signed) }},
		{"expires", func(n *yaml.Node) { r.day(n, &a.Expires) }},
		{"approved_by", func(n *yaml.Node) { r.text(n, &a.ApprovedBy, wordsForm, "write who approved it") }},
		{"approved_on", func(n *yaml.Node) { r.day(n, &a.ApprovedOn) }},
		{"countersigned_by", func(n *yaml.Node) { r.text(n, &a.CountersignedBy, wordsForm, "write the second person") }},
		{"gates", func(n *yaml.Node) { r.gates(n, a) }},
		{"clauses", func(n *yaml.Node) { r.clauses(n, a) }},
		{"subcontractors", func(n *yaml.Node) { r.subcontractors(n, a) }},
		{"covers", func(n *yaml.Node) {
			r.list(n, func(item *yaml.Node) {
				var c string
				r.choice(item, &c, categories())
				a.Covers = append(a.Covers, policy.Category(c))
			})
		}},
		{"names", func(n *yaml.Node) { r.names(n, a) }},
	})
	if len(r.faults) == before {
		r.agreementWhole(n, a)
	}
}
