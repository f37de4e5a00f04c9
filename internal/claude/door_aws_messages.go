package claude

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// NewBedrockMessages returns the door to Amazon Bedrock's own Messages endpoint.
// An empty Name means "bedrock-messages". It connects to nothing yet. The errors
// are about the configuration and name the field; a region without the endpoint
// is one of them.
func NewBedrockMessages(cfg AWSConfig) (*HTTPDoor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	models, err := newModelMap(cfg.ModelIDs, cfg.Profile)
	if err != nil {
		return nil, err
	}
	if slices.Contains(models.known.NoMessages, cfg.Region) && cfg.BaseURL == "" {
		return nil, fmt.Errorf("claude: door: the Messages endpoint is not in %s: take kind bedrock there", cfg.Region)
	}
	cfg.DoorConfig = cfg.named("bedrock-messages", "https://bedrock-mantle."+cfg.Region+".api.aws")
	list, err := newListing(cfg.Models)
	if err != nil {
		return nil, err
	}
	auth, err := newAWSCredential(cfg, "bedrock-mantle", "AWS_BEARER_TOKEN_BEDROCK")
	if err != nil {
		return nil, err
	}
	name := func(id string) (string, error) {
		there, _, err := models.bedrock(id, true)
		return there, err
	}
	return newHTTPDoor(cfg.DoorConfig, hosted{
		prefix: "/anthropic", name: name, list: &list, drop: []string{"tags"}, noBetas: true, refusal: awsRefusal,
	}, auth)
}

// NewPlatformAWS returns the door to the Claude Platform on AWS, which Anthropic
// runs. An empty Name means "claude-platform-aws". workspace is the id of yours
// at Anthropic. It connects to nothing yet. The errors are about the
// configuration and name the field.
func NewPlatformAWS(cfg AWSConfig, workspace string) (*HTTPDoor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if !workspaceForm.MatchString(workspace) {
		return nil, errors.New("claude: door: no workspace: write the id of yours at Anthropic")
	}
	if cfg.Profile != "" || len(cfg.ModelIDs) > 0 {
		return nil, errors.New("claude: door: this platform has the vendor's ids, and no profiles")
	}
	cfg.DoorConfig = cfg.named("claude-platform-aws", "https://aws-external-anthropic."+cfg.Region+".api.aws")
	auth, err := newAWSCredential(cfg, "aws-external-anthropic", "ANTHROPIC_AWS_API_KEY")
	if err != nil {
		return nil, err
	}
	return newHTTPDoor(cfg.DoorConfig, hosted{
		header: map[string]string{"Anthropic-Workspace-Id": workspace}, refusal: awsRefusal, full: true,
	}, auth)
}

// NewCompatible returns the door to an endpoint of your own that speaks the
// Messages API. An empty Name means "compatible"; BaseURL and Key are required.
// keyHeader is "x-api-key" (also where it is empty) or "authorization". ids are
// the endpoint's ids of models, by the vendor's. It connects to nothing yet. The
// errors are about the configuration and name the field.
func NewCompatible(cfg DoorConfig, keyHeaderName string, ids map[string]string) (*HTTPDoor, error) {
	if cfg.BaseURL == "" {
		return nil, errors.New("claude: door: no url: say where your endpoint is")
	}
	if cfg.Key == nil {
		return nil, errors.New("claude: door: no key: say where the endpoint's key is kept")
	}
	var auth credential
	switch strings.ToLower(keyHeaderName) {
	case "", "x-api-key":
		auth = keyHeader{"X-Api-Key", cfg.Key}
	case "authorization":
		auth = bearer{cfg.Key}
	default:
		return nil, errors.New("claude: door: the key goes into x-api-key or authorization")
	}
	p := hosted{name: ownNames(ids), refusal: cloudRefusal, full: true}
	if len(cfg.Models) > 0 {
		list, err := newListing(cfg.Models)
		if err != nil {
			return nil, err
		}
		p.list = &list
	}
	return newHTTPDoor(cfg.named("compatible", ""), p, auth)
}

// ownNames are the ids that the operator set, and the vendor's for all others.
func ownNames(ids map[string]string) func(string) (string, error) {
	if len(ids) == 0 {
		return nil
	}
	return func(id string) (string, error) {
		if there, ok := ids[id]; ok {
			return there, nil
		}
		return id, nil
	}
}
