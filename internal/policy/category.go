package policy

import (
	"slices"
	"strings"

	"chaperone/phi"
)

// Category is a matter that the law guards more closely than health information
// at large: an agreement covers it only if it says so (requirement DLP-11).
type Category string

// The categories.
const (
	CategorySubstanceUse  Category = "substance-use" // 42 CFR Part 2
	CategoryMentalHealth  Category = "mental-health"
	CategoryGenetics      Category = "genetics"
	CategoryHIV           Category = "hiv-sti"
	CategoryReproductive  Category = "reproductive"
	CategorySexualAssault Category = "sexual-assault"
	CategoryMinor         Category = "minor"
)

// Categories lists every category, in the order in which people are shown them.
func Categories() []Category {
	return []Category{
		CategorySubstanceUse, CategoryMentalHealth, CategoryGenetics, CategoryHIV,
		CategoryReproductive, CategorySexualAssault, CategoryMinor,
	}
}

// Plain is the category in words fit for a sentence.
func (c Category) Plain() string {
	switch c {
	case CategorySubstanceUse:
		return "substance use"
	case CategoryMentalHealth:
		return "mental health"
	case CategoryHIV:
		return "HIV or sexually transmitted infection"
	case CategoryReproductive:
		return "reproductive health"
	case CategorySexualAssault:
		return "sexual assault"
	case CategoryMinor:
		return "a child"
	default:
		return string(c)
	}
}

// uncovered lists the categories of the text that the door's agreement does not
// name, in the order of Categories. An agreement that is not in force names none.
// That a patient is a child is no matter of agreements: it is there for policies.
func uncovered(f Facts, found Found) []Category {
	covers := f.covers()
	return slices.DeleteFunc(found.Sensitive(), func(c Category) bool { return c == CategoryMinor || slices.Contains(covers, c) })
}

// Sensitive lists the categories that matter, in the order of Categories: those
// of text that is about a person, because somebody is described in it or
// something in it points at somebody and not merely at a place, a day or an
// organisation. A question about a drug is of no category.
func (f Found) Sensitive() []Category {
	if f.Crowd <= 0 && !f.personal() {
		return nil
	}
	return slices.DeleteFunc(Categories(), func(c Category) bool { return !slices.Contains(f.Categories, c) })
}

func (f Found) personal() bool {
	for k, n := range f.Kinds {
		if n > 0 && Personal(k) {
			return true
		}
	}
	return false
}

// Personal reports whether a finding of this kind points at a person, and not
// merely at a place, a day or an organisation.
func Personal(k phi.Kind) bool {
	switch k {
	case phi.None, phi.Place, phi.Postal, phi.Org, phi.Date, phi.Link, phi.Host, phi.Literal:
		return false
	default:
		return true
	}
}

func (f Facts) covers() []Category {
	if f.Door.Agreement.Standing(f.At) != InForce {
		return nil
	}
	return f.Door.Agreement.Covers
}

// spoken joins categories to a phrase: "substance use, genetics and a child".
func spoken(list []Category) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = c.Plain()
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
