package table

// maxLeftOut is the share of records that a suggestion may leave out.
const maxLeftOut = 0.05

// Suggestion is a way to bring every record under the threshold. It is found
// greedily, so a better one may exist; whether the table is still of use is for
// its reader to judge.
type Suggestion struct {
	// Steps are to be taken together.
	Steps []Step `json:"steps"`
	// LeaveOut is how many records are then still in classes that are too small
	// and are to be left out, and LeaveOutShare their share.
	LeaveOut      int     `json:"leave_out"`
	LeaveOutShare float64 `json:"leave_out_share"`
	// K is the smallest class afterwards; 0 if nothing would be left.
	K int `json:"k"`
	// Met says that the threshold is met with no more than one record in twenty left out.
	Met bool `json:"met"`
}

// Step makes one column coarser.
type Step struct {
	Column string `json:"column"`
	// How says it in words: "put it into bands of 10", "leave it out".
	How string `json:"how"`
}

// Suggest looks for small steps after which no more than one record in twenty is
// in a class below the threshold: in each round it takes the step that brings
// most records out of danger for what it costs, and at the end takes back what a
// later step has made needless. The errors are those of Measure.
func (t *Table) Suggest(quasi []string, limit Threshold) (Suggestion, error) {
	if len(quasi) == 0 {
		return Suggestion{}, errNoColumns
	}
	at, err := t.find(quasi)
	if err != nil {
		return Suggestion{}, err
	}
	s := newSearch(t, at)
	danger := s.danger(limit)
	for float64(danger) > maxLeftOut*float64(t.rows) {
		best, after, ok := s.best(limit, danger)
		if !ok {
			break
		}
		s.level[best]++
		s.apply(best)
		danger = after
	}
	s.relax(limit, danger)
	return s.suggestion(t, at, limit), nil
}

// search climbs the ladders of some columns. It works on classes, not records:
// a class is a row of codes with a weight.
type search struct {
	ladders []ladder
	level   []int // rungs taken, by column
	values  [][]string
	codes   [][]uint32 // by column, then class: as the ladder has it now
	raw     [][]uint32 // by column, then class: as it was read
	weight  []int
}

func newSearch(t *Table, at []int) *search {
	c := classesOf(t.rows, t.at(at))
	s := &search{level: make([]int, len(at)), weight: c.sizes}
	for _, j := range at {
		raw := make([]uint32, len(c.sizes))
		for r, class := range c.of {
			raw[class] = t.columns[j].codes[r]
		}
		s.raw = append(s.raw, raw)
		s.codes = append(s.codes, raw)
		s.values = append(s.values, t.columns[j].values)
		s.ladders = append(s.ladders, ladderOf(t.columns[j]))
	}
	return s
}

// apply sets a column's codes to what its rung makes of them.
func (s *search) apply(col int) { s.codes[col] = s.coarser(col, s.level[col]) }

func (s *search) coarser(col, level int) []uint32 {
	if level == 0 {
		return s.raw[col]
	}
	r := s.ladders[col][level-1]
	known, to := map[string]uint32{}, make([]uint32, len(s.values[col]))
	for code, v := range s.values[col] {
		if v != "" || level == len(s.ladders[col]) {
			v = r.to(v)
		}
		n, ok := known[v]
		if !ok {
			n = uint32(len(known))
			known[v] = n
		}
		to[code] = n
	}
	codes := make([]uint32, len(s.raw[col]))
	for i, code := range s.raw[col] {
		codes[i] = to[code]
	}
	return codes
}

// sizes yields the classes that the search's classes fall into now, by weight.
func (s *search) sizes() (sizes []int) {
	columns := make([]column, len(s.codes))
	for i, codes := range s.codes {
		columns[i] = column{codes: codes}
	}
	c := classesOf(len(s.weight), columns)
	sizes = make([]int, len(c.sizes))
	for i, class := range c.of {
		sizes[class] += s.weight[i]
	}
	return sizes
}

// danger counts the records in classes that are too small.
func (s *search) danger(limit Threshold) int {
	n := 0
	for _, size := range s.sizes() {
		if limit.exceeded(size) {
			n += size
		}
	}
	return n
}

// relax takes rungs back that a later step has made needless.
func (s *search) relax(limit Threshold, danger int) {
	for i := range s.level {
		for s.level[i] > 0 {
			s.level[i]--
			s.apply(i)
			if n := s.danger(limit); n > danger && float64(n) > maxLeftOut*float64(s.total()) {
				s.level[i]++
				s.apply(i)
				break
			}
		}
	}
}

func (s *search) total() (n int) {
	for _, w := range s.weight {
		n += w
	}
	return n
}

// best finds the column whose next rung brings most records out of danger for
// the part of its ladder that it costs. ok is false at the top of all ladders.
func (s *search) best(limit Threshold, danger int) (col, after int, ok bool) {
	most := -1.0
	for i, l := range s.ladders {
		if s.level[i] == len(l) {
			continue
		}
		kept := s.codes[i]
		s.codes[i] = s.coarser(i, s.level[i]+1)
		n := s.danger(limit)
		s.codes[i] = kept
		// One more than what is won, so that of steps that win nothing the cheapest is taken.
		worth := float64(danger-n+1) * float64(len(l)) / float64(s.level[i]+1)
		if worth > most {
			col, after, ok, most = i, n, true, worth
		}
	}
	return col, after, ok
}

func (s *search) suggestion(t *Table, at []int, limit Threshold) Suggestion {
	var out Suggestion
	for i, level := range s.level {
		if level > 0 {
			out.Steps = append(out.Steps, Step{t.names[at[i]], s.ladders[i][level-1].words})
		}
	}
	for _, size := range s.sizes() {
		switch {
		case limit.exceeded(size):
			out.LeaveOut += size
		case out.K == 0 || size < out.K:
			out.K = size
		}
	}
	out.LeaveOutShare = float64(out.LeaveOut) / float64(t.rows)
	out.Met = out.K > 0 && out.LeaveOutShare <= maxLeftOut
	return out
}
