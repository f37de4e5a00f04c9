package config

import (
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

var secretForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/:+=@-]{0,511}$`)

// keySecret reads where in a store a key lies.
func (r *reader) keySecret(n *yaml.Node, at *doorNodes, s *Secret, dir string) {
	if at.key != nil {
		r.fault(n, "the door has more than one place for its key", "keep one of key_file, key_env, key_credential, key_secret")
		return
	}
	at.key = n
	before := len(r.faults)
	r.mapping(n, []field{
		{"store", func(n *yaml.Node) { r.choice(n, &s.Store, []string{"vault", "aws", "google", "azure"}) }},
		{"address", func(n *yaml.Node) { r.text(n, &s.Address, wordsForm, "write https://host") }},
		{"name", func(n *yaml.Node) { r.text(n, &s.Name, secretForm, "write the secret's name or path in the store") }},
		{"field", func(n *yaml.Node) { r.text(n, &s.Field, nameOrID, "write the name of the member that holds the key") }},
		{"region", func(n *yaml.Node) { r.text(n, &s.Region, regionForm, "write Amazon's name of the region") }},
		{"token_file", func(n *yaml.Node) {
			r.text(n, &s.TokenFile, pathForm, "write the path of a file that holds the token or the application's secret")
			s.TokenFile = under(dir, s.TokenFile)
		}},
		{"entra_tenant", func(n *yaml.Node) { r.text(n, &s.EntraTenant, nameOrID, "write the directory's id") }},
		{"entra_client", func(n *yaml.Node) { r.text(n, &s.EntraClient, nameOrID, "write the application's id") }},
		{"google_credentials_file", func(n *yaml.Node) {
			r.text(n, &s.Credentials, pathForm, "write the path of a file of credentials")
			s.Credentials = under(dir, s.Credentials)
		}},
		{"insecure_private_address", func(n *yaml.Node) { r.flag(n, &s.InsecurePrivateAddress) }},
	})
	if len(r.faults) == before {
		r.secretWhole(n, *s)
	}
}

// secretWhole requires what each store cannot be asked without.
func (r *reader) secretWhole(n *yaml.Node, s Secret) {
	need := func(name, value string) {
		if value == "" {
			r.fault(n, "the secret has no "+name, "set "+name)
		}
	}
	need("store", s.Store)
	need("name", s.Name)
	switch s.Store {
	case "vault":
		need("address", s.Address)
		need("field", s.Field)
		need("token_file", s.TokenFile)
	case "aws":
		need("region", s.Region)
	case "azure":
		need("address", s.Address)
		need("entra_tenant", s.EntraTenant)
		need("entra_client", s.EntraClient)
	}
	if s.Address == "" {
		return
	}
	u, err := url.Parse(s.Address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		r.fault(n, "the store's address is not one", "write https://host")
	}
}
