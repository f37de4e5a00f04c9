package risk_test

import (
	"strings"
	"testing"

	"chaperone/deid/risk"
)

const clinicalNote = `The patient is a 54-year-old woman from Burlington, Vermont with hypertension and type 2 diabetes who presents with three days of productive cough and low-grade fever since March 3, 2026. She denies chest pain, orthopnea or leg swelling. Home medications include metformin 1000 mg twice daily and lisinopril 20 mg daily.
PHYSICAL EXAMINATION: Temperature 38.1, blood pressure 128/76, heart rate 96, respirations 18, oxygen saturation 94% on room air. Lungs: crackles at the right base. Heart: regular rate and rhythm, no murmurs. Abdomen: soft, non-tender.
ASSESSMENT AND PLAN: Community-acquired pneumonia, seen at Mercy General Hospital. Start azithromycin and ceftriaxone. Follow cultures. She is a retired teacher. Repeat chest radiograph in six weeks.
`

// BenchmarkJudge is what the gateway asks of each request: what is left of a
// text, and which matters it speaks of.
func BenchmarkJudge(b *testing.B) {
	judge, err := risk.NewJudge()
	if err != nil {
		b.Fatal(err)
	}
	for name, size := range map[string]int{"4K": 4 << 10, "64K": 64 << 10} {
		text := strings.Repeat(clinicalNote, size/len(clinicalNote)+1)[:size]
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				judge.Of(text)
				judge.Categories(text)
			}
		})
	}
}
