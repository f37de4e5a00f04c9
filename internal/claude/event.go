package claude

import "bytes"

// event is one server-sent event: its bytes and what they say.
type event struct {
	raw   []byte
	name  string // of the event field, empty if there is none
	data  []byte // of the data fields, joined by LF
	lines int    // data fields
	from  int    // where the first data begins in raw
	to    int    // and where it ends
}

// parseEvent reads the lines of an event.
func parseEvent(raw []byte) event {
	e := event{raw: raw}
	for at := 0; at < len(raw); {
		end, next := lineAt(raw, at)
		e.line(raw[at:end], at)
		at = next
	}
	return e
}

// lineAt finds the end of the line that begins at at, and the start of the next.
func lineAt(raw []byte, at int) (end, next int) {
	n := bytes.IndexAny(raw[at:], "\r\n")
	if n < 0 {
		return len(raw), len(raw)
	}
	end = at + n
	if raw[end] == '\r' && end+1 < len(raw) && raw[end+1] == '\n' {
		return end, end + 2
	}
	return end, end + 1
}

func (e *event) line(line []byte, at int) {
	if at == 0 {
		trimmed := bytes.TrimPrefix(line, []byte("\ufeff"))
		at += len(line) - len(trimmed)
		line = trimmed
	}
	field, value, found := bytes.Cut(line, []byte(":"))
	at += len(field)
	if found {
		at++
		if len(value) > 0 && value[0] == ' ' {
			value = value[1:]
			at++
		}
	}
	switch string(field) {
	case "event":
		e.name = string(value)
	case "data":
		if e.lines == 0 {
			e.from, e.to, e.data = at, at+len(value), value
		} else {
			e.data = append(append(bytes.Clone(e.data), '\n'), value...)
		}
		e.lines++
	}
}

// with yields the bytes of the event with other data in it; all else stays.
func (e event) with(data []byte) []byte {
	if e.lines == 1 {
		out := make([]byte, 0, len(e.raw)+len(data))
		out = append(out, e.raw[:e.from]...)
		out = append(out, data...)
		return append(out, e.raw[e.to:]...)
	}
	return e.withLines(bytes.Split(data, []byte("\n")))
}

// withLines is with for data of several lines: the new lines stand where the
// first was, and the others are gone.
func (e event) withLines(data [][]byte) []byte {
	var out []byte
	first := true
	for at := 0; at < len(e.raw); {
		end, next := lineAt(e.raw, at)
		line := e.raw[at:end]
		field, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case string(field) != "data":
			out = append(out, e.raw[at:next]...)
		case first:
			first = false
			for _, d := range data {
				out = append(out, "data: "...)
				out = append(out, d...)
				out = append(out, e.raw[end:next]...)
			}
		}
		at = next
	}
	return out
}
