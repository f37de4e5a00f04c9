package claude

import (
	"bytes"
	"slices"
	"strings"
)

// MadeFiles lists the files that tools of the vendor's made in an answer, as it
// came: the ids in the outputs of code execution, of a whole answer or of a
// stream. What a text or the input of a tool says is not listed, because whoever
// asked may have chosen it.
func MadeFiles(answered []byte) []string {
	if !bytes.Contains(answered, []byte(`"file_id"`)) {
		return nil
	}
	var ids []string
	if doc, f := parse(answered, defaultDepth); f == nil {
		return madeIn(doc, "content", ids)
	}
	for line := range bytes.Lines(answered) {
		data, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("data:"))
		if !ok || !bytes.Contains(data, []byte(`"file_id"`)) {
			continue
		}
		if doc, f := parse(data, defaultDepth); f == nil {
			ids = madeIn(doc, "content_block", ids)
		}
	}
	return ids
}

// madeIn adds the files of the blocks that stand under a member of the root.
func madeIn(doc *document, name string, ids []string) []string {
	if !doc.is(0, object) {
		return ids
	}
	v, ok := doc.get(0, name)
	switch {
	case !ok:
	case doc.is(v, object):
		ids = madeBy(doc, v, ids)
	case doc.is(v, array):
		for _, block := range doc.items(v) {
			ids = madeBy(doc, block, ids)
		}
	}
	return ids
}

// madeBy adds the files of one block, if it is a result of code execution.
func madeBy(doc *document, block int, ids []string) []string {
	if !doc.is(block, object) || !strings.HasSuffix(doc.getText(block, "type"), "code_execution_tool_result") {
		return ids
	}
	result, ok := doc.get(block, "content")
	if !ok || !doc.is(result, object) {
		return ids
	}
	outputs, ok := doc.get(result, "content")
	if !ok || !doc.is(outputs, array) {
		return ids
	}
	for _, out := range doc.items(outputs) {
		if !doc.is(out, object) || !strings.HasSuffix(doc.getText(out, "type"), "_output") {
			continue
		}
		if id := doc.getText(out, "file_id"); FileID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
