package policy

import "testing"

func TestWhatCountsAsAReason_AUD11(t *testing.T) {
	for text, want := range map[string]ReasonState{
		"": ReasonMissing, "  \t\n": ReasonMissing,
		"asdf": ReasonMeaningless, "ASDF asdf": ReasonMeaningless, "asdfasdf asdf": ReasonMeaningless, "qwertyuiop": ReasonMeaningless, "poiuytrewq": ReasonMeaningless,
		"test": ReasonMeaningless, "testing 123": ReasonMeaningless, "n/a": ReasonMeaningless, "---": ReasonMeaningless, "...": ReasonMeaningless,
		"xxx": ReasonMeaningless, "aaaaaaaaaa": ReasonMeaningless, "because": ReasonMeaningless, "work": ReasonMeaningless, "12345": ReasonMeaningless,
		"1": ReasonMeaningless, "x": ReasonMeaningless, "hjkl hjkl": ReasonMeaningless, "the reason": ReasonMeaningless, "sdfghjk": ReasonMeaningless, "ok please": ReasonMeaningless,

		"visit summary": ReasonGiven, "Visit summary for the follow-up": ReasonGiven, "medication review": ReasonGiven, "billing": ReasonGiven,
		"prior auth": ReasonGiven, "CBC trend": ReasonGiven, "Rx check": ReasonGiven, "discharge letter to the family doctor": ReasonGiven,
		"résumé de visite": ReasonGiven, "lettre au médecin": ReasonGiven, "転院の紹介状": ReasonGiven, "проверка назначений": ReasonGiven, "codes for claim": ReasonGiven,
		"ED handover": ReasonGiven, "need to check interactions": ReasonGiven,
	} {
		if got := JudgeReason(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
