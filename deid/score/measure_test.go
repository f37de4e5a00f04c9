package score_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"chaperone/deid"
	"chaperone/deid/score"
)

// set is a named list of texts, with what its table has to say.
type set struct {
	name, title, note string
	docs              []doc
}

// developmentSets reads the sets of CHAPERONE_DATA.
func developmentSets(t *testing.T, dir string) []set {
	latin := map[string]bool{"en": true, "fr": true, "es": true}
	return []set{
		{"french", "French hospital fragments (eds-pseudo, development part)", "Single lines without their document, some of them noise on purpose (broken OCR, digits spaced apart, initials in lists); titles and years alone are not counted as identifiers, because they may stand under Safe Harbor. Much of what is counted as touched here is a name, an institution or a web address that the gold labels leave out.", eds(t, dir)},
		{"visits", "Visit dialogues and their notes (aci-bench): the patient's name", "Lower-case speech. Only the patient's name is known as gold; names of doctors, dates and places that are touched are counted against the finder here although most are real.", append(aci(t, dir, "train"), aci(t, dir, "valid")...)},
		{"dictated", "Dictated notes (MTSamples, development part)", "No gold labels. Dates and some names remain in these texts; about half of the findings are dates.", mtsamples(t, dir)},
		{"short-visits", "Short visits (MTS-Dialog, training part)", "No gold labels. What is touched was looked through: most of it is dates, names of people, employers and towns that are in the texts.", mts(t, dir)},
		{"questions", "Research questions (PubMedQA)", "Text about medicine and nobody.", pubmed(t, dir, false)},
		{"abstracts", "Research abstracts (PubMedQA)", "Institutions, towns and dates of studies are in the abstracts.", pubmed(t, dir, true)},
		{"generic", "Generic sentences (presidio-research)", "Not clinical. Its countries, nationalities, titles, weekdays, years and ages up to 89 are identifiers there and are none under Safe Harbor, so the total means little; invented street and town names of many languages without context are a real weakness.", presidio(t, dir)},
		{"traps", "Traps (openmed golden), English, French, Spanish", "", openmed(t, dir, latin)},
	}
}

// measure scores the engine on texts. With CHAPERONE_MISSES set to the name of
// a set it also prints what was missed there, and with CHAPERONE_TOUCHED what
// was touched beside identifiers; never for what is held out.
func measure(e *deid.Engine, name string, docs []doc) *score.Report {
	var r score.Report
	for _, d := range docs {
		all := findTwice(e, d.text)
		found := spans(all)
		for _, f := range all {
			if shown("CHAPERONE_TOUCHED", name) && !overlaps(f, d.gold) {
				fmt.Printf("TOUCHED %s %s %q in %q\n", f.Kind, f.Rule, d.text[f.Start:f.End], around(d.text, f.Start, f.End))
			}
		}
		if shown("CHAPERONE_MISSES", name) {
			for _, g := range d.gold {
				if !inside(d.text, g, found) {
					fmt.Printf("MISSED %s %q in %q\n", g.Kind, d.text[g.Start:g.End], around(d.text, g.Start, g.End))
				}
			}
		}
		r.Add(d.text, d.gold, found)
	}
	return &r
}

// findTwice finds as an exchange does: names that were found are looked for
// again everywhere in the text.
func findTwice(e *deid.Engine, text string) []deid.Finding {
	found := e.Find(text, deid.Where{})
	var names []string
	for _, f := range found {
		if f.Kind.String() == "name" {
			names = append(names, text[f.Start:f.End])
		}
	}
	return append(found, e.FindKnown(text, names)...)
}

func overlaps(f deid.Finding, gold []score.Span) bool {
	for _, g := range gold {
		if f.Start < g.End && g.Start < f.End {
			return true
		}
	}
	return false
}

func inside(text string, g score.Span, found []score.Span) bool {
	for i := g.Start; i < g.End; i++ {
		if c := text[i]; c < utf8.RuneSelf && !unicode.IsLetter(rune(c)) && !unicode.IsDigit(rune(c)) {
			continue
		}
		ok := false
		for _, f := range found {
			ok = ok || i >= f.Start && i < f.End
		}
		if !ok {
			return false
		}
	}
	return true
}

func around(text string, a, b int) string {
	a, b = max(0, a-40), min(len(text), b+30)
	return strings.ToValidUTF8(text[a:b], "")
}

// shown says whether the texts of a set may and shall be shown.
func shown(variable, name string) bool {
	return os.Getenv(variable) == name && name != "" && !strings.Contains(name, "held")
}
