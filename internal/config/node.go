package config

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

	"go.yaml.in/yaml/v4"
)

// reader walks the YAML tree and gathers faults instead of stopping at one.
type reader struct {
	file   string
	faults []Fault
}

func (r *reader) fault(n *yaml.Node, what, hint string) {
	line, col := 1, 1
	if n != nil && n.Line > 0 {
		line, col = n.Line, n.Column
	}
	r.faults = append(r.faults, Fault{r.file, line, col, what, hint})
}

// maxFile bounds the configuration file, in bytes.
const maxFile = 1 << 20

// root parses the source to its top mapping; nil for an empty file or after a
// fault.
func (r *reader) root(src []byte) *yaml.Node {
	if len(src) > maxFile {
		r.fault(nil, "the file is larger than 1 MiB", "a configuration is a few dozen lines")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	if err != nil {
		r.yamlFault(err)
		return nil
	}
	var doc, second yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.yamlFault(err)
		return nil
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		r.fault(&second, "there is more than one document", "remove the --- line and what follows it")
		return nil
	}
	n := &doc
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return nil
		}
		n = n.Content[0]
	}
	return n
}

var quotedText = regexp.MustCompile(`['"\x60].*`)

// yamlFault reports what the YAML library could not read. Quoted text in its
// message is cut away: it comes from the file.
func (r *reader) yamlFault(err error) {
	f := Fault{r.file, 1, 1, "this is not valid YAML", "check the indentation and the quotes"}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		if one.Mark.Line > 0 {
			f.Line, f.Col = one.Mark.Line, max(one.Mark.Column, 1)
		}
		if m := strings.TrimSpace(quotedText.ReplaceAllString(one.Message, "")); m != "" {
			f.What += " (" + m + ")"
		}
	}
	r.faults = append(r.faults, f)
}

// field is one setting: its name and what reads it.
type field struct {
	name string
	read func(n *yaml.Node)
}

var plainKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// mapping reads the settings of a mapping. Unknown and repeated ones are
// faults; a setting without a value keeps its default.
func (r *reader) mapping(n *yaml.Node, fields []field) {
	if absent(n) {
		return
	}
	if !r.plain(n) || n.Kind != yaml.MappingNode {
		r.fault(n, "here belong settings of the form name: value", known(fields))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(fields, func(f field) bool { return key.Kind == yaml.ScalarNode && f.name == key.Value })
		if at < 0 {
			name := "this setting"
			if key.Kind == yaml.ScalarNode && plainKey.MatchString(key.Value) {
				name = key.Value
			}
			r.fault(key, name+" is unknown here", known(fields))
			continue
		}
		if line, again := seen[key.Value]; again {
			r.fault(key, key.Value+" is set twice", fmt.Sprintf("remove one; the first is in line %d", line))
			continue
		}
		seen[key.Value] = key.Line
		if !absent(value) && r.plain(value) {
			fields[at].read(value)
		}
	}
}

// list reads a sequence.
func (r *reader) list(n *yaml.Node, read func(n *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "here belongs a list", "begin each item with a hyphen")
		return
	}
	for _, item := range n.Content {
		if r.plain(item) {
			read(item)
		}
	}
}

// plain refuses what makes YAML surprising: aliases, anchors and explicit tags.
func (r *reader) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		r.fault(n, "anchors, aliases and tags are not used here", "write the value out")
		return false
	}
	return true
}

func absent(n *yaml.Node) bool {
	return n == nil || n.Kind == 0 || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func known(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return "the settings here are " + strings.Join(names, ", ")
}

// text reads a scalar as it is written, whatever YAML takes it for: the country
// NO is not false.
func (r *reader) text(n *yaml.Node, into *string, form *regexp.Regexp, hint string) {
	if n.Kind != yaml.ScalarNode || form != nil && !form.MatchString(n.Value) {
		r.fault(n, "this value has the wrong form", hint)
		*into = ""
		return
	}
	*into = n.Value
}

// choice reads one of a closed list.
func (r *reader) choice(n *yaml.Node, into *string, list []string) {
	if n.Kind != yaml.ScalarNode || !slices.Contains(list, n.Value) {
		r.fault(n, "this value is not one of those there are", "write "+strings.Join(list, ", "))
		*into = ""
		return
	}
	*into = n.Value
}

func (r *reader) flag(n *yaml.Node, into *bool) {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		r.fault(n, "this is neither true nor false", "write true or false")
		return
	}
	*into = n.Value == "true"
}

func (r *reader) whole(n *yaml.Node, into *int, low, high int) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < low || v > high {
		r.fault(n, "this number is out of range", fmt.Sprintf("write a whole number from %d to %d", low, high))
		return
	}
	*into = v
}

// size reads bytes: a whole number, or one followed by KiB, MiB or GiB.
func (r *reader) size(n *yaml.Node, into *int64, low, high int64) {
	number, unit := n.Value, int64(1)
	for _, u := range []struct {
		name string
		size int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}} {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
		}
	}
	v, err := strconv.ParseInt(number, 10, 32)
	if n.Kind != yaml.ScalarNode || err != nil || v*unit < low || v*unit > high {
		r.fault(n, "this size is out of range", fmt.Sprintf("write bytes or KiB, MiB, GiB, from %s to %s", inUnits(low), inUnits(high)))
		return
	}
	*into = v * unit
}

func inUnits(v int64) string {
	switch {
	case v >= 1<<30 && v%(1<<30) == 0:
		return strconv.FormatInt(v>>30, 10) + "GiB"
	case v >= 1<<20 && v%(1<<20) == 0:
		return strconv.FormatInt(v>>20, 10) + "MiB"
	case v >= 1<<10 && v%(1<<10) == 0:
		return strconv.FormatInt(v>>10, 10) + "KiB"
	default:
		return strconv.FormatInt(v, 10)
	}
}

func (r *reader) duration(n *yaml.Node, into *time.Duration, low, high time.Duration) {
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < low || v > high {
		r.fault(n, "this length of time is out of range", fmt.Sprintf("write it like 30s, 10m or 8h, from %s to %s", low, high))
		return
	}
	*into = v
}

// day reads a date; it means the beginning of that day in UTC.
func (r *reader) day(n *yaml.Node, into *time.Time) {
	v, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v.Year() < 1990 || v.Year() > 2200 {
		r.fault(n, "this is not a date", "write it as year-month-day, like 2026-11-21")
		return
	}
	*into = v
}
