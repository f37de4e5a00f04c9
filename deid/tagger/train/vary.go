package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/deid/synth"
)

// caser varies how texts use capitals, so that the model learns not to lean on
// them. Offsets stay: a letter whose other case has another length is left.
type caser struct{ state uint64 }

func (c *caser) n(n int) int {
	c.state = c.state*6364136223846793005 + 1442695040888963407
	return int((c.state >> 33) % uint64(n))
}

// vary rewrites one note in eight in small letters, one in twelve in capitals,
// gives capitals to words that identify nobody in one in eight, takes most
// capitals away in one in sixteen, and breaks the lines of one in sixteen.
func (c *caser) vary(n synth.Note) synth.Note {
	switch k := c.n(48); {
	case k < 6:
		n.Text = strings.Map(sameLength(unicode.ToLower), n.Text)
	case k < 10:
		n.Text = strings.Map(sameLength(unicode.ToUpper), n.Text)
	case k < 16:
		n.Text = c.capitals(n)
	case k < 19:
		n.Text = c.careless(n.Text)
	case k < 22:
		n.Text = c.wrap(n.Text)
	}
	return n
}

// careless takes two capitals in three away, as people do who write in haste;
// abbreviations keep theirs.
func (c *caser) careless(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] < 'A' || b[i] > 'Z' || i+1 < len(b) && b[i+1] >= 'A' && b[i+1] <= 'Z' || i > 0 && b[i-1] >= 'A' && b[i-1] <= 'Z' {
			continue
		}
		if c.n(3) > 0 {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// wrap breaks lines at a width, wherever that cuts.
func (c *caser) wrap(text string) string {
	b := []byte(text)
	width, from := 40+c.n(50), 0
	for i := range b {
		switch {
		case b[i] == '\n':
			from = i
		case b[i] == ' ' && i-from > width:
			b[i], from = '\n', i
		}
	}
	return string(b)
}

func sameLength(f func(rune) rune) func(rune) rune {
	return func(r rune) rune {
		if x := f(r); utf8.RuneLen(x) == utf8.RuneLen(r) {
			return x
		}
		return r
	}
}

// capitals begins about one ordinary word in four with a capital.
func (c *caser) capitals(n synth.Note) string {
	b := []byte(n.Text)
	s := 0
	for i := range b {
		for s < len(n.Spans) && n.Spans[s].End <= i {
			s++
		}
		if s < len(n.Spans) && i >= n.Spans[s].Start {
			continue
		}
		if b[i] >= 'a' && b[i] <= 'z' && (i == 0 || b[i-1] == ' ' || b[i-1] == '\n') && c.n(4) == 0 {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
