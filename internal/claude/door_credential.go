package claude

import (
	"errors"
	"net/http"
)

// credential proves to a platform who calls. It comes last: nothing of the
// request may change after it. An error that is no *chaperone.Error means that
// there is nothing to prove it by.
type credential interface {
	authorize(req *http.Request, body []byte) error
}

// keyHeader sends a key in a header of its own.
type keyHeader struct {
	header string
	key    KeySource
}

func (k keyHeader) authorize(req *http.Request, _ []byte) error {
	key, err := usableKey(k.key)
	if err != nil {
		return err
	}
	req.Header.Set(k.header, key)
	return nil
}

// bearer sends a key as RFC 6750 has it.
type bearer struct{ key KeySource }

func (b bearer) authorize(req *http.Request, _ []byte) error {
	key, err := usableKey(b.key)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	return nil
}

func usableKey(source KeySource) (string, error) {
	key, err := source()
	if err != nil {
		return "", err
	}
	if !plausibleKey(key, maxKeyBytes) {
		return "", errors.New("claude: door: the key is empty or holds spaces or control characters")
	}
	return key, nil
}

// plausibleKey keeps a broken key file from becoming a broken header.
func plausibleKey(key string, most int) bool {
	if key == "" || len(key) > most {
		return false
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
