package risk

import (
	"slices"
	"strings"
)

// Category is a matter that the law guards more closely than health
// information at large. The values may be recorded.
type Category string

// The categories.
const (
	SubstanceUse  Category = "substance-use"  // 42 CFR Part 2
	MentalHealth  Category = "mental-health"  // 45 CFR 164.508(a)(2), state law
	Genetics      Category = "genetics"       // GINA; Canada's Genetic Non-Discrimination Act
	HIVSTI        Category = "hiv-sti"        // state law
	Reproductive  Category = "reproductive"   // state law
	SexualAssault Category = "sexual-assault" // state law; VAWA
	Minor         Category = "minor"          // state law; PHIPA s. 23
)

// AllCategories lists every category in a fixed order.
func AllCategories() []Category {
	return []Category{SubstanceUse, MentalHealth, Genetics, HIVSTI, Reproductive, SexualAssault, Minor}
}

// Categories yields the categories that a text speaks of, each once, in the
// order of AllCategories. That a matter is denied or asked about is itself such
// information, so negation makes no difference. A common word that other
// medicine uses too ("ST depression", "alcohol swab") is no cue.
func (j *Judge) Categories(text string) []Category { return j.Read(text).Categories() }

// Categories is Judge.Categories for the text that was read.
func (r Reading) Categories() []Category {
	p := portrait{judge: r.judge, page: r.page}
	seen := map[Category]bool{}
	for i := 0; i < len(p.words); i++ {
		if !p.signed(i, ofCue|capital) {
			continue
		}
		c, n := r.judge.cues.at(&p.page, i)
		if n == 0 {
			seen[Reproductive] = seen[Reproductive] || p.obstetric(i)
			continue
		}
		if c == "" || p.elsewhere(i, n) {
			i += n - 1
			continue
		}
		seen[c] = true
		i += n - 1
	}
	if p.findAge(); p.age.known && p.age.last < 18 {
		seen[Minor] = true
	}
	return slices.DeleteFunc(AllCategories(), func(c Category) bool { return !seen[c] })
}

// obstetric reads G2P1 and its longer forms.
func (p *portrait) obstetric(i int) bool {
	w := p.raw(i)
	return len(w) >= 4 && len(w) <= 8 && w[0] == 'G' && w[2] == 'P' && strings.HasPrefix(shape(w), "A9A9")
}

// elsewhere reports whether the word has another meaning where it stands.
func (p *portrait) elsewhere(i, n int) bool {
	before, after := p.folded(i-1), p.folded(i+n)
	switch p.folded(i) {
	case "depression", "depressions", "depressed":
		return among(before, "st segment respiratory cns marrow skull myocardial synaptic immune du") || among(after, "skull fracture respiratory respiratoire segment")
	case "psychiatric", "psychiatrique":
		return p.capital(i) // the heading of an examination
	case "adolescent", "adolescente", "teenager", "newborn":
		return among(before, "a an") && among(p.folded(i-2), "as") || after == "hearing"
	case "anxiety":
		return among(before, "separation test")
	}
	return false
}

// categoryCues are the words that show each category, in English and French,
// folded; in capitals where the text must have capitals. A cue of no category
// hides a shorter one that it contains.
func categoryCues() (p phrases[Category]) {
	for _, list := range []struct {
		category Category
		cues     string
	}{
		{SubstanceUse, substanceCues},
		{MentalHealth, mentalCues},
		{Genetics, geneticCues},
		{HIVSTI, stiCues},
		{Reproductive, reproductiveCues},
		{SexualAssault, assaultCues},
		{Minor, minorCues},
		{"", otherMeanings},
	} {
		for _, cue := range strings.FieldsFunc(list.cues, func(r rune) bool { return r == '|' || r == '\n' }) {
			p.add(cue, list.category)
		}
	}
	return p
}
