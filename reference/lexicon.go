package reference

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"io"
)

//go:embed data
var files embed.FS

// Lexicon answers what the lists know about a word. It never changes after
// Load and is safe for concurrent use.
type Lexicon struct {
	slots []slot
	mask  uint64
	used  int
}

// slot holds an entry under the upper half of its key; the lower half is where
// it stands. The halves of two words of one text meet by chance once in four
// thousand million.
type slot struct {
	tag   uint32
	entry Entry
}

// Load reads the embedded lists. The error names the list and the line that is
// malformed; with the lists of a release it is always nil.
func Load() (*Lexicon, error) {
	const room = 1 << 20
	l := &Lexicon{slots: make([]slot, room), mask: room - 1}
	for _, list := range lists {
		if err := l.load(list.file, list.entry); err != nil {
			return nil, fmt.Errorf("reference: %s: %w", list.file, err)
		}
	}
	for _, text := range longTexts() {
		release(text)
	}
	return l, nil
}

// lists says how the columns after the word become an Entry.
var lists = []struct {
	file  string
	entry func(columns []byte) Entry
}{
	{"english.txt", func(c []byte) Entry { return digit(c, 0) << englishShift }},
	{"french.txt", func(c []byte) Entry { return digit(c, 0) << frenchShift }},
	{"names.txt", func(c []byte) Entry { return digit(c, 0)<<givenShift | digit(c, 2)<<familyShift }},
	{"places.txt", func(c []byte) Entry { return digit(c, 0) << placeShift }},
	{"icd.txt", func(c []byte) Entry {
		if string(c) == "e" {
			return Eponym
		}
		return Clinical
	}},
	{"own/eponyms.txt", constant(Eponym)},
	{"own/clinical.txt", constant(Clinical)},
	{"own/clinical-fr.txt", constant(Clinical)},
	{"own/drugs.txt", constant(Drug)},
	{"own/devices.txt", constant(Device)},
	{"own/regions.txt", constant(Region)},
	{"own/nationalities.txt", constant(Nationality)},
	{"own/facilities.txt", constant(Facility)},
	{"own/rather-names.txt", constant(ratherName)},
	{"own/surnames.txt", constant(5 << familyShift)},
	{"own/given.txt", constant(5 << givenShift)},
}

func constant(e Entry) func([]byte) Entry { return func([]byte) Entry { return e } }

func digit(c []byte, i int) Entry {
	if i < len(c) && c[i] >= '0' && c[i] <= '9' {
		return Entry(c[i] - '0')
	}
	return 0
}

// load reads one embedded list piece by piece: as a whole, the copies of all of
// them would double what the program takes in memory.
func (l *Lexicon) load(file string, entry func([]byte) Entry) error {
	f, err := files.Open("data/" + file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it is in memory and only read
	return l.read(f, entry)
}

// read takes one list: a word or phrase a line, then a tab and its columns
// where the list has any. Lines that begin with # are comments.
func (l *Lexicon) read(r io.Reader, entry func([]byte) Entry) error {
	tab := []byte("\t")
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Bytes()
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, head, i := NewKey, Key(0), 0
		for ; i < len(line) && line[i] != '\t'; i++ {
			b := line[i]
			if b == ' ' && head == 0 {
				head = key
			}
			if b != ' ' && b < 0x80 && (b < 'a' || b > 'z') {
				return fmt.Errorf("line %d: a word holds a byte that folding removes", n)
			}
			key = key.Add(b)
		}
		if i == 0 {
			return fmt.Errorf("line %d: no word", n)
		}
		e := entry(bytes.TrimPrefix(line[i:], tab))
		if err := l.add(key, e); err != nil {
			return err
		}
		if head != 0 {
			if err := l.add(head, heads(e)); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

// heads yields the trait of a first word whose phrase is e.
func heads(e Entry) Entry {
	switch {
	case e.Place() > 0:
		return PlaceHead
	case e.Has(Region):
		return RegionHead
	case e.Has(Facility):
		return FacilityHead
	}
	return 0
}

func (l *Lexicon) add(k Key, e Entry) error {
	if e == 0 {
		return nil
	}
	if l.used*4 > len(l.slots)*3 {
		return fmt.Errorf("the table is full: %d entries", l.used)
	}
	s := l.find(k)
	if s.entry == 0 {
		l.used++
	}
	s.tag = uint32(k >> 32)
	s.entry = merge(s.entry, e)
	return nil
}

// merge joins what two lists say: the larger weight, the commoner grade, all
// traits.
func merge(a, b Entry) Entry {
	pick := func(shift uint, small bool) Entry {
		x, y := a>>shift&nibble, b>>shift&nibble
		if small && x != 0 && y != 0 {
			return min(x, y) << shift
		}
		return max(x, y) << shift
	}
	return pick(givenShift, false) | pick(familyShift, false) | pick(englishShift, true) |
		pick(frenchShift, true) | pick(placeShift, false) | (a|b)>>20<<20
}

func (l *Lexicon) find(k Key) *slot {
	i := (uint64(k) ^ uint64(k)>>29) & l.mask
	for {
		s := &l.slots[i]
		if s.entry == 0 || s.tag == uint32(k>>32) {
			return s
		}
		i = (i + 1) & l.mask
	}
}

// Look yields what the lists know about the word or phrase of that key.
func (l *Lexicon) Look(k Key) Entry { return l.find(k).entry }
