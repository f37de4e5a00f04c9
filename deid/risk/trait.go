package risk

import (
	"strings"

	"chaperone/reference"
)

// findTraits looks for conditions, occupations and the other traits that the
// lists count. One that is denied or a relative's does not count; each counts
// once.
func (p *portrait) findTraits() {
	seen := map[string]bool{}
	for i := 0; i < len(p.words); i++ {
		if !p.signed(i, ofTrait) {
			continue
		}
		t, n := p.judge.traits.at(&p.page, i)
		if n == 0 {
			continue
		}
		if !seen[t.Name] && p.counts(t, i, n) {
			seen[t.Name] = true
			p.traits = append(p.traits, t)
		}
		i += n - 1
	}
}

func (p *portrait) counts(t reference.Trait, i, n int) bool {
	switch t.Kind {
	case "pregnancy":
		fertile := !p.age.known || p.age.last >= 10 && p.age.first <= 55
		return fertile && p.sex != male && !p.denied(i) && !p.ruledOut(i+n) && !p.another(t, i, n)
	case "condition", "birth":
		return !p.denied(i) && !p.ruledOut(i+n) && !p.another(t, i, n)
	case "occupation":
		return p.works(i)
	case "language":
		return p.speaks(i, n)
	}
	return true
}

// denied reports whether the same sentence says, shortly before word i, that it
// is not so or is so of a relative.
func (p *portrait) denied(i int) bool {
	for k := i - 1; k >= 0 && k >= i-6 && !p.sentence(k+1); k-- {
		w := p.folded(k)
		if among(w, "family mother father sister brother maternal paternal aunt uncle cousin grandmother grandfather parents mere pere soeur frere famille tante oncle") {
			return true
		}
		if k >= i-4 && among(w, "no not denies denied without negative never pas sans nie aucun aucune") {
			return true
		}
	}
	return false
}

// ruledOut reports whether the same sentence says, at word i or shortly after,
// that it is not so.
func (p *portrait) ruledOut(i int) bool {
	for k := i; k < len(p.words) && k < i+3 && !p.sentence(k); k++ {
		if among(p.folded(k), "negative ruled excluded absent denied negatif negative exclu exclue") {
			return true
		}
	}
	return false
}

// sentence reports whether a sentence begins at word i.
func (p *portrait) sentence(i int) bool {
	return i < len(p.words) && (strings.ContainsAny(p.gap(i), ";!?\n") || strings.Contains(p.gap(i), ". "))
}

// another reports whether the word is part of the name of something else.
func (p *portrait) another(t reference.Trait, i, n int) bool {
	before, after := p.folded(i-1), p.folded(i+n)
	switch t.Name {
	case "depression":
		return among(before, "st segment respiratory cns marrow skull myocardial myelo synaptic immune")
	case "hypertension":
		return among(before, "pulmonary portal intracranial ocular intraocular abdominal venous gestational")
	case "a stroke":
		return among(before, "heat breast back power") || among(after, "volume work index")
	case "diabetes":
		return after == "insipidus" || before == "gestational"
	case "a pregnancy":
		return after == "test" || before == "planned"
	}
	return false
}

// works reports whether the words before i say that it is somebody's work.
func (p *portrait) works(i int) bool {
	k := i - 1
	for ; k >= 0 && k >= i-2 && among(p.folded(k), "a an the retired former local full part time active duty as un une le la comme city small town"); k-- {
	}
	switch w := p.folded(k); {
	case p.folded(i-1) == "retired", p.folded(i-1) == "retraite", p.folded(i-1) == "former" && p.folded(i-2) != "her" && p.folded(i-2) != "his":
		return true
	case among(w, "works worked working employed occupation job profession travaille metier career"):
		return true
	case among(w, "is was being est etait who"):
		return among(p.folded(k-1), "he she patient pt who man woman il elle qui ") && k < i-1
	}
	if sexOf(p.folded(i-1)) != anySex || among(p.folded(i-1), "old yo") {
		return true
	}
	return p.folded(i+1) == "by" && among(p.folded(i+2), "trade profession occupation")
}

// speaks reports whether the words around say that somebody speaks it.
func (p *portrait) speaks(i, n int) bool {
	before, after := p.folded(i-1), p.folded(i+n)
	return among(before, "speaks speaking speak parle parlant parlent langue language") ||
		among(after, "speaking interpreter interprete speaker only") || before == "only" && among(p.folded(i-2), "speaks parle")
}
