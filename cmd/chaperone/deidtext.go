package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"chaperone/deid/format"
	"chaperone/internal/api"

	"github.com/spf13/cobra"
)

func deidTextCommand() *cobra.Command {
	var o deidOptions
	c := &cobra.Command{
		Use:   "text [TEXT]",
		Short: "Conceal what identifies in a text, given as an argument or on standard input",
		Long: "Conceal what identifies in a text, given as an argument or on standard input. The\n" +
			"concealed text goes to standard output. What your shell remembers of an argument is\n" +
			"your shell's affair: standard input is the better way.\n\n" + keptHelp,
		Example: "  chaperone deid text --keep < note.txt > clean.txt\n" +
			"  chaperone deid text --relink kept-mfrggzdfmztwq2lk < letter.txt",
		Args: atMostOne("the text"),
		RunE: func(c *cobra.Command, args []string) error {
			in, end := stdin(c), ""
			if len(args) == 1 {
				in, end = strings.NewReader(args[0]), "\n"
			}
			in = &short{in, format.MaxDocument}
			if o.format.name == "" {
				o.format.name = format.Text
			}
			if o.keeping.relink != "" {
				return o.textBack(c, in, end)
			}
			return o.keeping.during(c, func() error { return o.text(c, in, end) })
		},
	}
	o.flags(c)
	c.Flags().Lookup("format").DefValue = string(format.Text)
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object with the text and the counts by kind")
	return c
}

// text conceals a text and prints it, with end if it has no end of line.
func (o *deidOptions) text(c *cobra.Command, in io.Reader, end string) error {
	hide, _, err := o.concealer(c)
	if err != nil {
		return err
	}
	r, err := format.NewReader(in, "", o.format.name)
	if err != nil {
		return inspectable(err)
	}
	found := newTally(o.told(c), "text")
	var out bytes.Buffer
	if err := hide.Copy(&out, r, found.add); err != nil {
		return inspectable(err)
	}
	if err := o.keeping.seal(c, o.session); err != nil {
		return err
	}
	if o.report {
		found.print(c.ErrOrStderr())
	}
	if o.json {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetEscapeHTML(false)
		return enc.Encode(struct {
			Text     string         `json:"text"`
			Findings map[string]int `json:"findings"`
			Kept     *api.Kept      `json:"kept,omitempty"`
		}{out.String(), found.words(), o.keeping.kept})
	}
	o.keeping.tell(c.ErrOrStderr())
	return printText(c, out.Bytes(), end)
}

func printText(c *cobra.Command, text []byte, end string) error {
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, end...)
	}
	_, err := c.OutOrStdout().Write(text)
	return err
}

// short is a reader of a text that is held in memory as a whole, and is refused
// where it is too long for that.
type short struct {
	from io.Reader
	left int
}

// Read reads on, unless the text is too long.
func (s *short) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.left -= n; s.left < 0 {
		return 0, exit{
			exitFailed, fmt.Sprintf("the text is longer than %d MB, so nothing was written", format.MaxDocument>>20),
			"give it to 'chaperone deid file -'",
		}
	}
	return n, err
}
