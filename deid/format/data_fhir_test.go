package format_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chaperone/deid/format"
)

// fhirWalk goes through a JSON value with paths of names, without the reader.
func fhirWalk(v any, path []string, f func(path []string, v any)) {
	f(path, v)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			fhirWalk(v[k], append(path[:len(path):len(path)], k), f)
		}
	case []any:
		for _, inner := range v {
			fhirWalk(inner, path, f)
		}
	}
}

var (
	fhirID       = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)
	fhirDateTime = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?$`)
	fhirInstant  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)
)

// fhirFacts collects what identifies, by paths.
func fhirFacts(v any) []string {
	var facts []string
	fhirWalk(v, nil, func(path []string, v any) {
		s, ok := v.(string)
		if !ok || len(path) == 0 {
			return
		}
		last, parent := path[len(path)-1], ""
		if len(path) > 1 {
			parent = path[len(path)-2]
		}
		switch {
		case last == "family" || last == "given", parent == "name" && last == "text",
			parent == "address" && (last == "line" || last == "city" || last == "postalCode" || last == "district"),
			parent == "telecom" && last == "value", parent == "identifier" && last == "value", last == "birthDate",
			last == "subscriberId", last == "lotNumber", last == "serialNumber":
			facts = append(facts, strings.TrimPrefix(s, "urn:"))
		case last == "reference":
			facts = append(facts, s[strings.LastIndexByte(s, '/')+1:])
		case last == "id" && (parent == "resource" || parent == "contained" || len(path) == 1):
			facts = append(facts, s)
		}
	})
	return facts
}

// fhirResolved counts the relative references that meet a resource of the
// bundle.
func fhirResolved(v any) (resolved, refs int) {
	have := map[string]bool{}
	fhirWalk(v, nil, func(_ []string, v any) {
		if m, ok := v.(map[string]any); ok {
			kind, _ := m["resourceType"].(string)
			id, _ := m["id"].(string)
			have[kind+"/"+id] = true
		}
	})
	fhirWalk(v, nil, func(path []string, v any) {
		if s, ok := v.(string); ok && len(path) > 0 && path[len(path)-1] == "reference" {
			refs++
			if have[s] {
				resolved++
			}
		}
	})
	return resolved, refs
}

// checkFHIR demands of a concealed document what FHIR's types demand.
func checkFHIR(t *testing.T, path string, before, after any) {
	t.Helper()
	was := map[string]int{}
	count := func(v any, into map[string]int, step int) {
		fhirWalk(v, nil, func(path []string, v any) {
			if _, leaf := v.(string); leaf {
				into[strings.Join(path, ".")] += step
			}
		})
	}
	count(before, was, 1)
	count(after, was, -1)
	for p, n := range was {
		if n != 0 {
			t.Errorf("%s: there are not as many %s as there were", path, p)
		}
	}
	fhirWalk(after, nil, func(p []string, v any) {
		s, ok := v.(string)
		if !ok || len(p) == 0 {
			return
		}
		switch name := p[len(p)-1]; {
		case name == "id" && !fhirID.MatchString(s):
			t.Errorf("%s: %s is no id", path, strings.Join(p, "."))
		case (name == "birthDate" || strings.HasSuffix(name, "DateTime")) && !fhirDateTime.MatchString(s):
			t.Errorf("%s: %s is no date: %q", path, strings.Join(p, "."), s)
		case (name == "lastUpdated" || name == "issued" || name == "timestamp") && !fhirInstant.MatchString(s):
			t.Errorf("%s: %s is no instant", path, strings.Join(p, "."))
		}
	})
	a, n := fhirResolved(before)
	b, m := fhirResolved(after)
	if a != b || n != m {
		t.Errorf("%s: %d of %d references resolve, %d of %d did", path, b, m, a, n)
	}
}

func TestEveryIdentifierOfTheFHIRSamplesIsConcealedAndTheyStayValid(t *testing.T) {
	for _, folder := range []string{"structured/fhir", "health/davinci-pas", "health/fhir-bulk-10-patients"} {
		t.Run(folder, func(t *testing.T) {
			files, values, leaks := 0, 0, 0
			eachFile(t, dataDir(t, folder), func(path string, raw []byte) {
				var documents [][]byte
				switch filepath.Ext(path) {
				case ".json":
					documents = [][]byte{raw}
				case ".ndjson":
					for i, line := range strings.Split(string(raw), "\n") {
						if i%20 == 0 && line != "" { // a sample: the same shapes come again
							documents = append(documents, []byte(line))
						}
					}
				}
				for _, raw := range documents {
					var before, after any
					if json.Unmarshal(raw, &before) != nil {
						continue
					}
					if m, ok := before.(map[string]any); !ok || m["resourceType"] == nil {
						continue
					}
					files++
					d := newDesk(t)
					out := d.conceal(format.JSON, raw)
					if err := json.Unmarshal(out, &after); err != nil {
						t.Fatalf("%s: %v", path, err)
					}
					checkFHIR(t, path, before, after)
					n, l := compare(t, path, fhirFacts(before), fhirFacts(after), out)
					values, leaks = values+n, leaks+l
					var back any
					if err := json.Unmarshal(d.reveal(format.JSON, out), &back); err != nil {
						t.Fatalf("%s: %v", path, err)
					}
					comesBack(t, path, fhirFacts(before), fhirFacts(back))
				}
			})
			t.Logf("%s: %d documents, %d identifier values, %d leaks", folder, files, values, leaks)
		})
	}
}
