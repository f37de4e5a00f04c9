package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/internal/config"
)

// load writes a configuration and a determination beside it, and loads it.
func load(t *testing.T, source, determination string) (config.File, []config.Fault) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"chaperone.yaml": source, "study.yaml": determination} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Load(filepath.Join(dir, "chaperone.yaml"))
}

const study = "expert: Ada Example\nmethod: k of 11\nscope: registry\ndetermined: 2026-01-15\nexpires: 2027-01-15\ntreatments: {date: generalise}\n"

func TestADeterminationIsReadWithTheConfiguration_DEI06(t *testing.T) {
	f, faults := load(t, "detection:\n  determination: study.yaml\n  date_order: day-first\n", study)
	if len(faults) > 0 || f.Detection.DateOrder != "day-first" {
		t.Fatalf("%v, %+v", faults, f.Detection)
	}
	if d, err := f.OpenDetermination(); err != nil || d == nil || d.Expert != "Ada Example" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := config.Default().OpenDetermination(); d != nil || err != nil {
		t.Errorf("without one: %+v, %v", d, err)
	}
}

func TestADeterminationWithAFaultStartsNothing_DEI06(t *testing.T) {
	for name, text := range map[string]string{
		"no expert":       strings.Replace(study, "expert: Ada Example\n", "", 1),
		"no such kind":    strings.Replace(study, "date:", "dates:", 1),
		"not a day":       strings.Replace(study, "2027-01-15", "soon", 1),
		"ends before":     strings.Replace(study, "2027-01-15", "2025-01-15", 1),
		"nothing at all":  "",
		"not even a YAML": "\x00",
	} {
		if _, faults := load(t, "detection:\n  determination: study.yaml\n", text); len(faults) != 1 || !strings.HasSuffix(faults[0].File, "study.yaml") {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if _, faults := load(t, "detection:\n  determination: other.yaml\n", study); len(faults) != 1 {
		t.Errorf("a file that is not there: %v", faults)
	}
	if _, faults := load(t, "detection:\n  date_order: backwards\n", study); len(faults) != 1 {
		t.Errorf("an order that is none: %v", faults)
	}
}
