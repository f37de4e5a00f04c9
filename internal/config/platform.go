package config

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"chaperone/internal/policy"

	"go.yaml.in/yaml/v4"
)

// doorRule is what a kind of door needs besides a name, and what it may take
// that others do not.
type doorRule struct {
	kind    policy.DoorKind
	address string   // where it leads without url; empty: the platform's own, made from the rest
	needs   []string // settings without which it leads nowhere
	takes   []string // settings that not every kind has
	region  *regions // the form of its regions; nil: any
	keyless bool     // without a key the platform's own credentials are used
}

// regions is how a platform names its regions.
type regions struct {
	form *regexp.Regexp
	hint string
}

var (
	amazons = &regions{regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`), "write one of Amazon's, like us-east-1"}
	googles = &regions{regexp.MustCompile(`^(global|us|eu|[a-z]+-[a-z]+[0-9]{1,2})$`), "write one of Google's, like us-east5, or global, us or eu"}
)

// doorRules lists every kind that leads out of this machine.
var doorRules = []doorRule{
	{kind: policy.DoorAnthropic, address: "https://api.anthropic.com"},
	{kind: policy.DoorBedrock, needs: []string{"region"}, takes: []string{"inference_profile", "model_ids", "metadata_credentials"}, region: amazons, keyless: true},
	{kind: policy.DoorBedrockMessages, needs: []string{"region"}, takes: []string{"inference_profile", "model_ids", "metadata_credentials"}, region: amazons, keyless: true},
	{kind: policy.DoorPlatformAWS, needs: []string{"region", "workspace"}, takes: []string{"metadata_credentials"}, region: amazons, keyless: true},
	{kind: policy.DoorVertex, needs: []string{"region", "project"}, takes: []string{"model_ids", "google_credentials_file", "metadata_credentials"}, region: googles, keyless: true},
	{kind: policy.DoorGoogleCloud, needs: []string{"project", "workspace"}, takes: []string{"google_credentials_file", "metadata_credentials"}, region: googles, keyless: true},
	{kind: policy.DoorFoundry, takes: []string{"resource", "model_ids", "entra_tenant", "entra_client", "metadata_credentials"}, keyless: true},
	{kind: policy.DoorCompatible, takes: []string{"model_ids", "key_header"}},
}

func doorKinds() []string {
	list := []string{string(policy.DoorSimulator)}
	for _, rule := range doorRules {
		list = append(list, string(rule.kind))
	}
	return list
}

var (
	profileForm  = regexp.MustCompile(`^[a-z]+(-[a-z]+)?$`)
	platformForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}$`)
	projectForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9.:-]{2,99}$`)
	resourceForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,62}$`)
	nameOrID     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
)

// platformFields are the settings that not every kind takes.
func (r *reader) platformFields(p *Platform, at *doorNodes, dir string) []field {
	text := func(name string, into *string, form *regexp.Regexp, hint string) func(n *yaml.Node) {
		return func(n *yaml.Node) { at.platform[name] = n; r.text(n, into, form, hint) }
	}
	profile := text("inference_profile", &p.Profile, profileForm, "write the prefix of the profile, like us, eu or au")
	project := text("project", &p.Project, projectForm, "write Google's id of the project")
	workspace := text("workspace", &p.Workspace, nameOrID, "write the workspace's id at Anthropic")
	credentials := text("google_credentials_file", &p.Credentials, pathForm, "write the path of a file of credentials")
	resource := text("resource", &p.Resource, resourceForm, "write the name in https://NAME.services.ai.azure.com")
	tenant := text("entra_tenant", &p.EntraTenant, nameOrID, "write the directory's id")
	client := text("entra_client", &p.EntraClient, nameOrID, "write the application's id")
	return []field{
		{"inference_profile", func(n *yaml.Node) { profile(n) }},
		{"project", func(n *yaml.Node) { project(n) }},
		{"workspace", func(n *yaml.Node) { workspace(n) }},
		{"resource", func(n *yaml.Node) { resource(n) }},
		{"entra_tenant", func(n *yaml.Node) { tenant(n) }},
		{"entra_client", func(n *yaml.Node) { client(n) }},
		{"key_header", func(n *yaml.Node) {
			at.platform["key_header"] = n
			r.choice(n, &p.KeyHeader, []string{"x-api-key", "authorization"})
		}},
		{"google_credentials_file", func(n *yaml.Node) { credentials(n); p.Credentials = under(dir, p.Credentials) }},
		{"model_ids", func(n *yaml.Node) { at.platform["model_ids"] = n; r.modelIDs(n, &p.ModelIDs) }},
		{"metadata_credentials", func(n *yaml.Node) { at.platform["metadata_credentials"] = n; r.flag(n, &p.Metadata) }},
	}
}

// platformWhole judges a door by the rule of its kind.
func (r *reader) platformWhole(item *yaml.Node, at doorNodes, d *Door) {
	i := slices.IndexFunc(doorRules, func(rule doorRule) bool { return rule.kind == d.Kind })
	if i < 0 {
		return // the kind's own fault is reported
	}
	rule := doorRules[i]
	for _, name := range rule.needs {
		if at.platform[name] == nil {
			r.missing(item, name)
		}
	}
	for name, n := range at.platform {
		if name != "region" && !slices.Contains(rule.needs, name) && !slices.Contains(rule.takes, name) {
			r.fault(n, name+" is not for a door of this kind", "remove it")
		}
	}
	if n := at.platform["region"]; n != nil && d.Region != "" && rule.region != nil && !rule.region.form.MatchString(d.Region) {
		r.fault(n, "this is not the form of a region there", rule.region.hint)
	}
	if at.key == nil && !rule.keyless {
		r.fault(item, "the door has no key", "set one of key_file, key_env, key_credential, key_secret")
	}
	if at.url == nil {
		d.URL = rule.address
	}
	r.ownWhole(item, at, d)
	r.url(at.url, *d)
}

// ownWhole judges what the rules of kinds cannot say.
func (r *reader) ownWhole(item *yaml.Node, at doorNodes, d *Door) {
	entra := at.platform["entra_tenant"] != nil
	switch {
	case d.Kind == policy.DoorCompatible && at.url == nil:
		r.fault(item, "the door has no url", "say where your endpoint is")
	case d.Kind != policy.DoorFoundry:
	case at.platform["resource"] == nil && at.url == nil:
		r.fault(item, "the door has no resource", "set resource, or url for a private address of it")
	case entra != (at.platform["entra_client"] != nil):
		r.fault(item, "an application has a directory and an id", "set both entra_tenant and entra_client, or none")
	case at.key == nil && !entra && !d.Platform.Metadata:
		r.fault(item, "the door has no key", "set one of key_file, key_env, key_credential, key_secret, or entra_tenant and entra_client")
	}
}

// modelIDs reads what the platform calls the models.
func (r *reader) modelIDs(n *yaml.Node, into *map[string]string) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "here belong settings of the form name: value", "write model-id: the-platform's-id")
		return
	}
	*into = map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		var id, there string
		r.text(n.Content[i], &id, modelForm, "write a model id")
		r.text(n.Content[i+1], &there, platformForm, "write the platform's id, without spaces")
		(*into)[id] = there
	}
}

// pins reads public keys by their hashes (CRY-02).
func (r *reader) pins(n *yaml.Node, into *[]string) {
	r.list(n, func(item *yaml.Node) {
		text, ok := strings.CutPrefix(item.Value, "sha256/")
		sum, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(sum) != sha256.Size {
			r.fault(item, "this is not the hash of a public key", "write sha256/ and the base64 of 32 bytes, in quotes")
			return
		}
		*into = append(*into, item.Value)
	})
}
