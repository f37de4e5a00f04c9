package claude

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"
)

// Tokens are longer than keys, and files of credentials longer than both.
const (
	maxTokenBytes      = 16 << 10
	maxCredentialBytes = 64 << 10
)

// authorizeByToken sends a token that was bought before, or buys one.
func authorizeByToken(req *http.Request, source oauth2.TokenSource) error {
	token, err := source.Token()
	if err != nil {
		return tokenError(err)
	}
	if !plausibleKey(token.AccessToken, maxTokenBytes) {
		return errors.New("claude: door: the token is empty or holds spaces or control characters")
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	return nil
}

// tokenError tells a wrong clock from a wrong credential. What the service said
// is not kept: it can name accounts.
func tokenError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("claude: door: no token: %w", err)
	}
	// Not every flow of the library reads the body.
	var said struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(refused.Body, &said) // what is no JSON says nothing
	code := cmp.Or(refused.ErrorCode, said.Code)
	words := strings.ToLower(cmp.Or(refused.ErrorDescription, said.Description))
	switch {
	case strings.Contains(words, "reasonable timeframe"), strings.Contains(words, "aadsts700024"):
		return errClock()
	case !typeForm(code):
		return errors.New("claude: door: the service that gives tokens refused")
	}
	return fmt.Errorf("claude: door: the service that gives tokens refused: %s", code)
}
