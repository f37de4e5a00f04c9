package synth

import (
	"strings"

	"chaperone/phi"
)

// These are words that the names of French houses begin with and that take an
// article in a sentence; l' stands before a vowel or a mute h.
const (
	masculine = "chu ch clsc centre gmf cisss pavillon labo laboratoire cabinet cmp garage collège lycée cégep foyer manoir home temple couvent groupe domaine restaurant chsld ght crdi cpe café bar camping dépanneur cinéma ssiad ccas cpas cms secours"
	feminine  = "clinique polyclinique maison boulangerie mosquée paroisse synagogue résidence villa pharmacie mairie ville polyvalente garderie librairie quincaillerie piscine scierie fromagerie menuiserie boucherie plomberie brasserie ferme crèche rpa dpj mutuelle communauté"
	elided    = "hôpital armée école église université épicerie officine institut ehpad ems imprimerie usine auto-école association étude iut ime udaf ase admr hôtel"
)

// articleOf yields "le ", "la ", "l'" or nothing for the name of a house.
func articleOf(house string) string {
	word, _, _ := strings.Cut(strings.ToLower(house), " ")
	for _, x := range []struct{ list, article string }{{masculine, "le "}, {feminine, "la "}, {elided, "l'"}} {
		for w := range strings.FieldsSeq(x.list) {
			if w == word {
				return x.article
			}
		}
	}
	return ""
}

// elide joins French names to the preposition before them the way the language
// does: d'Anne, de Paul, du lycée, à l'hôpital. Frames cannot know which name
// will follow.
func (n *notary) elide() {
	for i := 1; i < len(n.pieces); i++ {
		before, name := &n.pieces[i-1], n.pieces[i]
		if before.kind != phi.None {
			continue
		}
		article := ""
		if name.kind == phi.Org {
			article = articleOf(name.text)
		}
		switch {
		case name.text == "" || name.kind != phi.Org && name.kind != phi.Name && name.kind != phi.Place:
		case article != "" && n.world.dice.in(3, 4):
			before.text = contract(before.text, article)
		case article == "":
			before.text = apostrophe(before.text, strings.ContainsAny(name.text[:1], "AEIOUaeiou") || strings.HasPrefix(name.text, "É") || strings.HasPrefix(name.text, "é"))
		}
	}
}

// contract puts the article between the preposition at the end of s and what
// follows.
func contract(s, article string) string {
	for _, x := range [][3]string{{" de ", " du ", " de "}, {" d'", " du ", " de "}, {" à ", " au ", " à "}, {"À ", "Au ", "À "}} {
		head, found := strings.CutSuffix(s, x[0])
		switch {
		case !found:
		case article == "le ":
			return head + x[1]
		default:
			return head + x[2] + article
		}
	}
	for _, preposition := range []string{" chez ", " par ", " vers ", " dans ", " avec ", " et ", " pour ", " contre "} {
		if strings.HasSuffix(s, preposition) {
			return s + article
		}
	}
	return s
}

// apostrophe writes "de" and "que" as a word that begins with a vowel or not
// wants them.
func apostrophe(s string, vowel bool) string {
	for _, x := range [][2]string{{" de ", " d'"}, {" que ", " qu'"}, {"De ", "D'"}} {
		long, short := x[0], x[1]
		if !vowel {
			long, short = short, long
		}
		if head, found := strings.CutSuffix(s, long); found {
			return head + short
		}
	}
	return s
}
