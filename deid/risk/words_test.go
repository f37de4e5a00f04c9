package risk

import "testing"

func TestAWordIsAmongAListOnlyWhole(t *testing.T) {
	for word, want := range map[string]bool{"in": true, "near": true, "at": true, "n": false, "ear": false, "i": false, "inn": false, "": false, "near at": true} {
		if among(word, "in from near at") != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
	if !among("a", "aa ba a") || among("a", "aa ba ab") || among("a", "") {
		t.Error("a part of a word is taken for it, or a word is missed behind one")
	}
}
