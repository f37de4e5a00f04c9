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
	rareGiven, rareFamily                  []string // names that few bear
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
			for range (int(c[0]-'0') + 2) / 3 { // the larger, the more often
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
		v.family = append(v.family, surname(w))
	}
	if columns[0] < '4' && columns[0] > columns[2] {
		v.rareGiven = append(v.rareGiven, title(w))
	}
	if columns[2] < '4' && columns[2] > '0' && columns[0] < '4' {
		v.rareFamily = append(v.rareFamily, title(w))
	}
}

// surname writes a family name as its bearers do: McDonald, MacLeod, O'Connor.
func surname(w string) string {
	for _, head := range []string{"mc", "mac", "o", "fitz"} {
		if rest, ok := strings.CutPrefix(w, head); ok && len(rest) > 4 && clans[rest] {
			if head == "o" {
				head = "o'"
			}
			return title(head) + title(rest)
		}
	}
	return title(w)
}

// clans are what follows Mc, Mac, O' and Fitz.
var clans = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`donald leod kenzie kinnon neil neill connor brien reilly sullivan hara keefe leary malley rourke shea toole dwyer grady
		carthy cormick dermott dowell farland gregor guire intosh intyre kay kinley laughlin lean mahon millan nally namara pherson queen rae donnell donough
		grath hugh innis kenna kinney knight lain mullen nulty phee quaid sweeney vicar callum aulay arthur allister gerald patrick simmons gowan clellan clure
		connell daniel dougall eachern fadden fall gee gill ginnis govern henry kee keown lachlan naughton tavish whirter elroy elhaney`) {
		set[w] = true
	}
	return set
}()

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
	w.AddNames("rare", v.rareGiven, v.rareFamily, 15)
	w.AddNames("worded", v.given, titled(v.common), 8)
	w.AddNames("bynamed", titled(v.common), v.family, 4)
	w.AddTowns(v.towns)
	w.AddTowns(several(len(v.towns)/2, func() string { return v.town(c) }))
	w.AddWords("view", several(2000, func() string { return v.view(c) }))
	w.AddWords("view-fr", several(500, func() string { return v.vue(c) }))
	w.AddWords("coined", several(500, func() string { return v.coined(c) }))
	w.AddWords("drug", v.drugs)
	w.AddWords("brand", titled(v.drugs))
	w.AddWords("brand", several(300, c.product))
	w.AddWords("devicename", titled(v.devices))
	w.AddWords("devicename", several(150, c.product))
	w.AddWords("region", v.regions)
	w.AddWords("eponymname", titled(v.eponyms))
	w.AddWords("eponymrare", several(2000, func() string { return c.pick(v.family) }))
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
