package synth

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// style is a way of writing: rules whose alternatives are sentence frames.
//
// A style's file begins with settings ("lang fr", "case lower", "noise ocr"),
// then rules: a line "@name", then one alternative a line. In an alternative
//
//	<name>       is an alternative of that rule, of the style or of the words
//	<name*2-4>   is two to four of them with spaces between
//	<name+2-4>   is the same with line ends between
//	[a|b|]       is one of what stands between the bars
//	{slot}       is something about the people of the note (see slot.go)
//	\n           is a line end
//
// The rule "doc" is the whole note.
type style struct {
	name     string
	settings map[string]string
	rules    map[string][]string
}

// Styles lists the ways of writing, sorted.
func Styles() []string {
	entries, err := files.ReadDir("data/styles")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".txt"))
	}
	sort.Strings(names)
	return names
}

func loadStyles() (map[string]*style, *style, error) {
	words := &style{name: "words", rules: map[string][]string{}}
	entries, err := files.ReadDir("data/words")
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if err := words.read(path.Join("data/words", e.Name())); err != nil {
			return nil, nil, err
		}
	}
	list := map[string]*style{}
	for _, name := range Styles() {
		s := &style{name: name, rules: map[string][]string{}}
		if err := s.read(path.Join("data/styles", name+".txt")); err != nil {
			return nil, nil, err
		}
		if len(s.rules["doc"]) == 0 {
			return nil, nil, fmt.Errorf("styles/%s.txt: no rule doc", name)
		}
		list[name] = s
	}
	return list, words, nil
}

func (s *style) read(file string) error {
	b, err := files.ReadFile(file)
	if err != nil {
		return err
	}
	if s.settings == nil {
		s.settings = map[string]string{}
	}
	rule := ""
	for n, line := range strings.Split(string(b), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
		case line[0] == '@':
			rule = line[1:]
		case rule == "":
			key, value, ok := strings.Cut(line, " ")
			if !ok {
				return fmt.Errorf("%s:%d: a setting needs a value", file, n+1)
			}
			s.settings[key] = value
		default:
			s.rules[rule] = append(s.rules[rule], line)
		}
	}
	return nil
}

const maxDepth = 24

// expand writes one alternative of the rule.
func (n *notary) expand(rule string, depth int) error {
	frame, err := n.choose(rule, depth, "")
	if err != nil {
		return err
	}
	return n.write(frame, depth)
}

// choose draws an alternative of the rule; not the last one again, where it can
// be helped.
func (n *notary) choose(rule string, depth int, last string) (string, error) {
	list := n.style.rules[rule]
	if len(list) == 0 {
		list = n.world.words.rules[rule]
	}
	if len(list) == 0 || depth > maxDepth {
		return "", fmt.Errorf("style %s: no rule %q, or it never ends", n.style.name, rule)
	}
	frame := n.world.dice.pick(list)
	for k := 0; frame == last && k < 3; k++ {
		frame = n.world.dice.pick(list)
	}
	return frame, nil
}

// write writes a frame.
func (n *notary) write(frame string, depth int) error {
	for len(frame) > 0 {
		i := strings.IndexAny(frame, "<{[\\")
		if i < 0 {
			n.plain(frame)
			return nil
		}
		n.plain(frame[:i])
		rest, err := n.mark(frame[i:], depth)
		if err != nil {
			return err
		}
		frame = rest
	}
	return nil
}

// mark writes what the mark at the beginning of frame stands for, and yields
// what follows.
func (n *notary) mark(frame string, depth int) (string, error) {
	switch frame[0] {
	case '\\':
		if strings.HasPrefix(frame, "\\n") {
			n.plain("\n")
			return frame[2:], nil
		}
	case '<':
		if end := strings.IndexByte(frame, '>'); end > 1 && frame[1] >= 'a' && frame[1] <= 'z' {
			return frame[end+1:], n.repeat(frame[1:end], depth)
		}
	case '{':
		if end := strings.IndexByte(frame, '}'); end > 1 && isSlot(frame[1:end]) {
			return frame[end+1:], n.slot(frame[1:end])
		}
	case '[':
		if end := closing(frame); end > 0 {
			if list := branches(frame[1:end]); len(list) > 1 {
				return frame[end+1:], n.write(n.world.dice.pick(list), depth+1)
			}
		}
	}
	n.plain(frame[:1])
	return frame[1:], nil
}

// repeat writes "name", "name*2-4" or "name+2-4".
func (n *notary) repeat(what string, depth int) error {
	i := strings.IndexAny(what, "*+")
	if i < 0 {
		return n.expand(what, depth+1)
	}
	var low, high int
	if _, err := fmt.Sscanf(what[i+1:], "%d-%d", &low, &high); err != nil {
		return fmt.Errorf("style %s: %q: %w", n.style.name, what, err)
	}
	joint := " "
	if what[i] == '+' {
		joint = "\n"
	}
	last := ""
	for k := n.world.dice.between(low, high); k > 0; k-- {
		frame, err := n.choose(what[:i], depth+1, last)
		if err != nil {
			return err
		}
		last = frame
		if err := n.write(frame, depth+1); err != nil {
			return err
		}
		if k > 1 {
			n.plain(joint)
		}
	}
	return nil
}

// closing finds the bracket that closes the one at the beginning of s.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}

// branches cuts s at the bars that stand in no inner bracket.
func branches(s string) []string {
	var list []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '|':
			if depth == 0 {
				list = append(list, s[from:i])
				from = i + 1
			}
		}
	}
	return append(list, s[from:])
}

// isSlot tells the name of a slot from an object of JSON.
func isSlot(s string) bool { return !strings.ContainsAny(s, "\"':,{") }
