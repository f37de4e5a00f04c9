package conformance

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// depth bounds how often one encoding may stand in another.
const depth = 4

// errLeak says that an identifier got past the gateway.
var errLeak = errors.New("an identifier got past")

// clean is a fault if any of the traces stands in b, in any encoding that
// is known here. The fault names the trace: these people never lived.
func clean(where string, b []byte, traces []trace) error {
	s := searcher{where, traces, map[string]bool{}}
	return s.search(string(b), depth)
}

// searcher looks through a text and everything that is encoded in it.
type searcher struct {
	where  string
	traces []trace
	seen   map[string]bool
}

func (s searcher) search(text string, left int) error {
	if s.seen[text] {
		return nil
	}
	s.seen[text] = true
	folded, squeezed := fold(text)
	for _, t := range s.traces {
		if strings.Contains(folded, t.text) || strings.Contains(squeezed, t.text) {
			return fmt.Errorf("%w: %s holds the %s %q", errLeak, s.where, t.kind, t.text)
		}
	}
	if left == 0 {
		return nil
	}
	for _, inner := range decodings(text) {
		if err := s.search(inner, left-1); err != nil {
			return err
		}
	}
	return nil
}

// fold takes case, accents, compatibility forms and invisible characters away.
// squeezed is the same without what people put between the digits of a number.
func fold(text string) (folded, squeezed string) {
	invisible := runes.Predicate(func(r rune) bool { return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) })
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(invisible), norm.NFC), text)
	if err != nil {
		plain = text
	}
	folded = strings.ToLower(plain)
	return folded, strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()", r) {
			return -1
		}
		return r
	}, folded)
}

var (
	jsonEscape   = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|["\\/bfnrt])`)
	base64Run    = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)
	hexRun       = regexp.MustCompile(`(?:[0-9a-fA-F]{2}){8,}`)
	percentByte  = regexp.MustCompile(`(?:%[0-9a-fA-F]{2})+`)
	quotedEquals = regexp.MustCompile(`=[0-9A-F]{2}`)
)

// decodings are what a text becomes when one encoding is undone throughout.
func decodings(text string) []string {
	var list []string
	add := func(s string) {
		if s != text {
			list = append(list, s)
		}
	}
	add(jsonEscape.ReplaceAllStringFunc(text, unescape))
	add(html.UnescapeString(text))
	add(percentByte.ReplaceAllStringFunc(text, func(s string) string {
		if plain, err := url.PathUnescape(s); err == nil {
			return plain
		}
		return s
	}))
	add(quotedEquals.ReplaceAllStringFunc(text, func(s string) string { return unhex(s[1:]) }))
	for _, run := range base64Run.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for skew := range 4 { // a run may begin with letters that are not part of it
			if skew >= len(run) {
				break
			}
			whole := run[skew : len(run)-(len(run)-skew)%4]
			if b, err := base64.StdEncoding.DecodeString(whole); err == nil && mostlyText(b) {
				list = append(list, string(b))
			}
			if b, err := base64.RawStdEncoding.DecodeString(run[skew:]); err == nil && mostlyText(b) {
				list = append(list, string(b))
			}
		}
	}
	for _, run := range hexRun.FindAllString(text, -1) {
		add(unhex(run))
	}
	return list
}

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		return s
	}
	return string(b)
}

// unescape undoes one escape of JSON; halves of pairs stay as they are.
func unescape(s string) string {
	if s[1] != 'u' {
		return map[byte]string{'"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}[s[1]]
	}
	n, err := strconv.ParseUint(s[2:], 16, 16)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return s
	}
	return string(rune(n))
}

func mostlyText(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}
