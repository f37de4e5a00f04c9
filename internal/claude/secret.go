package claude

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// SecretConfig says in which store a door's key lies. What the doors have in
// common (roots, TLS, private addresses, the clock) holds for the way to the
// store; Key is the token for Vault, or the secret of the application that signs
// in to Azure.
type SecretConfig struct {
	DoorConfig
	// Store is "vault", "aws", "google" or "azure".
	Store string
	// Name is the secret's: "secret/data/claude" in Vault, a name or ARN in AWS
	// Secrets Manager, "projects/P/secrets/S" in Google Secret Manager, a name in
	// Azure Key Vault, whose address is BaseURL, as Vault's is.
	Name string
	// Field is the member of a secret that is an object: needed in Vault; empty
	// elsewhere means the whole secret.
	Field string
	// Region is Amazon's.
	Region string
	// Tenant and Client are the directory and the application at Microsoft.
	Tenant, Client string
	// Authority signs in there; empty means https://login.microsoftonline.com.
	Authority string
	// Credentials is Google's file; see GoogleConfig.
	Credentials string
}

// How long a key from a store is used without asking again, and how long if the
// store does not answer: a short fault of the store need not stop a clinic.
const (
	secretFresh = time.Minute
	secretStale = 15 * time.Minute
)

var secretForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/:+=@-]{0,511}$`)

// KeyFromSecretStore takes the key from a store, and asks again after a minute.
// While the store does not answer, the last key is used for a quarter of an
// hour. Nothing is asked before the first call. The errors are about the
// configuration and name the field.
func KeyFromSecretStore(cfg SecretConfig) (KeySource, error) {
	if !secretForm.MatchString(cfg.Name) || strings.Contains(cfg.Name, "..") || strings.Contains(cfg.Name, "//") {
		return nil, errors.New("claude: secret: the name of the secret has not its form")
	}
	if cfg.Now == nil {
		return nil, errors.New("claude: secret: no clock")
	}
	if cfg.BaseURL != "" {
		if _, err := parseBase(cfg.BaseURL, cfg.InsecureAllowHTTP); err != nil {
			return nil, err
		}
	}
	s, err := newSecretStore(cfg)
	if err != nil {
		return nil, err
	}
	way, err := cfg.credentialTransport()
	if err != nil {
		return nil, err
	}
	s.client = &http.Client{Transport: way, Timeout: credentialWait, CheckRedirect: noRedirect}
	s.field, s.now = cfg.Field, cfg.Now
	return s.key, nil
}

// secretStore is one secret in one store.
type secretStore struct {
	method, url string
	header      map[string]string
	body        []byte
	auth        credential
	value       func(answer []byte, field string) (string, error)
	field       string
	client      *http.Client
	now         func() time.Time

	mu   sync.Mutex
	last string
	at   time.Time
}

func newSecretStore(c SecretConfig) (*secretStore, error) {
	s := &secretStore{method: http.MethodGet}
	base := strings.TrimRight(c.BaseURL, "/")
	var err error
	switch c.Store {
	case "vault":
		if c.BaseURL == "" || c.Key == nil || c.Field == "" {
			return nil, errors.New("claude: secret: Vault needs an address, a token and a field")
		}
		s.url, s.value, s.auth = base+"/v1/"+c.Name, vaultValue, keyHeader{"X-Vault-Token", c.Key}
	case "aws":
		c.Key = nil // signs, whatever the door's own key is
		aws := AWSConfig{DoorConfig: c.DoorConfig, Region: c.Region}
		if err := aws.check(); err != nil {
			return nil, err
		}
		s.method, s.value = http.MethodPost, awsValue
		s.url = cmp.Or(base, "https://secretsmanager."+c.Region+".amazonaws.com") + "/"
		s.header = map[string]string{"X-Amz-Target": "secretsmanager.GetSecretValue", "Content-Type": "application/x-amz-json-1.1"}
		s.body = []byte("{" + member("SecretId", c.Name) + "}")
		s.auth, err = newAWSCredential(aws, "secretsmanager", "")
	case "google":
		s.url = cmp.Or(base, "https://secretmanager.googleapis.com") + "/v1/" + c.Name + "/versions/latest:access"
		s.value, c.Key = googleValue, nil
		s.auth, err = newGoogleCredential(GoogleConfig{DoorConfig: c.DoorConfig, Credentials: c.Credentials})
	case "azure":
		if c.BaseURL == "" {
			return nil, errors.New("claude: secret: Azure needs the vault's address")
		}
		s.url, s.value = base+"/secrets/"+url.PathEscape(c.Name)+"?api-version=7.4", azureValue
		s.auth, err = newEntraCredential(FoundryConfig{
			DoorConfig: c.DoorConfig, Tenant: c.Tenant, Client: c.Client, Authority: c.Authority,
		}, "https://vault.azure.net/.default")
	default:
		return nil, errors.New("claude: secret: a store is vault, aws, google or azure")
	}
	return s, err
}

// key is the KeySource.
func (s *secretStore) key() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := s.now().Sub(s.at)
	if s.last != "" && age < secretFresh {
		return s.last, nil
	}
	key, err := s.fetch()
	switch {
	case err == nil:
		s.last, s.at = key, s.now()
		return key, nil
	case s.last != "" && age < secretStale:
		return s.last, nil
	}
	s.last = ""
	return "", err
}

// fetch asks the store. What it answers besides the secret is not kept.
func (s *secretStore) fetch() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), credentialWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, s.method, s.url, bytes.NewReader(s.body))
	if err != nil {
		return "", errors.New("claude: secret: the store's address is wrong")
	}
	if len(s.body) == 0 {
		req.Body = http.NoBody
	}
	for name, value := range s.header {
		req.Header.Set(name, value)
	}
	if err := s.auth.authorize(req, s.body); err != nil {
		return "", fmt.Errorf("claude: secret: %w", err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("claude: secret: the store does not answer: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxCredentialBytes))
	if err != nil {
		return "", fmt.Errorf("claude: secret: the store does not answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("claude: secret: the store answered with status %d", resp.StatusCode)
	}
	return s.value(answer, s.field)
}

var errNoSecret = errors.New("claude: secret: the store's answer holds no key of that name")

func vaultValue(answer []byte, field string) (string, error) {
	var a struct{ Data map[string]json.RawMessage }
	if json.Unmarshal(answer, &a) != nil {
		return "", errNoSecret
	}
	if inner, ok := a.Data["data"]; ok && len(inner) > 0 && inner[0] == '{' { // the second version of the engine
		return fieldOf(inner, field)
	}
	var key string
	if json.Unmarshal(a.Data[field], &key) != nil || key == "" {
		return "", errNoSecret
	}
	return key, nil
}

func awsValue(answer []byte, field string) (string, error) {
	var a struct{ SecretString string }
	if json.Unmarshal(answer, &a) != nil {
		return "", errNoSecret
	}
	return fieldOf([]byte(a.SecretString), field)
}

func googleValue(answer []byte, field string) (string, error) {
	var a struct{ Payload struct{ Data string } }
	if json.Unmarshal(answer, &a) != nil {
		return "", errNoSecret
	}
	data, err := base64.StdEncoding.DecodeString(a.Payload.Data)
	if err != nil {
		return "", errNoSecret
	}
	return fieldOf(data, field)
}

func azureValue(answer []byte, field string) (string, error) {
	var a struct{ Value string }
	if json.Unmarshal(answer, &a) != nil {
		return "", errNoSecret
	}
	return fieldOf([]byte(a.Value), field)
}

// fieldOf is a member of a secret that is an object, or the whole secret.
func fieldOf(secret []byte, field string) (string, error) {
	key := strings.TrimSpace(string(secret))
	if field != "" {
		var all map[string]json.RawMessage
		key = ""
		if json.Unmarshal(secret, &all) != nil || json.Unmarshal(all[field], &key) != nil {
			return "", errNoSecret
		}
	}
	if key == "" {
		return "", errNoSecret
	}
	return key, nil
}
