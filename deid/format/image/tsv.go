package image

import (
	"bytes"
	"image"
	"strconv"
	"unicode/utf8"
)

// Word is a word that OCR has read.
type Word struct {
	Text        string
	Box         image.Rectangle // in pixels
	Confidence  float64         // of 100
	Block, Line int             // the block and the line it stands in, counted through the page
}

const maxWords = 1_000_000

// parseTSV reads tesseract's table: level, page, block, paragraph, line, word,
// left, top, width, height, confidence, text. Lines of other levels than that
// of words say what the lines below belong to, which their columns say too.
func parseTSV(table []byte) ([]Word, error) {
	var (
		words       []Word
		at          [4]int
		block, line int
	)
	for n, row := range bytes.Split(table, []byte{'\n'}) {
		row = bytes.TrimSuffix(row, []byte{'\r'})
		cells := bytes.SplitN(row, []byte{'\t'}, 12)
		if len(row) == 0 || n == 0 && string(cells[0]) == "level" {
			continue
		}
		if len(cells) < 11 || !utf8.Valid(row) {
			return nil, &Fault{Where: "line " + strconv.Itoa(n+1), What: "what OCR has answered is no table of words"}
		}
		var number [10]int
		for i := range number {
			v, err := strconv.Atoi(string(cells[i]))
			if err != nil || v < 0 || v > 1<<20 {
				return nil, &Fault{Where: "line " + strconv.Itoa(n+1), What: "what OCR has answered holds no number where one must be"}
			}
			number[i] = v
		}
		sure, err := strconv.ParseFloat(string(cells[10]), 64)
		if err != nil {
			return nil, &Fault{Where: "line " + strconv.Itoa(n+1), What: "what OCR has answered holds no confidence"}
		}
		if number[0] != 5 || len(cells) < 12 || len(bytes.TrimSpace(cells[11])) == 0 {
			continue
		}
		if place := [4]int(number[1:5]); len(words) == 0 || place != at {
			line++
			if len(words) == 0 || place[0] != at[0] || place[1] != at[1] || place[2] != at[2] {
				block++
			}
			at = place
		}
		if len(words) == maxWords {
			return nil, &Fault{What: "OCR has answered with more than a million words"}
		}
		words = append(words, Word{
			Text:       string(bytes.TrimSpace(cells[11])),
			Box:        image.Rect(number[6], number[7], number[6]+number[8], number[7]+number[9]),
			Confidence: sure, Block: block, Line: line,
		})
	}
	return words, nil
}
