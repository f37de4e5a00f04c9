package claude

import (
	"slices"
	"strings"
)

// Use is one sign of a feature in a request: a word of the API in its closed
// form, such as {"tool", "web_search_20260209"}. Name is "?" where the request
// has something there that is not of the form, so that no text of it is repeated.
//
// Kinds: path, beta (header or body), field (a member of the body, of
// output_config, container, tools or a block's citations), tool (a type; "direct"
// behind it where only the model may call it), caller, call (a vendor's tool that
// was called), block, source, role, edit.
type Use struct{ Kind, Name string }

// Uses lists the signs of features in the request, each once, for whoever must
// say whether an agreement covers them (BAA-14).
func (a *Ask) Uses() []Use {
	list := []Use{{"path", a.way.endpoint.Path()}}
	for _, b := range a.betas {
		if u := (Use{"beta", b}); !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return append(list, a.uses...)
}

// note takes down a sign once.
func (s *survey) note(kind, name string) {
	if u := (Use{kind, name}); !slices.Contains(s.uses, u) {
		s.uses = append(s.uses, u)
	}
}

// noteWord takes down a type, if it is of a type's form.
func (s *survey) noteWord(kind, name string) {
	if !typeForm(name) {
		name = "?"
	}
	s.note(kind, name)
}

// noteField takes down a member of the body and what its value shows.
func (s *survey) noteField(name string, v int) {
	if !s.words.fields.has(name) {
		s.note("field", "?")
		return
	}
	s.note("field", name)
	switch name {
	case "output_config", "container":
		for k := range s.doc.members(v) {
			switch member := s.doc.text(k); {
			case name == "container" && member != "skills":
			case s.words.fields.has(member):
				s.note("field", name+"."+member)
			default:
				s.note("field", "?")
			}
		}
	case "context_management":
		if edits, ok := s.doc.get(v, "edits"); ok {
			for _, e := range s.doc.items(edits) {
				s.noteWord("edit", s.doc.getText(e, "type"))
			}
		}
	case "betas":
		for _, b := range s.doc.items(v) {
			if t := s.doc.text(b); s.doc.is(b, text) && betaForm(t) {
				s.note("beta", t)
				continue
			}
			s.note("beta", "?")
		}
	}
}

// noteTool takes down a tool's type, who may call it, and what else it asks for.
func (s *survey) noteTool(tool int) {
	kind := "custom"
	if v, ok := s.doc.get(tool, "type"); ok {
		kind = s.doc.text(v)
	}
	direct := false
	if callers, ok := s.doc.get(tool, "allowed_callers"); ok {
		direct = s.doc.is(callers, array)
		n := 0
		for _, c := range s.doc.items(callers) {
			s.noteWord("caller", s.doc.text(c))
			direct = direct && s.doc.text(c) == "direct"
			n++
		}
		direct = direct && n > 0
	}
	switch {
	case !typeForm(kind):
		s.note("tool", "?")
	case direct && strings.HasPrefix(kind, "web_search_"):
		s.note("tool", kind+" direct")
	default:
		s.note("tool", kind)
	}
	for _, name := range []string{"strict", "defer_loading", "eager_input_streaming"} {
		if v, ok := s.doc.get(tool, name); ok && s.doc.text(v) != "false" && s.doc.text(v) != "null" {
			s.note("field", "tools."+name)
		}
	}
}

// noteBlock takes down a block, and which tool of the vendor's it speaks of.
func (s *survey) noteBlock(b int, kind string) {
	if kind == "server_tool_use" {
		s.noteWord("call", s.doc.getText(b, "name"))
		return
	}
	s.noteWord("block", kind)
}
