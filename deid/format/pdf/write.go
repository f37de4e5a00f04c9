package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strconv"
)

func sortedKeys[V any](m map[name]V) []name {
	keys := make([]name, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// writeObject writes an object the way a file has it.
func writeObject(b *bytes.Buffer, o any) {
	switch v := o.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		writeReal(b, v)
	case name:
		writeName(b, v)
	case text:
		writeText(b, v)
	case ref:
		b.WriteString(strconv.Itoa(int(v)) + " 0 R")
	case array:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(' ')
			}
			writeObject(b, e)
		}
		b.WriteByte(']')
	case dict:
		b.WriteString("<<")
		for _, k := range sortedKeys(v) {
			writeName(b, k)
			b.WriteByte(' ')
			writeObject(b, v[k])
		}
		b.WriteString(">>")
	}
}

// writeReal writes four places: a ten-thousandth of a point nobody sees.
func writeReal(b *bytes.Buffer, v float64) {
	places := 4
	if v > -0.1 && v < 0.1 {
		places = 9 // the matrices of fonts are small
	}
	s := strconv.AppendFloat(nil, v, 'f', places, 64)
	s = bytes.TrimRight(s, "0")
	s = bytes.TrimSuffix(s, []byte{'.'})
	if len(s) == 0 || string(s) == "-" || string(s) == "-0" {
		s = []byte{'0'}
	}
	b.Write(s)
}

func writeName(b *bytes.Buffer, n name) {
	b.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; isRegular(c) && c > ' ' && c < 0x7f && c != '#' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(b, "#%02X", c)
		}
	}
}

func writeText(b *bytes.Buffer, t text) {
	for _, c := range t {
		if c < ' ' || c >= 0x7f {
			fmt.Fprintf(b, "<%X>", []byte(t))
			return
		}
	}
	b.WriteByte('(')
	for _, c := range t {
		if c == '(' || c == ')' || c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	b.WriteByte(')')
}

// writeFile writes a whole new file: every object once, all streams deflated.
// Nothing of the old file is in it but what is in objects.
func writeFile(objects []any, trailer dict) []byte {
	var b, packed bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	z := zlib.NewWriter(&packed)
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		b.WriteString(strconv.Itoa(i+1) + " 0 obj\n")
		if s, ok := o.(*stream); ok {
			packed.Reset()
			z.Reset(&packed)
			_, _ = z.Write(s.raw) // a buffer takes everything
			_ = z.Close()
			if coded, ok := s.dict["Filter"]; ok {
				s.dict["Filter"] = array{name("FlateDecode"), coded}
			} else {
				s.dict["Filter"] = name("FlateDecode")
			}
			s.dict["Length"] = packed.Len()
			writeObject(&b, s.dict)
			b.WriteString("\nstream\n")
			b.Write(packed.Bytes())
			b.WriteString("\nendstream")
		} else {
			writeObject(&b, o)
		}
		b.WriteString("\nendobj\n")
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	trailer["Size"] = len(objects) + 1
	b.WriteString("trailer\n")
	writeObject(&b, trailer)
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}
