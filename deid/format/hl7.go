package format

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// hl7 takes HL7 v2 messages in their delimited encoding (HL7 v2.9, chapter 2):
// one or several, batches and files (FHS, BHS), with or without the framing of
// the minimal lower layer protocol. What a field is follows from the tables of
// segments and of data types; segments that are not in them, Z-segments among
// them, are free text component by component.
type hl7 struct {
	b *builder
	// The delimiters, as the last header segment states them.
	field, component, repeat, escape, sub byte
	// The lines of a report that is cut into observations.
	story   []string
	stories []string
}

// hl7Begins reports whether a text begins as an HL7 v2 message does.
func hl7Begins(text []byte) bool {
	for _, head := range []string{"MSH", "FHS", "BHS"} {
		if len(text) > 8 && string(text[:3]) == head && !isNameStart(text[3]) && text[3] > ' ' && (text[3] < '0' || text[3] > '9') {
			return true
		}
	}
	return false
}

func parseHL7(raw []byte) (*Document, error) {
	h := &hl7{b: &builder{name: HL7v2, raw: raw}}
	number := 0
	for start := 0; start < len(raw); {
		end := start
		for end < len(raw) && raw[end] != '\r' && raw[end] != '\n' {
			end++
		}
		// Framing: 0x0B before a message, 0x1C after it; a byte order mark; blanks.
		from, to := start, end
		for from < to && (raw[from] <= ' ' || bytes.HasPrefix(raw[from:to], []byte(byteOrderMark))) {
			if raw[from] > ' ' {
				from += len(byteOrderMark) - 1
			}
			from++
		}
		for from < to && raw[to-1] == 0x1C {
			to--
		}
		if from < to {
			number++
			if err := h.segment(from, to, number); err != nil {
				return nil, err
			}
		}
		start = end + 1
	}
	if h.field == 0 {
		return nil, &Fault{Format: HL7v2, What: "there is no segment MSH, FHS or BHS"}
	}
	h.tell("")
	d := h.b.document()
	d.hints = h.stories
	return d, nil
}

// tell goes on with a story, or ends it: a name may stand on two of its lines.
func (h *hl7) tell(line string) {
	if line != "" {
		h.story = append(h.story, line)
		return
	}
	if len(h.story) > 1 {
		h.stories = append(h.stories, strings.Join(h.story, " "))
	}
	h.story = nil
}

func (h *hl7) segment(start, end, number int) error {
	raw := h.b.raw
	id := string(raw[start:min(start+3, end)])
	if id == "MSH" || id == "FHS" || id == "BHS" {
		if end-start < 8 {
			return &Fault{Format: HL7v2, Line: newLines(raw).of(start), Where: fmt.Sprintf("segment %d", number), What: "the header has no delimiters"}
		}
		h.delimiters(raw[start+3 : end])
		if max(h.field, h.component, h.repeat, h.escape, h.sub) >= utf8.RuneSelf {
			return &Fault{Format: HL7v2, Line: newLines(raw).of(start), Where: fmt.Sprintf("segment %d", number), What: "a delimiter is no character of ASCII"}
		}
	}
	if h.field == 0 {
		return &Fault{Format: HL7v2, Line: newLines(raw).of(start), Where: fmt.Sprintf("segment %d", number), What: "it stands before any header"}
	}
	if len(id) < 3 || end-start > 3 && raw[start+3] != h.field || !segmentID(id) {
		// A line that was broken off its segment: free text.
		h.text(start, end, Locus{Path: fmt.Sprintf("segment %d", number)})
		return nil
	}
	fields := cut(raw, start, end, h.field)
	h.tell(h.lineOf(id, fields))
	shown := id
	if id[0] == 'Z' || segments[id] == nil {
		shown = "segment " + strconv.Itoa(number)
	}
	variant := ""
	for i, f := range fields[1:] {
		n := i + 1
		if id == "MSH" || id == "FHS" || id == "BHS" {
			n++ // the first field is the delimiter itself
			if n == 2 {
				continue
			}
		}
		if id == "OBX" && n == 2 {
			variant = string(raw[f.from:f.to])
		}
		h.fieldOf(id, n, shown, variant, f, fields)
	}
	return nil
}

// lineOf is the text of a segment that holds a line of a longer one, or "".
func (h *hl7) lineOf(id string, fields []piece) string {
	text := func(n int) string {
		if n >= len(fields) {
			return ""
		}
		u := unescaped{raw: string(h.b.raw[fields[n].from:fields[n].to])}
		h.unescape(&u)
		s, _ := u.done()
		return s
	}
	switch {
	case id == "OBX" && (text(2) == "TX" || text(2) == "FT" || text(2) == "ST"):
		return text(5)
	case id == "NTE":
		return text(3)
	}
	return ""
}

func segmentID(id string) bool {
	for i := range len(id) {
		if c := id[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9' || i == 0) {
			return false
		}
	}
	return true
}

// delimiters takes what follows MSH: "|^~\&".
func (h *hl7) delimiters(head []byte) {
	h.field = head[0]
	get := func(i int, usual byte) byte {
		if i < len(head) && head[i] != h.field {
			return head[i]
		}
		return usual
	}
	h.component, h.repeat, h.escape, h.sub = get(1, '^'), '~', '\\', '&'
	if bytes.IndexByte(head[1:min(5, len(head))], h.field) != 0 {
		n := bytes.IndexByte(head[1:], h.field)
		if n < 0 {
			n = len(head) - 1
		}
		marks := head[1 : 1+min(n, 4)]
		for i, to := range []*byte{&h.component, &h.repeat, &h.escape, &h.sub} {
			if i < len(marks) {
				*to = marks[i]
			}
		}
	}
}

type piece struct{ from, to int }

// cut cuts raw[start:end] at each delimiter.
func cut(raw []byte, start, end int, at byte) []piece {
	var list []piece
	from := start
	for i := start; i < end; i++ {
		if raw[i] == at {
			list = append(list, piece{from, i})
			from = i + 1
		}
	}
	return append(list, piece{from, end})
}

// fieldOf takes one field with its repetitions.
func (h *hl7) fieldOf(id string, n int, shown, variant string, f piece, all []piece) {
	if f.from == f.to {
		return
	}
	use := segments[id][n]
	label := ""
	if id == "OBX" && n == 5 {
		use.kind, use.data = phi.None, variant
		label = h.observed(all)
		if dataTypes[variant] == nil {
			use.data = ""
		}
	}
	for r, rep := range cut(h.b.raw, f.from, f.to, h.repeat) {
		path := shown + "-" + strconv.Itoa(n)
		if r > 0 {
			path += "[" + strconv.Itoa(r+1) + "]"
		}
		h.repetition(use, path, label, rep)
	}
}

// observed is the text of OBX-3: what the value beside it is about.
func (h *hl7) observed(all []piece) string {
	if len(all) < 4 {
		return ""
	}
	parts := cut(h.b.raw, all[3].from, all[3].to, h.component)
	p := parts[min(1, len(parts)-1)]
	return string(h.b.raw[p.from:p.to])
}

func (h *hl7) repetition(use fieldUse, path, label string, rep piece) {
	comps := cut(h.b.raw, rep.from, rep.to, h.component)
	get := func(n int) string {
		if n > len(comps) {
			return ""
		}
		return string(h.b.raw[comps[n-1].from:comps[n-1].to])
	}
	if use.data == "ED" && strings.EqualFold(get(4), "base64") && len(comps) >= 5 {
		p := comps[4]
		h.b.blob(token{start: p.from, end: p.to, text: get(5)}, mimeOf(get(2), get(3)), path+".5")
		comps = comps[:4]
	}
	rule := dataTypes[use.data]
	for i, c := range comps {
		l := Locus{Path: path, Label: label}
		if len(comps) > 1 {
			l.Path += "." + strconv.Itoa(i+1)
		}
		part := partUse{}
		switch {
		case rule != nil && i < len(rule):
			part = rule[i]
		case rule == nil && i == 0:
			part = partUse{kind: use.kind}
		}
		if part.kind == ownKind {
			part.kind = use.kind
			if use.data == "CX" {
				part.kind = typeOfCX(get(5), use.kind)
			}
		}
		if rule == nil && strings.HasPrefix(path, "segment ") {
			l.Label, part.kind = h.guess(label, i, comps)
		}
		if use.data == "XAD" && i == 3 && strings.ContainsAny(get(4), "0123456789") {
			part.kind = phi.Postal // a postal code in the state's place
		}
		if use.data == "XTN" {
			part.kind = h.telecom(i, part.kind, get)
		}
		l.Kind = part.kind
		if use.birth && l.Kind == phi.Date {
			l.Form = FormBirthYear
		}
		h.componentOf(c, l, part.code)
	}
}

// guess looks at a component of a segment that no table knows: what is written
// like a person's name is scanned as one, and a long number is an identifier.
func (h *hl7) guess(label string, i int, comps []piece) (string, phi.Kind) {
	word := func(i int) string { return string(h.b.raw[comps[i].from:comps[i].to]) }
	if len(comps) > 1 && len(comps) < 12 && i < 3 && nameLike(word(0)) && nameLike(word(1)) && !strings.Contains(word(1), " ") {
		return "name", phi.None
	}
	if longNumber(word(i)) && !hl7Date(word(i)) {
		return label, phi.Code
	}
	return label, phi.None
}

func nameLike(s string) bool {
	return len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz'- ") == ""
}

// longNumber reports whether a text is one word with six digits and more.
func longNumber(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || c <= ' ':
			return false
		}
	}
	return digits >= 6
}

// telecom is the kind of a component of an XTN by its use and equipment.
func (h *hl7) telecom(i int, kind phi.Kind, get func(int) string) phi.Kind {
	if kind != phi.Phone {
		return kind
	}
	switch {
	case strings.Contains(get(i+1), "@"):
		return phi.Email
	case get(3) == "FX" || get(2) == "FX":
		return phi.Fax
	}
	return kind
}

// typeOfCX is the kind of an identifier by CX.5 (table 0203).
func typeOfCX(code string, usual phi.Kind) phi.Kind {
	if k, ok := identifierTypes[code]; ok {
		return k
	}
	return usual
}

// componentOf takes a component with its subcomponents.
func (h *hl7) componentOf(c piece, l Locus, code bool) {
	subs := cut(h.b.raw, c.from, c.to, h.sub)
	for i, s := range subs {
		at := l
		if len(subs) > 1 {
			at.Path += "." + strconv.Itoa(i+1)
		}
		text := string(h.b.raw[s.from:s.to])
		if code && codeLike(text) && !hl7Date(text) {
			continue // what a code cannot be is scanned all the same
		}
		h.text(s.from, s.to, at)
	}
}

// text takes a text with its escapes. Dates to the day are reduced wherever
// they stand; `""` means "delete" and is no text.
func (h *hl7) text(start, end int, l Locus) {
	raw := string(h.b.raw[start:end])
	if raw == `""` || raw == "" {
		return
	}
	dated := strings.TrimSpace(raw)
	if (l.Kind == phi.None || l.Kind == phi.Date) && hl7Date(dated) || l.Kind == phi.Date && len(dated) == 6 && allDigits(dated) {
		l.Kind = phi.Date
		if l.Form == FormFree {
			l.Form = FormYear
		}
	} else if l.Kind == phi.Date {
		l.Kind, l.Form = phi.None, FormFree
		if len(dated) > 4 && strings.ContainsAny(dated, "0123456789") {
			l.Label = "date"
		}
	}
	u := unescaped{raw: raw}
	h.unescape(&u)
	t := token{start: start, end: end, encode: h.encode}
	t.text, t.at = u.done()
	h.b.add(t, l)
}

// unescape takes the escapes of chapter 2.7.
func (h *hl7) unescape(u *unescaped) {
	s := u.raw
	for i := 0; i < len(s); {
		if s[i] != h.escape {
			u.literal(i, 1)
			i++
			continue
		}
		n := strings.IndexByte(s[i+1:], h.escape)
		if n < 0 || n > 40 {
			u.literal(i, 1)
			i++
			continue
		}
		end := i + n + 2
		if text, ok := h.meaning(s[i+1 : end-1]); ok {
			u.escape(i, text, end)
		} else {
			u.literal(i, end-i)
		}
		i = end
	}
}

func (h *hl7) meaning(code string) (string, bool) {
	switch code {
	case "F":
		return string(h.field), true
	case "S":
		return string(h.component), true
	case "T":
		return string(h.sub), true
	case "R":
		return string(h.repeat), true
	case "E":
		return string(h.escape), true
	case "H", "N":
		return " ", true
	case ".br", ".sp", ".ce":
		return "\n", true
	}
	if len(code) > 2 && code[0] == 'X' && len(code)%2 == 1 {
		var text []byte
		for i := 1; i < len(code); i += 2 {
			v, err := strconv.ParseUint(code[i:i+2], 16, 8)
			if err != nil {
				return "", false
			}
			text = append(text, byte(v))
		}
		return string(text), true
	}
	return "", false
}

func (h *hl7) encode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		c := text[i]
		code := h.escapeOf(c)
		if r == utf8.RuneError && n == 1 {
			code = fmt.Sprintf("X%02X", c) // as it came, out of such an escape
		}
		if code == "" {
			b.WriteString(text[i : i+n])
		} else {
			b.WriteByte(h.escape)
			b.WriteString(code)
			b.WriteByte(h.escape)
		}
		i += n
	}
	return b.String()
}

// escapeOf is how a character is escaped, or "".
func (h *hl7) escapeOf(c byte) string {
	switch c {
	case h.field:
		return "F"
	case h.component:
		return "S"
	case h.sub:
		return "T"
	case h.repeat:
		return "R"
	case h.escape:
		return "E"
	case '\n':
		return ".br"
	case '\r':
		return "X0D"
	}
	return ""
}

// mimeOf makes a content type of ED.2 and ED.3.
func mimeOf(kind, subtype string) string {
	return strings.ToLower(kind + "/" + subtype)
}
