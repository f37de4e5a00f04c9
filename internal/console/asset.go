package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static/*
var static embed.FS

// assets are the console's own files. Each is served under a name that holds a
// digest of its content, so that browsers may keep it for good.
type assets struct {
	files map[string][]byte // by the name with the digest
	names map[string]string // name in the program to the one with the digest
}

func readAssets() (assets, error) {
	a := assets{files: map[string][]byte{}, names: map[string]string{}}
	list, err := static.ReadDir("static")
	if err != nil {
		return a, fmt.Errorf("console: assets: %w", err)
	}
	for _, e := range list {
		content, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			return a, fmt.Errorf("console: assets: %w", err)
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.files[name], a.names[e.Name()] = content, name
	}
	return a, nil
}

// address is where an asset is served.
func (a assets) address(name string) string { return "/console/static/" + a.names[name] }

func (a assets) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", mediaType(name))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// mediaType is said here and not asked of the machine, whose table may differ.
func mediaType(name string) string {
	if path.Ext(name) == ".svg" {
		return "image/svg+xml"
	}
	return "text/css; charset=utf-8"
}
