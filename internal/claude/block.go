package claude

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// block walks one content block, and refuses one of a type nobody has taught
// this package to look into.
func (s *survey) block(b int) {
	if !s.doc.is(b, object) {
		s.shapeless("an object")
		return
	}
	t, ok := s.doc.get(b, "type")
	if !ok || !s.doc.is(t, text) {
		s.shapeless("a content block with a type")
		return
	}
	kind := s.doc.text(t)
	if !s.words.blocks.has(kind) && !s.admit {
		named := ""
		if typeForm(kind) {
			named = ` "` + kind + `"`
		}
		s.refuse("unknown_block",
			"Chaperone does not know the content block type"+named+" at "+string(s.path)+" and never passes on what it cannot inspect",
			"Leave the block out, or ask your administrator to admit unknown blocks, whose texts are then concealed like any other")
		return
	}
	s.noteBlock(b, kind)
	if kind == "container_upload" {
		s.opaque = append(s.opaque, Opaque{Path: string(s.path), Kind: kind, Source: "file", FileID: s.fileID(b)})
	}
	s.parts(b, kind)
}

// parts walks the members of a block, or of a block-like object inside one.
func (s *survey) parts(b int, kind string) {
	s.fields(b, func(name string, v int) {
		switch name {
		case "type":
			s.structural(v, name, typeForm)
		case "id", "tool_use_id":
			s.handle(v, name)
		case "file_id":
			s.structural(v, name, idForm)
		case "name", "tool_name", "server_name", "mcp_server_name":
			s.structural(v, "", s.declaredName)
		case "thinking":
			if s.doc.is(v, text) {
				s.leaf(v, Thinking, "")
				return
			}
			s.extra(v, name)
		case "text", "title", "context", "cited_text", "document_title", "stdout", "stderr":
			s.prose(v)
		case "signature", "encrypted_content", "encrypted_index", "encrypted_stdout":
			s.structural(v, name, sealedForm)
		case "data":
			s.sealedData(v, kind)
		case "input":
			s.data(v, "", Field)
		case "source":
			s.source(v, kind)
		case "content":
			s.inner(v, kind)
		case "citations":
			s.citations(v)
		case "cache_control":
			s.setting(v, name)
		case "tool":
			s.tool(v)
		case "tools":
			s.toolList(v)
		default:
			s.extra(v, name)
		}
	})
}

// sealedData is redacted thinking; under any other block it is free.
func (s *survey) sealedData(v int, kind string) {
	if kind == "redacted_thinking" {
		s.structural(v, "data", sealedForm)
		return
	}
	s.extra(v, "data")
}

// inner walks what a block holds: text, blocks, or the object of a server
// tool's result. Blocks in the content that a client composes are checked for
// their type; the objects inside results of server tools have types of their own.
func (s *survey) inner(v int, kind string) {
	switch {
	case s.doc.is(v, text):
		s.prose(v)
	case s.doc.is(v, object):
		s.parts(v, s.doc.getText(v, "type"))
	case s.doc.is(v, array):
		s.each(v, func(item int) {
			switch kind {
			case "tool_result", "search_result", "document", "mcp_tool_result", "compaction":
				s.block(item)
			default:
				s.inner(item, kind)
			}
		})
	default:
		s.extra(v, "")
	}
}

// citations is a switch in requests, and a list of quotations in history.
func (s *survey) citations(v int) {
	s.note("field", "citations")
	if s.doc.is(v, array) {
		s.each(v, func(item int) { s.parts(item, "citation") })
		return
	}
	s.setting(v, "citations")
}

// source walks where an image or document comes from. What is not text is
// opaque: nobody can look into it here. A file in base64 is a leaf as well, for
// callers who can.
func (s *survey) source(v int, kind string) {
	if !s.doc.is(v, object) {
		s.prose(v) // of a search result, the source is a text
		return
	}
	if kind != "image" && kind != "document" {
		kind = "other"
	}
	from := s.doc.getText(v, "type")
	found := Opaque{Path: string(s.path), Kind: kind, Source: from}
	if media := s.doc.getText(v, "media_type"); mediaForm(media) {
		found.MediaType = media
	}
	s.noteWord("source", from)
	switch from {
	case "text", "content":
	case "base64":
		found.Size = int64(len(s.doc.getText(v, "data"))) * 3 / 4
		s.opaque = append(s.opaque, found)
	case "url", "file":
		if from == "file" {
			found.FileID = s.fileID(v)
		}
		s.opaque = append(s.opaque, found)
	default:
		found.Source = "other"
		s.opaque = append(s.opaque, found)
	}
	s.fields(v, func(name string, v int) {
		switch {
		case name == "type":
			s.structural(v, name, typeForm)
		case name == "media_type":
			s.structural(v, name, mediaForm)
		case name == "file_id":
			s.structural(v, name, idForm)
		case name == "data" && from == "base64" && s.doc.is(v, text) && base64Form(s.doc.text(v)):
			s.leaf(v, Enclosed, found.MediaType)
		case name == "data" && from == "text":
			s.prose(v)
		case name == "content":
			s.content(v)
		default:
			s.extra(v, name)
		}
	})
}

// fileID is the id of the uploaded file that an object names, if it has its form.
func (s *survey) fileID(obj int) string {
	if v, ok := s.doc.get(obj, "file_id"); ok && s.doc.is(v, text) && FileID(s.doc.text(v)) {
		return s.doc.text(v)
	}
	return ""
}
