package register_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"chaperone/internal/register"
)

func flow() register.Flow {
	return register.Flow{
		Tenant: "clinic", Listen: "127.0.0.1:8787", Encrypted: true, Policy: "baa-direct 1", Residency: []string{"US"},
		Kept: []register.FlowKept{{What: "Record", How: "encrypted"}},
		Doors: []register.FlowDoor{
			{Name: "claude", Kind: "anthropic", To: "Anthropic", Places: []string{"US"}, Retention: "standard", Agreement: "BAA-1", Expires: date("2027-05-04"), TLS: "1.3", Carries: "identified"},
			{Name: "simulator", Kind: "simulator", Simulated: true, Retention: "none", Carries: "identified"},
		},
	}
}

func TestTheDigestIsThatOfThePicture_RTE08(t *testing.T) {
	if again := flow().Digest(); again != flow().Digest() || len(again) != 64 {
		t.Fatal("the same flow has two digests")
	}
	for name, change := range map[string]func(*register.Flow){
		"another place":       func(f *register.Flow) { f.Doors[0].Places = []string{"any"} },
		"no agreement":        func(f *register.Flow) { f.Doors[0].Agreement = "" },
		"a weaker connection": func(f *register.Flow) { f.Doors[0].TLS = "1.2" },
		"one door less":       func(f *register.Flow) { f.Doors = f.Doors[:1] },
		"another policy":      func(f *register.Flow) { f.Policy = "baa-direct 2" },
		"unencrypted inside":  func(f *register.Flow) { f.Encrypted = false },
	} {
		f := flow()
		change(&f)
		if f.Digest() == flow().Digest() {
			t.Errorf("%s: the digest is the same", name)
		}
		if f.Mermaid() == flow().Mermaid() || f.SVG() == flow().SVG() {
			t.Errorf("%s: the picture is the same", name)
		}
	}
}

func TestThePictureShowsEveryDoorAndSaysWhatPasses_RTE08(t *testing.T) {
	for kind, text := range map[string]string{"mermaid": flow().Mermaid(), "svg": flow().SVG()} {
		for _, want := range []string{"claude (anthropic)", "to Anthropic", "in US", "BAA-1 until 2027-05-04", "nothing leaves this machine", "may go to US", "TLS 1.3", flow().Digest(), "Record"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", kind, want)
			}
		}
	}
	open := flow()
	open.Encrypted = false
	if !strings.Contains(open.Mermaid(), "UNENCRYPTED") {
		t.Error("an open way in is not named")
	}
}

func TestNamesCannotBecomeMarkup(t *testing.T) {
	f := flow()
	f.Tenant = `"]<script>alert(1)</script>&#x`
	f.Doors[0].Name = `a" --> evil["x`
	dec := xml.NewDecoder(strings.NewReader(f.SVG()))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the SVG is not XML: %v", err)
		}
		if el, ok := tok.(xml.StartElement); ok && el.Name.Local == "script" {
			t.Error("a name became an element")
		}
	}
	for _, line := range strings.Split(f.Mermaid(), "\n") {
		if strings.Count(line, `"`)%2 != 0 || strings.Contains(line, "<script") || strings.Contains(line, `evil["`) {
			t.Errorf("a name became markup: %s", line)
		}
	}
}
