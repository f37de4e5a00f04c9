package main

import (
	"fmt"
	"io"

	"chaperone/internal/ocr"

	"github.com/spf13/cobra"
)

// seeing adds the flags about pictures.
func (o *deidOptions) seeing(c *cobra.Command) {
	o.images.flag(c)
	c.Flags().StringVar(&o.ocr, "ocr", "", "read the words of pictures and scans with this program: tesseract, or its path (default: pictures are not read)")
}

// reading is how files are read, as the flags say. The program for OCR is looked
// for only if it was asked for.
func (o *deidOptions) reading(c *cobra.Command) (reading, error) {
	how := reading{format: o.format.name, pictures: o.images.Pictures, stdin: stdin(c), broken: c.Context().Done()}
	if o.ocr == "" {
		return how, nil
	}
	var err error
	if how.ocr, err = ocr.Open(o.ocr); err != nil {
		return how, misuse{"--ocr: " + err.Error(), "leave --ocr away; then pictures are refused"}
	}
	return how, nil
}

// tellRecognised says what it means that OCR has read a file.
func tellRecognised(w io.Writer, name string) {
	fmt.Fprintf(w, "chaperone: note: %s: read by OCR, which proves nothing about what it did not see; faces are not looked for\n", printable(name))
}
