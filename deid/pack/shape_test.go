package pack

import (
	"regexp"
	"strings"
	"testing"
)

// found lists what one pattern matches in a text.
func found(p pattern, text string) []string {
	var list []string
	newScanner([]pattern{p}).scan(text, func(_, start, end int) { list = append(list, text[start:end]) })
	return list
}

func TestAShapeMatchesWhatItSays(t *testing.T) {
	for _, c := range []struct{ shape, text, want string }{
		{"CC-######", "seen CC-448120 and cc-448121, not CC-44812, CC-4481200 or XCC-448120", "CC-448120 cc-448121"},
		{"#{6,8}", "12345 123456 1234567 12345678 123456789", "123456 1234567 12345678"},
		{"@@###", "ab123 A1234 ABC123 xy999.", "ab123 xy999"},
		{"**##", "A123 a b12 9912 zz12", "A123 9912 zz12"},
		{"##[-]##", "1234 12-34 12--34 12 34", "1234 12-34"},
		{"##[/##]", "12 12/34", "12 12/34 34"},
		{"## ##", "12 34", "12 34"},
		{`\##`, "#1 and # 1", "#1"},
		{`K\[#\]`, "K[1]", "K[1]"},
		{"(###) ##", "call (123) 45 now", "(123) 45"},
		{"[A]#", "A1 1 B1", "A1 1"},
		{"É#", "E1", "E1"},
		{"##", "1,12;3-45", "12 45"},
		{"##-", "12- 34", "12-"},
	} {
		s, err := parseShape(c.shape)
		if err != nil {
			t.Errorf("%s: %v", c.shape, err)
			continue
		}
		if got := strings.Join(found(s, c.text), " "); got != c.want {
			t.Errorf("%s in %q: %q, want %q", c.shape, c.text, got, c.want)
		}
	}
}

func TestAShapeThatMeansNothingIsRefused(t *testing.T) {
	for _, src := range []string{
		"", "[##]", "[", "]", "#]", "[#", "[]#", "[[#]]", "{3}", "#{", "#{}", "#{0}", "#{3,2}", "#{a}", "#{64}", "#{999}", "#{1,2,3}",
		"#{-1}", "#{40}#{40}", `#\`, "@", "@@@@@@", "*****", "a", "QX", "MRN-", "日#", "\x00#", "\xff#", strings.Repeat("#", 64), strings.Repeat("[#]", 80),
	} {
		if _, err := parseShape(src); err == nil {
			t.Errorf("%q is taken", src)
		}
	}
}

func TestAnExpressionMatchesWholeWords(t *testing.T) {
	for _, c := range []struct{ expression, text, want string }{
		{`CC-\d{6}`, "CC-448120 CC-4481209 XCC-448120 cc-448120", "CC-448120"},
		{`(?i)cc-\d{6}`, "CC-448120 Cc-448121", "CC-448120 Cc-448121"},
		{`A|AB|ABC`, "A AB ABC ABCD", "A AB ABC"},
		{`[A-Z]{2}\d+`, "AB12 Ab12 AB", "AB12"},
		{`#\d+`, "room #12", "#12"},
		{`\bK\d\b`, "K1 K12", "K1"},
		{`K[^ ]+`, "Kübler K", "Kübler"},
		{`K\d*`, "K " + "K" + strings.Repeat("1", 200), "K"},
	} {
		x, err := parseExpression(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if got := strings.Join(found(x, c.text), " "); got != c.want {
			t.Errorf("%s in %q: %q, want %q", c.expression, c.text, got, c.want)
		}
	}
}

// FuzzShape holds a shape to what a regular expression with the same meaning
// finds at the same place.
func FuzzShape(f *testing.F) {
	f.Add("CC-######", "seen CC-448120 today")
	f.Add("#{2,4}[-@]", "123-a 12a 1234")
	f.Add(`\#[##]@*`, "#12ab9 ")
	f.Add("[#][@]{2}K ", "K ")
	f.Fuzz(func(t *testing.T, src, text string) {
		s, err := parseShape(src)
		if err != nil || len(text) > 200 || strings.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
			return
		}
		paths, ok := s.expression()
		if !ok {
			return
		}
		re := regexp.MustCompile(`(?is)\A(?:` + paths + `)\z`)
		for at := range text {
			want := -1
			for end := len(text); end > at && want < 0; end-- {
				if !splits(text, end) && re.MatchString(text[at:end]) {
					want = end
				}
			}
			if got := s.match(text, at); got != want {
				t.Fatalf("%q at %d of %q: %d, want %d", src, at, text, got, want)
			}
		}
		// The prefilter drops nothing that would match.
		n := 0
		for at := range text {
			if !splits(text, at) && s.match(text, at) > at {
				n++
			}
		}
		if got := len(found(s, text)); got != n {
			t.Fatalf("%q in %q: the scanner finds %d of %d", src, text, got, n)
		}
	})
}

// expression writes the automaton as an expression, path by path from the back;
// false if that gets too long.
func (s *shape) expression() (string, bool) {
	byPosition := make([]string, s.size)
	for i := s.size - 1; i >= 0; i-- {
		c := s.class[i]
		one := regexp.QuoteMeta(string(rune(c.literal)))
		switch {
		case c.digit && c.letter:
			one = "[0-9a-zA-Z]"
		case c.digit:
			one = "[0-9]"
		case c.letter:
			one = "[a-zA-Z]"
		case c.literal == ' ':
			one = "[ \t\n]"
		}
		var next []string
		for j := i + 1; j < s.size; j++ {
			if s.follow[i]&(1<<j) != 0 {
				next = append(next, byPosition[j])
			}
		}
		if s.final&(1<<i) != 0 {
			next = append(next, "")
		}
		byPosition[i] = one + "(?:" + strings.Join(next, "|") + ")"
		if len(byPosition[i]) > 1<<16 {
			return "", false
		}
	}
	var first []string
	for i := range s.size {
		if s.first&(1<<i) != 0 {
			first = append(first, byPosition[i])
		}
	}
	return strings.Join(first, "|"), true
}

func FuzzExpression(f *testing.F) {
	f.Add(`CC-\d{6}`, "seen CC-448120 today")
	f.Add(`(?i)k[a-z]*\x{fc}?`, "K1 \u212a9 k\u00fc")
	f.Add(`[^a]b|\bc+?`, "xb éb cc")
	f.Add(`(a*)*b|.{3}`, "aaaaab")
	f.Fuzz(func(t *testing.T, src, text string) {
		x, err := parseExpression(src)
		if err != nil || len(text) > 500 {
			return
		}
		n := 0
		for at := range len(text) {
			if !splits(text, at) && x.match(text, at) > at {
				n++
			}
		}
		if got := len(found(x, text)); got != n {
			t.Fatalf("%q in %q: the scanner finds %d of %d", src, text, got, n)
		}
	})
}
