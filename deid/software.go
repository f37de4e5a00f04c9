package deid

import (
	"slices"
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// definitionMark is the label of Definition. Like fieldMark it begins with a
// zero byte, which no label of a document may.
const definitionMark = "\x00definition"

// Definition says that a text explains a tool to a model. Such a text is full
// of words of programs that look like names to a reader of prose: in it, the
// tagger's word counts only for names and places that the lists know well.
// Labels, titles, forms and people who are named elsewhere count as ever.
func Definition() Where { return Where{Label: definitionMark} }

// clearSoftware drops what names a program and no person. The texts of coding
// clients are full of both: "Co-Authored-By: Claude Sonnet 5", "via ToolSearch".
// Taken for people, such words would be replaced in every text of the exchange,
// in tool definitions and system prompts too.
func (p *page) clearSoftware() {
	if len(p.out) == 0 {
		return
	}
	about := strings.Contains(p.txt, "Claude Code") || strings.Contains(p.txt, "Anthropic")
	p.out = slices.DeleteFunc(p.out, func(f Finding) bool {
		name := p.txt[f.Start:f.End]
		if f.Kind == phi.Org {
			return p.defines && p.isCompound(name)
		}
		if f.Kind != phi.Name {
			return false
		}
		if isModel(name) {
			return true
		}
		// Only the tagger's guesses: what a label or a title says of a name holds.
		return f.Rule == "tagger" && (about && strings.EqualFold(name, "claude") || p.isCompound(name))
	})
}

// isModel reports whether the words are Claude and something that the vendor
// calls so. Claude alone is a person's name too.
func isModel(name string) bool {
	words := strings.Fields(strings.ToLower(name))
	return len(words) == 2 && words[0] == "claude" &&
		slices.Contains([]string{"code", "sonnet", "opus", "haiku", "fable", "mythos"}, words[1])
}

// isCompound reports whether name is one word of code that is put together from
// ordinary words ("SendMessage"), of which none is much of a name. Where a tool
// is explained the words need not be ordinary ("CronCreate").
func (p *page) isCompound(name string) bool {
	humps := 0
	for at := 0; at < len(name); {
		end := at + 1
		for end < len(name) && name[end] >= 'a' && name[end] <= 'z' {
			end++
		}
		if !isUpper(name[at]) || end-at < 3 {
			return false
		}
		e := p.lex.Look(reference.KeyOf(strings.ToLower(name[at:end])))
		if e.English() == 0 && !p.defines || e.Given() >= 4 || e.Family() >= 7 {
			return false
		}
		humps++
		at = end
	}
	return humps > 1
}
