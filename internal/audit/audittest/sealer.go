package audittest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"chaperone"
	"chaperone/internal/audit"
)

// Sealer is an audit.Sealer under a key that dies with the test.
type Sealer struct {
	aead cipher.AEAD
	mu   sync.Mutex
	keys map[string]bool

	// Fault, if set, is asked before content is sealed.
	Fault func(ctx context.Context) error
}

var _ audit.Sealer = (*Sealer)(nil)

// NewSealer makes a sealer with a fresh key.
func NewSealer() *Sealer {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return &Sealer{aead: aead, keys: map[string]bool{}}
}

// SealFacts implements audit.Sealer.
func (s *Sealer) SealFacts(record string, plain []byte) ([]byte, error) {
	return s.aead.Seal(nil, nil, plain, []byte(record)), nil
}

// OpenFacts implements audit.Sealer.
func (s *Sealer) OpenFacts(record string, sealed []byte) ([]byte, error) {
	return s.aead.Open(nil, nil, sealed, []byte(record))
}

// SealContent implements audit.Sealer.
func (s *Sealer) SealContent(ctx context.Context, record, kind string, plain []byte) ([]byte, string, [32]byte, error) {
	if s.Fault != nil {
		if err := s.Fault(ctx); err != nil {
			return nil, "", [32]byte{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("key-%d", len(s.keys))
	s.keys[id] = true
	return s.aead.Seal(nil, nil, plain, []byte(record+kind+id)), id, sha256.Sum256([]byte(id)), nil
}

// OpenContent implements audit.Sealer.
func (s *Sealer) OpenContent(_ context.Context, record, kind, id string, sealed []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.keys[id] {
		return nil, chaperone.NewError(chaperone.KindNotFound, "content_gone", "The content was destroyed", "", nil)
	}
	return s.aead.Open(nil, nil, sealed, []byte(record+kind+id))
}

// Destroy destroys the key of a record's content.
func (s *Sealer) Destroy(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.keys[id] {
		return errors.New("audittest: no such key")
	}
	delete(s.keys, id)
	return nil
}

// Index is a keyed hash with a key that everybody knows.
func Index(field, value string) [16]byte {
	mac := hmac.New(sha256.New, []byte("a key that everybody knows"))
	mac.Write([]byte(hex.EncodeToString([]byte(field)) + "\x00" + value))
	return [16]byte(mac.Sum(nil)[:16])
}

// Signer is an audit.Signer with a key made from a name.
type Signer struct{ key ed25519.PrivateKey }

// NewSigner yields the signer of that name: the same name, the same key.
func NewSigner(name string) Signer {
	seed := sha256.Sum256([]byte(name))
	return Signer{ed25519.NewKeyFromSeed(seed[:])}
}

// Public implements audit.Signer.
func (s Signer) Public() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

// Sign implements audit.Signer.
func (s Signer) Sign(message []byte) ([]byte, error) { return ed25519.Sign(s.key, message), nil }
