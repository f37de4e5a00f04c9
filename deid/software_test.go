package deid_test

import (
	"testing"

	"chaperone/deid"
	"chaperone/phi"
)

func TestTheNamesOfProgramsAreNoPeople(t *testing.T) {
	engine, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"End git commit messages with:\nCo-Authored-By: Claude Sonnet 5":                                                     nil,
		"The following deferred tools are now available via ToolSearch. Their schemas are NOT loaded":                        nil,
		"Lists agents you can SendMessage to, the teammates on your team, other local Claude sessions. This is Claude Code.": nil,
		"Seen today: Claude Monet-Synthetic, MRN 4471902":                                                                    {"Claude Monet-Synthetic"},
		"Claude Code opened the note. Patient: Claude Okonkwo, DOB 1957-03-04":                                               {"Claude Okonkwo"},
		"The chart of JohnSmith is here. Patient John Smith, MRN 4471902":                                                    {"John Smith"},
	} {
		var got []string
		for _, f := range engine.Find(text, deid.Where{}) {
			if f.Kind == phi.Name {
				got = append(got, text[f.Start:f.End])
			}
		}
		for _, w := range want {
			found := false
			for _, g := range got {
				found = found || g == w
			}
			if !found {
				t.Errorf("%q: %q, want %q", text, got, w)
			}
		}
		if want == nil && got != nil {
			t.Errorf("%q: %q", text, got)
		}
	}
}
