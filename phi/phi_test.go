package phi_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"chaperone/phi"
)

func TestTextRefusesToBePrintedLoggedOrMarshalled(t *testing.T) {
	const secret = "Zyxqvarden"
	text := phi.Seal(secret)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v"} {
		fmt.Fprintf(&out, verb+"\n", text)
		fmt.Fprintf(&out, verb+"\n", struct{ T phi.Text }{text})
		fmt.Fprintf(&out, verb+"\n", &text)
		fmt.Fprintf(&out, verb+"\n", []phi.Text{text})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "t", text, "s", struct{ T phi.Text }{text})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "t", text, "p", &text)
	if err := json.NewEncoder(&out).Encode(map[phi.Text]phi.Text{text: text}); err != nil {
		t.Fatal(err)
	}
	type holder struct{ T phi.Text }
	if err := xml.NewEncoder(&out).Encode(holder{text}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&out, fmt.Errorf("wrapped: %v", text))
	printed := strings.ToLower(out.String())
	for _, leak := range []string{secret, fmt.Sprintf("%x", secret)} {
		if strings.Contains(printed, strings.ToLower(leak)) {
			t.Errorf("the words came out:\n%s", out.String())
		}
	}
	if text.Expose() != secret {
		t.Errorf("Expose yields %q", text.Expose())
	}
}

func TestEveryLetterOfSafeHarborHasAKind(t *testing.T) {
	have := map[string]bool{}
	for _, k := range phi.Kinds() {
		have[k.SafeHarbor()] = true
		if back, ok := phi.ParseKind(k.String()); !ok || back != k {
			t.Errorf("the name %q of a kind does not lead back to it", k)
		}
		if k.Word() == "" || k.Plain() == "" {
			t.Errorf("kind %s has no word or description", k)
		}
	}
	for c := 'A'; c <= 'R'; c++ {
		if !have[string(c)] {
			t.Errorf("no kind covers letter %c of 45 CFR 164.514(b)(2)(i)", c)
		}
	}
}

func TestNoWordOfAPlaceholderIsTheTailOfAnother(t *testing.T) {
	for _, a := range phi.Kinds() {
		for _, b := range phi.Kinds() {
			if a != b && strings.HasSuffix(a.Word(), b.Word()) {
				t.Errorf("%s ends in %s: a scan could take one for the other", a.Word(), b.Word())
			}
		}
	}
}
