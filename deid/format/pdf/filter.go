package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"
)

// budget is what may still be decoded, over the whole document: a small file
// can stand for a very large one.
type budget struct {
	total  int // bytes left for all streams
	stream int // bytes that one stream may have
	spent  bool
}

// room is how much the next stream may have.
func (b *budget) room() int { return min(b.total, b.stream) }

func (b *budget) take(n int) {
	b.total -= n
}

// maxFilters is how many filters may lie over each other.
const maxFilters = 8

// decode takes off all filters. ok is false if one is not known, as for
// pictures, or if nothing could be read.
func (d *reader) decode(s *stream) (out []byte, ok bool) { return d.decodeBut(s, 0) }

// decodeBut is decode but for the last few filters.
func (d *reader) decodeBut(s *stream, last int) (out []byte, ok bool) {
	filters := d.list(s.dict["Filter"], s.dict["F"])
	filters = filters[:max(0, len(filters)-last)]
	parms := d.list(s.dict["DecodeParms"], s.dict["DP"])
	if len(filters) > maxFilters {
		return nil, false
	}
	out = s.raw
	if len(filters) == 0 {
		if len(out) > d.budget.room() {
			d.budget.spent = true
			return nil, false
		}
		d.budget.take(len(out)) // streams may lie over each other in a broken file
	}
	for i, o := range filters {
		f, _ := d.resolve(o).(name)
		var p dict
		if i < len(parms) {
			p, _ = d.resolve(parms[i]).(dict)
		}
		if out, ok = d.unfilter(f, p, out); !ok {
			return nil, false
		}
	}
	return out, true
}

// list reads a value that may be one thing or an array of them.
func (d *reader) list(o, short any) []any {
	if o == nil {
		o = short
	}
	switch v := d.resolve(o).(type) {
	case nil:
		return nil
	case array:
		return v
	default:
		return []any{v}
	}
}

func (d *reader) unfilter(f name, p dict, in []byte) ([]byte, bool) {
	room := d.budget.room()
	var out []byte
	switch f {
	case "FlateDecode", "Fl":
		if out = inflate(in, room+1); out == nil {
			return nil, false
		}
	case "LZWDecode", "LZW":
		early := 1
		if v, ok := integer(d.resolve(p["EarlyChange"])); ok {
			early = min(max(v, 0), 1)
		}
		out = unLZW(in, early, room+1)
	case "ASCIIHexDecode", "AHx":
		out = (&lexer{buf: append([]byte{'<'}, in...)}).hex()
	case "ASCII85Decode", "A85":
		out = un85(in)
	case "RunLengthDecode", "RL":
		out = unRun(in, room+1)
	case "Crypt":
		if n, _ := d.resolve(p["Name"]).(name); n != "" && n != "Identity" {
			return nil, false
		}
		out = in
	default:
		return nil, false
	}
	if len(out) > room {
		d.budget.spent = true
		return nil, false
	}
	d.budget.take(len(out))
	if f == "FlateDecode" || f == "Fl" || f == "LZWDecode" || f == "LZW" {
		return d.unpredict(p, out)
	}
	return out, true
}

// inflate reads what can be read of a deflated stream, and at most room bytes.
// It is nil if there is nothing that can be.
func inflate(in []byte, room int) []byte {
	r, err := zlib.NewReader(bytes.NewReader(in))
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	// A broken end leaves what came before it, as in viewers.
	if _, err := io.Copy(&out, io.LimitReader(r, int64(room))); err != nil && out.Len() == 0 {
		return nil
	}
	if out.Len() == 0 {
		return []byte{}
	}
	return out.Bytes()
}

func un85(in []byte) []byte {
	in = bytes.TrimPrefix(bytes.TrimSpace(in), []byte("<~"))
	if i := bytes.IndexByte(in, '~'); i >= 0 {
		in = in[:i]
	}
	out := make([]byte, len(in)+bytes.Count(in, []byte{'z'})*4+4) // "z" stands for four bytes
	n, _, _ := ascii85.Decode(out, in, true)
	return out[:n]
}

func unRun(in []byte, room int) []byte {
	var out []byte
	for i := 0; i < len(in) && len(out) < room; {
		n := int(in[i])
		i++
		switch {
		case n < 128:
			end := min(i+n+1, len(in))
			out = append(out, in[i:end]...)
			i = end
		case n > 128 && i < len(in):
			out = append(out, bytes.Repeat(in[i:i+1], 257-n)...)
			i++
		default:
			return out
		}
	}
	return out
}

// unLZW reads codes of 9 to 12 bits, most significant bit first; they grow one
// code early if early is 1.
func unLZW(in []byte, early, room int) []byte {
	const reset, end = 256, 257
	type entry struct {
		prev int32
		last byte
		size int32
	}
	table := make([]entry, 258, 4096)
	for i := range 256 {
		table[i] = entry{-1, byte(i), 1}
	}
	var (
		out        []byte
		bits, have uint
		width      uint = 9
		prev            = -1
	)
	for _, c := range in {
		bits, have = bits<<8|uint(c), have+8
		if have < width {
			continue
		}
		code := int(bits >> (have - width) & (1<<width - 1))
		have -= width
		if code == end || len(out) >= room {
			break
		}
		if code == reset {
			table, width, prev = table[:258], 9, -1
			continue
		}
		if code > len(table) || code == len(table) && prev < 0 {
			break
		}
		from := code
		if code == len(table) {
			from = prev
		}
		size := int(table[from].size)
		start := len(out)
		out = append(out, make([]byte, size)...)
		for i, e := start+size-1, from; i >= start && e >= 0; i, e = i-1, int(table[e].prev) {
			out[i] = table[e].last
		}
		first := out[start]
		if code == len(table) {
			out = append(out, first)
		}
		if prev >= 0 && len(table) < 4096 {
			table = append(table, entry{int32(prev), first, table[prev].size + 1})
		}
		prev = code
		for width < 12 && len(table)+early >= 1<<width {
			width++
		}
	}
	return out
}

// unpredict undoes the differences that a filter was given instead of the bytes.
func (d *reader) unpredict(p dict, in []byte) ([]byte, bool) {
	get := func(k name, otherwise int) int {
		if v, ok := integer(d.resolve(p[k])); ok {
			return v
		}
		return otherwise
	}
	kind := get("Predictor", 1)
	if kind < 2 {
		return in, true
	}
	colors, bits, columns := get("Colors", 1), get("BitsPerComponent", 8), get("Columns", 1)
	if colors < 1 || colors > 64 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, false
	}
	step := max(1, colors*bits/8)
	row := (colors*bits*columns + 7) / 8
	if kind == 2 {
		if bits != 8 {
			return nil, false
		}
		out := bytes.Clone(in)
		for start := 0; start < len(out); start += row {
			for i := start + step; i < min(start+row, len(out)); i++ {
				out[i] += out[i-step]
			}
		}
		return out, true
	}
	return unPNG(in, row, step), true
}

// unPNG undoes the five predictors of PNG; each row says which it uses.
func unPNG(in []byte, row, step int) []byte {
	out := make([]byte, 0, len(in))
	above := make([]byte, row)
	for len(in) > 1 {
		kind := in[0]
		line := make([]byte, row)
		n := copy(line, in[1:])
		in = in[1+n:]
		for i := range n {
			var left, corner byte
			if i >= step {
				left, corner = line[i-step], above[i-step]
			}
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += above[i]
			case 3:
				line[i] += byte((int(left) + int(above[i])) / 2)
			case 4:
				line[i] += paeth(left, above[i], corner)
			}
		}
		out = append(out, line[:n]...)
		above = line
	}
	return out
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(i int) int {
	if i < 0 {
		return -i
	}
	return i
}
