package reference

import (
	"fmt"
	"iter"
	"maps"
	"strconv"
	"strings"
)

// People answers how many people a description can fit: how many live in a
// place, are of an age, or have a condition. It never changes after LoadPeople
// and is safe for concurrent use. The numbers are census counts and rounded
// estimates; data/people says of each where it comes from.
type People struct {
	regions map[string]Area   // by code
	named   map[string]string // the code, by folded name
	towns   map[string][]Town
	ages    []ageGroup
	traits  []Trait
}

// Area is a US state, a Canadian province or territory, or one of the two
// countries.
type Area struct {
	Code   string  // "US-MT", "CA-QC", "US"
	Name   string  // "Montana"
	People int     // at the last census
	Rural  float64 // the share of them who live outside towns, 0 to 1
}

// Town is one of the towns of a name.
type Town struct {
	Region   string // the code of its region
	People   int
	Everyday bool // its name is an everyday English word too: Reading, Normal
}

// Trait is something that a text may say of a person.
type Trait struct {
	Kind  string   // "condition", "occupation", "origin", "language", "pregnancy", "birth", "death", "publicity", "alone"
	Name  string   // what a report calls it: "cystic fibrosis", "a firefighter"
	Share float64  // the share of all people who have it, 0 to 1
	Forms []string // folded, the words apart by one space; in capitals where the text must have capitals; Name's own is among them
}

type ageGroup struct {
	first, last int
	share       float64
}

// LoadPeople reads the embedded numbers. The error names the file and the line
// that is malformed; with the files of a release it is always nil.
func LoadPeople() (*People, error) {
	p := &People{regions: map[string]Area{}, named: map[string]string{}, towns: make(map[string][]Town, 1<<14)}
	for _, list := range []struct {
		file string
		min  int // fewest columns
		add  func([]string) error
	}{
		{"regions.txt", 4, p.addRegion},
		{"towns.txt", 3, p.addTown},
		{"ages.txt", 3, p.addAges},
		{"traits.txt", 4, p.addTrait},
	} {
		b, err := files.ReadFile("data/people/" + list.file)
		if err != nil {
			return nil, fmt.Errorf("reference: %w", err)
		}
		n := 0
		for line := range strings.Lines(string(b)) {
			n++
			if line[0] == '#' {
				continue
			}
			columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(columns) < list.min {
				return nil, fmt.Errorf("reference: people/%s: line %d: %d columns", list.file, n, len(columns))
			}
			if err := list.add(columns); err != nil {
				return nil, fmt.Errorf("reference: people/%s: line %d: %w", list.file, n, err)
			}
		}
	}
	return p, nil
}

func (p *People) addRegion(c []string) error {
	people, err := strconv.Atoi(c[1])
	if err != nil {
		return err
	}
	rural, err := strconv.ParseFloat(c[2], 64)
	if err != nil {
		return err
	}
	p.regions[c[0]] = Area{c[0], c[3], people, rural / 100}
	names := []string{Phrase(c[3])}
	if len(c) > 4 {
		names = append(names, strings.Split(c[4], "|")...)
	}
	for _, name := range names {
		p.named[strings.TrimPrefix(name, "the ")] = c[0]
	}
	return nil
}

func (p *People) addTown(c []string) error {
	people, err := strconv.Atoi(c[2])
	p.towns[c[0]] = append(p.towns[c[0]], Town{c[1], people, len(c) > 3})
	return err
}

func (p *People) addAges(c []string) error {
	first, err1 := strconv.Atoi(c[0])
	last, err2 := strconv.Atoi(c[1])
	share, err3 := strconv.ParseFloat(c[2], 64)
	if err1 != nil || err2 != nil || err3 != nil || last < first {
		return fmt.Errorf("no group of ages")
	}
	p.ages = append(p.ages, ageGroup{first, last, share / 100})
	return nil
}

func (p *People) addTrait(c []string) error {
	many, err := strconv.ParseFloat(c[1], 64)
	if err != nil {
		return err
	}
	t := Trait{Kind: c[0], Name: c[3], Share: many / 100_000, Forms: []string{c[3]}}
	if c[3] != strings.ToUpper(c[3]) {
		t.Forms[0] = Phrase(c[3])
	}
	if len(c) > 4 {
		t.Forms = append(t.Forms, strings.Split(c[4], "|")...)
	}
	p.traits = append(p.traits, t)
	return nil
}

// Area yields the area of a folded name, such as "montana" or "nouvelle
// ecosse", or of a code such as "US-MT".
func (p *People) Area(name string) (Area, bool) {
	if code, ok := p.named[name]; ok {
		name = code
	}
	r, ok := p.regions[name]
	return r, ok
}

// Towns yields the towns of a folded name. "City" at its end may be added to
// the town's own name, as in Quebec City.
func (p *People) Towns(name string) []Town {
	if list := p.towns[name]; list != nil {
		return list
	}
	return p.towns[strings.TrimSuffix(name, " city")]
}

// AreaNames yields every folded name that Area knows.
func (p *People) AreaNames() iter.Seq[string] { return maps.Keys(p.named) }

// TownNames yields every folded name that Towns knows, without those that end in
// a "city" of their own.
func (p *People) TownNames() iter.Seq[string] { return maps.Keys(p.towns) }

// Aged yields the share of all people who are from first to last years old,
// both included. Inside a group of the table every year has the same share.
func (p *People) Aged(first, last int) float64 {
	share := 0.0
	for _, g := range p.ages {
		if years := min(last, g.last) - max(first, g.first) + 1; years > 0 {
			share += g.share * float64(years) / float64(g.last-g.first+1)
		}
	}
	return share
}

// Traits yields all that a text may say of a person. The caller must not change
// the list.
func (p *People) Traits() []Trait { return p.traits }

// Phrase yields words in the form in which the people's lists hold them: folded
// as by Fold, everything but letters and digits a single space.
func Phrase(words string) string {
	return strings.Join(strings.FieldsFunc(Fold(words), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), " ")
}
