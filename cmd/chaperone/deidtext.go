package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"chaperone/deid/format"

	"github.com/spf13/cobra"
)

func deidTextCommand() *cobra.Command {
	var o deidOptions
	c := &cobra.Command{
		Use:   "text [TEXT]",
		Short: "Conceal what identifies in a text, given as an argument or on standard input",
		Long: "Conceal what identifies in a text, given as an argument or on standard input. The\n" +
			"concealed text goes to standard output. What your shell remembers of an argument is\n" +
			"your shell's affair: standard input is the better way.",
		Args: atMostOne("the text"),
		RunE: func(c *cobra.Command, args []string) error {
			in := c.InOrStdin()
			if len(args) == 1 {
				in = strings.NewReader(args[0])
			}
			if o.format.name == "" {
				o.format.name = format.Text
			}
			return o.text(c, in)
		},
	}
	o.flags(c)
	c.Flags().Lookup("format").DefValue = string(format.Text)
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object with the text and the counts by kind")
	return c
}

func (o *deidOptions) text(c *cobra.Command, in io.Reader) error {
	hide, _, err := o.concealer()
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
	if o.report {
		found.print(c.ErrOrStderr())
	}
	if o.json {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetEscapeHTML(false)
		return enc.Encode(struct {
			Text     string         `json:"text"`
			Findings map[string]int `json:"findings"`
		}{out.String(), found.words()})
	}
	text := out.Bytes()
	if !bytes.HasSuffix(text, []byte("\n")) && len(text) > 0 && in != c.InOrStdin() {
		text = append(text, '\n')
	}
	_, err = c.OutOrStdout().Write(text)
	return err
}
