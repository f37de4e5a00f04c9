package claude

// request walks the whole body.
func (s *survey) request() {
	if !s.doc.is(0, object) {
		s.shapeless("an object")
		return
	}
	if _, ok := s.doc.get(0, "messages"); !ok {
		s.at("messages", func() { s.shapeless("an array") })
		return
	}
	s.tools = s.declared()
	s.fields(0, s.parameter)
}

// parameter walks one top-level member.
func (s *survey) parameter(name string, v int) {
	s.noteField(name, v)
	switch name {
	case "model":
		s.structural(v, name, modelForm)
	case "max_tokens", "temperature", "top_p", "top_k":
		s.amount(v, name)
	case "messages":
		s.messages(v)
	case "system":
		s.saying("system", func() { s.system(v) })
	case "tools":
		s.toolList(v)
	case "tool_choice":
		s.toolChoice(v)
	case "stop_sequences":
		s.each(v, s.prose)
	case "output_config", "output_format":
		s.output(v)
	case "thinking", "cache_control", "service_tier", "speed", "inference_geo":
		s.setting(v, name)
	case "metadata":
		s.metadata(v)
	case "mcp_servers":
		s.each(v, func(item int) { s.parts(item, "") })
	case "betas":
		s.each(v, func(item int) { s.structural(item, name, betaForm) })
	default:
		s.extra(v, name)
	}
}

// metadata's user_id is what a client makes of itself, often JSON in a string.
// It is looked at like any text, but its name alone makes it nobody's number.
func (s *survey) metadata(v int) {
	s.fields(v, func(name string, v int) {
		if name == "user_id" {
			name = ""
		}
		s.extra(v, name)
	})
}

func (s *survey) messages(v int) {
	if !s.doc.is(v, array) {
		s.shapeless("an array")
		return
	}
	s.each(v, func(message int) {
		if !s.doc.is(message, object) {
			s.shapeless("an object")
			return
		}
		s.saying(s.doc.getText(message, "role"), func() { s.message(message) })
	})
}

func (s *survey) message(message int) {
	s.fields(message, func(name string, v int) {
		switch name {
		case "role":
			s.noteWord("role", s.doc.text(v))
			s.structural(v, name, s.words.words.has)
		case "content":
			s.content(v)
		default:
			s.extra(v, name)
		}
	})
}

// content walks a string or a list of blocks.
func (s *survey) content(v int) {
	switch s.doc.nodes[v].shape {
	case text:
		s.prose(v)
	case array:
		s.each(v, s.block)
	default:
		s.shapeless("a string or an array")
	}
}

// system is content too, except that its first text may be the client's
// attribution line.
func (s *survey) system(v int) {
	switch s.doc.nodes[v].shape {
	case array:
		for n, item := range s.doc.items(v) {
			first := n == 0
			s.at(itoa(n), func() {
				if first && billingForm(s.doc.getText(item, "text")) && s.attribution(item) {
					return
				}
				s.block(item)
			})
		}
	case word: // null
	default:
		s.content(v)
	}
}

// attribution reports whether a block is nothing but the attribution line.
func (s *survey) attribution(block int) bool {
	for k, v := range s.doc.members(block) {
		switch s.doc.text(k) {
		case "text", "cache_control":
		case "type":
			if !s.doc.is(v, text) || s.doc.text(v) != "text" {
				return false
			}
		default:
			return false
		}
	}
	if v, ok := s.doc.get(block, "cache_control"); ok {
		s.at("cache_control", func() { s.setting(v, "cache_control") })
	}
	return true
}

func (s *survey) output(v int) {
	s.fields(v, func(name string, v int) {
		switch name {
		case "schema":
			s.schema(v)
		case "format":
			s.output(v)
		case "type":
			s.structural(v, name, typeForm)
		case "name":
			s.schemaText(v)
		default:
			s.setting(v, name)
		}
	})
}
