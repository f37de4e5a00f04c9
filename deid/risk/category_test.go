package risk

import (
	"slices"
	"testing"
)

// DLP-11: the categories are recognised whether affirmed, denied or asked.
func TestSensitiveCategoriesAreRecognised(t *testing.T) {
	for text, want := range map[string][]Category{
		"Denies alcohol abuse or illicit drug use":                {SubstanceUse},
		"On Suboxone 8 mg daily":                                  {SubstanceUse},
		"hx IVDU, last use 2019":                                  {SubstanceUse},
		"Sevrage d'alcool, suivi en toxicomanie":                  {SubstanceUse},
		"No suicidal ideation today":                              {MentalHealth},
		"MDD, recurrent; started on sertraline for depression":    {MentalHealth},
		"Trouble bipolaire, idées suicidaires niées":              {MentalHealth},
		"BRCA1 pathogenic variant":                                {Genetics},
		"Rare genetic disorder, whole exome sequencing pending":   {Genetics},
		"Dépistage génétique, porteuse du gène":                   {Genetics},
		"HIV negative in June":                                    {HIVSTI},
		"VIH positif sous antirétroviraux":                        {HIVSTI},
		"Treated for chlamydia; AIDS-defining illness":            {HIVSTI},
		"G2P1001 at 32 weeks":                                     {Reproductive},
		"Requests an abortion; IUD removed":                       {Reproductive},
		"Enceinte de 20 semaines, IVG en 2018":                    {Reproductive},
		"Seen after a sexual assault; SANE called":                {SexualAssault},
		"Victime d'une agression sexuelle":                        {SexualAssault},
		"Patient was raped at a party, pregnancy test done, PTSD": {MentalHealth, Reproductive, SexualAssault},
		"A 12-year-old girl with asthma":                          {Minor},
		"Nourrisson de 6 mois, fièvre":                            {Minor},
		"15 yo male, vapes, depression, chlamydia":                {MentalHealth, HIVSTI, Minor},
		"Pregnant 16-year-old on methadone":                       {SubstanceUse, Reproductive, Minor},
		"FIBROSE KYSTIQUE CONNUE":                                 {Genetics},
		"Postpartum   depression\nscreen":                         {MentalHealth},
		"Cystic fibrosis":                                         {Genetics},
	} {
		if got := judge(t).Categories(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestWordsWithAnotherMeaningAreNoCategory(t *testing.T) {
	for _, text := range []string{
		"ECG shows ST depression in V4 to V6", "Watch for respiratory depression", "bone marrow depression", "depressed skull fracture",
		"Wears hearing aids", "HEARING AIDS: yes", "Nonalcoholic steatohepatitis", "non-alcoholic fatty liver", "Cleaned with an alcohol swab",
		"Wipe with isopropyl alcohol", "Patient is alert and oriented", "St. Jude valve", "Dépression respiratoire après morphine",
		"dépression du segment ST", "FIV1/FVC", "std dev 3.1", "A sane plan", "The 45-year-old son called", "12-year history of gout",
		"douleur depuis 12 ans", "Pregabalin 75 mg", "Genentech", "plaque psoriasis", "the drug is used daily", "rapeseed oil", "bipolar electrocautery", "bipolar hip arthroplasty",
		"PSYCHIATRIC: calm, oriented", "smoked as a teenager", "viola player",
		"sida cordifolia", "her 12-year-old son is well", "mutational burden", "",
	} {
		if got := judge(t).Categories(text); len(got) > 0 {
			t.Errorf("%q is %v", text, got)
		}
	}
}
