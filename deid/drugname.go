package deid

import (
	"strings"

	"chaperone/reference"
)

// drugStems end the international names of medicines (WHO's stems) and are no
// endings of surnames, or rare ones.
var drugStems = strings.Fields(`umab ximab zumab limab nimab vimab cept afil alol arabine arit astine azepam azepine azine azocine azolam azole azosin bactam barbital bicin caine cef cillin ciclib ciclovir cisplatin coxib curium cycline
	dipine dralazine dronate entan fenac fibrate floxacin fungin gatran gliflozin gliptin glitazone glutide grastim grel iptan lukast mustine mycin nidazole nitrate olimus oxacin oxetine oxaban parin parib perazole phylline platin plase
	pramine prazole previr pril prilat profen quine racetam ridone rubicin sartan semide setron stigmine statin sulfan taxel terol thiazide tidine tinib toin tretin triptan triptyline tropium uracil vaptan vastatin vudine xaban zepam zolid zomib
	zosin osine olone onide asone pidem clone xetine drine phenone buvir asvir tegravir gravir navir amivir lamide oside oxetil axil quin micin hydramine pheniramine dryl cetam bamate citabine trexate trexed parvovec gene leucel vec ersen siran
	dopa tadine ifene estrol gestrel gesterone`)

// stemsByEnd finds them by their last two letters.
var stemsByEnd = func() map[string][]string {
	m := map[string][]string{}
	for _, s := range drugStems {
		m[s[len(s)-2:]] = append(m[s[len(s)-2:]], s)
	}
	return m
}()

// drugStem says whether the word at token i is a medicine's name by its
// ending, and no list has it as somebody's.
func (p *page) drugStem(i int) bool {
	t := p.at(i)
	if t.kind != word || t.size() < 7 || p.strength(i) >= 4 {
		return false
	}
	w := p.word(i)
	ends := stemsByEnd[w[len(w)-2:]]
	if t.shape == upper2 {
		ends = stemsByEnd[lowerOf(w[len(w)-2:])]
	}
	if len(ends) == 0 {
		return false
	}
	w = lowerOf(w)
	for _, s := range ends {
		if strings.HasSuffix(w, s) && len(w) > len(s)+2 {
			return true
		}
	}
	return false
}

// drugForms are what medicines are given as; the word before one is a medicine.
var drugForms = wordSet(`pill pills tablet tablets tab tabs capsule capsules caps oral injection injectable cream ointment lotion gel spray syrup suspension drops patch patches inhaler nebulizer solution chewable extended delayed lozenge suppository powder
	softgel caplet caplets elixir tincture shampoo foam enema implant pen vial kit supplement vaccine mg ml mcg meq unt reformulated er xr sr xl la cr dr odt hcl hydrochloride sodium sulfate acetate maleate tartrate succinate phosphate mesylate
	besylate fumarate potassium calcium citrate bromide chloride hbr hct hctz plus forte ds`)

// drugBeside says whether tokens a to b are a medicine by what stands beside
// them: its form behind, or brackets behind a dose.
func (p *page) drugBeside(a, b int) bool {
	if t := p.at(b); t.kind == word && t.gap <= gapSpace && drugForms[lowerOf(p.word(b))] && t.size() > 1 {
		return true
	}
	if !p.is(a-1, '[') {
		return false
	}
	for j := a - 2; j >= a-16 && j >= 0 && p.same(j+1); j-- {
		if p.cue(j, cueMeasure) && p.at(j-1).kind == digits {
			return true
		}
	}
	return false
}

// listsDrugs says whether the text is mostly lines, or pieces between commas,
// with medicines on them, as lists are. The words there that no list knows are medicines too.
func (p *page) listsDrugs() bool {
	lines, drugs, short, words, here := 0, 0, 0, 0, false
	for i := range p.tok {
		t := &p.tok[i]
		if (t.gap >= gapLine || p.is(i-1, ',')) && i > 0 {
			if here {
				drugs++
			}
			if words <= 2 {
				short++
			}
			lines, words, here = lines+1, 0, false
		}
		if t.kind != punct {
			words++
		}
		here = here || t.kind == word && (t.entry.Has(reference.Drug) || t.size() > 6 && !t.entry.Has(reference.Drug) && t.entry.English() == 0 && p.drugStem(i))
	}
	if here {
		drugs++
	}
	return lines >= 3 && (drugs*2 > lines+1 || short*5 > lines*4 && drugs*6 > lines+1)
}
