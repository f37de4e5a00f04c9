package audit

import (
	"crypto/ed25519"
	"fmt"
	"testing"
	"testing/synctest"
)

type plainSigner struct{ key ed25519.PrivateKey }

func (s plainSigner) Public() ed25519.PublicKey       { return s.key.Public().(ed25519.PublicKey) }
func (s plainSigner) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

func TestOnlySizesThatWereComparedWithTheJournalAreSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sizes := newMark()
		g, _, err := newGate(plainSigner{ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}, "chaperone/record", sizes)
		if err != nil {
			t.Fatal(err)
		}
		text := func(size any) []byte { return fmt.Appendf(nil, "chaperone/record\n%v\nAAAA\n", size) }
		sizes.reach(5)
		if _, err := g.Sign(text(5)); err != nil {
			t.Errorf("size 5 of 5: %v", err)
		}
		go sizes.reach(6)
		if _, err := g.Sign(text(6)); err != nil {
			t.Errorf("size 6, compared meanwhile: %v", err)
		}
		for name, msg := range map[string][]byte{
			"size 7 of 6": text(7), "no size": text("x"), "another origin": []byte("other\n1\nAAAA\n"), "one line": []byte("chaperone/record"),
		} {
			if _, err := g.Sign(msg); err == nil {
				t.Errorf("signed: %s", name)
			}
		}
	})
}

func FuzzParseID(f *testing.F) {
	f.Add("01935000-0000-7000-8000-000000000001")
	f.Add("01935000-0000-7000-8000-00000000000")
	f.Add("0193500--000-7000-8000-0000000000011")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID(text)
		if err != nil {
			return
		}
		again, err := ParseID(id.String())
		if err != nil || again != id {
			t.Errorf("%q reads as %v, and that as %v (%v)", text, id, again, err)
		}
	})
}
