package pack

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"chaperone/deid"
)

// Proposal is a shape that numbers have.
type Proposal struct {
	Shape string
	Count int // how many numbers have it
}

const (
	maxNumber = maxPositions - 1 // bytes; a longer line is no number
	maxForms  = 1000
	// common is how many numbers must share a letter before a proposal shows it:
	// what a few share may be part of whose they are.
	common = 5
)

// Propose reads numbers, one a line, and returns the shapes they have, the most
// frequent first, and how many lines are no numbers. A letter that all numbers
// of a form share stands for itself; no digit does.
func Propose(r io.Reader) (list []Proposal, skipped int, err error) {
	forms := map[string]*form{}
	in := bufio.NewScanner(r)
	for in.Scan() {
		line := strings.TrimSpace(deid.Plain(in.Text()))
		if line == "" {
			continue
		}
		skeleton := skeletonOf(line)
		f := forms[skeleton]
		switch {
		case skeleton == "", f == nil && len(forms) == maxForms:
			skipped++
			continue
		case f == nil:
			f = &form{shared: []byte(line)}
			forms[skeleton] = f
		}
		f.add(line)
	}
	if err := in.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, 0, errors.New("a line is longer than 64 KiB: write one number a line")
		}
		return nil, 0, err
	}
	counts := map[string]int{}
	for skeleton, f := range forms {
		counts[f.shape(skeleton)] += f.count
	}
	for s, n := range counts {
		list = append(list, Proposal{s, n})
	}
	slices.SortFunc(list, func(a, b Proposal) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Shape, b.Shape))
	})
	return list, skipped, nil
}

// skeletonOf writes digits as 0, letters as a and marks as they are; "" for what
// has no digit or is too long for a number.
func skeletonOf(line string) string {
	if len(line) > maxNumber || !strings.ContainsAny(line, "0123456789") {
		return ""
	}
	out := []byte(line)
	for i, b := range out {
		switch {
		case b >= '0' && b <= '9':
			out[i] = '0'
		case isLetter(b):
			out[i] = 'a'
		case b < ' ' || b >= 0x7f:
			return ""
		}
	}
	return string(out)
}

// form is what the numbers of one skeleton share.
type form struct {
	count  int
	shared []byte // the letter at each place; 0 where they differ
}

func (f *form) add(line string) {
	f.count++
	for i := range f.shared {
		if f.shared[i] != 0 && lower(f.shared[i]) != lower(line[i]) {
			f.shared[i] = 0
		}
	}
}

// shape writes the form as a shape, with counts for runs of more than six.
func (f *form) shape(skeleton string) string {
	var b strings.Builder
	for i := 0; i < len(skeleton); {
		c, n := skeleton[i], 1
		if c != '0' && c != 'a' {
			if strings.IndexByte(`#@*{}[]\`, c) >= 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
			i++
			continue
		}
		if f.shows(i) {
			b.WriteByte(f.shared[i])
			i++
			continue
		}
		for i+n < len(skeleton) && skeleton[i+n] == c && !f.shows(i+n) {
			n++
		}
		class := "#"
		if c == 'a' {
			class = "@"
		}
		if n > 6 {
			fmt.Fprintf(&b, "%s{%d}", class, n)
		} else {
			b.WriteString(strings.Repeat(class, n))
		}
		i += n
	}
	return b.String()
}

// shows reports whether the letter at i is shared by so many numbers that it
// belongs to none of them.
func (f *form) shows(i int) bool { return isLetter(f.shared[i]) && f.count >= common }
