package synth

import (
	"embed"
	"fmt"
	"path"
	"sort"
	"strings"
)

//go:embed data
var files embed.FS

// origin is where a name comes from: given names of men and of women, and
// family names.
type origin struct {
	name                 string
	male, female, family []string
}

// Origins lists the origins of names, sorted.
func Origins() []string {
	entries, err := files.ReadDir("data/names")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".txt"))
	}
	sort.Strings(names)
	return names
}

func loadOrigins() ([]*origin, error) {
	var list []*origin
	for _, name := range Origins() {
		b, err := files.ReadFile(path.Join("data/names", name+".txt"))
		if err != nil {
			return nil, err
		}
		o := &origin{name: name}
		for n, line := range strings.Split(string(b), "\n") {
			key, rest, _ := strings.Cut(line, " ")
			names := strings.Fields(rest)
			for i := range names {
				names[i] = strings.ReplaceAll(names[i], "_", " ")
			}
			switch key {
			case "m":
				o.male = names
			case "f":
				o.female = names
			case "s":
				o.family = names
			case "", "#":
			default:
				return nil, fmt.Errorf("names/%s.txt:%d: unknown line", name, n+1)
			}
		}
		if len(o.male) == 0 || len(o.female) == 0 || len(o.family) == 0 {
			return nil, fmt.Errorf("names/%s.txt: a list is missing", name)
		}
		list = append(list, o)
	}
	return list, nil
}
