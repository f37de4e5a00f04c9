package main

import (
	"fmt"
	"strings"
)

// provinces are GeoNames' numbers of the Canadian provinces and territories.
var provinces = map[string]string{
	"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON",
	"09": "PE", "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}

// towns lists the towns of the United States and Canada with a thousand people
// and more: the name, the state or province, the people, and a w where the name
// is an everyday English word ("Reading", "Normal"). Of two towns of one name in
// one state the larger counts.
func towns(from string) ([]string, error) {
	everyday, err := everydayWords(from)
	if err != nil {
		return nil, err
	}
	people := map[string]uint64{}
	err = eachCity(from, func(c city) {
		region := c.region
		if c.country == "CA" {
			region = provinces[c.region]
		} else if c.country != "US" {
			return
		}
		name := placeName(c.name)
		if name == "" || region == "" || c.people < 1000 {
			return
		}
		key := name + "\t" + c.country + "-" + region
		people[key] = max(people[key], c.people)
	})
	if err != nil {
		return nil, err
	}
	lines := make([]string, 0, len(people))
	for key, n := range people {
		line := fmt.Sprintf("%s\t%d", key, n)
		if name, _, _ := strings.Cut(key, "\t"); everyday[name] {
			line += "\tw"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// everydayWords are the words of the English list but for the rarest grades.
func everydayWords(from string) (map[string]bool, error) {
	lines, err := english(from)
	everyday := make(map[string]bool, len(lines))
	for _, line := range lines {
		if name, grade, _ := strings.Cut(line, "\t"); grade < "4" {
			everyday[name] = true
		}
	}
	return everyday, err
}
