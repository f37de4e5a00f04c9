package deid

import (
	"slices"
	"unicode/utf8"

	"chaperone/phi"
	"chaperone/reference"
)

// page is one text while it is being read. Rules look at tokens of the folded
// text and put candidates; settle maps them back to the original.
type page struct {
	*Engine
	src     string  // as it was given
	txt     string  // folded: plain letters, plain punctuation
	back    []int32 // for each byte of txt its place in src; nil where they are the same
	tok     []token
	guard   []bool // tokens that are codes, doses and measures
	taken   []bool // tokens that a sure candidate holds
	out     []Finding
	french  bool
	english bool
	person  uint8  // whether it speaks of somebody: 0 not asked yet, 1 no, 2 yes
	depth   int    // how often the text was decoded
	defines bool   // it explains a tool: see Definition
	message bool   // it holds an HL7 v2 message, whose marks are no punctuation
	small   bool   // it has no capitals at all, or nearly none
	heads   []cell // heads of tables
	titled  bool   // most words begin with a capital, as in a heading
	caps    bool   // most words are in capitals, so that capitals mean nothing
}

// sure is the score from which a candidate stands even on guarded tokens, and
// keeps weaker rules away.
const sure = 0.9

// put adds a candidate from token a up to but not including token b.
func (p *page) put(kind phi.Kind, a, b int, score float64, rule string) {
	if a < 0 || b > len(p.tok) || a >= b {
		return
	}
	if score < sure {
		for i := a; i < b; i++ {
			if p.guard[i] {
				return
			}
		}
	}
	for i := a; i < b; i++ {
		p.taken[i] = true
	}
	p.out = append(p.out, Finding{kind, int(p.tok[a].start), int(p.tok[b-1].end), score, rule})
}

// putBytes adds a candidate by byte offsets of the folded text and marks the
// tokens from i on that it covers.
func (p *page) putBytes(kind phi.Kind, i, start, end int, score float64, rule string) {
	for i < len(p.tok) && int(p.tok[i].start) < end {
		if p.guard[i] && score < sure {
			return
		}
		p.taken[i] = true
		i++
	}
	p.out = append(p.out, Finding{kind, start, end, score, rule})
}

// settle joins overlapping candidates under the kind of the surest, and maps
// them to the original bytes.
func (p *page) settle() []Finding {
	if len(p.out) == 0 {
		return nil
	}
	slices.SortStableFunc(p.out, func(a, b Finding) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out := p.out[:0]
	for _, f := range p.out {
		if f.End <= f.Start {
			continue
		}
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			last := &out[n-1]
			last.End = max(last.End, f.End)
			if f.Score > last.Score {
				last.Kind, last.Score, last.Rule = f.Kind, f.Score, f.Rule
			}
			continue
		}
		out = append(out, f)
	}
	if p.back == nil {
		return out
	}
	return p.restore(out)
}

// restore maps findings from the folded text to the original. A letter that
// folding spelled out in two is taken whole; so is a mark that follows one.
func (p *page) restore(list []Finding) []Finding {
	out := list[:0]
	for _, f := range list {
		start, end := int(p.back[f.Start]), int(p.back[f.End])
		for i := f.End; end <= int(p.back[f.End-1]) && i < len(p.txt); {
			i++
			end = int(p.back[i])
		}
		for start > 0 && !utf8.RuneStart(p.src[start]) {
			start--
		}
		if n := len(out); n > 0 && start < out[n-1].End {
			start = out[n-1].End
		}
		if start >= end {
			continue
		}
		f.Start, f.End = start, end
		out = append(out, f)
	}
	return out
}

// anew is the page as it was opened: without what rules have found on it.
func (p *page) anew() *page {
	return &page{
		Engine: p.Engine, src: p.src, txt: p.txt, back: p.back, tok: p.tok,
		french: p.french, english: p.english, small: p.small, titled: p.titled, caps: p.caps,
	}
}

// word yields the folded text of token i, "" outside the page.
func (p *page) word(i int) string {
	if i < 0 || i >= len(p.tok) {
		return ""
	}
	return p.txt[p.tok[i].start:p.tok[i].end]
}

// at yields token i, or an empty token outside the page.
func (p *page) at(i int) *token {
	if i < 0 || i >= len(p.tok) {
		return &noToken
	}
	return &p.tok[i]
}

var noToken = token{kind: edge, gap: gapPara}

// is reports whether token i is this mark.
func (p *page) is(i int, mark byte) bool {
	t := p.at(i)
	return t.kind == punct && p.txt[t.start] == mark
}

// isAny reports whether token i is one of these marks.
func (p *page) isAny(i int, marks string) bool {
	t := p.at(i)
	if t.kind != punct {
		return false
	}
	b := p.txt[t.start]
	for k := 0; k < len(marks); k++ { // the sets are short: a call costs more
		if marks[k] == b {
			return true
		}
	}
	return false
}

// cue reports whether token i has any of the cues.
func (p *page) cue(i int, c cue) bool { return p.at(i).cue&c != 0 }

// entry yields what the lists know about token i.
func (p *page) entry(i int) reference.Entry { return p.at(i).entry }

// same reports whether token i is on the same line as the one before it.
func (p *page) same(i int) bool { return p.at(i).gap < gapLine }

// near reports whether token i follows the one before it after one space or
// none.
func (p *page) near(i int) bool { return p.at(i).gap <= gapSpace }

// opens reports whether token i begins a sentence, a line or a list item.
func (p *page) opens(i int) bool {
	if i <= 0 || p.at(i).gap >= gapLine {
		return true
	}
	j := i - 1
	for p.isAny(j, "\"'([*-") && j > 0 && p.same(j) {
		j--
	}
	return p.isAny(j, ".!?:;,*|") && !p.is(j, ',') || p.isAny(j, "#>")
}

// language decides whether the text is French and whether it shouts, from
// its function words and letters.
func (p *page) language() {
	var fr, en, upper, lower, title int
	for i := range p.tok {
		t := &p.tok[i]
		switch e := t.entry; {
		case t.cue&cueFrench != 0:
			fr += 2
		case t.cue&cueEnglish != 0:
			en += 2
		case t.size() < 4 || t.shape != lower1 && t.shape != title1 || p.strength(i) > 3:
		case e.French() > 0 && e.English() == 0:
			fr++
		case e.English() > 0 && e.French() == 0:
			en++
		}
		if t.kind == word && t.end-t.start > 1 {
			switch t.shape {
			case upper2:
				upper++
			case lower1:
				lower++
			case title1:
				title++
			}
		}
	}
	p.french, p.english = fr > en, en > fr
	p.titled = title > 5 && title > lower
	p.caps = upper > 3 && upper > 3*lower
	p.small = lower > 4 && (title+upper)*20 < lower
}
