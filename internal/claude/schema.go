package claude

// declared lists the names of the tools that the request defines.
func (s *survey) declared() map[string]bool {
	list := map[string]bool{}
	v, ok := s.doc.get(0, "tools")
	if !ok {
		return list
	}
	for _, tool := range s.doc.items(v) {
		if name := s.doc.getText(tool, "name"); name != "" {
			list[name] = true
		}
	}
	return list
}

// declaredName: a tool is called by a name that the request defines, and that
// was looked at there. Any other name is a text.
func (s *survey) declaredName(name string) bool { return idForm(name) && s.tools[name] }

func (s *survey) toolChoice(v int) {
	s.fields(v, func(name string, v int) {
		switch name {
		case "type":
			s.structural(v, name, typeForm)
		case "name":
			s.structural(v, "", s.declaredName)
		default:
			s.setting(v, name)
		}
	})
}

func (s *survey) toolList(v int) {
	if !s.doc.is(v, array) {
		s.extra(v, "")
		return
	}
	s.each(v, s.tool)
}

// tool walks one definition. Vendors keep compiled schemas longer than prompts,
// so names in it are of class Schema: identifiers there are refused, not
// concealed (BAA-15).
func (s *survey) tool(v int) {
	if !s.doc.is(v, object) {
		s.extra(v, "")
		return
	}
	s.noteTool(v)
	s.fields(v, func(name string, v int) {
		switch name {
		case "type":
			s.structural(v, name, typeForm)
		case "name":
			s.schemaText(v)
		case "description":
			s.prose(v)
		case "input_schema":
			s.schema(v)
		case "input_examples":
			s.data(v, "", Field)
		case "cache_control":
			s.setting(v, name)
		case "allowed_callers":
			s.each(v, func(item int) { s.structural(item, name, typeForm) })
		default:
			s.extra(v, name)
		}
	})
}

// schemaText lists a string or number of class Schema.
func (s *survey) schemaText(v int) {
	switch s.doc.nodes[v].shape {
	case text, number:
		s.leaf(v, Schema, "")
	default:
		s.data(v, "", Schema)
	}
}

// schema walks a JSON Schema (draft 2020-12 and its elders).
func (s *survey) schema(v int) {
	switch s.doc.nodes[v].shape {
	case array:
		s.each(v, s.schema)
		return
	case text:
		s.leaf(v, Schema, "")
		return
	case number, word:
		return
	}
	n := 0
	for k, v := range s.doc.members(v) {
		name, known := s.doc.text(k), s.words.schemas.has(s.doc.text(k))
		segment := name
		if !known {
			segment = "#" + itoa(n)
		}
		s.at(segment, func() {
			if !known {
				s.leaf(k, Schema, "")
			}
			s.keyword(name, v)
		})
		n++
	}
}

// keyword walks the value of one keyword.
func (s *survey) keyword(name string, v int) {
	switch name {
	case "description", "title", "$comment":
		s.prose(v)
	case "default", "examples":
		s.data(v, "", Field)
	case "enum", "const", "pattern", "required", "dependentRequired":
		s.data(v, "", Schema)
	case "$schema":
		if !s.doc.is(v, text) || !dialectForm(s.doc.text(v)) {
			s.schema(v)
		}
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
		s.named(v)
	case "type":
		if !s.doc.is(v, text) || !typeForm(s.doc.text(v)) {
			s.schema(v)
		}
	default:
		s.schema(v)
	}
}

// named walks an object whose keys are names of the client's choice and whose
// values are schemas.
func (s *survey) named(v int) {
	if !s.doc.is(v, object) {
		s.schema(v)
		return
	}
	n := 0
	for k, v := range s.doc.members(v) {
		s.at("#"+itoa(n), func() {
			s.leaf(k, Schema, "")
			s.schema(v)
		})
		n++
	}
}
