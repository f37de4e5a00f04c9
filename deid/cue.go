package deid

import (
	"strings"

	"chaperone/reference"
)

// cue is a set of roles that a word can play for the rules, as bits.
type cue uint64

const (
	cueTitle      cue = 1 << iota // stands before a name: Dr, Mrs
	cueCredential                 // stands after a name: MD, RN
	cueSuffix                     // closes a name: Jr, III
	cueParticle                   // joins names: van, de la
	cueKin                        // daughter, husband: a name may follow
	cueRole                       // nurse, surgeon: a name may follow
	cueAct                        // said, denies: done by a person named before it
	cueMeet                       // saw, told, called: a name may follow
	cueBy                         // by, with, from: a name may follow
	cueGreet                      // hi, thanks: a name may follow
	cueMonth                      // value is its number
	cueWeekday                    //
	cueHoliday                    //
	cueOrdinal                    // first, third: value is its number
	cueNumber                     // one, ninety: value is its number
	cueStreet                     // Street, Avenue: closes an address
	cueRue                        // rue, boulevard: opens a French address
	cueUnit                       // Apt, Suite
	cueOrg                        // Hospital, Clinic: closes an organisation
	cueOrgFr                      // hôpital, CHU: opens one
	cueIn                         // in, from, near: a place may follow
	cueState                      // postal abbreviation of a state or province
	cueFunction                   // a word that is never a name: the, and
	cueEnglish                    // a common English word that French has not
	cueFrench                     // the other way round
	cueLabel                      // begins a label (see label.go)
	cueHead                       // disease, sign, catheter: makes the word before it an eponym
	cueMeasure                    // mg, mmHg: makes a number a measure
	cueYears                      // year, yo, ans
	cueDateWord                   // admitted, on, since: a date may follow
	cueNever                      // looks like a name and is none: heading words, tests
	cueDirection                  // N, SW, North
	cueOrgMid                     // General, Regional, Memorial: inside an organisation, not its name
	cueCounty                     // County, Parish, Reserve: closes a place
	cueSeason                     //
	cueAnnounce                   // works, seen, employer: an institution may follow
	cuePlate                      // plate, vehicle: the plate of a car may follow
	cueCall                       // medic, seat, station, Corolla: opens what oddCode takes
	cueLodge                      // chair, level, residence, Locked: opens what lodging takes
)

// itself marks, in the entry of a token, a word that a rule knows by its letters and
// their case: fingerprint, ICD, photo. The lists leave that bit free. It is no cue,
// because to have none tells something of a word.
const itself reference.Entry = 1 << 31

// cueTable is a small open table of cue words.
type cueTable struct {
	index [1 << 14]uint16 // of slots, by key; most words of a text have none and end here
	slots []cueSlot       // the first is that of words without any
}

type cueSlot struct {
	key   reference.Key
	cue   cue
	entry reference.Entry // what it is besides what the lists say: Eponym, itself
	value uint8
}

func newCueTable() *cueTable {
	t := &cueTable{slots: make([]cueSlot, 1, 4096)}
	for c, words := range cueWords {
		for i, w := range strings.Fields(words) {
			_ = i
			value := uint8(0)
			if name, v, ok := strings.Cut(w, "="); ok {
				w = name
				for j := 0; j < len(v); j++ {
					value = value*10 + v[j] - '0'
				}
			}
			t.add(w, c, value)
		}
	}
	for k := range moreEponyms {
		t.take(k).entry = reference.Eponym
	}
	for _, list := range []map[string]bool{biometricWords, photoWords, codeSystems, numberWords} {
		for w := range list {
			t.take(reference.KeyOf(lowerOf(w))).entry |= itself
		}
	}
	for h := range holidays {
		first, _, _ := strings.Cut(h, " ")
		t.add(first, cueHoliday, 0)
	}
	for w := range announces {
		t.add(w, cueAnnounce, 0)
	}
	for w := range plateWords {
		t.add(lowerOf(w), cuePlate, 0)
	}
	for _, list := range []map[string]bool{stations, stationUnits, unitKinds, lodgeWords} {
		for w := range list {
			t.add(lowerOf(w), cueLodge, 0)
		}
	}
	for _, list := range []map[string]bool{crews, carMakes, callWords} {
		for w := range list {
			t.add(lowerOf(w), cueCall, 0)
		}
	}
	for _, l := range labelPhrases {
		for _, phrase := range strings.Split(l.phrases, ",") {
			if f := strings.Fields(phrase); len(f) > 0 {
				t.add(f[0], cueLabel, 0)
			}
		}
	}
	return t
}

func (t *cueTable) add(w string, c cue, value uint8) {
	s := t.take(reference.KeyOf(w))
	s.cue |= c
	if value != 0 {
		s.value = value
	}
}

// slot is what the table says of a word.
func (t *cueTable) slot(k reference.Key) *cueSlot { return &t.slots[*t.place(k)] }

// take is slot for a word that is to have one of its own.
func (t *cueTable) take(k reference.Key) *cueSlot {
	at := t.place(k)
	if *at == 0 {
		*at = uint16(len(t.slots))
		t.slots = append(t.slots, cueSlot{key: k})
	}
	return &t.slots[*at]
}

// place is where the index has a word, or would have it.
func (t *cueTable) place(k reference.Key) *uint16 {
	for i := uint64(k) ^ uint64(k)>>31; ; i++ {
		at := &t.index[i%uint64(len(t.index))]
		if *at == 0 || t.slots[*at].key == k {
			return at
		}
	}
}
