package tagger

// echoes spare the work on text that goes in circles: where the words around one
// are those around an earlier one, its features are the same, and so are their
// sums. Lists, forms and attacks are written so.
//
// It serves one reading, whose words it must be asked for in order.
type echoes struct {
	page *page
	last [echoRoom]int32 // the token at which a word was met last, by its key
	at   [echoRoom]int32 // the token that sums are of
	sums [echoRoom]sums

	shift int // tokens up to before are as those so many tokens before them
	upto  int
}

const (
	echoRoom = 64 // tokens within which words come again
	// echoBefore and echoAfter are how far from a word features look: labelBefore
	// to the left, company with bridge to the right.
	echoBefore, echoAfter = 9, 7
)

// echoesOf yields what remembers the words of p, and nil for a text too short
// for it to be worth while.
func echoesOf(p *page) *echoes {
	if len(p.chain) < echoRoom {
		return nil
	}
	return &echoes{page: p}
}

// find copies the sums of an earlier word that stands as token i does to sum, and
// reports whether there is one.
func (e *echoes) find(i int, sum *sums) bool {
	if e == nil || i < echoBefore+echoRoom || i+echoAfter >= len(e.page.tok) {
		return false
	}
	if e.shift == 0 || !e.goesOn(i) {
		e.shift, e.upto = i-int(*e.met(i)), i-echoBefore
		if e.shift >= echoRoom || !e.goesOn(i) {
			e.shift = 0
			return false
		}
	}
	j := i - e.shift
	if k := j % echoRoom; int(e.at[k]) == j && e.page.written(i) == e.page.written(j) {
		*sum = e.sums[k]
		return true
	}
	return false
}

// keep remembers the sums of token i.
func (e *echoes) keep(i int, sum *sums) {
	if e != nil {
		*e.met(i), e.at[i%echoRoom], e.sums[i%echoRoom] = int32(i), int32(i), *sum
	}
}

func (e *echoes) met(i int) *int32 {
	k := uint64(e.page.tok[i].Key)
	return &e.last[(k^k>>31)%echoRoom]
}

// goesOn reports whether all that the features of token i look at is as it was
// shift tokens before.
func (e *echoes) goesOn(i int) bool {
	for ; e.upto <= i+echoAfter; e.upto++ {
		if !e.page.tok[e.upto].like(&e.page.tok[e.upto-e.shift]) {
			e.shift = 0
			return false
		}
	}
	return true
}

// like reports whether two tokens are the same to the features of their
// neighbours.
func (t *Token) like(o *Token) bool {
	return t.Key == o.Key && t.End-t.Start == o.End-o.Start && t.Entry == o.Entry &&
		t.Kind == o.Kind && t.Shape == o.Shape && t.Gap == o.Gap && t.Mark == o.Mark
}

// written yields token i as it stands in the text.
func (p *page) written(i int) string { return p.text[p.tok[i].Start:p.tok[i].End] }
