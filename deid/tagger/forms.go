package tagger

// forms remembers of a text how its words are written elsewhere in it: small,
// with a capital inside a sentence, after a title. A table of few bits a word;
// two words that share a place in it only blur each other.
type forms struct {
	bits []uint8
	mask uint64
}

const (
	formSmall  = 1 << iota // somewhere in small letters
	formInside             // somewhere with a capital that no sentence's beginning explains
	formAgain              // more than once with a capital
	formOnce               // at least once with a capital
)

func formsOf(p *page) forms {
	room := uint64(64)
	for room < uint64(len(p.tok)) {
		room *= 2
	}
	f := forms{bits: make([]uint8, room), mask: room - 1}
	for i := range p.tok {
		t := &p.tok[i]
		if t.Kind != Word || t.End-t.Start < 3 {
			continue
		}
		b := f.at(t)
		switch {
		case t.Shape == Lower:
			*b |= formSmall
		case *b&formOnce != 0:
			*b |= formAgain
		default:
			*b |= formOnce
		}
		if t.Shape == Title && p.opening(i) == 0 {
			*b |= formInside
		}
	}
	return f
}

func (f *forms) at(t *Token) *uint8 {
	k := uint64(t.Key)
	return &f.bits[(k^k>>31)&f.mask]
}

// seen yields how the word at i is written elsewhere.
func (p *page) seen(i int) uint64 {
	t := &p.tok[i]
	if t.End-t.Start < 3 {
		return 0
	}
	return uint64(*p.forms.at(t)) | 16
}
