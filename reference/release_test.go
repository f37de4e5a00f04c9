package reference

import (
	"crypto/sha256"
	"testing"
)

// What was given back is there again when somebody reads it.
func TestAListThatWasGivenBackReadsTheSame(t *testing.T) {
	for i, text := range longTexts() {
		before := sha256.Sum256([]byte(text))
		release(text)
		if sha256.Sum256([]byte(text)) != before {
			t.Errorf("list %d changed", i)
		}
	}
	release("")
	release("short")
	one, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	two, err := Load()
	if err != nil || one.used != two.used {
		t.Fatalf("%d words, then %d, error %v", one.used, two.used, err)
	}
}
