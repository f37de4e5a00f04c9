package claude

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// FoundryConfig describes the way to Microsoft Foundry. Key is the resource's
// API key; with Tenant and Client it is the secret of that application instead,
// or nil where a workload's identity stands for it
// ($AZURE_FEDERATED_TOKEN_FILE). Without any of them, and with AllowMetadata,
// the door takes the machine's own identity.
type FoundryConfig struct {
	DoorConfig
	// Resource is the name in https://RESOURCE.services.ai.azure.com. Required,
	// unless BaseURL says where the resource is.
	Resource string
	// Tenant and Client are the directory and the application to sign in with.
	Tenant, Client string
	// Authority signs in; empty means https://login.microsoftonline.com.
	Authority string
	// MetadataURL is where the machine's own identity is asked for, with
	// AllowMetadata and without a key; empty means http://169.254.169.254.
	MetadataURL string
	// ModelIDs are the names of your deployments, by the vendor's id of the
	// model. A deployment that is not named has the model's id.
	ModelIDs map[string]string
}

var (
	foundryResource = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,62}$`)
	entraForm       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,127}$`)
)

// entraScope is the one that Foundry asks for.
const entraScope = "https://ai.azure.com/.default"

// NewFoundry returns the door to Microsoft Foundry. An empty Name means
// "foundry". It connects to nothing yet. The errors are about the configuration
// and name the field.
func NewFoundry(cfg FoundryConfig) (*HTTPDoor, error) {
	if cfg.BaseURL == "" && !foundryResource.MatchString(cfg.Resource) {
		return nil, errors.New("claude: door: no resource: write its name, as in https://NAME.services.ai.azure.com")
	}
	cfg.DoorConfig = cfg.named("foundry", "https://"+cfg.Resource+".services.ai.azure.com")
	list, err := newListing(cfg.Models)
	if err != nil {
		return nil, err
	}
	auth, err := newFoundryCredential(cfg)
	if err != nil {
		return nil, err
	}
	return newHTTPDoor(cfg.DoorConfig, hosted{
		prefix: "/anthropic", name: ownNames(cfg.ModelIDs), list: &list, refusal: cloudRefusal,
	}, auth)
}

func newFoundryCredential(cfg FoundryConfig) (credential, error) {
	if cfg.Tenant == "" && cfg.Client == "" {
		if cfg.Key == nil && cfg.AllowMetadata && cfg.Now != nil {
			return newMachineTokens(cfg, entraScope)
		}
		if cfg.Key == nil {
			return nil, errors.New("claude: door: no key: name the resource's key, or a tenant and a client")
		}
		return keyHeader{"X-Api-Key", cfg.Key}, nil
	}
	return newEntraCredential(cfg, entraScope)
}

// newEntraCredential signs in as an application of a directory.
func newEntraCredential(cfg FoundryConfig, scope string) (credential, error) {
	if !entraForm.MatchString(cfg.Tenant) || !entraForm.MatchString(cfg.Client) {
		return nil, errors.New("claude: door: the tenant and the client are the ids of a directory and of an application in it")
	}
	authority := cfg.Authority
	if authority == "" {
		authority = "https://login.microsoftonline.com"
	}
	if _, err := parseBase(authority, cfg.InsecureAllowHTTP); err != nil {
		return nil, err
	}
	way, err := cfg.credentialTransport()
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: way, Timeout: credentialWait, CheckRedirect: noRedirect}
	return &entraTokens{
		ctx:    context.WithValue(context.Background(), oauth2.HTTPClient, client),
		url:    authority + "/" + url.PathEscape(cfg.Tenant) + "/oauth2/v2.0/token",
		client: cfg.Client, secret: cfg.Key, scope: scope,
	}, nil
}

// entraTokens buys tokens as an application of a directory, and keeps each until
// it ends. A secret that changed is used at once.
type entraTokens struct {
	ctx         context.Context // carries the client that fetches; never ends
	url, client string
	scope       string
	secret      KeySource // nil: a workload's identity

	mu     sync.Mutex
	proof  string // what source was made of
	source oauth2.TokenSource
}

func (e *entraTokens) authorize(req *http.Request, _ []byte) error {
	source, err := e.current()
	if err != nil {
		return err
	}
	return authorizeByToken(req, source)
}

func (e *entraTokens) current() (oauth2.TokenSource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	conf := clientcredentials.Config{
		ClientID: e.client, TokenURL: e.url, Scopes: []string{e.scope}, AuthStyle: oauth2.AuthStyleInParams,
	}
	proof := ""
	if e.secret != nil {
		key, err := usableKey(e.secret)
		if err != nil {
			return nil, err
		}
		proof, conf.ClientSecret = key, key
	} else {
		said, err := workloadToken()
		if err != nil {
			return nil, err
		}
		proof = said
		conf.EndpointParams = url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {said},
		}
	}
	if e.source == nil || proof != e.proof {
		e.source, e.proof = conf.TokenSource(e.ctx), proof
	}
	return e.source, nil
}

// workloadToken is what the cluster says of this workload. The cluster writes it
// anew from time to time.
func workloadToken() (string, error) {
	path := os.Getenv("AZURE_FEDERATED_TOKEN_FILE")
	if path == "" {
		return "", errors.New("claude: door: no secret, and no workload identity on this machine")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", errors.New("claude: door: the workload's identity cannot be read")
	}
	said := string(data)
	if !plausibleKey(said, maxTokenBytes) {
		return "", errors.New("claude: door: the workload's identity is not a token")
	}
	return said, nil
}
