package main

import (
	"os"
	"path/filepath"
	"strings"

	"chaperone/deid/synth"
)

// vocabulary is what the lists of package reference lend to the frames: names
// of every grade, towns, and words that identify nobody.
type vocabulary struct {
	given, family, towns, regions          []string
	drugs, devices, eponyms, terms, common []string
	french                                 []string
}

func readVocabulary(dir string) (*vocabulary, error) {
	v := &vocabulary{}
	for _, list := range []struct {
		file string
		into func(word, columns string)
	}{
		{"names.txt", v.name},
		{"places.txt", func(w, c string) {
			if c >= "4" && !strings.Contains(w, " ") || c >= "6" {
				v.towns = append(v.towns, title(w))
			}
		}},
		{"english.txt", func(w, c string) {
			if c >= "2" && c <= "5" && len(w) > 3 {
				v.common = append(v.common, w)
			}
		}},
		{"french.txt", func(w, c string) {
			if c == "1" && len(w) > 3 {
				v.french = append(v.french, w)
			}
		}},
		{"own/regions.txt", func(w, _ string) { v.regions = append(v.regions, title(w)) }},
		{"icd.txt", into(&v.terms)},
		{"own/clinical.txt", into(&v.terms)},
		{"own/drugs.txt", into(&v.drugs)},
		{"own/devices.txt", into(&v.devices)},
		{"own/eponyms.txt", into(&v.eponyms)},
	} {
		b, err := os.ReadFile(filepath.Join(dir, list.file))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			word, columns, _ := strings.Cut(line, "\t")
			list.into(word, columns)
		}
	}
	return v, nil
}

func into(list *[]string) func(string, string) {
	return func(w, _ string) { *list = append(*list, w) }
}

// name takes a name as often as it is usual, so that rare names do not crowd
// out those that people have.
func (v *vocabulary) name(w, columns string) {
	if len(columns) < 3 || len(w) < 2 {
		return
	}
	times := func(c byte) int {
		if c < '2' {
			return 0
		}
		return 1 << max(0, int(c-'0')-4)
	}
	for range times(columns[0]) {
		v.given = append(v.given, title(w))
	}
	for range times(columns[2]) {
		v.family = append(v.family, title(w))
	}
}

func title(w string) string {
	b := []byte(w)
	for i := range b {
		if (i == 0 || b[i-1] == ' ' || b[i-1] == '-') && b[i] >= 'a' && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// enrich lends the lists to a world, and names that no list holds.
func (v *vocabulary) enrich(w *synth.World) {
	c := &caser{state: 99}
	w.AddNames("listed", v.given, v.family, 45)
	var given, family []string
	for range 4000 {
		given = append(given, title(c.invent(1+c.n(2))))
		family = append(family, title(c.invent(2+c.n(2))))
	}
	w.AddNames("invented", given, family, 25)
	w.AddNames("worded", v.given, titled(v.common), 6)
	w.AddTowns(v.towns)
	w.AddWords("drug", v.drugs)
	w.AddWords("brand", titled(v.drugs))
	w.AddWords("brand", c.several(300, c.product))
	w.AddWords("devicename", titled(v.devices))
	w.AddWords("devicename", c.several(150, c.product))
	w.AddWords("region", v.regions)
	w.AddWords("eponymname", titled(v.eponyms))
	w.AddWords("condition", v.terms)
	w.AddWords("symptom", v.terms[:len(v.terms)/4])
}

func titled(list []string) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = title(w)
	}
	return out
}
