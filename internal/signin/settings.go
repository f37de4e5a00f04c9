package signin

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"chaperone/internal/claude"
)

// Settings is what Claude Code is told when it asks for its managed settings.
type Settings struct {
	None bool           // there are none: 404
	Own  map[string]any // the house's own, from its file; nil: the defaults
}

//go:embed settings.json
var defaults []byte

// ParseSettings reads a managed-settings.json. The error says what is wrong with
// it and repeats nothing of it.
func ParseSettings(src []byte) (Settings, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber() // a number goes out as it was written
	var own map[string]any
	if err := dec.Decode(&own); err != nil || own == nil {
		return Settings{}, errors.New("it is not one JSON object")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Settings{}, errors.New("something follows the JSON object")
	}
	return Settings{Own: own}, nil
}

// of are the settings for clients that reach this house at base. The defaults
// name that address, so that a session keeps to it however it was started.
func (s Settings) of(base string) (map[string]any, error) {
	if s.Own != nil {
		return s.Own, nil
	}
	made, err := ParseSettings(bytes.ReplaceAll(defaults, []byte("{base}"), []byte(base)))
	if err != nil {
		return nil, fmt.Errorf("signin: defaults: %w", err)
	}
	return made.Own, nil
}

// checksum is what Claude Code itself reckons over the settings it holds:
// SHA-256 of their JSON with sorted keys and no blanks.
func checksum(settings map[string]any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(settings); err != nil { // maps are written sorted
		return "", err
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// settings answers GET /managed/settings: to whoever holds a credential, with
// 304 where the client's copy is the same. If-None-Match: * asks only whether
// there are settings.
func (s *SignIn) settings(w http.ResponseWriter, r *http.Request) {
	if _, err := s.parts.Identity.Authenticate(r); err != nil {
		if noted := s.noteAttempt(r, err); noted != nil {
			err = noted
		}
		claude.WriteError(w, "", err)
		return
	}
	if s.parts.Settings.None {
		respond(w, http.StatusNotFound, map[string]any{})
		return
	}
	settings, err := s.parts.Settings.of(s.base(r))
	if err != nil {
		claude.WriteError(w, "", err)
		return
	}
	sum, err := checksum(settings)
	if err != nil {
		claude.WriteError(w, "", err)
		return
	}
	w.Header().Set("ETag", `"`+sum+`"`)
	for _, held := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(held), "W/") == `"`+sum+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	respond(w, http.StatusOK, map[string]any{"uuid": uuidOf(sum), "checksum": sum, "settings": settings})
}

// uuidOf is a name for these settings: a version 8 UUID (RFC 9562) of their
// checksum, the same for the same settings.
func uuidOf(sum string) string {
	raw := sha256.Sum256([]byte(sum))
	raw[6], raw[8] = raw[6]&0x0f|0x80, raw[8]&0x3f|0x80
	h := hex.EncodeToString(raw[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

//go:embed protocol.md
var protocolText []byte

// protocol says what of the gateway contract is served here.
func protocol(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	_, _ = w.Write(protocolText) // a client that left needs no answer
}
