package simulator

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// passage is one piece of text that the simulator reads. Documents are
// passages of their own, so that a citation can say where a sentence stands.
type passage struct {
	text  string
	doc   int    // index among the request's documents, or -1
	title string // the document's
	block int    // index of the content block in a document made of blocks, or -1
	cited bool   // the document asks for citations
	said  bool   // a person said it, so that it may hold an instruction
	ask   bool   // and it is of the newest message with text
}

// passages gathers what the user side has said, oldest first: texts, documents,
// search results and the results of tools, of every turn.
func (r *request) passages() []passage {
	c := collector{}
	newest := r.newestText()
	for i, m := range r.Messages {
		if m.Role == "assistant" {
			continue
		}
		c.newest = i == newest
		c.blocks(m.Content)
	}
	return c.out
}

// newestText is the index of the newest message in which a person says
// something; behind it stand only results of tools.
func (r *request) newestText() int {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role != "user" {
			continue
		}
		for _, b := range r.Messages[i].Content {
			if b.Type == "text" {
				return i
			}
		}
	}
	return -1
}

type collector struct {
	out    []passage
	docs   int
	newest bool
	inside bool // in the result of a tool
}

func (c *collector) blocks(list content) {
	for _, b := range list {
		switch b.Type {
		case "text":
			c.add(passage{text: b.Text, doc: -1, block: -1, said: !c.inside, ask: c.newest && !c.inside})
		case "document", "search_result":
			c.document(b)
		case "tool_result":
			outer := c.inside
			c.inside = true
			c.blocks(b.Content)
			c.inside = outer
		}
	}
}

func (c *collector) document(b block) {
	p := passage{doc: c.docs, title: b.Title, block: -1, cited: b.Citations.Enabled && b.Type == "document"}
	c.docs++
	parts := b.Source.Content
	if b.Type == "search_result" {
		parts = b.Content
	}
	for i, part := range parts {
		p.text, p.block = part.Text, i
		c.add(p)
	}
	if len(parts) > 0 {
		return
	}
	p.text = b.Source.Data
	if b.Source.Type == "base64" {
		data, err := base64.StdEncoding.DecodeString(b.Source.Data)
		if err != nil || !utf8.Valid(data) || !strings.HasPrefix(b.Source.MediaType, "text/") {
			return // a PDF or an image: the simulator cannot read it
		}
		p.text = string(data)
	}
	c.add(p)
}

func (c *collector) add(p passage) {
	if strings.TrimSpace(p.text) != "" {
		c.out = append(c.out, p)
	}
}

// citing reports whether a document asks for citations.
func (r *request) citing() bool {
	for _, m := range r.Messages {
		for _, b := range m.Content {
			if b.Type == "document" && b.Citations.Enabled {
				return true
			}
		}
	}
	return false
}
