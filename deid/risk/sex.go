package risk

// sex is what the text says of it.
type sex uint8

const (
	anySex sex = iota
	female
	male
)

// sexOf reads a word that says the sex of a person as a noun does.
func sexOf(folded string) sex {
	switch folded {
	case "woman", "female", "girl", "lady", "femme", "fille", "fillette", "madame", "mme", "mrs", "ms", "patiente", "dame":
		return female
	case "man", "male", "boy", "gentleman", "homme", "garcon", "monsieur", "mr":
		return male
	}
	return anySex
}

// findSex takes the first noun, else the first pronoun. Either shows that the
// text describes a person.
func (p *portrait) findSex() {
	said := anySex
	for i := range p.words {
		w := p.folded(i)
		if p.sex == anySex && !p.relative(i+1) {
			p.sex = sexOf(w)
		}
		if said == anySex {
			switch w {
			case "she", "her", "hers", "elle":
				said = female
			case "he", "his", "him", "il":
				said = male
			}
		}
		p.subject = p.subject || among(w, "patient pt client resident beneficiary person individual")
	}
	if p.sex == anySex {
		p.sex = said
	}
	p.subject = p.subject || p.sex != anySex
}
