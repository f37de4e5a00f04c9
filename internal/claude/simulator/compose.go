package simulator

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// reply is an answer before it takes a wire form.
type reply struct {
	blocks []outBlock
	stop   string  // stop_reason
	hit    *string // the stop sequence that was met
	tokens int     // of output
}

// outBlock is one content block of an answer.
type outBlock struct {
	kind      string // "text", "thinking", "redacted_thinking", "tool_use"
	text      string // of text and thinking
	citations []citation
	signature string
	data      string
	id, name  string
	input     []byte // JSON object
}

// signedLine ends every ordinary answer in words.
const signedLine = "(Simulated answer: no model was called.)"

// compose decides what to answer.
func compose(r *request, d directives, id seed) (*reply, *fault) {
	a := &reply{stop: "end_turn"}
	if d.redacted {
		a.blocks = append(a.blocks, outBlock{kind: "redacted_thinking", data: redact(id.name(""))})
	}
	var f *fault
	switch {
	case d.refusal:
		a.stop = "refusal"
		a.blocks = append(a.blocks, outBlock{kind: "text", text: "I cannot help with that. " + signedLine})
	case d.mode == echoTool:
		f = a.echoTool(r, d, id)
	case d.mode != echoNothing:
		if d.mode == echoThinking || r.Thinking.on() {
			a.think(r, d.echo)
		}
		a.blocks = append(a.blocks, outBlock{kind: "text", text: d.echo})
	default:
		a.ordinary(r, id)
	}
	if f != nil {
		return nil, f
	}
	a.limit(r)
	return a, nil
}

func (a *reply) think(r *request, text string) {
	if r.Thinking.Display == "omitted" {
		text = ""
	}
	a.blocks = append(a.blocks, outBlock{kind: "thinking", text: text, signature: signThinking(text)})
}

// ordinary answers what was asked: with JSON if a schema binds the answer, by
// calling a tool if one fits, else in words.
func (a *reply) ordinary(r *request, id seed) {
	n := readNote(r.passages())
	if r.Thinking.on() {
		a.think(r, reasoning(n))
	}
	if schema := r.schema(); len(schema) > 0 {
		a.blocks = append(a.blocks, outBlock{kind: "text", text: string(fill(schema, n, true))})
		return
	}
	if t, ok := r.pickTool(n); ok {
		a.stop = "tool_use"
		if r.ToolChoice.Type != "any" && r.ToolChoice.Type != "tool" {
			a.blocks = append(a.blocks, outBlock{kind: "text", text: "I will use " + t.Name + " for that."})
		}
		a.blocks = append(a.blocks, outBlock{
			kind: "tool_use", id: id.name("toolu_sim_"), name: t.Name, input: fill(t.InputSchema, n, false),
		})
		return
	}
	p := &page{note: n, citing: r.citing()}
	if results := r.lastToolResults(); len(results) > 0 {
		p.toolResults(results)
	} else {
		p.write(jobOf(n))
	}
	a.blocks = append(a.blocks, p.blocks()...)
}

// reasoning is the thinking of an ordinary answer. It names the patient as the
// text does, so that restoring inside thinking can be seen.
func reasoning(n *note) string {
	who := n.persona.patient
	if who == "" {
		who = "nobody by name"
	}
	return "The text is about " + who + ". I look for headings, doses, measurements and plans, and keep to the words that are there."
}

// echoTool puts the text into the first text field of the first tool.
func (a *reply) echoTool(r *request, d directives, id seed) *fault {
	for _, t := range r.Tools {
		if !t.clientRuns() {
			continue
		}
		text := d.echo
		for range d.depth {
			text = string(encode(map[string]string{"text": text}))
		}
		input, ok := fillWith(t.InputSchema, text)
		if !ok {
			return invalid("simulate: the first tool has no property of type string")
		}
		a.stop = "tool_use"
		a.blocks = append(a.blocks, outBlock{kind: "tool_use", id: id.name("toolu_sim_"), name: t.Name, input: input})
		return nil
	}
	return invalid("simulate: echo-tool needs a tool of the client's")
}

// limit applies stop sequences and max_tokens, the earlier of the two.
func (a *reply) limit(r *request) {
	budget := *r.MaxTokens
	for i := range a.blocks {
		b := &a.blocks[i]
		if b.kind == "text" && a.stopAt(b, r.StopSequences) {
			a.blocks = a.blocks[:i+1]
		}
		cost := b.tokens()
		if a.tokens+cost <= budget {
			a.tokens += cost
			if a.hit != nil {
				return
			}
			continue
		}
		a.stop, a.hit = "max_tokens", nil
		left := budget - a.tokens
		a.tokens = budget
		if b.kind == "text" && left > 0 {
			b.text = firstChars(b.text, left*charsPerToken)
			a.blocks = a.blocks[:i+1]
		} else {
			a.blocks = a.blocks[:i] // a half tool call or a half thought is of no use to anybody
		}
		return
	}
}

// stopAt ends the block before the earliest stop sequence in it.
func (a *reply) stopAt(b *outBlock, sequences []string) bool {
	at := -1
	for i, s := range sequences {
		if p := strings.Index(b.text, s); p >= 0 && (at < 0 || p < at) {
			at, a.hit = p, &sequences[i]
		}
	}
	if at < 0 {
		return false
	}
	b.text, a.stop = b.text[:at], "stop_sequence"
	return true
}

func (b outBlock) tokens() int {
	switch b.kind {
	case "tool_use":
		return textTokens(string(b.input)) + textTokens(b.name)
	case "redacted_thinking":
		return textTokens(b.data)
	}
	return textTokens(b.text)
}

func firstChars(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// lastToolResults are the texts of the results in the newest message, with the
// name of the tool that each belongs to.
func (r *request) lastToolResults() []toolResult {
	names := map[string]string{}
	for _, m := range r.Messages {
		for _, b := range m.Content {
			if b.Type == "tool_use" {
				names[b.ID] = b.Name
			}
		}
	}
	var out []toolResult
	for _, b := range r.newest().Content {
		if b.Type != "tool_result" {
			continue
		}
		var parts []string
		for _, c := range b.Content {
			parts = append(parts, c.Text)
		}
		out = append(out, toolResult{tool: names[b.ToolUseID], text: strings.Join(parts, "\n")})
	}
	return out
}

type toolResult struct{ tool, text string }

// fields yields the members of a result that is a JSON object, in its order.
func (t toolResult) fields() []member {
	var raw json.RawMessage = []byte(t.text)
	return members(raw)
}
