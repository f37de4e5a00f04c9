package conformance

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// writing is a way to write the same identifiers with other bytes.
type writing struct {
	name string
	text func(string) string // the text with its identifiers written so
	json func(string) string // how a string of it stands in JSON; nil: as usual
}

func writings() []writing {
	return []writing{
		{name: "plain", text: func(s string) string { return s }},
		{name: `\u escapes of JSON`, text: func(s string) string { return s }, json: escapeAll},
		{name: "percent escapes", text: func(s string) string { return disguise(s, percentAll) }},
		{name: "HTML entities", text: func(s string) string { return disguise(s, entities) }},
		{name: "named HTML entities", text: func(s string) string { return html.EscapeString(s + " <b>&</b>") }},
		{name: "letters and their accents apart (NFD)", text: func(s string) string {
			return norm.NFD.String(strings.ReplaceAll(strings.ReplaceAll(s, "Quintanar", "Quintañar"), "Marisol", "Marisól"))
		}},
		{name: "full-width letters and digits", text: func(s string) string { return disguise(s, wide) }},
		{name: "zero-width joiners", text: func(s string) string { return disguise(s, joined) }},
		{name: "base64 in the text", text: func(s string) string { return "The note is " + base64Of(s) + " in base64." }},
	}
}

// escapeAll writes a JSON string of nothing but \u escapes.
func escapeAll(s string) string {
	var b strings.Builder
	for _, r := range s { // the passage holds nothing beyond the first plane
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

func entities(s string) string {
	var b strings.Builder
	for n, r := range s {
		if n%2 == 0 {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			fmt.Fprintf(&b, "&#x%X;", r)
		}
	}
	return b.String()
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + 0xfee0
		}
		return r
	}, s)
}

func joined(s string) string {
	return strings.Join(strings.Split(s, ""), "\u200d")
}

// disguisePositions are where every writing is tried.
func disguisePositions() []position {
	var list []position
	for _, p := range positions() {
		switch p.name {
		case "the text of a turn", "the system prompt", "a tool's result as a string", "the title of a document", "a stop sequence":
			list = append(list, p)
		}
	}
	return append(list, position{
		name:     "a tool call's input",
		messages: userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{"who":¤}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":"Done."}]}`,
		at:       "/messages/1/content/0/input/who",
	})
}

func disguiseCases() []scenario {
	var list []scenario
	for _, w := range writings() {
		list = append(list, scenario{"leaks: encodings", "in " + w.name, func(t *trial) error {
			for _, p := range disguisePositions() {
				text := w.text(passage)
				pr := p.probe(t, text)
				if w.json != nil {
					pr.body = []byte(strings.ReplaceAll(string(pr.body), quote(text), w.json(text)))
				}
				if err := t.plant(pr); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	for _, codings := range [][]string{{"gzip"}, {"br"}, {"zstd"}, {"deflate"}, {"gzip", "zstd"}} {
		listed := strings.Join(codings, ", ")
		list = append(list, scenario{"leaks: encodings", "in a body in " + listed, func(t *trial) error {
			p := positions()[0].probe(t, passage)
			body, err := encode(p.body, codings...)
			if err != nil {
				return err
			}
			p.body, p.header = body, http.Header{"Content-Encoding": {listed}}
			return t.plant(p)
		}})
	}
	for _, d := range documents() {
		list = append(list, scenario{"leaks: encodings", "in a document of " + d.media + " in base64", func(t *trial) error {
			return t.plant(probe{
				ask: ask{body: t.conversation(`{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"` + d.media + `","data":"` + base64Of(d.text) + `"}}]}`)},
				at:  "/messages/0/content/0/source/data", base64: true, want: d.text,
			})
		}})
	}
	return list
}

// document is a file as it is sent in base64.
type document struct{ media, text string }

func documents() []document {
	return []document{
		{"text/plain", passage},
		{"text/csv", "name,ssn\n" + personName + "," + personSSN + "\n"},
		{"application/json", `{"name":"` + personName + `","ssn":"` + personSSN + `"}`},
		{"text/html", "<p>" + passage + "</p>"},
	}
}
