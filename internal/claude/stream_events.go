package claude

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// event deals with one event of the Messages API: it notes the facts and
// restores the texts.
func (s *stream) event(h *held) error {
	kind := h.doc.getText(0, "type")
	switch kind {
	case "message_start":
		if m, ok := h.doc.get(0, "message"); ok {
			s.d.message(h.doc, m)
		}
		if err := s.echo(); err != nil {
			return err
		}
	case "content_block_start":
		if err := s.blockStart(h); err != nil {
			return err
		}
	case "content_block_delta":
		if err := s.delta(h); err != nil {
			return err
		}
	case "content_block_stop":
		s.flushBlock(index(h.doc))
	case "message_delta":
		if delta, ok := h.doc.get(0, "delta"); ok {
			s.d.outcome(h.doc, delta)
		}
		s.d.usage(h.doc, 0)
		if err := s.echo(); err != nil {
			return err
		}
	case "message_stop":
		s.d.Ended = true
		s.last(h, true)
	case "error":
		s.reported(h)
		s.last(h, false)
		return nil
	}
	x := restorer{doc: h.doc, rv: s.rv, skip: h.node, locate: s.opt.Locate, think: s.opt.Thinking, said: s.opt.Said}
	x.value(0, false)
	h.fixed = x.edits
	return nil
}

// last marks the event that ends the stream, and lets the upstream close it.
// whole says that the texts have ended, and not just broken off.
func (s *stream) last(h *held, whole bool) {
	s.flushAll(whole)
	h.last = true
	s.ended = true
	s.pulse = nil
	body := s.body
	s.close = time.AfterFunc(tailWait, func() { _ = body.Close() })
}

// reported notes an error in the middle of the stream; its words pass only where
// a client acts on them.
func (s *stream) reported(h *held) {
	s.d.ErrorType = "api_error"
	e, ok := h.doc.get(0, "error")
	if !ok {
		return
	}
	if t := h.doc.getText(e, "type"); typeForm(t) {
		s.d.ErrorType = t
	}
	message, ok := h.doc.get(e, "message")
	if !ok {
		return
	}
	was := h.doc.text(message)
	now := restoreWhole(s.rv, was)
	if !relayed(s.d.ErrorType) {
		now = genericWords(s.d.ErrorType)
	}
	if now != was {
		h.fixed = []edit{{node: h.doc.nodes[message], now: now}}
	}
}

// blockStart takes the text a block begins with, which most begin without.
func (s *stream) blockStart(h *held) error {
	b, ok := h.doc.get(0, "content_block")
	if !ok {
		return nil
	}
	s.d.block(h.doc, b)
	for _, field := range []string{"text", "thinking"} {
		v, ok := h.doc.get(b, field)
		if ok && h.doc.is(v, text) && h.doc.getText(b, "type") == field && h.doc.text(v) != "" {
			return s.feed(h, field+"_delta", v)
		}
	}
	return nil
}

// delta takes a piece of a block's text.
func (s *stream) delta(h *held) error {
	d, ok := h.doc.get(0, "delta")
	if !ok {
		return nil
	}
	kind := h.doc.getText(d, "type")
	v, ok := deltaText(h.doc, d, kind)
	if !ok {
		return nil
	}
	h.delta = true
	return s.feed(h, kind, v)
}

// deltaText finds the string of a delta that continues over events. Citations
// come whole and signatures are never touched. Of a type that is not known, it
// is the only string there is, if there is only one.
func deltaText(doc *document, d int, kind string) (node int, ok bool) {
	field := ""
	switch kind {
	case "text_delta":
		field = "text"
	case "input_json_delta":
		field = "partial_json"
	case "thinking_delta":
		field = "thinking"
	case "compaction_delta":
		field = "content"
	case "citations_delta", "signature_delta":
		return 0, false
	}
	for k, v := range doc.members(d) {
		name := doc.text(k)
		if !doc.is(v, text) || structuralAnswer(name) || field != "" && name != field {
			continue
		}
		if ok {
			return 0, false
		}
		node, ok = v, true
	}
	return node, ok
}

// feed gives a piece to its channel.
func (s *stream) feed(h *held, kind string, v int) error {
	key := channelKey{index(h.doc), kind}
	c := s.channels[key]
	if c == nil {
		if len(s.channels) >= mostChannels {
			return errMalformed(nil)
		}
		c = &channel{rv: s.rv, nest: newNesting(kind == "input_json_delta"), thinking: kind == "thinking_delta", heard: s.opt.Said != nil}
		s.channels[key] = c
	}
	h.node = v
	c.feed(h, h.doc.text(v))
	return nil
}

func index(doc *document) int {
	if v, ok := doc.get(0, "index"); ok && doc.is(v, number) {
		if n, err := strconv.Atoi(doc.text(v)); err == nil {
			return n
		}
	}
	return -1
}

// flushBlock ends the texts of one block.
func (s *stream) flushBlock(index int) {
	for _, key := range s.keys() {
		if key.index == index {
			s.flushChannel(key, true)
		}
	}
}

func (s *stream) flushAll(whole bool) {
	for _, key := range s.keys() {
		s.flushChannel(key, whole)
	}
}

// keys are the open channels in order, so that the same stream always has the
// same effects.
func (s *stream) keys() []channelKey {
	list := make([]channelKey, 0, len(s.channels))
	for k := range s.channels {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b channelKey) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.delta, b.delta))
	})
	return list
}

func (s *stream) flushChannel(key channelKey, whole bool) {
	c := s.channels[key]
	delete(s.channels, key)
	c.flush(whole)
	if c.was.Len() > 0 && s.opt.Said != nil {
		s.opt.Said(c.was.String())
	}
	if c.thinking && c.was.Len() > 0 && s.opt.Thinking != nil {
		s.opt.Thinking(c.now.String(), c.was.String())
	}
}
