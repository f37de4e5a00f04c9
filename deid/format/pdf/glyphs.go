package pdf

import (
	_ "embed" // the data files
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/glyphs.txt
var glyphsData string

//go:embed data/encodings.txt
var encodingsData string

//go:embed data/widths.txt
var widthsData string

// glyphNames is the list of what the names of glyphs stand for.
var glyphNames = sync.OnceValue(func() map[name]string {
	out := make(map[name]string, 4300)
	for line := range strings.Lines(glyphsData) {
		f := strings.Fields(line)
		var t []rune
		for _, h := range f[1:] {
			v, _ := strconv.ParseUint(h, 16, 32)
			t = append(t, rune(v))
		}
		out[name(f[0])] = string(t)
	}
	return out
})

// encodings are the tables of code to glyph that every viewer knows.
var encodings = sync.OnceValue(func() map[name]*[256]name {
	out := map[name]*[256]name{}
	for _, block := range strings.Split(strings.TrimSpace(encodingsData), "\n\n") {
		lines := strings.Split(block, "\n")
		var e [256]name
		for _, line := range lines[1:] {
			c, n, _ := strings.Cut(line, " ")
			i, _ := strconv.Atoi(c)
			e[i&0xff] = name(n)
		}
		out[name(lines[0])] = &e
	}
	return out
})

// fontWidths are the widths, in thousandths, of the fonts that every viewer has.
var fontWidths = sync.OnceValue(func() map[string]map[name]float64 {
	out := map[string]map[name]float64{}
	for _, block := range strings.Split(strings.TrimSpace(widthsData), "\n\n") {
		lines := strings.Split(block, "\n")
		w := map[name]float64{}
		for _, line := range lines[1:] {
			n, v, _ := strings.Cut(line, " ")
			w[name(n)], _ = strconv.ParseFloat(v, 64)
		}
		out[lines[0]] = w
	}
	return out
})

// nameOfRune is the name of the glyph for a rune, for text that is put in.
func nameOfRune(r rune) name {
	if n, ok := runeNames()[r]; ok {
		return n
	}
	return name("u" + strings.ToUpper(strconv.FormatInt(int64(r), 16)))
}

var runeNames = sync.OnceValue(func() map[rune]name {
	out := map[rune]name{}
	for n, t := range glyphNames() {
		if r := []rune(t); len(r) == 1 {
			if old, there := out[r[0]]; !there || len(n) < len(old) || len(n) == len(old) && n < old {
				out[r[0]] = n
			}
		}
	}
	// Names that the standard fonts have win over other names of the same rune.
	for n := range fontWidths()["Helvetica"] {
		if r := []rune(glyphNames()[n]); len(r) == 1 {
			out[r[0]] = n
		}
	}
	return out
})

// glyphText is what a glyph's name stands for by the rules of the Adobe glyph
// list; empty if nobody knows.
func glyphText(n name) string {
	if t, ok := glyphNames()[n]; ok {
		return t
	}
	base, _, _ := strings.Cut(string(n), ".")
	if base == "" {
		return ""
	}
	var out strings.Builder
	for _, part := range strings.Split(base, "_") {
		t, ok := glyphNames()[name(part)]
		if !ok {
			t = hexName(part)
		}
		if t == "" {
			return ""
		}
		out.WriteString(t)
	}
	return out.String()
}

// hexName reads uni0041, uni00410042 and u1F600.
func hexName(s string) string {
	var out strings.Builder
	if h, ok := strings.CutPrefix(s, "uni"); ok && len(h) >= 4 && len(h)%4 == 0 {
		for ; h != ""; h = h[4:] {
			v, err := strconv.ParseUint(h[:4], 16, 32)
			if err != nil {
				return ""
			}
			out.WriteRune(rune(v))
		}
		return out.String()
	}
	if h, ok := strings.CutPrefix(s, "u"); ok && len(h) >= 4 && len(h) <= 6 {
		if v, err := strconv.ParseUint(h, 16, 32); err == nil && v <= unicode.MaxRune {
			return string(rune(v))
		}
	}
	return ""
}

// legible turns what a font says a glyph stands for into text, or says that it
// is nothing anybody could read.
func legible(t string) (string, bool) {
	if t == "" {
		return "", false
	}
	if strings.ContainsFunc(t, func(r rune) bool { return r >= 0xfb00 && r <= 0xfb06 }) {
		t = norm.NFKC.String(t) // ligatures are letters
	}
	return strings.Map(func(r rune) rune {
			switch {
			case r >= 0xf721 && r <= 0xf77e: // small capitals and old-style figures of old fonts
				return r - 0xf700
			case unicode.IsSpace(r) || r < ' ':
				return ' '
			}
			return r
		}, t), !strings.ContainsFunc(t, func(r rune) bool {
			return r == 0 || r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) && (r < 0xf721 || r > 0xf77e)
		})
}
