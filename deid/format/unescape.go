package format

// unescaped gathers a text without its escapes, and where each of its bytes
// stands in the raw text.
type unescaped struct {
	raw  string
	text []byte
	at   []int32
}

// literal takes raw[i:i+n] as it is. Nothing is kept until the first escape.
func (u *unescaped) literal(i, n int) {
	if u.at == nil {
		return
	}
	u.text = append(u.text, u.raw[i:i+n]...)
	for k := range n {
		u.at = append(u.at, int32(i+k))
	}
}

// escape takes s for the escape that begins at raw[i]. A finding never ends
// within an escape: all bytes of s but the first stand where it ends.
func (u *unescaped) escape(i int, s string, next int) {
	if u.at == nil {
		u.at = make([]int32, 0, len(u.raw)+1)
		u.text = append(make([]byte, 0, len(u.raw)), u.raw[:i]...)
		for k := range i {
			u.at = append(u.at, int32(k))
		}
	}
	u.text = append(u.text, s...)
	for k := range len(s) {
		if k == 0 {
			u.at = append(u.at, int32(i))
		} else {
			u.at = append(u.at, int32(next))
		}
	}
}

// done returns the text and the offsets; they are nil if there was no escape.
func (u *unescaped) done() (string, []int32) {
	if u.at == nil {
		return u.raw, nil
	}
	return string(u.text), append(u.at, int32(len(u.raw)))
}
