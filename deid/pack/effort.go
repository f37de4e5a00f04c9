package pack

// ordinary is text in which rules find nothing, and should not look long.
const ordinary = `The patient presents with three days of productive cough and
low-grade fever. She denies chest pain, orthopnea or leg swelling. Home medications
include metformin 1000 mg twice daily and lisinopril 20 mg daily. Temperature 38.1,
blood pressure 128/76, heart rate 96, respirations 18, oxygen saturation 94% on room
air. LUNGS: crackles at the right base. Abdomen: soft, non-tender; no guarding. WBC
12.4, CRP 88, Hb 13.1. Start azithromycin 500 mg and ceftriaxone 1 g IV; follow
cultures. Repeat the chest radiograph in 6 weeks. Le patient se plaint d'une toux
productive depuis trois jours. Examen: bon etat general, TA 130/80. Antibiotiques
pendant 7 jours, puis controle chez le medecin de famille. BMI 27, ICD-10 J18.9.`

// Effort is at how many of a hundred words of ordinary text the rule's
// expression has to be tried, which is what makes a rule slow; 0 for a shape.
// From about 20 on it is felt.
func (r *Rule) Effort() int {
	x, ok := r.pattern.(*expression)
	if !ok {
		return 0
	}
	tries := &counter{expression: x}
	s, words := newScanner([]pattern{tries}), 0
	s.scan(ordinary, func(int, int, int) {})
	for i := range ordinary {
		if wordBytes[ordinary[i]] && (i == 0 || !wordBytes[ordinary[i-1]]) {
			words++
		}
	}
	return min(100*tries.n/words, 100)
}

// counter counts how often an expression is tried.
type counter struct {
	*expression
	n int
}

func (c *counter) match(string, int) int {
	c.n++
	return -1
}
