package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/store/sqlite"
	"chaperone/internal/store/storetest"
)

func TestJournalDoesWhatItsModelDoes(t *testing.T) { // AUD-05
	dir, n := t.TempDir(), 0
	storetest.JournalModel(t, func() (audit.Journal, func() audit.Journal, func()) {
		n++
		path := filepath.Join(dir, fmt.Sprintf("%d.db", n))
		var j *sqlite.Journal
		done := func() {
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		}
		open := func() audit.Journal {
			var err error
			if j, err = sqlite.OpenJournal(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			return j
		}
		return open(), func() audit.Journal { done(); return open() }, done
	})
}
