// Package reference owns the public lists that the finder of identifiers
// leans on: names of people and places with how usual they are, the words of
// English and French, clinical words, drugs, the eponyms of medicine, states
// and provinces, and the restricted three-digit ZIP prefixes. Every list is
// embedded data; SOURCES.md says where each comes from and under which
// licence. The package finds nothing itself and refuses to hold anything about
// a real person: a name in a list is a word that people are called by.
package reference

// Entry says what the lists know about one word or phrase. The zero Entry
// means that no list has it.
type Entry uint32

// Traits of a word, as bits of an Entry.
const (
	Clinical     Entry = 1 << (20 + iota) // a word of medicine, written small
	Eponym                                // a person or place that gave a disease, sign, score or device its name
	Drug                                  // a medicine, generic or brand
	Device                                // a maker or brand of devices, tests and programs
	PlaceHead                             // the first word of a place of several words
	Region                                // a US state, Canadian province or territory, or a country: it stays
	RegionHead                            // the first word of a region of several words
	Facility                              // a hospital or clinic known by this short name
	FacilityHead                          // the first word of such a name
	Nationality                           // a people or language: it stays
	ratherName                            // an English word that is met as a name more often
)

const (
	givenShift, familyShift, englishShift, frenchShift, placeShift = 0, 4, 8, 12, 16
	nibble                                                         = 15
)

// Given is how usual the word is as a given name: 0 not listed, 1 listed
// without a count, 9 among the hundred most usual.
func (e Entry) Given() int { return int(e >> givenShift & nibble) }

// Family is how usual the word is as a surname, on the same scale.
func (e Entry) Family() int { return int(e >> familyShift & nibble) }

// English is how rare the word is in English: 0 not listed, 1 among the most
// common, 6 rare or met as a name more often.
func (e Entry) English() int {
	n := int(e >> englishShift & nibble)
	if e&ratherName != 0 || !commonWord(n) && n > 0 && max(e.Given(), e.Family()) == 9 {
		return 6
	}
	return n
}

// commonWord says whether grade n of English is so common that even the most
// usual names of that spelling are rather the word: brown, may, hill.
func commonWord(n int) bool { return n < 3 }

// French is how rare the word is in French: 0 not listed, 1 common, 3 rare.
func (e Entry) French() int { return int(e >> frenchShift & nibble) }

// Place is how large the largest town of that name is: 0 none, 1 known to a
// postal list only, 9 a million people and more.
func (e Entry) Place() int { return int(e >> placeShift & nibble) }

// Has reports whether any of the given traits is set.
func (e Entry) Has(traits Entry) bool { return e&traits != 0 }

// Key names a word or phrase in the lists. It is built byte by byte, so that a
// reader of text can make it while it walks: start with NewKey, add each byte
// of the folded lower-case word with Add, and a space between words.
type Key uint64

// NewKey is the Key of the empty word (FNV-1a, 64 bits).
const NewKey Key = 14695981039346656037

// Add yields the Key of the word with one more byte.
func (k Key) Add(b byte) Key { return (k ^ Key(b)) * 1099511628211 }

// KeyOf yields the Key of a word that is already folded (see Fold).
func KeyOf(word string) Key {
	k := NewKey
	for i := 0; i < len(word); i++ {
		k = k.Add(word[i])
	}
	return k
}
