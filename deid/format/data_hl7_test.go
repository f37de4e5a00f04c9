package format_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chaperone/deid/format"
)

// The positions of HL7 v2 fields that identify, written down apart from the
// reader's own tables: "PID-5" with the components that hold the identifier.
var hl7Positions = map[string][]int{
	"PID-2": {1}, "PID-3": {1}, "PID-4": {1}, "PID-5": {1, 2, 3}, "PID-6": {1, 2, 3}, "PID-7": {1}, "PID-9": {1, 2}, "PID-11": {1, 2, 3, 5},
	"PID-13": {1, 4, 7, 12}, "PID-14": {1, 4, 7, 12}, "PID-18": {1}, "PID-19": {1}, "PID-20": {1}, "PID-21": {1}, "PID-29": {1},
	"NK1-2": {1, 2, 3}, "NK1-4": {1, 2, 3, 5}, "NK1-5": {1, 4, 12}, "NK1-6": {1, 4}, "NK1-12": {1}, "NK1-13": {1}, "NK1-16": {1}, "NK1-30": {1, 2}, "NK1-31": {1}, "NK1-32": {1, 3, 5}, "NK1-33": {1}, "NK1-37": {1},
	"GT1-2": {1}, "GT1-3": {1, 2, 3}, "GT1-4": {1, 2}, "GT1-5": {1, 2, 3, 5}, "GT1-6": {1, 4}, "GT1-7": {1}, "GT1-8": {1}, "GT1-12": {1}, "GT1-16": {1, 2}, "GT1-17": {1, 3, 5}, "GT1-18": {1}, "GT1-19": {1},
	"IN1-3": {1}, "IN1-4": {1}, "IN1-5": {1, 3, 5}, "IN1-6": {1, 2}, "IN1-7": {1}, "IN1-8": {1}, "IN1-16": {1, 2, 3}, "IN1-18": {1}, "IN1-19": {1, 2, 3, 5}, "IN1-36": {1}, "IN1-44": {1, 3, 5}, "IN1-49": {1},
	"IN2-1": {1}, "IN2-2": {1}, "IN2-6": {1}, "IN2-8": {1}, "IN2-25": {1}, "IN2-61": {1}, "IN2-63": {1},
	"MRG-1": {1}, "MRG-2": {1}, "MRG-3": {1}, "MRG-4": {1}, "MRG-5": {1}, "MRG-6": {1}, "MRG-7": {1, 2, 3},
	"PV1-7": {1, 2, 3}, "PV1-8": {1, 2, 3}, "PV1-9": {1, 2, 3}, "PV1-17": {1, 2, 3}, "PV1-19": {1}, "PV1-44": {1}, "PV1-45": {1}, "PV1-50": {1}, "PV1-52": {1, 2, 3},
	"PD1-3": {1}, "PD1-4": {1, 2, 3}, "EVN-5": {1, 2, 3}, "EVN-2": {1}, "MSH-7": {1}, "ACC-11": {1, 3, 5},
	"ORC-2": {1}, "ORC-3": {1}, "ORC-12": {1, 2, 3}, "OBR-2": {1}, "OBR-3": {1}, "OBR-7": {1}, "OBR-16": {1, 2, 3}, "OBX-14": {1}, "OBX-16": {1, 2, 3},
	"ROL-4": {1, 2, 3}, "ROL-11": {1, 3, 5}, "ROL-12": {1, 4}, "PRT-5": {1, 2, 3}, "DG1-16": {1, 2, 3}, "PR1-11": {1, 2, 3}, "AIP-3": {1, 2, 3}, "TXA-9": {1, 2, 3}, "TXA-12": {1},
	"CTD-2": {1, 2}, "CTD-3": {1, 3, 5}, "SCH-12": {1, 2, 3}, "SCH-16": {1, 2, 3}, "IAM-18": {1, 2, 3}, "FT1-20": {1, 2, 3}, "NTE-5": {1, 2, 3},
}

// hl7Values collects what stands at those positions, by a parser of its own:
// position → values in order.
func hl7Values(raw []byte) map[string][]string {
	found := map[string][]string{}
	for _, line := range regexp.MustCompile(`[\r\n]+`).Split(string(raw), -1) {
		line = strings.Trim(line, "\x0b\x1c \ufeff")
		fields := strings.Split(line, "|")
		if len(fields[0]) != 3 {
			continue
		}
		for n := 1; n < len(fields); n++ {
			number := n
			if fields[0] == "MSH" {
				number++
			}
			for _, rep := range strings.Split(fields[n], "~") {
				comps := strings.Split(rep, "^")
				for _, c := range hl7Positions[fields[0]+"-"+strconv.Itoa(number)] {
					if c <= len(comps) {
						at := fields[0] + "-" + strconv.Itoa(number) + "." + strconv.Itoa(c)
						found[at] = append(found[at], strings.Split(comps[c-1], "&")...)
					}
				}
			}
		}
	}
	return found
}

// public are values of the samples that stand at an identifier's place and
// elsewhere mean something else: a LOINC code, a standard's address, a namespace.
var public = map[string]bool{
	"54127-6": true, "example2": true, "http://hl7.org/fhir": true, "2.16.840.1.113883.19": true, "Dr. Physician": true,
}

// compare demands of each value that it is not what it was, in its place and,
// where it is particular enough to be told from an ordinary word, anywhere else.
func compare(t *testing.T, where string, before, after []string, out []byte) (values, leaks int) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%s: there are %d values, there were %d", where, len(after), len(before))
		return 0, 0
	}
	for i, v := range before {
		if v = strings.TrimSpace(v); v == "" || v == `""` || yearAlone.MatchString(v) || strings.HasPrefix(v, "oid:") || strings.Trim(v, "YMD") == "" {
			continue
		}
		values++
		switch {
		case strings.TrimSpace(after[i]) == v:
			leaks++
			t.Errorf("%s: %q stays", where, v)
		case !public[v] && strings.ContainsAny(v, "0123456789 ") && len(v) >= 6 && wordIn(out, v):
			leaks++
			t.Errorf("%s: %q also stands elsewhere, and stays there", where, v)
		}
	}
	return values, leaks
}

// comesBack demands that everything but dates is what it was.
func comesBack(t *testing.T, where string, before, after []string) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%s: %d values come back, there were %d", where, len(after), len(before))
		return
	}
	for i, v := range before {
		if v != after[i] && !yearAlone.MatchString(after[i]) {
			t.Errorf("%s: %q comes back as %q", where, v, after[i])
		}
	}
}

var yearAlone = regexp.MustCompile(`^\d{4}$`)

// Every identifier field of every HL7 v2 sample is concealed, in its place and
// everywhere else in the message, and the message still parses the same way.
func TestEveryIdentifierFieldOfTheHL7SamplesIsConcealed(t *testing.T) {
	dir := dataDir(t, "structured/hl7v2")
	values, leaks := 0, 0
	eachFile(t, dir, func(path string, raw []byte) {
		d := newDesk(t)
		out := d.conceal(format.HL7v2, raw)
		before, after := hl7Values(raw), hl7Values(out)
		for at, list := range before {
			n, l := compare(t, path+": "+at, list, after[at], out)
			values, leaks = values+n, leaks+l
		}
		if back := d.reveal(format.HL7v2, out); !bytes.Equal(withoutDates(back), withoutDates(raw)) {
			t.Errorf("%s does not come back", path)
		}
	})
	t.Logf("HL7 v2: %d identifier values, %d leaks", values, leaks)
}

var hl7DateForm = regexp.MustCompile(`\b(1[89]|2[01])\d\d(\d\d)?(\d\d(\d{2,6}(\.\d+)?)?)?([+-]\d{4})?\b`)

// withoutDates takes out what is reduced to the year and so cannot come back.
func withoutDates(raw []byte) []byte {
	return hl7DateForm.ReplaceAllFunc(raw, func([]byte) []byte { return []byte("Y") })
}

// wordIn reports whether a value stands in a text as a word of its own.
func wordIn(text []byte, value string) bool {
	from := 0
	for {
		n := bytes.Index(text[from:], []byte(value))
		if n < 0 {
			return false
		}
		n += from
		end := n + len(value)
		if (n == 0 || !letter(text[n-1])) && (end == len(text) || !letter(text[end])) {
			return true
		}
		from = n + 1
	}
}

func letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}
