package claude

import "errors"

const defaultBaseURL = "https://api.anthropic.com"

// NewAnthropic returns the door to the vendor's own API. An empty Name means
// "anthropic", an empty BaseURL https://api.anthropic.com; Key is required. It
// connects to nothing yet. The errors are about the configuration and name the
// field.
func NewAnthropic(cfg DoorConfig) (*HTTPDoor, error) {
	if cfg.Key == nil {
		return nil, errors.New("claude: door: no key: say where the API key is kept")
	}
	return newHTTPDoor(cfg.named("anthropic", defaultBaseURL), native{}, keyHeader{"X-Api-Key", cfg.Key})
}
