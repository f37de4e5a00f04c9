package deid

import (
	"strings"
	"testing"
)

const cleanNote = `HISTORY OF PRESENT ILLNESS: The patient is a 54-year-old woman with hypertension and type 2 diabetes who presents with three days of productive cough and low-grade fever. She denies chest pain, orthopnea or leg swelling. Home medications include metformin 1000 mg twice daily and lisinopril 20 mg daily.
PHYSICAL EXAMINATION: Temperature 38.1, blood pressure 128/76, heart rate 96, respirations 18, oxygen saturation 94% on room air. Lungs: crackles at the right base. Heart: regular rate and rhythm, no murmurs. Abdomen: soft, non-tender.
ASSESSMENT AND PLAN: Community-acquired pneumonia. Start azithromycin and ceftriaxone. Follow cultures. Repeat chest radiograph in six weeks.
`

const busyNote = `Patient: Martha Collins   DOB: 03/04/1957   MRN: 00448120
Seen by Dr. Alan Pike at Lakeview Memorial Hospital on March 15, 2024. Mrs. Collins lives at 48 Larkspur Lane, Springfield, IL 62704 with her daughter Anna. Phone (416) 555-0142, mail martha.c@example.org. SSN 219-09-9999. Member ID XQH44712290.
`

func benchmark(b *testing.B, text string) {
	e := engine()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		e.Find(text, Where{})
	}
}

func BenchmarkFindCleanNote4K(b *testing.B) { benchmark(b, strings.Repeat(cleanNote, 7)[:4096]) }
func BenchmarkFindBusyNote4K(b *testing.B)  { benchmark(b, strings.Repeat(busyNote, 20)[:4096]) }
func BenchmarkFindClean64K(b *testing.B)    { benchmark(b, strings.Repeat(cleanNote, 99)[:65536]) }

func BenchmarkFindClean1M(b *testing.B)       { benchmark(b, strings.Repeat(cleanNote, 1600)[:1<<20]) }
func BenchmarkFindOneLine1M(b *testing.B)     { benchmark(b, strings.Repeat("1234 ", 1<<20/5)) }
func BenchmarkFindParentheses1M(b *testing.B) { benchmark(b, strings.Repeat("(01)", 1<<18)) }
func BenchmarkFindOneWord1M(b *testing.B)     { benchmark(b, strings.Repeat("a", 1<<20)) }
func BenchmarkFindAts1M(b *testing.B)         { benchmark(b, strings.Repeat("a@b.", 1<<18)) }
func BenchmarkFindColons1M(b *testing.B)      { benchmark(b, strings.Repeat("1:", 1<<19)) }
func BenchmarkFindDots1M(b *testing.B)        { benchmark(b, strings.Repeat("a.", 1<<19)) }
func BenchmarkFindLess1M(b *testing.B)        { benchmark(b, strings.Repeat("<", 1<<20)) }
func BenchmarkFindNames1M(b *testing.B)       { benchmark(b, strings.Repeat("John Smith-Jones, ", 1<<20/18)) }

func BenchmarkFindKnown4K(b *testing.B) {
	e := engine()
	text := strings.Repeat(busyNote, 20)[:4096]
	names := []string{"Martha Collins", "Alan Pike", "Anna", "Mrs. Collins"}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		e.FindKnown(text, names)
	}
}

func BenchmarkNewEngine(b *testing.B) {
	for b.Loop() {
		if _, err := NewEngine(); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkConceal measures one exchange: a first one, which meets everybody
// anew, or one of a session that knows them all.
func benchmarkConceal(b *testing.B, text string, first bool) {
	e := engine()
	s := NewSession(nil, steady(1))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if first {
			s = NewSession(nil, steady(1))
		}
		v := NewVeil(e, s)
		v.Read(text, Where{})
		v.Conceal(text, Where{})
	}
}

func BenchmarkConcealFirst4K(b *testing.B) {
	benchmarkConceal(b, strings.Repeat(busyNote, 20)[:4096], true)
}

func BenchmarkConcealAgain4K(b *testing.B) {
	benchmarkConceal(b, strings.Repeat(busyNote, 20)[:4096], false)
}

func BenchmarkReveal4K(b *testing.B) {
	s := NewSession(nil, steady(1))
	v := NewVeil(engine(), s)
	text := v.Conceal(strings.Repeat(busyNote, 20)[:4096], Where{})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		NewRevealer(s).Reveal(text)
	}
}
