package synth

import "strings"

// house names an organisation of a kind (hospital, school, shop and so on)
// after a saint, a founder, a town or a view, in the manner of the language
// where its words have one.
func (w *World) house(kind, lang, country string) string {
	d := &w.dice
	s := d.pick(w.spoken(kind, lang))
	for strings.Contains(s, "%family") {
		s = strings.Replace(s, "%family", d.pick(w.origins[d.n(len(w.origins))].family), 1)
	}
	s = strings.ReplaceAll(s, "%town", w.address(landOf(country)).Town)
	s = strings.ReplaceAll(s, "%saint", d.pick(w.spoken("saint", lang)))
	s = strings.ReplaceAll(s, "%coined", d.pick(w.spoken("coined", lang)))
	return strings.ReplaceAll(s, "%view", d.pick(w.spoken("view", lang)))
}

// spoken yields the list of words of the language, or else the English one.
func (w *World) spoken(list, lang string) []string {
	if own := w.words.rules[list+"-"+lang]; len(own) > 0 {
		return own
	}
	return w.words.rules[list]
}
