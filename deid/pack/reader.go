package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxFile bounds a pack, in bytes: room for some hundred thousand words.
const maxFile = 4 << 20

// reader walks the YAML tree and gathers faults instead of stopping at one.
type reader struct {
	file   string
	faults Faults
}

func (r *reader) fault(n *yaml.Node, what, hint string) {
	line, col := 1, 1
	if n != nil && n.Line > 0 {
		line, col = n.Line, max(n.Column, 1)
	}
	r.faults = append(r.faults, Fault{r.file, line, col, what, hint})
}

// root parses the source to its top mapping; nil after a fault.
func (r *reader) root(src []byte) *yaml.Node {
	switch {
	case len(src) > maxFile:
		r.fault(nil, "the pack is larger than 4 MiB", "split it in two")
		return nil
	case !utf8.Valid(src):
		r.fault(nil, "the pack is not UTF-8 text", "save it as UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	var doc, second yaml.Node
	if err == nil {
		err = loader.Load(&doc)
	}
	switch {
	case errors.Is(err, io.EOF):
		r.fault(nil, "the pack is empty", "write at least its name, its version and one rule")
		return nil
	case err != nil:
		r.yamlFault(err)
		return nil
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		r.fault(&second, "there is more than one document", "remove the --- line and what follows it")
		return nil
	}
	if len(doc.Content) == 0 {
		r.fault(nil, "the pack is empty", "write at least its name, its version and one rule")
		return nil
	}
	return doc.Content[0]
}

// yamlFault reports what the YAML library could not read, at its line. Its
// message stays out: it may quote the file.
func (r *reader) yamlFault(err error) {
	n := &yaml.Node{Line: 1, Column: 1}
	var at *yaml.LoadError
	if errors.As(err, &at) && at.Mark.Line > 0 {
		n.Line, n.Column = at.Mark.Line, at.Mark.Column
	}
	r.fault(n, "this is not valid YAML", "check the indentation, and put quotes around text with : or # in it")
}

// field is one key of a mapping and what reads its value.
type field struct {
	name string
	read func(n *yaml.Node)
}

var plainKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// mapping reads the keys of a mapping and returns those that were there. Unknown
// and repeated keys, and keys without a value, are faults.
func (r *reader) mapping(n *yaml.Node, fields []field) map[string]bool {
	seen := map[string]bool{}
	if !r.plain(n) {
		return seen
	}
	if n.Kind != yaml.MappingNode {
		r.fault(n, "here belong keys of the form name: value", known(fields))
		return seen
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(fields, func(f field) bool { return key.Kind == yaml.ScalarNode && f.name == key.Value })
		switch {
		case at < 0 && key.Kind == yaml.ScalarNode && plainKey.MatchString(key.Value):
			r.fault(key, key.Value+" is unknown here", known(fields))
		case at < 0:
			r.fault(key, "this key is unknown here", known(fields))
		case seen[key.Value]:
			r.fault(key, key.Value+" is written twice", "remove one")
		case value.Kind == yaml.ScalarNode && value.ShortTag() == "!!null":
			r.fault(key, key.Value+" has no value", "write one, or remove the key")
		default:
			seen[key.Value] = true
			if r.plain(value) {
				fields[at].read(value)
			}
		}
	}
	return seen
}

func known(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return "the keys here are " + strings.Join(names, ", ")
}

// plain refuses what makes YAML surprising: aliases, anchors and explicit tags.
func (r *reader) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		r.fault(n, "anchors, aliases and tags are not used here", "write the value out")
		return false
	}
	return true
}

// list reads a sequence of at most most items.
func (r *reader) list(n *yaml.Node, most int, read func(n *yaml.Node)) {
	switch {
	case n.Kind != yaml.SequenceNode:
		r.fault(n, "here belongs a list", "begin each item with a hyphen")
	case len(n.Content) > most:
		r.fault(n, fmt.Sprintf("the list has more than %d items", most), "split the pack in two")
	default:
		for _, item := range n.Content {
			if r.plain(item) {
				read(item)
			}
		}
	}
}

// text reads a scalar of 1 to most bytes that is not blank, whatever YAML takes
// it for: the word NO is not false.
func (r *reader) text(n *yaml.Node, most int) string {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.fault(n, "here belongs one text", "write it on one line, in quotes if it has : or # in it")
	case strings.TrimSpace(n.Value) == "":
		r.fault(n, "this text is empty", "write it, or remove it")
	case len(n.Value) > most:
		r.fault(n, fmt.Sprintf("this text is longer than %d bytes", most), "shorten it to what matters")
	default:
		return n.Value
	}
	return ""
}

// texts reads a list of texts, or one text alone.
func (r *reader) texts(n *yaml.Node, items, most int, read func(n *yaml.Node, s string)) {
	one := func(n *yaml.Node) {
		if s := r.text(n, most); s != "" {
			read(n, s)
		}
	}
	if n.Kind == yaml.ScalarNode {
		one(n)
		return
	}
	r.list(n, items, one)
}

// word reads a text of this form.
func (r *reader) word(n *yaml.Node, form *regexp.Regexp, hint string) string {
	if n.Kind != yaml.ScalarNode || !form.MatchString(n.Value) {
		r.fault(n, "this value has the wrong form", hint)
		return ""
	}
	return n.Value
}

func (r *reader) flag(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		r.fault(n, "this is neither true nor false", "write true or false")
		return false
	}
	return n.Value == "true"
}

func (r *reader) score(n *yaml.Node) float64 {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || !(v >= 0.3 && v <= 0.99) {
		r.fault(n, "this score is out of range", "write a number from 0.3 to 0.99; from 0.9 on the rule is taken for certain")
		return 0
	}
	return v
}

// day reads a date; it means the beginning of that day in UTC.
func (r *reader) day(n *yaml.Node) time.Time {
	v, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		r.fault(n, "this is not a date", "write it as year-month-day, like 2026-11-21")
		return time.Time{}
	}
	return v
}
