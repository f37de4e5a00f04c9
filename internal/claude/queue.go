package claude

import "bytes"

// held is an event that waits until it is known what becomes of its text.
type held struct {
	ev      event
	doc     *document
	fixed   []edit // texts that were restored as a whole
	node    int    // the string that continues over events, 0 if there is none
	out     []byte // what that string becomes
	open    int    // bytes of it that are not decided yet
	changed bool   // something was restored in it
	delta   bool   // may be left out when its string became empty
	last    bool   // the end of the stream; waits until the end
}

// keep makes the event independent of the buffer it was read from.
func (h *held) keep() {
	h.ev.raw = bytes.Clone(h.ev.raw)
	if h.ev.lines == 1 {
		h.ev.data = h.ev.raw[h.ev.from:h.ev.to]
	}
}

// bytes is what the client gets of the event: its own bytes where nothing was
// restored.
func (h *held) bytes() []byte {
	edits := h.fixed
	if h.changed {
		if len(h.out) == 0 && h.delta {
			return nil
		}
		edits = insert(edits, edit{node: h.doc.nodes[h.node], now: string(h.out)})
	}
	if len(edits) == 0 {
		return h.ev.raw
	}
	return h.ev.with(splice(h.ev.data, edits))
}

// insert keeps edits in order of position.
func insert(edits []edit, e edit) []edit {
	at := len(edits)
	for at > 0 && edits[at-1].node.start > e.node.start {
		at--
	}
	out := append([]edit{}, edits[:at]...)
	out = append(out, e)
	return append(out, edits[at:]...)
}
