package claude

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// GoogleConfig is what the doors to Google Cloud have in common. They take no
// Key but tokens, bought with the machine's default credentials: the file of
// Credentials, else that of $GOOGLE_APPLICATION_CREDENTIALS, else that of
// gcloud, else, with AllowMetadata, the machine's own account.
type GoogleConfig struct {
	DoorConfig
	// Project and Location are Google's names: "clinic-1", "us-east5". Global
	// and more regions than one are "global", "us" and "eu". Required.
	Project, Location string
	// Workspace is the workspace at Anthropic; NewGoogleCloud requires it.
	Workspace string
	// Credentials is the path of a file: of a service account, a workload's
	// identity, or an impersonation. It is read anew when it changes.
	Credentials string
	// ModelIDs are the ids that this door's models have at Google where no rule
	// says so.
	ModelIDs map[string]string
}

var (
	googleProject  = regexp.MustCompile(`^[a-z0-9][a-z0-9.:-]{2,99}$`)
	googleLocation = regexp.MustCompile(`^(global|us|eu|[a-z]+-[a-z]+[0-9]{1,2})$`)
)

func (c GoogleConfig) check() error {
	switch {
	case !googleProject.MatchString(c.Project):
		return errors.New("claude: door: the project is Google's id of it, like clinic-1")
	case !googleLocation.MatchString(c.Location):
		return errors.New("claude: door: the region is one of Google's, like us-east5, or global, us or eu")
	}
	return nil
}

// NewVertex returns the door to Claude on Google Cloud's own platform (rawPredict
// and streamRawPredict). An empty Name means "vertex". It connects to nothing
// yet. The errors are about the configuration and name the field.
func NewVertex(cfg GoogleConfig) (*HTTPDoor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	host := "https://" + cfg.Location + "-aiplatform.googleapis.com"
	switch cfg.Location {
	case "global":
		host = "https://aiplatform.googleapis.com"
	case "us", "eu":
		host = "https://aiplatform." + cfg.Location + ".rep.googleapis.com"
	}
	cfg.DoorConfig = cfg.named("vertex", host)
	models, err := newModelMap(cfg.ModelIDs, "")
	if err != nil {
		return nil, err
	}
	list, err := newListing(cfg.Models)
	if err != nil {
		return nil, err
	}
	auth, err := newGoogleCredential(cfg)
	if err != nil {
		return nil, err
	}
	path := "/v1/projects/" + url.PathEscape(cfg.Project) + "/locations/" + cfg.Location + "/publishers/anthropic/models/"
	return newHTTPDoor(cfg.DoorConfig, vertex{path, models, list}, auth)
}

var workspaceForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`)

// NewGoogleCloud returns the door to the Claude that Anthropic runs on Google
// Cloud. An empty Name means "google-cloud". It connects to nothing yet. The
// errors are about the configuration and name the field.
func NewGoogleCloud(cfg GoogleConfig) (*HTTPDoor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if !workspaceForm.MatchString(cfg.Workspace) {
		return nil, errors.New("claude: door: no workspace: write the id of yours at Anthropic")
	}
	cfg.DoorConfig = cfg.named("google-cloud", "https://claude.googleapis.com")
	auth, err := newGoogleCredential(cfg)
	if err != nil {
		return nil, err
	}
	prefix := "/v1/projects/" + url.PathEscape(cfg.Project) + "/locations/" + cfg.Location +
		"/workspaces/" + url.PathEscape(cfg.Workspace) + "/invoke"
	return newHTTPDoor(cfg.DoorConfig, hosted{prefix: prefix, refusal: cloudRefusal}, auth)
}

// vertex is the form of rawPredict: the model in the path, the version in the
// body, everything else as the vendor has it.
type vertex struct {
	path   string // up to the model
	models modelMap
	list   listing
}

const vertexVersion = "vertex-2023-10-16"

func (p vertex) shape(c Call, h http.Header) (shaped, error) {
	if reply, err := p.list.answer(c); reply != nil || err != nil {
		return shaped{reply: reply}, err
	}
	doc, err := readCall(c)
	if err != nil {
		return shaped{}, err
	}
	name, err := p.models.vertex(doc.getText(0, "model"))
	if err != nil {
		return shaped{}, err
	}
	front := member("anthropic_version", cloudVersion(h.Get("Anthropic-Version"), vertexVersion))
	h.Del("Anthropic-Version")
	setBetas(h, splitBetas(h.Values("Anthropic-Beta")))
	drop := []string{"model", "anthropic_version", "tags"}
	if strings.HasSuffix(c.Path, "/count_tokens") {
		front += "," + member("model", name)
		return shaped{path: p.path + "count-tokens:rawPredict", body: reshape(doc, front, drop...)}, nil
	}
	action := ":rawPredict"
	if streams(doc) {
		action = ":streamRawPredict"
	}
	return shaped{path: p.path + url.PathEscape(name) + action, body: reshape(doc, front, drop...)}, nil
}

func (p vertex) unshape(_ Call, reply *Reply) error {
	return hosted{refusal: cloudRefusal}.unshape(Call{}, reply)
}

// googleScope is the one that both platforms ask for.
const googleScope = "https://www.googleapis.com/auth/cloud-platform"

func newGoogleCredential(c GoogleConfig) (credential, error) {
	if c.Key != nil {
		return bearer{c.Key}, nil // a token that something else keeps fresh
	}
	way, err := c.credentialTransport()
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: way, Timeout: credentialWait, CheckRedirect: noRedirect}
	return &googleTokens{
		ctx: context.WithValue(context.Background(), oauth2.HTTPClient, client), path: c.Credentials, metadata: c.AllowMetadata,
	}, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// googleTokens buys tokens with the default credentials of the machine, and
// keeps each until it ends.
type googleTokens struct {
	ctx      context.Context // carries the client that fetches; never ends
	path     string
	metadata bool

	mu     sync.Mutex
	digest [sha256.Size]byte // of the file that source was made of
	source oauth2.TokenSource
}

func (g *googleTokens) authorize(req *http.Request, _ []byte) error {
	source, err := g.current()
	if err != nil {
		return err
	}
	return authorizeByToken(req, source)
}

// current is the source of the file as it is now.
func (g *googleTokens) current() (oauth2.TokenSource, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	path := g.file()
	if path == "" {
		if !g.metadata {
			return nil, errors.New("claude: door: no credentials of Google's on this machine")
		}
		if g.source == nil {
			g.source = google.ComputeTokenSource("", googleScope)
		}
		return g.source, nil
	}
	data, err := readSecretFile(path, maxCredentialBytes)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(data)
	if g.source != nil && digest == g.digest {
		return g.source, nil
	}
	source, err := openGoogleFile(g.ctx, data)
	if err != nil {
		return nil, err
	}
	g.source, g.digest = source, digest
	return source, nil
}

// file is where the credentials lie, by the vendor's order; empty: in no file.
func (g *googleTokens) file() string {
	if g.path != "" {
		return g.path
	}
	if path := os.Getenv("GOOGLE_APPLICATION_CREDENTIALS"); path != "" {
		return path
	}
	home, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	path := filepath.Join(home, "gcloud", "application_default_credentials.json")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func openGoogleFile(ctx context.Context, data []byte) (oauth2.TokenSource, error) {
	var head struct{ Type google.CredentialsType }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, errors.New("claude: door: the file of Google's credentials is not JSON")
	}
	switch head.Type {
	case google.ServiceAccount, google.AuthorizedUser, google.ExternalAccount, google.ImpersonatedServiceAccount:
	default:
		return nil, errors.New("claude: door: the file of Google's credentials is of a type that is not used here")
	}
	found, err := google.CredentialsFromJSONWithType(ctx, data, head.Type, googleScope)
	if err != nil {
		return nil, fmt.Errorf("claude: door: the file of Google's credentials cannot be used: %w", err)
	}
	return found.TokenSource, nil
}
