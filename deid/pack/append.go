package pack

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// AddCase returns the source of a pack with one more case at the end of its
// cases, all else byte for byte as it was, and the pack that this is. The error
// is Faults if the pack or the new case is wrong.
func AddCase(name string, src []byte, text, from string, added time.Time) ([]byte, *Pack, error) {
	before, err := Parse(name, src)
	if err != nil {
		return nil, nil, err
	}
	if _, _, err := readMarks(text); err != nil {
		return nil, nil, Faults{{name, 1, 1, "the text of the case: " + err.Error(), "mark what is to be found {name|so} or [[so]], and what must stay {keep|so}"}}
	}
	item, err := caseLines(text, from, added)
	if err != nil {
		return nil, nil, err
	}
	at, indent, head, err := caseEnd(name, src)
	if err != nil {
		return nil, nil, err
	}
	var b strings.Builder
	b.Write(src[:at])
	if at > 0 && src[at-1] != '\n' {
		b.WriteByte('\n')
	}
	b.WriteString(head)
	for i, line := range item {
		b.WriteString(strings.Repeat(" ", indent))
		b.WriteString([]string{"- ", "  "}[min(i, 1)])
		b.WriteString(line)
		b.WriteByte('\n')
	}
	b.Write(src[at:])
	out := []byte(b.String())
	after, err := Parse(name, out)
	if err != nil {
		return nil, nil, err
	}
	if n := len(before.Cases); len(after.Cases) != n+1 || len(after.Rules) != len(before.Rules) {
		return nil, nil, errors.New("the case could not be added at the end of cases; write it there by hand")
	}
	return out, after, nil
}

// caseLines writes a case as the lines of a YAML mapping.
func caseLines(text, from string, added time.Time) ([]string, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the text of the case is not UTF-8")
	}
	lines := []string{"text: " + quoted(text)}
	if from != "" {
		lines = append(lines, "from: "+quoted(from))
	}
	return append(lines, "added: "+added.Format(time.DateOnly)), nil
}

// quoted writes a JSON string, which is a YAML one, too.
func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s) //nolint:errcheck // a string is always JSON, and a Builder never fails
	return strings.TrimSuffix(b.String(), "\n")
}

// caseEnd finds where the next case belongs: the byte, how far its hyphen is
// indented, and what comes before it.
func caseEnd(name string, src []byte) (at, indent int, head string, err error) {
	r := &reader{file: name}
	root := r.root(src)
	if root == nil {
		return 0, 0, "", r.faults
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, list := root.Content[i], root.Content[i+1]
		if key.Value != "cases" {
			continue
		}
		if list.Style&yaml.FlowStyle != 0 || root.Style&yaml.FlowStyle != 0 || len(list.Content) == 0 {
			return 0, 0, "", Faults{{name, key.Line, key.Column, "the cases are written in brackets", "remove the key if it is empty, or write each case on lines of its own after a hyphen"}}
		}
		at := len(src)
		if i+2 < len(root.Content) {
			at = beforeComments(src, lineStart(src, root.Content[i+2].Line))
		}
		return at, list.Column - 1, "", nil
	}
	if root.Style&yaml.FlowStyle != 0 {
		return 0, 0, "", Faults{{name, 1, 1, "the pack is written in braces", "write each key on a line of its own"}}
	}
	return len(src), 2, "\ncases:\n", nil
}

// lineStart yields the byte at which a line begins; lines count from 1.
func lineStart(src []byte, line int) int {
	at := 0
	for n := 1; n < line && at < len(src); at++ {
		if src[at] == '\n' {
			n++
		}
	}
	return at
}

// beforeComments steps back over the comments and empty lines before at: they
// belong to what follows them.
func beforeComments(src []byte, at int) int {
	for at > 0 {
		from := at - 1
		for from > 0 && src[from-1] != '\n' {
			from--
		}
		if line := strings.TrimSpace(string(src[from:at])); line != "" && line[0] != '#' {
			break
		}
		at = from
	}
	return at
}
