package simulator

import "unicode/utf8"

// citation points to the place of a quotation in a document. Characters are
// Unicode code points, counted from 0, the end not included, as the API does.
type citation struct {
	Type            string  `json:"type"`
	CitedText       string  `json:"cited_text"`
	DocumentIndex   int     `json:"document_index"`
	DocumentTitle   *string `json:"document_title"`
	StartCharIndex  *int    `json:"start_char_index,omitempty"`
	EndCharIndex    *int    `json:"end_char_index,omitempty"`
	StartBlockIndex *int    `json:"start_block_index,omitempty"`
	EndBlockIndex   *int    `json:"end_block_index,omitempty"`
	FileID          *string `json:"file_id"`
}

// cite makes the citation of a sentence, if its document asks for citations.
func (n *note) cite(s sentence) (citation, bool) {
	p := n.passages[s.passage]
	if !p.cited {
		return citation{}, false
	}
	c := citation{DocumentIndex: p.doc}
	if p.title != "" {
		c.DocumentTitle = &p.title
	}
	if p.block >= 0 {
		// A document made of blocks is cited by whole blocks.
		from, to := p.block, p.block+1
		c.Type, c.CitedText = "content_block_location", p.text
		c.StartBlockIndex, c.EndBlockIndex = &from, &to
		return c, true
	}
	from := utf8.RuneCountInString(p.text[:s.start])
	to := from + utf8.RuneCountInString(p.text[s.start:s.end])
	c.Type, c.CitedText = "char_location", p.text[s.start:s.end]
	c.StartCharIndex, c.EndCharIndex = &from, &to
	return c, true
}
