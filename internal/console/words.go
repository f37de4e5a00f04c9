package console

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"chaperone/deid"
)

// wordsPage shows the words of one exchange.
type wordsPage struct {
	frame
	Which string
	Parts []wordsPart
}

func (*wordsPage) name() string { return "words" }

// wordsPart is one piece of an exchange's content.
type wordsPart struct {
	ID, Title, What string
	Bytes           int
	Runs            []run
	Marked          int // placeholders set off
	Indented        bool
	Cut             int // bytes that are not shown
}

// run is a stretch of text; a placeholder is set off.
type run struct {
	Text        string
	Placeholder bool
}

// maxShown is how much of one part a page shows, in bytes.
const maxShown = 256 << 10

// partWords are the parts in the order of the walk, and what each is.
var partWords = [...]struct{ name, title, what string }{
	{"reason", "Reason", "What the caller gave as the reason"},
	{"received", "Received", "What the client sent to Chaperone"},
	{"sent", "Sent", "What left for Claude; placeholders are set off"},
	{"answered", "Answered", "What came back; placeholders are set off"},
	{"delivered", "Delivered", "What the client got"},
	{"detail", "Detail", "What this event was about"},
}

// words shows the words of one exchange to those who ask for them, after
// recording that they do. Only a POST gets here: nothing that follows links can.
func (v *visit) words() (page, error) {
	full, err := v.show("/words")
	if err != nil {
		return nil, err
	}
	p := &wordsPage{frame: frame{Title: "Words of one exchange", Here: "/console/record"}, Which: v.r.PathValue("which")}
	for _, part := range partWords {
		for _, r := range rows(full) {
			content, ok := r.Content[part.name]
			if !ok || len(content) == 0 {
				continue
			}
			shown := showPart(content, part.name == "sent" || part.name == "answered")
			shown.ID, shown.Title, shown.What = part.name, part.title, part.what
			p.Parts = append(p.Parts, shown)
		}
	}
	return p, nil
}

// showPart makes content fit to read: JSON is indented, what is not UTF-8 is
// shown as such, and a very long text is cut.
func showPart(content []byte, mark bool) wordsPart {
	p := wordsPart{Bytes: len(content)}
	shown := content
	var indented bytes.Buffer
	if len(content) <= maxShown && json.Indent(&indented, content, "", "  ") == nil {
		shown, p.Indented = indented.Bytes(), true
	} else if len(shown) > maxShown {
		shown, p.Cut = shown[:maxShown], len(shown)-maxShown
	}
	text := strings.ToValidUTF8(string(shown), "\uFFFD")
	if !mark {
		p.Runs = []run{{Text: text}}
		return p
	}
	at := 0
	for _, span := range deid.Placeholders(text) {
		if span[0] > at {
			p.Runs = append(p.Runs, run{Text: text[at:span[0]]})
		}
		p.Runs = append(p.Runs, run{Text: text[span[0]:span[1]], Placeholder: true})
		at = span[1]
		p.Marked++
	}
	if at < len(text) {
		p.Runs = append(p.Runs, run{Text: text[at:]})
	}
	return p
}

func number(n int) string { return strconv.Itoa(n) }
