package image

import (
	"encoding/binary"

	"chaperone/phi"
)

// colours are the tags of an ICC profile (ICC.1:2022) that colours are computed
// from. All others describe the profile or its maker.
var colours = map[string]bool{
	"rXYZ": true, "gXYZ": true, "bXYZ": true, "rTRC": true, "gTRC": true, "bTRC": true, "kTRC": true, "wtpt": true, "bkpt": true, "chad": true,
	"A2B0": true, "A2B1": true, "A2B2": true, "B2A0": true, "B2A1": true, "B2A2": true, "gamt": true, "lumi": true, "cicp": true, "chrm": true,
}

// readProfile lists the texts of a colour profile, and returns the profile made
// anew of the numbers alone: without names, makers, times and private tags. It
// returns nil if the profile is broken.
func (f *File) readProfile(raw []byte) []byte {
	if len(raw) < 132 {
		return nil
	}
	n := int(binary.BigEndian.Uint32(raw[128:]))
	if n > 200 || 132+12*n > len(raw) {
		return nil
	}
	head := append([]byte(nil), raw[:128]...)
	for _, field := range [][2]int{{4, 8}, {24, 36}, {40, 44}, {48, 64}, {80, 128}} {
		clear(head[field[0]:field[1]]) // program, time, platform, device, maker, digest
	}
	var kept []struct {
		name string
		data []byte
	}
	keep := func(name string, data []byte) {
		kept = append(kept, struct {
			name string
			data []byte
		}{name, data})
	}
	keep("desc", neutralText(head[8]))
	keep("cprt", neutralText(head[8]))
	total := 0
	for i := range n {
		e := raw[132+12*i:]
		name, at, size := string(e[:4]), int(binary.BigEndian.Uint32(e[4:])), int(binary.BigEndian.Uint32(e[8:]))
		if at > len(raw) || size > len(raw)-at {
			return nil
		}
		if !colours[name] {
			f.drop("descriptions of the colour profile")
			f.add("colour profile", "", phi.None, profileText(raw[at:at+size]))
			continue
		}
		if total += size; total > 16<<20 {
			return nil
		}
		keep(name, raw[at:at+size])
	}
	out := binary.BigEndian.AppendUint32(head, uint32(len(kept)))
	at := 132 + 12*len(kept)
	for _, k := range kept {
		out = append(out, k.name...)
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(k.data)))
		at += (len(k.data) + 3) &^ 3
	}
	for _, k := range kept {
		out = append(out, k.data...)
		out = append(out, make([]byte, -len(k.data)&3)...)
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// profileText is the text of a tag, in one byte a letter or in two.
func profileText(raw []byte) string {
	if len(raw) < 12 {
		return ""
	}
	raw = raw[:min(len(raw), 1<<16)]
	if string(raw[:4]) == "mluc" {
		narrow := make([]byte, 0, len(raw))
		for _, b := range raw[12:] {
			if b != 0 {
				narrow = append(narrow, b)
			}
		}
		return printable(narrow)
	}
	return printable(raw[8:])
}

// neutralText is a description that says nothing, as a profile of the version
// must have one.
func neutralText(version byte) []byte {
	if version < 4 {
		out := append([]byte("desc\x00\x00\x00\x00\x00\x00\x00\x02-\x00"), make([]byte, 78)...)
		return out
	}
	return []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0CenUS\x00\x00\x00\x02\x00\x00\x00\x1C\x00-")
}
