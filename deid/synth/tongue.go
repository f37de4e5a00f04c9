package synth

import "strings"

// tongues holds the French and Spanish words that bend with the sex of the
// person: of a woman, then of a man.
var tongues = map[string][2]string{
	"il":     {"elle", "il"},
	"Il":     {"Elle", "Il"},
	"le":     {"la", "le"},
	"Le":     {"La", "Le"},
	"un":     {"une", "un"},
	"ne":     {"ne", ""},
	"x":      {"se", "x"},
	"ere":    {"ère", "er"},
	"dr":     {"Dre,Docteure,Dr", "Dr,Docteur,Dr"},
	"homme":  {"femme,dame", "homme,monsieur"},
	"enfant": {"fille,fillette,petite fille", "garçon,petit garçon,bébé"},
	"fille":  {"fille", "fils"},
	"proche": {
		"sa mère,sa sœur,sa fille,son épouse,sa tante,sa conjointe,sa nièce,sa belle-sœur,sa marraine,sa grand-mère,sa cousine,sa belle-fille,son ex-femme,sa petite-fille,sa compagne,sa demi-sœur",
		"son père,son frère,son fils,son époux,son mari,son oncle,son conjoint,son neveu,son beau-frère,son parrain,son grand-père,son cousin,son gendre,son ex-mari,son petit-fils,son compagnon",
	},
	"aidant": {
		"l'assistante sociale,la voisine,l'enseignante,l'interprète,l'avocate,l'amie,la curatrice,la coiffeuse,la propriétaire,la patronne,la colocataire,la nounou",
		"l'éducateur,le voisin,l'instituteur,l'interprète,l'avocat,l'ami,le tuteur,le chauffeur de taxi,le propriétaire,le patron,le colocataire,le curé",
	},
	"a":     {"a", "o"},
	"ona":   {"oña", "on"},
	"el":    {"la", "el"},
	"El":    {"La", "El"},
	"lo":    {"la", "lo"},
	"ella":  {"ella", "él"},
	"Ella":  {"Ella", "Él"},
	"dra":   {"Dra.,doctora,Dra.", "Dr.,doctor,Dr."},
	"ora":   {"ora", "or"},
	"mujer": {"mujer,señora", "hombre,señor"},
	"pariente": {
		"su madre,su hermana,su hija,su esposa,su tía,su abuela,su sobrina,su nuera,su suegra,su cuñada,su comadre,su prima,su nieta,su mamá,su pareja",
		"su padre,su hermano,su hijo,su esposo,su tío,su abuelo,su sobrino,su yerno,su suegro,su cuñado,su compadre,su primo,su nieto,su papá,su marido",
	},
	"allegada": {
		"la vecina,la maestra,la trabajadora social,la intérprete,la abogada,la casera,la patrona,la comadre,la cuidadora,la niñera",
		"el vecino,el maestro,el trabajador social,el intérprete,el abogado,el casero,el patrón,el padrino,el pastor,el entrenador",
	},
}

// tongue writes a word of French or Spanish that bends with the person's sex.
func (n *notary) tongue(p *Person, form string) bool {
	words, ok := tongues[form]
	if !ok {
		return false
	}
	word := words[1]
	if p.Female {
		word = words[0]
	}
	n.plain(n.world.dice.pick(strings.Split(word, ",")))
	return true
}
