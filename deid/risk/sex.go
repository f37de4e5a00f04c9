package risk

// sex is what the text says of it.
type sex uint8

const (
	anySex sex = iota
	female
	male
)

// sexNouns say the sex of a person as a noun does.
var sexNouns = map[string]sex{
	"woman": female, "female": female, "girl": female, "lady": female, "femme": female, "fille": female, "fillette": female, "madame": female,
	"mme": female, "mrs": female, "ms": female, "patiente": female, "dame": female,
	"man": male, "male": male, "boy": male, "gentleman": male, "homme": male, "garcon": male, "monsieur": male, "mr": male,
}

// pronouns say it where no noun does.
var pronouns = map[string]sex{
	"she": female, "her": female, "hers": female, "elle": female,
	"he": male, "his": male, "him": male, "il": male,
}

// subjects say that somebody is described.
const subjects = "patient pt client resident beneficiary person individual"

// sexOf reads a word that says the sex of a person as a noun does.
func sexOf(folded string) sex { return sexNouns[folded] }

// findSex takes the first noun, else the first pronoun. Either shows that the
// text describes a person.
func (p *portrait) findSex() {
	said := anySex
	for i := range p.words {
		if !p.signed(i, ofSex) {
			continue
		}
		w := p.folded(i)
		if p.sex == anySex && !p.relative(i+1) {
			p.sex = sexOf(w)
		}
		if said == anySex {
			said = pronouns[w]
		}
		p.subject = p.subject || among(w, subjects)
	}
	if p.sex == anySex {
		p.sex = said
	}
	p.subject = p.subject || p.sex != anySex
}
