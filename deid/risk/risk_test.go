package risk

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

var theJudge = sync.OnceValues(NewJudge)

func judge(t testing.TB) *Judge {
	t.Helper()
	j, err := theJudge()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// ruling is clear, likely or high.
func ruling(r Residual) string {
	switch {
	case r.High:
		return "high"
	case r.Likely:
		return "likely"
	}
	return "clear"
}

// The people and texts are made up; the rulings are those that guides for
// clinics give for texts of the same make (DLP-06, DLP-07).
func TestCombinationsRuleAsTheGuidesSay(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"DLP-06 an age and a condition with a city": {
			"A patient of 55 years old with high blood pressure, from around Boston", "likely",
		},
		"DLP-06 the same with the word area":         {"55-year-old patient, hypertension, Boston area", "likely"},
		"DLP-06 the same without the city":           {"Summarize how a 55-year-old patient with hypertension and diabetes presents", "clear"},
		"DLP-06 the same with the state alone":       {"55-year-old patient with hypertension from Massachusetts", "clear"},
		"DLP-07 a rare disorder in a rural state":    {"The patient, 47, lives in rural Montana and has a rare genetic disorder.", "high"},
		"DLP-07 the same in other words":             {"47yo man with an orphan disease from a small town in Montana", "high"},
		"DLP-07 the same disorder in a large state":  {"A 47-year-old patient in California has a rare disease", "clear"},
		"a date of admission and a diagnosis":        {"Patient hospitalized March 10, primary diagnosis pneumonia", "likely"},
		"a template":                                 {"Draft a template for a discharge summary after hip surgery", "clear"},
		"a data set":                                 {"Look at this de-identified set of 500 records for medication patterns", "clear"},
		"a question about a rare disease":            {"What is the prevalence of progeria in Montana?", "clear"},
		"a rare disease alone singles out":           {"The patient has fibrodysplasia ossificans progressiva and is 12 years old", "high"},
		"an office that few hold":                    {"Pt is the mayor of Kalispell and takes lithium for bipolar disorder", "high"},
		"a town that the list lacks":                 {"She is 64, from Garryowen, Montana, with gout", "high"},
		"an only case":                               {"The patient, 33 years old, is the first reported case of this infection", "high"},
		"many of a birth":                            {"A woman of 29 years old gave birth to quintuplets in Ohio", "high"},
		"a body like few others":                     {"A 44-year-old man, 7'1\", from Nebraska, knee pain", "high"},
		"a common body":                              {"A 44-year-old man, 5'9\", weight 82 kg, from Nebraska, knee pain", "clear"},
		"a language that few speak":                  {"58 yo woman, speaks Tigrinya, diabetes, from Boise, Idaho", "high"},
		"a hospital, a day and a diagnosis":          {"She was seen at Lakeview Memorial Hospital on 03/04/2024 for a stroke.", "high"},
		"French: a rare disease in a rural province": {"Homme de 47 ans, vit en région rurale du Nouveau-Brunswick, maladie de Huntington", "high"},
		"French: a common disease and a city":        {"Patiente de 55 ans, hypertension, habite à Montréal", "likely"},
		"French: a common disease alone":             {"Résumer le cas d'une patiente de 55 ans avec hypertension et diabète depuis 12 ans", "clear"},
		"a relative's disease does not count":        {"Family history of Huntington disease. 30-year-old patient from Wyoming with migraine.", "clear"},
		"a disease that was ruled out":               {"A 30-year-old patient from Wyoming, Huntington disease negative, no lupus.", "clear"},
		"pulmonary is another hypertension":          {"55-year-old with pulmonary hypertension", "clear"},
		"a state's name as a given name":             {"Virginia Smith is a 40 year old woman with lupus", "clear"},
		"a country that towns are named after":       {"A 54-year-old woman born in Poland, with lupus", "clear"},
		"a heading that is a town's name too":        {"LEAD: normal. HOME: stable. She is 40 years old with gout.", "clear"},
		"a department is no institution":             {"Seen in Neurology Clinic, 40 year old woman with migraine", "clear"},
	} {
		t.Run(name, func(t *testing.T) {
			r := judge(t).Of(c.text)
			if got := ruling(r); got != c.want {
				t.Errorf("%s rather than %s: %+v", got, c.want, r)
			}
			if (r.Score >= 0.8) != r.High || r.Likely && r.Score < 0.5 || r.High && !r.Likely {
				t.Errorf("the score does not fit the ruling: %+v", r)
			}
		})
	}
}

func TestTheCrowdIsSaidInPlainWords(t *testing.T) {
	r := judge(t).Of("A 47-year-old patient in rural Montana has a rare genetic disorder.")
	if want := "about 4 people in Montana outside cities are 47 and have a rare disorder"; r.Reasons[0].Text != want {
		t.Errorf("said %q", r.Reasons[0].Text)
	}
	// 1,084,225 people, 46.6 % of them rural, 5.9 % in five years of age, 200,000 of the US as the most of a rare disorder
	if want := 1_084_225 * 0.466 * 0.059 / 5 * 60e-5; math.Abs(r.Expected-want) > 1e-6 || r.K != 3 {
		t.Errorf("%v people and k = %d, want %v", r.Expected, r.K, want)
	}
	r = judge(t).Of("A 62 yo female firefighter from Billings, Montana, with cystic fibrosis")
	if want := "fewer than one of the people in Billings are 62, female, a firefighter and have cystic fibrosis"; r.Reasons[0].Text != want {
		t.Errorf("said %q", r.Reasons[0].Text)
	}
}

func TestWhatIsHiddenDoesNotCount(t *testing.T) {
	text := "A 47-year-old patient in rural Montana has a rare genetic disorder. Seen on March 3, 2024 in Billings."
	span := func(words string) Span {
		at := strings.Index(text, words)
		return Span{at, at + len(words)}
	}
	j := judge(t)
	all := []Span{span("Billings"), span("March 3, 2024"), span("47"), span("Montana"), span("rural Montana has"), span("rare genetic disorder")}
	last := j.Of(text).Expected
	for i := range all {
		r := j.Of(text, all[:i+1]...)
		if r.Expected < last {
			t.Errorf("hiding %v made the crowd smaller: %v people, then %v", all[i], last, r.Expected)
		}
		last = r.Expected
	}
	if r := j.Of(text, all...); r.Likely || !math.IsInf(r.Expected, 1) || r.Score != 0 || r.K != 0 {
		t.Errorf("with all hidden: %+v", r)
	}
	if r := j.Of(text, Span{0, len(text) + 5}, Span{-3, 2}); r.Likely {
		t.Errorf("with spans past the ends: %+v", r)
	}
}

func TestNothingIsReadAcrossWhatIsHidden(t *testing.T) {
	text := "The patient takes 47 XXXX years old"
	if r := judge(t).Of(text, Span{21, 25}); !math.IsInf(r.Expected, 1) {
		t.Errorf("read across: %+v", r)
	}
}

func TestAgesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]ages{
		"47-year-old man": {47, 47, true}, "47 yo": {47, 47, true}, "47yo": {47, 47, true}, "47 y/o": {47, 47, true},
		"forty-seven-year-old": {47, 47, true}, "aged 47": {47, 47, true}, "Age: 47": {47, 47, true}, "a 47F with": {47, 47, true},
		"47M presents": {47, 47, true}, "in her 50s": {50, 59, true}, "an octogenarian": {80, 89, true}, "11 1/2 year old boy": {11, 11, true}, "delivered a newborn, she is a 30 year old": {30, 30, true}, "as a teenager": {}, "6-month-old": {0, 0, true},
		"18 months old": {1, 1, true}, "3 day old": {0, 0, true}, "47 year female": {47, 47, true}, "homme de 47 ans": {47, 47, true},
		"âgée de 47 ans": {47, 47, true}, "M. X, 47 ans": {47, 47, true}, "nourrisson de 6 mois": {0, 0, true}, "un nourrisson": {0, 1, true},
		"depuis 12 ans": {}, "il y a 12 ans": {}, "12 years ago": {}, "12-year history": {}, "plus de 12 ans": {}, "98F": {98, 98, false},
		"temperature 98F": {}, "her 12-year-old son": {}, "gestational age 32 weeks": {}, "aged 3 weeks": {}, "2000s": {}, "its 50s": {},
		"500 years old": {}, "She is 64, and well": {64, 64, true}, "the patient, 64, fell": {64, 64, true}, "heart rate is 64, regular": {}, "47 mg": {}, "bone age 12": {},
	} {
		p := portrait{judge: judge(t), page: judge(t).Read(text).page}
		if p.findAge(); p.age.known != want.known || want.known && p.age != want {
			t.Errorf("%q: %+v, want %+v", text, p.age, want)
		}
	}
}

func TestDatesNarrowByHowFineTheyAre(t *testing.T) {
	for text, want := range map[string]float64{
		"on March 10": inDay, "March 3rd, 2024": inDay, "10 mars 2024": inDay, "le 1er mai": inDay, "2024-03-10": inDay, "3/4/24": inDay,
		"03/04/2024": inDay, "10.03.2024": inDay, "March 2024": inMonth, "in 2019": inYear, "since 1998": inYear,
		"may improve 3 times": 0, "ratio 3/4": 0, "blood pressure 120/80/60": 0, "version 1.2.3": 0, "in 500": 0, "March on": 0, "room 2019": 0,
	} {
		p := portrait{judge: judge(t), page: judge(t).Read(text).page}
		if p.findDates(); p.when != want {
			t.Errorf("%q narrows to %v, want %v", text, p.when, want)
		}
	}
	p := portrait{judge: judge(t), page: judge(t).Read("DOB: 1957-03-04").page}
	if p.findDates(); !p.birthday || p.when != 0 {
		t.Errorf("a date of birth: %v, %v", p.birthday, p.when)
	}
}

func TestPostalCodesAreCrowdsOfTheirSize(t *testing.T) {
	for text, want := range map[string]float64{
		"Boston, MA 02118": inZIP, "ZIP code 59301": inZIP, "ZIP3 021": inZIP3, "ZIP3 036": inSmallZIP3, "K1A 0B1": inPostalCode, "FSA K1A": inFSA,
		"lives in Treasure County": inCounty, "code 99213": 0, "WBC 12000": 0,
	} {
		p := portrait{judge: judge(t), page: judge(t).Read(text).page}
		p.findPlaces()
		got := 0.0
		for _, q := range p.places {
			if got == 0 || q.people < got {
				got = q.people
			}
		}
		if got != want {
			t.Errorf("%q: %v people, want %v", text, got, want)
		}
	}
}

func TestTheScoreFallsAsTheCrowdGrows(t *testing.T) {
	last := 2.0
	for _, c := range []struct{ people, want float64 }{{0, 1}, {1, 1}, {SmallCrowd, 0.8}, {20_000, 0.5}, {331e6, 0}, {math.Inf(1), 0}} {
		if got := score(c.people); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v people score %v, want %v", c.people, got, c.want)
		}
	}
	for people := 0.01; people < 1e9; people *= 1.3 {
		if s := score(people); s > last || s < 0 || s > 1 {
			t.Errorf("%v people score %v after %v", people, s, last)
		} else {
			last = s
		}
	}
}

func BenchmarkNewJudge(b *testing.B) {
	for b.Loop() {
		if _, err := NewJudge(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	j := judge(b)
	text := strings.Repeat("The patient, 47, lives in rural Montana and takes 20 mg of lisinopril for hypertension. ", 46) // 4 KB
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		j.Of(text)
	}
}

func FuzzOf(f *testing.F) {
	for _, text := range []string{
		"A 47-year-old patient in rural Montana, 6'11\", BMI 72.5", "Femme de 34 ans, K1A 0B1, né le 3 mars 1990",
		"Boston, MA 02118 \xff\xfe", "mayor of", "G2P1 forty-", "Hôpital Saint-Luc", "St. John's, Newfoundland and Labrador",
	} {
		f.Add(text, 3, 9)
	}
	j := judge(f)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		for _, r := range []Residual{j.Of(text), j.Of(text, Span{start, end}, Span{end, start})} {
			if math.IsNaN(r.Expected) || r.Expected < 0 || r.Score < 0 || r.Score > 1 || r.High && !r.Likely || r.Likely && len(r.Reasons) == 0 {
				t.Errorf("out of bounds: %+v", r)
			}
		}
		if c := j.Categories(text); !slices.IsSortedFunc(c, func(a, b Category) int {
			return slices.Index(AllCategories(), a) - slices.Index(AllCategories(), b)
		}) {
			t.Errorf("out of order: %v", c)
		}
	})
}
