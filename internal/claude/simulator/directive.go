package simulator

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Directives lists what a user text can script, each as [[simulate:WORD]] with
// optional key=value pairs behind the word. Only the newest user message is
// read, so that an old directive in the history does nothing.
//
//	error=STATUS            answer that status; retry_after=SECONDS adds the header
//	400 401 403 404 413 429 500 529   short for error=…
//	mid-stream-error        an error event in the middle; after=N: behind N deltas
//	truncate                hang up in the middle; after=N as above
//	hang                    say nothing until the client is gone; after=N: behind N deltas
//	html                    answer 200 with a web page
//	slow=MILLISECONDS       pause between events
//	chunk=N                 deltas of N characters
//	echo                    answer exactly the text behind the directive
//	echo-tool               put that text into the first text field of the first tool;
//	                        depth=N: inside N layers of JSON in a string
//	thinking-echo           think that text, then answer it
//	redacted-thinking       put a redacted thinking block first
//	refusal                 end with stop_reason "refusal"
const Directives = "error=STATUS, 400, 401, 403, 404, 413, 429, 500, 529, mid-stream-error, truncate, hang, " +
	"html, slow=MS, chunk=N, echo, echo-tool, thinking-echo, redacted-thinking, refusal"

var (
	directiveForm = regexp.MustCompile(`\[\[simulate:([^\[\]\n]*)\]\]`)
	bareStatuses  = []string{"400", "401", "403", "404", "413", "429", "500", "529"}
)

// directives are what the newest user message scripts.
type directives struct {
	fault    *fault
	midError bool
	truncate bool
	hang     bool
	html     bool
	redacted bool
	refusal  bool
	after    int // deltas before the break; -1 means half of them
	slow     time.Duration
	chunk    int // characters a delta; 0 means as they come
	echo     string
	mode     echoMode
	depth    int
}

type echoMode uint8

const (
	echoNothing echoMode = iota
	echoText
	echoTool
	echoThinking
)

var echoWords = map[string]echoMode{"echo": echoText, "echo-tool": echoTool, "thinking-echo": echoThinking}

// parseDirectives reads the script out of a text. A directive that does not
// exist is a fault: a test that scripts nothing would pass for no reason.
func parseDirectives(text string) (directives, *fault) {
	d := directives{after: -1}
	marks := directiveForm.FindAllStringSubmatchIndex(text, -1)
	for _, m := range marks {
		fields := strings.Fields(text[m[2]:m[3]])
		if len(fields) == 0 || !d.take(fields[0], arguments(fields)) {
			return d, invalid("simulate: there is no such directive; there are %s", Directives)
		}
		if mode, ok := echoWords[fields[0]]; ok && d.mode == echoNothing {
			d.mode = mode
			d.echo = behind(text, m[0], m[1])
		}
	}
	return d, nil
}

// behind is the text after the directive at [start, end), one space or line
// break between them apart; when nothing stands there, the text before it.
func behind(text string, start, end int) string {
	rest := directiveForm.ReplaceAllString(text[end:], "")
	rest = trimOne(rest)
	if rest == "" {
		rest = strings.TrimSpace(directiveForm.ReplaceAllString(text[:start], ""))
	}
	return rest
}

func trimOne(s string) string {
	for _, gap := range []string{"\r\n", "\n", " "} {
		if rest, ok := strings.CutPrefix(s, gap); ok {
			return rest
		}
	}
	return s
}

func arguments(fields []string) map[string]int {
	args := map[string]int{}
	for _, field := range fields {
		key, value, _ := strings.Cut(field, "=")
		if n, err := strconv.Atoi(value); err == nil && n >= 0 && n <= 1_000_000 {
			args[key] = n
		}
	}
	return args
}

func (d *directives) take(word string, args map[string]int) bool {
	name, _, _ := strings.Cut(word, "=")
	if slices.Contains(bareStatuses, word) {
		args["error"], _ = strconv.Atoi(word)
		name = "error"
	}
	if n, ok := args["after"]; ok {
		d.after = n
	}
	switch name {
	case "error":
		status := args["error"]
		if status < 400 || status > 599 {
			return false
		}
		d.fault = faultf(status, "Simulated error")
		d.fault.retryAfter = args["retry_after"]
	case "mid-stream-error":
		d.midError = true
	case "truncate":
		d.truncate = true
	case "hang":
		d.hang = true
	case "html":
		d.html = true
	case "slow":
		d.slow = time.Duration(max(args["slow"], 1)) * time.Millisecond
	case "chunk":
		d.chunk = max(args["chunk"], 1)
	case "echo-tool":
		d.depth = min(args["depth"], 4)
	case "redacted-thinking":
		d.redacted = true
	case "refusal":
		d.refusal = true
	case "echo", "thinking-echo":
	default:
		return false
	}
	return true
}

// beforeAnswer plays what happens before the first byte.
func (d directives) beforeAnswer(ctx context.Context, w http.ResponseWriter) *fault {
	if d.hang && d.after < 0 {
		<-ctx.Done()
		panic(http.ErrAbortHandler)
	}
	if d.fault == nil {
		return nil
	}
	if d.fault.status == http.StatusTooManyRequests {
		w.Header().Set("Anthropic-Ratelimit-Requests-Remaining", "0")
	}
	return d.fault
}
