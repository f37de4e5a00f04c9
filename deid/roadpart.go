package deid

import "chaperone/phi"

// milePost goes on from a road that ends before token end over "mile post 441",
// "MM 12" and "km 88".
func (p *page) milePost(end int) int {
	j := end
	if p.is(j, ',') {
		j++
	}
	switch lowerOf(p.word(j)) {
	case "mile", "milepost", "mm", "mp", "km":
		j++
	default:
		return end
	}
	if w := lowerOf(p.word(j)); w == "post" || w == "marker" {
		j++
	}
	if t := p.at(j); t.kind != digits || t.size() > 4 || !p.near(j) {
		return end
	}
	return j + 1
}

// roadsNumber goes on over the number of a road that goes by one: "640
// Concession Rd 9", "77 Range Road 201".
func (p *page) roadsNumber(end int) int {
	switch p.word(end - 2) {
	case "Concession", "Conc", "Range", "Township", "Twp", "County", "Farm", "Line", "Regional", "Grid", "Mile":
	default:
		return end
	}
	if t := p.at(end); t.kind == digits && t.size() <= 4 && p.near(end) && t.gap == gapSpace && !p.cue(end+1, cueMeasure) {
		return end + 1
	}
	return end
}

// betweenRoads takes two roads that somebody lives between: "between Oak St and
// Pine St".
func (p *page) betweenRoads(i int) int {
	if w := p.word(i); w != "between" && w != "Between" {
		return 0
	}
	a, typed := p.roadPart(i + 1)
	if !typed || p.word(a) != "and" && !p.is(a, '&') {
		return 0
	}
	b, typed2 := p.roadPart(a + 1)
	if !typed2 {
		return 0
	}
	p.put(phi.Street, i+1, b, 0.8, "corner")
	return b
}

// blockOf takes "700 block of Calumet" and "the 1400 block of N. Main St".
func (p *page) blockOf(i int) int {
	if t := p.at(i); t.kind != digits || t.size() < 2 || t.size() > 5 || lowerOf(p.word(i+1)) != "block" || p.word(i+2) != "of" && p.word(i+2) != "OF" {
		return 0
	}
	end := i + 3
	for n := 0; n < 4 && p.near(end); n++ {
		t := p.at(end)
		if !t.capital() && !(t.kind == mixed && ordinalOf(p.word(end))) || t.cue&(cueMonth|cueWeekday) != 0 {
			break
		}
		end++
		if p.is(end, '.') && p.at(end).gap == gapNone && p.at(end-1).size() <= 2 {
			end++
		}
	}
	if end == i+3 {
		return 0
	}
	p.put(phi.Street, i, end, 0.85, "block")
	return end
}

// saidStreet takes a house number in words before a street: "fourteen oh two
// Weathervane Court".
func (p *page) saidStreet(i int) int {
	j := i
	for j < i+5 && p.cue(j, cueNumber) && (j == i || p.near(j) && p.at(j).gap == gapSpace) {
		j++
		if p.is(j, '-') && p.cue(j+1, cueNumber) {
			j++
		}
	}
	if !p.at(j).capital() {
		return 0
	}
	end := p.roadBehind(j)
	if end == 0 {
		return 0
	}
	return p.unitTail(i, end, 0.85)
}

// esquinaBehind yields the end of the second street of a corner at token j:
// "esquina con San Bernardo"; j if there is none.
func (p *page) esquinaBehind(j int) int {
	k := j
	if lowerOf(p.word(k)) != "esquina" && lowerOf(p.word(k)) != "esq" {
		return j
	}
	k++
	if p.is(k, '.') {
		k++
	}
	switch p.word(k) {
	case "con", "y", "de", "a":
		k++
	}
	end, words, _ := p.capitals(k)
	if words == 0 || !p.near(k) {
		return j
	}
	return end
}
