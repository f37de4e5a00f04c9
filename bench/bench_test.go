package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

func TestTheFunctionsThatAreEmptiedAreStillThere(t *testing.T) {
	for _, b := range blinded {
		source, err := emptied(filepath.Join("..", b.file), b.receiver, b.name, b.body)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), b.file, source, 0); err != nil {
			t.Errorf("%s with an emptied %s: %v", b.file, b.name, err)
		}
	}
	if _, err := emptied(filepath.Join("..", "deid", "veil.go"), "Veil", "NoSuchFunction", ""); err == nil {
		t.Error("a function that is not there is emptied")
	}
}

func TestABarSaysWhetherItWasMet(t *testing.T) {
	all := map[string]results{
		cleanOne:   {direct: {{p50: 0.1}}, blind: {{p50: 0.5}}},
		cleanMany:  {floor: {{cpuMicros: 50}}, blind: {{cpuMicros: 150}}},
		cleanLarge: {floor: {{cpuMicros: 50}}},
		oneCore:    {blind: {{perSecond: 4000}}},
	}
	want := map[string]string{
		"detection off, 4 KB: p50 added at one connection": "met",
		"detection off, 4 KB: CPU a request":               "**missed**",
		"detection off, 64 KB: CPU a request":              "not measured",
		"detection off, 4 KB: throughput of one core":      "met",
	}
	for _, p := range bars() {
		if w, ok := want[p.what]; ok && p.verdict(all) != w {
			t.Errorf("%s: %s, want %s", p.what, p.verdict(all), w)
		}
	}
}
