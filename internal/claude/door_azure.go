package claude

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// machineTokens are those that Azure's metadata service gives to the machine
// itself (a managed identity). It is asked at one address that is reached
// without TLS and leads nowhere outside of the machine's host.
type machineTokens struct{ source oauth2.TokenSource }

func newMachineTokens(cfg FoundryConfig, scope string) (credential, error) {
	resource, err := url.Parse(scope)
	if err != nil {
		return nil, fmt.Errorf("claude: door: scope: %w", err)
	}
	way, err := cfg.credentialTransport()
	if err != nil {
		return nil, err
	}
	ask := url.Values{"api-version": {"2018-02-01"}, "resource": {resource.Scheme + "://" + resource.Host}}
	return machineTokens{oauth2.ReuseTokenSource(nil, &azureMetadata{
		client: &http.Client{Transport: way, Timeout: credentialWait, CheckRedirect: noRedirect},
		url:    cmp.Or(cfg.MetadataURL, "http://169.254.169.254") + "/metadata/identity/oauth2/token?" + ask.Encode(),
		now:    cfg.Now,
	})}, nil
}

func (m machineTokens) authorize(req *http.Request, _ []byte) error {
	return authorizeByToken(req, m.source)
}

// azureMetadata buys one token after another.
type azureMetadata struct {
	client *http.Client
	url    string
	now    func() time.Time
}

// Token asks the metadata service.
func (a *azureMetadata) Token() (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(context.Background(), credentialWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url, http.NoBody)
	if err != nil {
		return nil, errors.New("claude: door: the metadata service's address is wrong")
	}
	req.Header.Set("Metadata", "true")
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("claude: door: the metadata service does not answer: %w", err)
	}
	defer resp.Body.Close()
	var said struct {
		Token   string `json:"access_token"`
		Seconds string `json:"expires_in"`
	}
	if resp.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(resp.Body, maxCredentialBytes)).Decode(&said) != nil {
		return nil, fmt.Errorf("claude: door: the metadata service gave no token (status %d)", resp.StatusCode)
	}
	seconds, err := strconv.Atoi(said.Seconds)
	if err != nil || seconds <= 0 {
		return nil, errors.New("claude: door: the metadata service gave a token without an end")
	}
	return &oauth2.Token{AccessToken: said.Token, Expiry: a.now().Add(time.Duration(seconds) * time.Second)}, nil
}
