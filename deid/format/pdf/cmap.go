package pdf

import (
	"sort"
	"unicode/utf16"
)

// cmap maps the codes of a string: to Unicode (ToUnicode) or to the numbers of
// glyphs (the encoding of a composite font).
type cmap struct {
	spaces   []codeSpace
	chars    map[uint32]string
	ranges   []textRange // in order of lo
	cids     []cidRange  // in order of lo
	vertical bool
}

type codeSpace struct {
	lo, hi uint32
	size   int
}

type textRange struct {
	lo, hi uint32
	text   []rune // of lo; the last rune counts up
}

type cidRange struct{ lo, hi, cid uint32 }

// maxOverlap is how many ranges that begin before a code are tried.
const maxOverlap = 16

// maxMapped is how many codes and ranges one map may have.
const maxMapped = 1 << 18

// identity is the encoding whose codes are the glyphs' numbers, in two bytes.
func identity(vertical bool) *cmap {
	return &cmap{
		spaces: []codeSpace{{0, 0xffff, 2}}, cids: []cidRange{{0, 0xffff, 0}}, vertical: vertical,
	}
}

// readCMap reads a map's program. Only its tables are looked at.
func readCMap(body []byte) *cmap {
	m := &cmap{chars: map[uint32]string{}}
	l := &lexer{buf: body}
	var args []any
	for {
		o, err := l.next()
		if err != nil {
			break
		}
		k, ok := o.(keyword)
		if !ok {
			if len(args) < 3*maxMapped {
				args = append(args, o)
			}
			continue
		}
		m.define(k, args)
		args = args[:0]
	}
	sort.SliceStable(m.ranges, func(i, j int) bool { return m.ranges[i].lo < m.ranges[j].lo })
	sort.SliceStable(m.cids, func(i, j int) bool { return m.cids[i].lo < m.cids[j].lo })
	return m
}

func (m *cmap) define(k keyword, args []any) {
	switch k {
	case "endcodespacerange":
		for ; len(args) >= 2; args = args[2:] {
			lo, n := code(args[0])
			hi, _ := code(args[1])
			if n > 0 && n <= 4 && len(m.spaces) < 1000 {
				m.spaces = append(m.spaces, codeSpace{lo, hi, n})
			}
		}
	case "endbfchar":
		for ; len(args) >= 2 && len(m.chars) < maxMapped; args = args[2:] {
			lo, _ := code(args[0])
			m.chars[lo] = string(unicodeOf(args[1]))
		}
	case "endbfrange":
		for ; len(args) >= 3 && len(m.ranges) < maxMapped; args = args[3:] {
			m.textRange(args[0], args[1], args[2])
		}
	case "endcidchar":
		for ; len(args) >= 2 && len(m.cids) < maxMapped; args = args[2:] {
			lo, _ := code(args[0])
			cid, _ := integer(args[1])
			m.cids = append(m.cids, cidRange{lo, lo, uint32(cid)})
		}
	case "endcidrange":
		for ; len(args) >= 3 && len(m.cids) < maxMapped; args = args[3:] {
			lo, _ := code(args[0])
			hi, _ := code(args[1])
			cid, _ := integer(args[2])
			m.cids = append(m.cids, cidRange{lo, hi, uint32(cid)})
		}
	case "def":
		if n := len(args); n >= 2 && args[n-2] == name("WMode") {
			m.vertical = args[n-1] == 1
		}
	}
}

func (m *cmap) textRange(from, to, target any) {
	lo, _ := code(from)
	hi, _ := code(to)
	if a, ok := target.(array); ok {
		for i, o := range a {
			if at := lo + uint32(i); at <= hi && len(m.chars) < maxMapped {
				m.chars[at] = string(unicodeOf(o))
			}
		}
		return
	}
	if t := unicodeOf(target); len(t) > 0 && hi >= lo {
		m.ranges = append(m.ranges, textRange{lo, hi, t})
	}
}

// code reads a code and how many bytes it has.
func code(o any) (uint32, int) {
	s, ok := o.(text)
	if !ok || len(s) > 4 {
		return 0, 0
	}
	var v uint32
	for _, c := range s {
		v = v<<8 | uint32(c)
	}
	return v, len(s)
}

// unicodeOf reads what a code stands for: UTF-16, or the name of a glyph.
func unicodeOf(o any) []rune {
	switch v := o.(type) {
	case name:
		return []rune(glyphText(v))
	case text:
		if len(v) == 1 {
			return []rune{rune(v[0])}
		}
		if len(v) > 1024 {
			return nil
		}
		u := make([]uint16, len(v)/2)
		for i := range u {
			u[i] = uint16(v[2*i])<<8 | uint16(v[2*i+1])
		}
		return utf16.Decode(u)
	}
	return nil
}

// text is what a code stands for.
func (m *cmap) text(c uint32) (string, bool) {
	if t, ok := m.chars[c]; ok {
		return t, true
	}
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].lo > c })
	for back := 1; back <= maxOverlap && i >= back; back++ {
		if r := m.ranges[i-back]; c <= r.hi {
			t := append([]rune(nil), r.text...)
			t[len(t)-1] += rune(c - r.lo)
			return string(t), true
		}
	}
	return "", false
}

// cid is the number of a code's glyph.
func (m *cmap) cid(c uint32) (uint32, bool) {
	i := sort.Search(len(m.cids), func(i int) bool { return m.cids[i].lo > c }) - 1
	if i < 0 || c > m.cids[i].hi {
		return 0, false
	}
	return m.cids[i].cid + c - m.cids[i].lo, true
}

// next takes the first code off a string.
func (m *cmap) next(s []byte) (c uint32, size int) {
	for size = 1; size <= min(4, len(s)); size++ {
		c = c<<8 | uint32(s[size-1])
		for _, sp := range m.spaces {
			if sp.size == size && sp.has(c) {
				return c, size
			}
		}
	}
	shortest := 4
	for _, sp := range m.spaces {
		shortest = min(shortest, sp.size)
	}
	if len(m.spaces) == 0 {
		shortest = 2
	}
	c = 0
	size = min(shortest, len(s))
	for _, b := range s[:size] {
		c = c<<8 | uint32(b)
	}
	return c, size
}

// has compares byte for byte, as the format wants it.
func (sp codeSpace) has(c uint32) bool {
	for shift := 0; shift < sp.size*8; shift += 8 {
		b := c >> shift & 0xff
		if b < sp.lo>>shift&0xff || b > sp.hi>>shift&0xff {
			return false
		}
	}
	return true
}
