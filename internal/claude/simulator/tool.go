package simulator

import (
	"slices"
	"strings"
	"unicode"
)

// forcedTool is the tool that tool_choice demands.
func (r *request) forcedTool() (tool, bool) {
	for _, t := range r.Tools {
		if t.clientRuns() && (r.ToolChoice.Type == "any" || t.Name == r.ToolChoice.Name) {
			return t, true
		}
	}
	return tool{}, false
}

// pickTool chooses the tool that the instruction asks for, if any: one that
// tool_choice forces, else the one whose name and description share most words
// with the instruction. After a result it calls no tool by its own choice, so
// that a loop comes to its end.
func (r *request) pickTool(n *note) (tool, bool) {
	switch {
	case r.ToolChoice.Type == "none" || len(r.Tools) == 0:
		return tool{}, false
	case r.ToolChoice.Type == "any" || r.ToolChoice.Type == "tool":
		return r.forcedTool()
	case len(r.lastToolResults()) > 0:
		return tool{}, false
	}
	ask := n.ask
	if ask == "" {
		ask = firstChars(r.lastUserText(), 300)
	}
	asked := contentWords(ask, toolNoise)
	var best tool
	top := 0
	for _, t := range r.Tools {
		if !t.clientRuns() {
			continue
		}
		if score := overlap(t, asked); score > top {
			best, top = t, score
		}
	}
	return best, top >= 2
}

const toolNoise = " the and for with this that from what which please patient tool use used using can you could will would into are about their them note text "

// overlap counts shared words; those of the name count double.
func overlap(t tool, asked []string) int {
	name := contentWords(t.Name, toolNoise)
	about := contentWords(t.Description, toolNoise)
	score := 0
	for _, w := range asked {
		switch {
		case slices.Contains(name, w):
			score += 2
		case slices.Contains(about, w):
			score++
		}
	}
	return score
}

// contentWords divides a text or a name (snake_case, camelCase) into lower-case
// words of three letters or more without their plural s, each once, in order.
func contentWords(text, noise string) []string {
	var out []string
	for _, w := range nameWords(text) {
		if len(w) < 3 || strings.Contains(noise, " "+w+" ") {
			continue
		}
		if len(w) > 4 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			w = w[:len(w)-1]
		}
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func nameWords(text string) []string {
	var b strings.Builder
	lower := false
	for _, c := range text {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			b.WriteByte(' ')
			lower = false
			continue
		}
		if unicode.IsUpper(c) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(c)
		b.WriteRune(unicode.ToLower(c))
	}
	return strings.Fields(b.String())
}
