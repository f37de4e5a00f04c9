package tagger

import (
	"sort"

	"chaperone/reference"
)

// Example is a text with every name, place and organisation in it. Spans of
// other kinds are not learned.
type Example struct {
	Text  string
	Spans []Span
}

// Effort says how long to learn, and how firmly.
type Effort struct {
	Rounds int
	// Margin is by how much, in updates, the right labels must beat all others.
	Margin int32
	// Miss is how much of the margin comes on top where an identifier would be
	// taken for an ordinary word, in percent: missing is worse than touching.
	Miss int32
	// Seldom is how often a feature must occur to be learned.
	Seldom uint16
	// Blind is how many of a hundred features are hidden at each step, so that
	// no few of them carry a decision alone.
	Blind int
}

// Learn makes a model from examples: a structured averaged perceptron with a
// margin (Collins 2002; margin by cost-augmented decoding). All arithmetic is in
// integers, so the same examples yield the same model on every machine.
// Thresholds and scores are still to be set with Calibrate.
func Learn(lex *reference.Lexicon, examples []Example, e Effort) *Model {
	m := &Model{lex: lex}
	c := &course{
		sums: make([]sums, tableSize), past: make([][labels]int64, tableSize),
		seen: make([]uint16, tableSize), effort: e,
	}
	c.trans.forbid()
	var all []*lesson
	for _, x := range examples {
		all = append(all, c.prepare(m, x)...)
	}
	for range e.Rounds {
		c.shuffle(all)
		for _, l := range all {
			c.learn(l)
		}
	}
	m.weights = c.average()
	return m
}

// lesson is one run of words with its right labels.
type lesson struct {
	features [][]feature
	gold     []label
}

// course is the state of learning.
type course struct {
	sums      []sums
	past      [][labels]int64 // sums of updates times the step they were made at
	trans     transitions
	transPast [labels][labels]int64
	seen      []uint16
	step      int64
	effort    Effort
	path      lattice
	state     uint64
}

// prepare cuts an example into lessons and counts its features.
func (c *course) prepare(m *Model, x Example) []*lesson {
	p := m.open(x.Text, m.Tokens(x.Text))
	gold := goldLabels(p, x.Spans)
	var list []*lesson
	var f [maxFeatures]feature
	for i := 0; i < len(p.chain); {
		j := p.run(i)
		l := &lesson{gold: gold[i:j]}
		for k := i; k < j; k++ {
			n := p.features(int(p.chain[k]), &f)
			l.features = append(l.features, append([]feature(nil), f[:n]...))
			for _, x := range f[:n] {
				if c.seen[x] < 1<<16-1 {
					c.seen[x]++
				}
			}
		}
		list = append(list, l)
		i = j
	}
	return list
}

// goldLabels yields the label of each word of the chain.
func goldLabels(p *page, spans []Span) []label {
	out := make([]label, len(p.chain))
	s, inside := 0, false
	for k, i := range p.chain {
		t := &p.tok[i]
		for s < len(spans) && int32(spans[s].End) <= t.Start {
			s++
			inside = false
		}
		if s < len(spans) && t.End > int32(spans[s].Start) {
			if !p.linked[k] {
				inside = false
			}
			out[k] = labelOf(spans[s].Kind, !inside)
			inside = true
		}
	}
	return out
}

// shuffle puts the lessons in another order, the same for the same course.
func (c *course) shuffle(all []*lesson) {
	for i := len(all) - 1; i > 0; i-- {
		c.state = c.state*6364136223846793005 + 1442695040888963407
		j := int((c.state >> 33) % uint64(i+1))
		all[i], all[j] = all[j], all[i]
	}
}

// emission adds up the weights of a word's features, and a margin for every
// label that is not the right one.
func (c *course) emission(list []feature, gold label, sum *sums) {
	*sum = sums{}
	for _, f := range list {
		if c.hidden(f) {
			continue
		}
		r := &c.sums[f]
		for l := range labels {
			sum[l] += r[l]
		}
	}
	for l := range labels {
		switch l {
		case gold:
		case outside:
			sum[l] += c.effort.Margin * (100 + c.effort.Miss) / 100
		default:
			sum[l] += c.effort.Margin
		}
	}
}

// hidden reports whether a feature is too seldom, or left out at this step.
func (c *course) hidden(f feature) bool {
	if c.seen[f] < c.effort.Seldom {
		return true
	}
	h := (uint64(f)+1)*0x9E3779B97F4A7C15 ^ uint64(c.step)*0xD6E8FEB86659FD93
	h = (h ^ h>>31) * 0xBF58476D1CE4E5B9
	return int(h>>33%100) < c.effort.Blind
}

// learn decodes one run against a margin, and corrects what came out wrong.
func (c *course) learn(x *lesson) {
	c.step++
	c.path.resize(len(x.gold))
	for k, g := range x.gold {
		c.emission(x.features[k], g, &c.path.emit[k])
	}
	c.path.forward(&c.trans)
	path := c.path.best(&c.trans)
	before, beforeGold := outside, outside
	for k, l := range path {
		g := x.gold[k]
		if l != g {
			c.update(x.features[k], l, -1)
			c.update(x.features[k], g, 1)
		}
		if l != g || before != beforeGold {
			c.move(before, l, -1)
			c.move(beforeGold, g, 1)
		}
		before, beforeGold = l, g
	}
}

func (c *course) update(list []feature, l label, by int32) {
	for _, f := range list {
		if c.hidden(f) {
			continue
		}
		c.sums[f][l] += by
		c.past[f][l] += int64(by) * c.step
	}
}

func (c *course) move(a, b label, by int32) {
	c.trans[a][b] += by
	c.transPast[a][b] += int64(by) * c.step
}

// average yields the mean of the weights over all steps, scaled so that all
// but the outermost fit eight bits.
func (c *course) average() weights {
	end := c.step + 1
	mean := func(now int32, past int64) int64 { return int64(now)*end - past }
	var sizes []int64
	for f := range c.sums {
		for l := range labels {
			if n := mean(c.sums[f][l], c.past[f][l]); n != 0 && c.seen[f] >= c.effort.Seldom {
				sizes = append(sizes, max(n, -n))
			}
		}
	}
	w := weights{table: newTable(), unit: 1}
	if len(sizes) == 0 {
		return w
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	top := sizes[len(sizes)*999/1000]
	scale := func(n int64) int64 { return (n*127 + top/2*sign(n)) / top }
	for f := range c.sums {
		if c.seen[f] < c.effort.Seldom {
			continue
		}
		for l := range labels {
			w.table[f].set(l, int8(max(-127, min(127, scale(mean(c.sums[f][l], c.past[f][l]))))))
		}
	}
	for a := range labels {
		for l := range labels {
			if l.follows(a) {
				w.trans[a][l] = int32(scale(mean(c.trans[a][l], c.transPast[a][l])))
			}
		}
	}
	w.trans.forbid()
	return w
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}
