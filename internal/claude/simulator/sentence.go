package simulator

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a sentence or a list item, with its place in its passage.
type sentence struct {
	passage    int // index into the note's passages
	start, end int // UTF-8 bytes in the passage's text, end exclusive
	text       string
	section    section
	first      bool // it begins a line
	item       bool // the line is a list item
}

var bullet = regexp.MustCompile(`^[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])[ \t]+`)

// split divides passage number n into sentences and marks the section each
// stands in.
func split(n int, text string) []sentence {
	var out []sentence
	at := sectionNone
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n')
		next := end + 1
		if end < start {
			end, next = len(text), len(text)
		}
		line := strings.TrimRight(text[start:end], "\r")
		body := 0
		if s, rest, ok := heading(line); ok {
			at, body = s, rest
		}
		mark := bullet.FindString(line[body:])
		lineOut := cut(line, body+len(mark))
		for i := range lineOut {
			lineOut[i].passage, lineOut[i].section = n, at
			lineOut[i].start += start
			lineOut[i].end += start
			lineOut[i].first, lineOut[i].item = i == 0, mark != ""
		}
		out = append(out, lineOut...)
		start = next
	}
	return out
}

// cut divides one line behind from at the ends of its sentences.
func cut(line string, from int) []sentence {
	var out []sentence
	begin := from
	emit := func(end int) {
		text := strings.TrimSpace(line[begin:end])
		if text != "" && strings.ContainsFunc(text, unicode.IsLetter) {
			start := begin + strings.Index(line[begin:end], text)
			out = append(out, sentence{start: start, end: start + len(text), text: text})
		}
		begin = end
	}
	for i := from; i < len(line); i++ {
		if line[i] != '.' && line[i] != '!' && line[i] != '?' && line[i] != ';' {
			continue
		}
		if sentenceEnds(line, begin, i) {
			emit(i + 1)
		}
	}
	emit(len(line))
	return out
}

// abbreviations are followed by a full stop that ends no sentence.
const abbreviations = " dr mr mrs ms st no vs approx e.g i.e etc dept tel prof jr sr mt fig pt hx dx rx tx q.d b.i.d t.i.d p.o "

func sentenceEnds(line string, begin, i int) bool {
	rest := line[i+1:]
	if rest == "" {
		return false // the caller ends the line
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \t"))
	if !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "\t") {
		return false
	}
	if line[i] != '.' {
		return true
	}
	word := line[begin:i]
	if at := strings.LastIndexAny(word, " \t("); at >= 0 {
		word = word[at+1:]
	}
	if len(word) == 1 && unicode.IsUpper(rune(word[0])) {
		return false // an initial
	}
	if strings.Contains(abbreviations, " "+strings.ToLower(word)+" ") && word != "" {
		return false
	}
	return !unicode.IsLower(next)
}
