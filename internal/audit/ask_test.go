package audit

import (
	"errors"
	"testing"

	"chaperone"
)

func TestAnAnswerThatIsTooLongIsRefusedAndNeverCutShort(t *testing.T) {
	g := &gathering{log: &Log{}, at: map[ID]int{}, lines: make([]Line, maxLines-1)}
	for n, want := range []string{"", "answer_large"} {
		// The row does not open, so it would be a line of its own.
		err := g.add(Row{ID: ID{byte(n + 1)}, Kind: KindIntent}, foundTime, false)
		code := ""
		if own, ok := errors.AsType[*chaperone.Error](err); ok {
			code = own.Code
		}
		if code != want || len(g.lines) != maxLines {
			t.Errorf("line %d: %q, %d lines", maxLines+n, code, len(g.lines))
		}
	}
}
