package dicom

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// representations are the value representations of PS3.5, section 6.2.
var representations = map[string]trait{
	"AE": isText | listed, "AS": isText | listed, "CS": isText | listed, "DA": isText | listed, "DT": isText | listed, "TM": isText | listed,
	"LO": isText | listed, "SH": isText | listed, "PN": isText | listed, "UI": isText | listed, "UC": isText | listed | long,
	"LT": isText, "ST": isText, "UT": isText | long, "UR": isText | long,
	"IS": number, "DS": number, "AT": number, "FL": number, "FD": number, "SL": number, "SS": number, "UL": number, "US": number,
	"SV": number | long, "UV": number | long,
	"OB": bulk | long, "OD": bulk | long, "OF": bulk | long, "OL": bulk | long, "OV": bulk | long, "OW": bulk | long, "UN": bulk | long,
	"SQ": long,
}

type trait uint8

const (
	isText trait = 1 << iota
	listed       // several values are parted by a backslash
	number
	bulk
	long // its length takes four bytes
)

// longest is how many letters a value may have.
var longest = map[string]int{"AE": 16, "AS": 4, "CS": 16, "DA": 8, "DT": 26, "TM": 14, "LO": 64, "SH": 16, "PN": 64, "UI": 64, "ST": 1024, "LT": 10240}

// fits reports whether one value may stand under a representation.
func fits(vr, v string) bool {
	if n, ok := longest[vr]; ok && utf8.RuneCountInString(v) > n {
		return false
	}
	only := func(set string) bool { return strings.Trim(v, set) == "" }
	switch vr {
	case "CS":
		return only("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _")
	case "DA":
		return len(v) == 8 && only("0123456789")
	case "DT":
		return len(v) >= 4 && only("0123456789.+-")
	case "TM":
		return len(v) >= 2 && only("0123456789.")
	case "UI":
		return only("0123456789.")
	case "AS":
		return len(v) == 4 && strings.Trim(v[:3], "0123456789") == ""
	case "UR":
		return !strings.ContainsAny(v, " \\")
	}
	return true
}

// dummyOf is a value that says nothing.
func dummyOf(e *element) []byte {
	switch e.vr {
	case "DA":
		return []byte("19000101")
	case "DT":
		return []byte("19000101000000")
	case "TM":
		return []byte("000000")
	case "AS":
		return []byte("000Y")
	case "IS", "DS":
		return []byte("0")
	case "UI":
		return []byte(uidOf(fmt.Sprint("dummy of ", e.tag)))
	case "UR":
		return []byte("urn:removed")
	}
	if representations[e.vr]&(number|bulk) != 0 {
		return make([]byte, min(len(e.value), 8)&^1)
	}
	return []byte("REMOVED")
}
