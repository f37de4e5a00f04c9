package main

import (
	"fmt"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// weight is how strongly a list speaks for a word: 0 not at all, 9 for the
// hundred most frequent.
type weight struct{ given, family int }

// names grades given names and surnames. Rank in public counts decides where
// there are counts; lists without counts give a middle weight.
func names(from string) ([]string, error) {
	all := map[string]weight{}
	for _, f := range []func(string, map[string]weight) error{ssaGiven, censusFamily, censusGiven, localeNames, mixedNames} {
		if err := f(from, all); err != nil {
			return nil, err
		}
	}
	out := make([]string, 0, len(all))
	for w, x := range all {
		out = append(out, fmt.Sprintf("%s\t%d\t%d", w, x.given, x.family))
	}
	return out, nil
}

func grow(all map[string]weight, w string, given, family int) {
	if w == "" {
		return
	}
	x := all[w]
	all[w] = weight{max(x.given, given), max(x.family, family)}
}

// byRank turns a rank into a weight by steps.
func byRank(rank int, steps ...int) int {
	return 9 - sort.SearchInts(steps, rank)
}

// ssaGiven reads births since 1920 by given name, most frequent first.
func ssaGiven(from string, all map[string]weight) error {
	rank := 0
	return eachLine(filepath.Join(from, "ssa-given.tsv"), func(s string) {
		name, count, _ := strings.Cut(s, "\t")
		n, _ := strconv.Atoi(count)
		rank++
		if n >= 100 {
			grow(all, word(name), byRank(rank, 100, 300, 1000, 2500, 6000, 15000, 40000), 0)
		}
	})
}

func censusFamily(from string, all map[string]weight) error {
	rank := 0
	return eachLine(filepath.Join(from, "names/names/dist.all.last"), func(s string) {
		rank++
		f := strings.Fields(s)
		grow(all, word(f[0]), 0, byRank(rank, 100, 500, 2000, 5000, 12000, 30000, 60000))
	})
}

func censusGiven(from string, all map[string]weight) error {
	for _, file := range []string{"dist.female.first", "dist.male.first"} {
		rank := 0
		err := eachLine(filepath.Join(from, "names/names", file), func(s string) {
			rank++
			f := strings.Fields(s)
			grow(all, word(f[0]), byRank(rank, 50, 150, 400, 1000, 2000, 6000), 0)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// localeNames reads the names of some sixty languages and regions. Lists there
// are short and made of usual names, so each counts as usual.
func localeNames(from string, all map[string]weight) error {
	var locales map[string]struct{ Given, Family []string }
	if err := readJSON(filepath.Join(from, "faker-person.json"), &locales); err != nil {
		return err
	}
	for _, l := range locales {
		for _, s := range l.Given {
			for _, w := range parts(s) {
				grow(all, w, 5, 0)
			}
		}
		for _, s := range l.Family {
			for _, w := range parts(s) {
				if len(w) > 2 || len(l.Family) < 200 {
					grow(all, w, 0, 5)
				}
			}
		}
	}
	return nil
}

// mixedNames reads a large list that does not say which are surnames.
func mixedNames(from string, all map[string]weight) error {
	return eachLine(filepath.Join(from, "humannames/package/list.txt"), func(s string) {
		for _, w := range parts(s) {
			if len(w) >= 3 {
				grow(all, w, 1, 1)
			}
		}
	})
}
