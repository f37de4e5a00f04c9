package synth

import "strings"

// disfigure does to the text what happens to texts of the style: speech has no
// capitals, old printers have nothing else, scans and fingers err.
func (n *notary) disfigure() {
	if n.style.settings["lang"] == "fr" {
		n.elide()
	}
	switch n.style.settings["case"] {
	case "lower":
		n.each(strings.ToLower)
	case "upper":
		n.each(strings.ToUpper)
	}
	switch n.style.settings["noise"] {
	case "ocr":
		n.each(n.misread)
	case "typo":
		n.each(n.mistype)
	case "plain":
		n.each(withoutAccents)
	}
}

func (n *notary) each(f func(string) string) {
	for i := range n.pieces {
		n.pieces[i].text = f(n.pieces[i].text)
	}
}

// misread confuses what scanners confuse, about once in forty letters.
func (n *notary) misread(s string) string {
	swaps := []string{"l1", "1l", "O0", "0O", "S5", "5S", "B8", "rn", "mn", "ec", "I1", "gq", "Z2", "ce"}
	b := []byte(s)
	for i := range b {
		if !n.world.dice.in(1, 40) {
			continue
		}
		for _, x := range swaps {
			if b[i] == x[0] {
				b[i] = x[1]
				break
			}
		}
	}
	return string(b)
}

// mistype swaps, drops or doubles a small letter, about once in sixty.
func (n *notary) mistype(s string) string {
	d := &n.world.dice
	b := make([]byte, 0, len(s)+4)
	for i := 0; i < len(s); i++ {
		small := func(k int) bool { return k < len(s) && s[k] >= 'a' && s[k] <= 'z' }
		if !small(i) || !d.in(1, 60) {
			b = append(b, s[i])
			continue
		}
		switch d.n(3) {
		case 0:
			if small(i + 1) {
				b = append(b, s[i+1], s[i])
				i++
				continue
			}
			b = append(b, s[i])
		case 1:
			b = append(b, s[i], s[i])
		}
	}
	return string(b)
}

var accents = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "ô", "o", "î", "i", "ï", "i", "ù", "u", "û", "u", "ç", "c", "É", "E", "È", "E", "ñ", "n", "á", "a", "í", "i", "ó", "o", "ú", "u", "œ", "oe")

func withoutAccents(s string) string { return accents.Replace(s) }
