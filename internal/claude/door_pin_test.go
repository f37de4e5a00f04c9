package claude_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/claude"
)

// CRY-02: a wrong pin fails closed, however good the certificate is otherwise.
func TestAPinnedDoorTalksToThePinnedKeyAlone(t *testing.T) {
	arrived := 0
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived++
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(srv.Close)
	client := srv.Client().Transport.(*http.Transport)
	sum := sha256.Sum256(srv.Certificate().RawSubjectPublicKeyInfo)
	right, err := claude.ParsePin("sha256/" + base64.StdEncoding.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	wrong := right
	wrong[0] ^= 1
	cfg := claude.DoorConfig{BaseURL: srv.URL, Roots: client.TLSClientConfig.RootCAs, AllowPrivate: true, TLSFloor: tls.VersionTLS12}
	cfg.Pins = []claude.Pin{wrong}
	_, err = newDoor(t, cfg).Send(t.Context(), call(`{}`))
	wantError(t, err, chaperone.KindUnavailable, "door_certificate")
	if arrived != 0 {
		t.Error("the call arrived at a key that is not pinned")
	}
	cfg.Pins = []claude.Pin{wrong, right}
	for range 2 { // the second time over a kept connection
		reply, err := newDoor(t, cfg).Send(t.Context(), call(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
	}
	for _, text := range []string{"", "sha256/", "sha256/AAAA", "md5/" + strings.Repeat("A", 43) + "=", strings.Repeat("A", 44)} {
		if _, err := claude.ParsePin(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
