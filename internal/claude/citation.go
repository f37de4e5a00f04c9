package claude

import (
	"bytes"
	"strconv"
)

// Documents lists the plain-text documents of a request body by the index that
// citations use (document blocks counted over all messages, from 0); the text is
// empty where a document is not plain text. It is nil where nothing is cited.
func Documents(body []byte) []string {
	if !bytes.Contains(body, []byte(`"citations"`)) {
		return nil
	}
	doc, fault := parse(body, mostDepth)
	if fault != nil {
		return nil
	}
	var list []string
	messages, _ := doc.get(0, "messages")
	for _, m := range doc.items(messages) {
		if content, ok := doc.get(m, "content"); ok {
			list = doc.documents(content, list)
		}
	}
	return list
}

func (d *document) documents(content int, list []string) []string {
	for _, b := range d.items(content) {
		switch d.getText(b, "type") {
		case "document":
			text := ""
			if source, ok := d.get(b, "source"); ok && d.getText(source, "type") == "text" {
				text = d.getText(source, "data")
			}
			list = append(list, text)
		case "tool_result":
			if inner, ok := d.get(b, "content"); ok {
				list = d.documents(inner, list)
			}
		}
	}
	return list
}

// location puts a citation's character offsets right: they count in the document
// as Claude saw it, and the client has it with the values.
func (x *restorer) location(citation, field, v int) {
	name := x.doc.text(field)
	if name != "start_char_index" && name != "end_char_index" || x.locate == nil || !x.doc.is(v, number) ||
		x.doc.getText(citation, "type") != "char_location" {
		return
	}
	offset, err := strconv.Atoi(x.doc.text(v))
	if err != nil {
		return
	}
	i, ok := x.doc.get(citation, "document_index")
	if !ok {
		return
	}
	index, err := strconv.Atoi(x.doc.text(i))
	if err != nil {
		return
	}
	if now := x.locate(index, offset, name == "end_char_index"); now != offset {
		x.edits = append(x.edits, edit{node: x.doc.nodes[v], now: strconv.Itoa(now), bare: true})
	}
}
