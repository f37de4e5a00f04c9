package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"chaperone/deid/format/pdf"
)

// shown is content that shows strings at places of a page.
func shown(at ...any) string {
	var b strings.Builder
	b.WriteString("BT /F 10 Tf ")
	for ; len(at) >= 3; at = at[3:] {
		fmt.Fprintf(&b, "1 0 0 1 %v %v Tm (%v) Tj ", at[:3]...)
	}
	return b.String() + "ET"
}

func TestPagesReadInTheOrderOfPeople(t *testing.T) {
	left := []string{"The patient came to the clinic with", "pain in the chest that began at home", "two days before. There was no fever", "and no cough at any time before that", "day, as far as anybody could recall."}
	right := []string{"On examination the heart was regular", "and the lungs were clear on both sides", "of the chest. Nothing else was found by", "the physician who was on call, and so", "the patient was sent home in the night."}
	var two []any
	for i := range left {
		two = append(two, 50, 700-12*i, left[i], 320, 700-12*i, right[i])
	}
	cases := []struct{ what, content, want string }{
		{"lines from the top down", shown(72, 600, "second", 72, 700, "first", 72, 500, "third"), "first\n\nsecond\n\nthird"},
		{"a label and its value far to the right", shown(300, 700, "Jane Quimby", 72, 700, "Name:", 72, 688, "MRN:", 300, 688, "44556677"), "Name:   Jane Quimby\nMRN:   44556677"},
		{"columns of prose", shown(two...), strings.Join(left, "\n") + "\n\n" + strings.Join(right, "\n")},
		{"words that are placed one by one", shown(72, 700, "Seen", 98, 700, "by", 112, 700, "Dr."), "Seen by Dr."},
		{"words parted by a kern", "BT /F 10 Tf 72 700 Td [(Seen)-278(by)-278(Dr.)] TJ ET", "Seen by Dr."},
		{"letters that are spaced out", "BT /F 10 Tf 4 Tc 72 700 Td (Quimby Jane) Tj ET", "Quimby Jane"},
		{"a raised ordinal", "BT /F 10 Tf 72 700 Td (the 1) Tj /F 6 Tf 4 Ts (st) Tj 0 Ts /F 10 Tf ( of May) Tj ET", "the 1st of May"},
		{"text that stands on its side", "BT /F 10 Tf 0 1 -1 0 300 300 Tm (Jane) Tj 0 1 -1 0 300 325 Tm (Quimby) Tj ET", "Jane Quimby"},
		{"text upside down", "BT /F 10 Tf -1 0 0 -1 300 300 Tm (Jane Quimby) Tj ET", "Jane Quimby"},
		{"a page that is mirrored by its matrix", "1 0 0 -1 0 792 cm BT /F 10 Tf 1 0 0 -1 72 100 Tm (first) Tj 1 0 0 -1 72 130 Tm (second) Tj ET", "first\n\nsecond"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			if got := strings.TrimSpace(pageTexts(read(t, onePage(c.content).bytes(), pdf.Options{}))); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
