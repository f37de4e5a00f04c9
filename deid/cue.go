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

// cueTable is a small open table of cue words.
type cueTable struct {
	slots [4096]cueSlot
}

type cueSlot struct {
	key   reference.Key
	cue   cue
	value uint8
}

func newCueTable() *cueTable {
	t := &cueTable{}
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
	s := t.slot(reference.KeyOf(w))
	s.key = reference.KeyOf(w)
	s.cue |= c
	if value != 0 {
		s.value = value
	}
}

func (t *cueTable) slot(k reference.Key) *cueSlot {
	i := (uint64(k) ^ uint64(k)>>31) % uint64(len(t.slots))
	for {
		s := &t.slots[i]
		if s.key == k || s.key == 0 {
			return s
		}
		i = (i + 1) % uint64(len(t.slots))
	}
}

func (t *cueTable) look(k reference.Key) (cue, uint8) {
	s := t.slot(k)
	return s.cue, s.value
}
