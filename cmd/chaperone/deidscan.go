package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"chaperone/deid"

	"github.com/spf13/cobra"
)

// maxScanLine is the longest line that scan reads, in bytes.
const maxScanLine = 64 << 20

func deidScanCommand() *cobra.Command {
	var (
		profile profileFlags
		rules   rulesFlag
		jsonl   bool
	)
	c := &cobra.Command{
		Use:   "scan --jsonl",
		Short: "Read texts as JSON lines and write what identifies in each, for machines",
		Long: "Read lines {\"id\":\"…\",\"text\":\"…\"} on standard input and write, in order, one line each:\n" +
			"{\"id\":\"…\",\"findings\":[{\"start\":0,\"end\":4,\"kind\":\"NAME\",\"score\":0.98}]}. Offsets are UTF-8\n" +
			"bytes of the decoded text; the end is exclusive. Ids come back as they were. A line that\n" +
			"cannot be read is answered with {\"id\":…,\"error\":\"…\"}, and the exit code is 1 at the end.\n" +
			"Each line stands alone: what one says is not remembered for the next.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if !jsonl {
				return misuse{"scan reads JSON lines only", "say so with --jsonl"}
			}
			asked, err := profile.profile(time.Now())
			if err != nil {
				return err
			}
			engine, _, err := rules.engine()
			if err != nil {
				return err
			}
			s := scanner{engine: engine, profile: asked, out: bufio.NewWriterSize(c.OutOrStdout(), 1<<16)}
			err = s.run(stdin(c))
			if errors.Is(err, errInterrupted) {
				return exit{exitFailed, "it was interrupted; the lines answered so far are whole", ""}
			}
			return err
		},
	}
	profile.flags(c)
	rules.flag(c)
	c.Flags().BoolVar(&jsonl, "jsonl", false, "read and write JSON lines")
	return c
}

// scanner answers lines of texts with lines of findings. Between two lines it
// keeps nothing but its buffers.
type scanner struct {
	engine  *deid.Engine
	profile deid.Profile
	out     *bufio.Writer
	line    []byte
	faults  int
}

func (s *scanner) run(r io.Reader) error {
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := s.next(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			s.out.Flush() //nolint:errcheck // the error of the input is the one to tell
			return err
		}
		if err != nil {
			s.fault(readableID(line), "the line is longer than 64 MB")
		} else {
			s.answer(line)
		}
		// A slow sender waits for the answer before it sends on.
		if in.Buffered() == 0 {
			if err := s.out.Flush(); err != nil {
				return err
			}
		}
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if s.faults > 0 {
		return exit{exitFailed, fmt.Sprintf("%d line(s) could not be read", s.faults), "each is answered with an error in its place"}
	}
	return nil
}

var errLongLine = errors.New("line too long")

// next reads one line without its end. Of a line that is too long it yields the
// beginning and errLongLine. The slice is good until the next call.
func (s *scanner) next(in *bufio.Reader) ([]byte, error) {
	if cap(s.line) > 1<<20 {
		s.line = nil // one long line must not be paid for ever after
	}
	s.line = s.line[:0]
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if len(s.line)+len(part) > maxScanLine {
			long = true
		} else {
			s.line = append(s.line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(s.line) > 0 || long):
		case err != nil:
			return nil, err
		}
		if long {
			return s.line, errLongLine
		}
		return bytes.TrimRight(s.line, "\r\n"), nil
	}
}

// scanLine is a line as it comes in.
type scanLine struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
}

func (s *scanner) answer(line []byte) {
	line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF")) // some senders begin with a byte order mark
	broken := !utf8.Valid(line)
	if broken {
		line = keepStray(line)
	}
	var l scanLine
	if err := json.Unmarshal(line, &l); err != nil {
		s.fault(readableID(line), faultOf(err))
		return
	}
	if !isID(l.ID) {
		s.fault(nil, `the line has no "id"`)
		return
	}
	if l.Text == nil {
		s.fault(l.ID, `the line has no "text"`)
		return
	}
	if broken {
		*l.Text = withStray(*l.Text)
	}
	veil := deid.NewVeil(s.engine, newSession())
	s.write(l.ID, veil.Findings(*l.Text, deid.Where{}))
}

// write writes one answer. It is put together by hand so that the id comes back
// byte for byte.
func (s *scanner) write(id json.RawMessage, found []deid.Finding) {
	b := append(s.out.AvailableBuffer(), `{"id":`...)
	b = append(b, id...)
	b = append(b, `,"findings":[`...)
	first := true
	for _, f := range found {
		if !f.Kind.Identifies() || !s.profile.Conceals(f.Kind) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, `{"start":`...)
		b = strconv.AppendInt(b, int64(f.Start), 10)
		b = append(b, `,"end":`...)
		b = strconv.AppendInt(b, int64(f.End), 10)
		b = append(b, `,"kind":"`...)
		b = append(b, f.Kind.Word()...)
		b = append(b, `","score":`...)
		b = strconv.AppendFloat(b, min(f.Score, 1), 'f', 2, 64)
		b = append(b, '}')
	}
	b = append(b, "]}\n"...)
	s.out.Write(b) //nolint:errcheck // a bufio.Writer keeps its error for Flush
}

func (s *scanner) fault(id json.RawMessage, what string) {
	s.faults++
	if id == nil {
		id = json.RawMessage("null")
	}
	words, _ := json.Marshal(what) // a string is always JSON
	fmt.Fprintf(s.out, "{\"id\":%s,\"error\":%s}\n", id, words)
}

// faultOf says what is wrong with a line, without a word of it.
func faultOf(err error) string {
	var (
		syntax *json.SyntaxError
		wrong  *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("the line is not JSON, at byte %d", syntax.Offset)
	case errors.As(err, &wrong) && wrong.Field != "":
		return `"text" is not a string`
	default:
		return "the line is not a JSON object"
	}
}

// readableID finds the id of a line that cannot be read as a whole, or nil.
func readableID(line []byte) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(line))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil
		}
		if key == "id" && isID(value) {
			return value
		}
	}
	return nil
}

// isID reports whether there is an id. Any JSON value is one, and comes back as
// it is.
func isID(v json.RawMessage) bool { return len(v) > 0 }

// stray stands for a byte that is no UTF-8 while a line is decoded: a decoder
// would put another character of another length in its place, and no offset
// behind it would be right.
const stray = rune(0x10FE00)

// keepStray writes every byte that is no UTF-8 as a character of its own.
func keepStray(line []byte) []byte {
	var b []byte
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		if r == utf8.RuneError && n == 1 {
			b = utf8.AppendRune(b, stray+rune(line[0]))
		} else {
			b = append(b, line[:n]...)
		}
		line = line[n:]
	}
	return b
}

// withStray undoes keepStray in a decoded text.
func withStray(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= stray && r < stray+256 {
			b.WriteByte(byte(r - stray))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
