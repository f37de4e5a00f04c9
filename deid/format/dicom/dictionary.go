package dicom

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

//go:embed data/dictionary.txt
var dictionaryText string

//go:embed data/profile.txt
var profileText string

// tag is the number of an attribute: group and element.
type tag uint32

// String is the tag as the standard writes it.
func (t tag) String() string {
	s := strings.ToUpper(strconv.FormatUint(uint64(t)|1<<32, 16))[1:]
	return "(" + s[:4] + "," + s[4:] + ")"
}

func (t tag) private() bool { return t>>16&1 == 1 }

// repeating maps the groups of overlays and curves to the first of them: the
// dictionary and the profile name them once.
func (t tag) repeating() tag {
	if g := t >> 16; g >= 0x5000 && g <= 0x501E || g >= 0x6000 && g <= 0x601E {
		return t & 0xFF00FFFF
	}
	return t
}

// attribute is what the dictionary knows of a tag.
type attribute struct{ vr, name string }

// action is what the profile does to an attribute. Where its table leaves a
// choice, it is the one after which the file is still valid without knowing
// which kind of file demands what: of X/Z it is Z, of X/D and Z/D it is D.
type action byte

const (
	keep    action = 0
	remove  action = 'X'
	empty   action = 'Z'
	dummy   action = 'D'
	replace action = 'U'
)

type tables struct {
	attributes map[tag]attribute
	actions    map[tag]action
}

var load = sync.OnceValue(func() tables {
	t := tables{attributes: make(map[tag]attribute, 6000), actions: make(map[tag]action, 800)}
	for line := range strings.Lines(dictionaryText) {
		if f := strings.Fields(line); len(f) == 3 {
			t.attributes[parseTag(f[0])] = attribute{vr: f[1], name: f[2]}
		}
	}
	for line := range strings.Lines(profileText) {
		if f := strings.Fields(line); len(f) == 3 {
			choice := strings.Split(strings.TrimSuffix(f[1], "*"), "/")
			t.actions[parseTag(f[0])] = action(choice[len(choice)-1][0])
		}
	}
	return t
})

// parseTag reads eight hexadecimal digits; x stands for a group that repeats.
func parseTag(s string) tag {
	n, _ := strconv.ParseUint(strings.ReplaceAll(s, "x", "0"), 16, 32) // the data is tested
	return tag(n)
}

// known returns what the dictionary knows of a tag.
func known(t tag) (attribute, bool) {
	a, ok := load().attributes[t.repeating()]
	return a, ok && !t.private()
}

// actionOf is the profile's action for a tag.
func actionOf(t tag) action {
	switch {
	case t.private(), t&0xFFFF == 0, t>>16 >= 0x5000 && t>>16 <= 0x501E:
		return remove
	}
	if a, ok := load().actions[t.repeating()]; ok {
		return a
	}
	if _, ok := known(t); !ok {
		return remove
	}
	return keep
}

// words writes a keyword in words: "PatientBirthDate" is "Patient Birth Date".
func words(keyword string) string {
	var b strings.Builder
	last := ' '
	for _, r := range keyword {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}
