package main

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"
)

// A sender that waits for each answer gets it.
func TestScanAnswersASlowSenderLineByLine(t *testing.T) {
	in, send := io.Pipe()
	receive, out := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code := run([]string{"deid", "scan", "--jsonl"}, in, out, io.Discard)
		out.Close()
		done <- code
	}()
	answers := bufio.NewReader(receive)
	for _, id := range []string{`"a"`, `7`, `"ä"`} {
		if _, err := io.WriteString(send, `{"id":`+id+`,"text":"Mr. John Smith"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := answers.ReadString('\n')
		if err != nil || !strings.HasPrefix(answer, `{"id":`+id+`,"findings":[{"start":4,"end":14,"kind":"NAME"`) {
			t.Errorf("%s is answered with %q, %v", id, answer, err)
		}
	}
	send.Close()
	if code := <-done; code != exitDone {
		t.Errorf("it ended with %d", code)
	}
}

// Each line stands alone: what one names is not known in the next.
func TestScanRemembersNothingFromLineToLine(t *testing.T) {
	var out bytes.Buffer
	in := `{"id":1,"text":"Mr. Xylander Qoth came. Then qoth left."}` + "\n" + `{"id":2,"text":"then qoth left"}` + "\n"
	if code := run([]string{"deid", "scan", "--jsonl"}, strings.NewReader(in), &out, io.Discard); code != exitDone {
		t.Fatalf("it ended with %d", code)
	}
	first, second, _ := strings.Cut(out.String(), "\n")
	if !strings.Contains(first, `"start":29,"end":33`) || strings.TrimSpace(second) != `{"id":2,"findings":[]}` {
		t.Errorf("got %q and %q", first, second)
	}
}

// A line that is too long is answered and passed over; the next is read. A last
// line needs no end.
func TestScanPassesOverALineThatIsTooLong(t *testing.T) {
	long := io.LimitReader(repeat('a'), maxScanLine+1)
	in := io.MultiReader(strings.NewReader(`{"id":"big","text":"`), long, strings.NewReader("\"}\n"+`{"id":"next","text":"Mr. John Smith"}`))
	var out bytes.Buffer
	if code := run([]string{"deid", "scan", "--jsonl"}, in, &out, io.Discard); code != exitFailed {
		t.Errorf("it ended with %d", code)
	}
	want := `{"id":"big","error":"the line is longer than 64 MB"}` + "\n" + `{"id":"next","findings":[{"start":4,"end":14,"kind":"NAME"`
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("got %.200q", out.String())
	}
}

type repeat byte

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

// Offsets are those of the bytes that were sent, also behind one that is no
// UTF-8; an id of any kind comes back as it was.
func TestScanCountsTheBytesThatWereSent(t *testing.T) {
	var out bytes.Buffer
	in := "{\"id\":[true,null],\"text\":\"caf\xe9 Mr. John Smith\"}\n"
	if code := run([]string{"deid", "scan", "--jsonl"}, strings.NewReader(in), &out, io.Discard); code != exitDone {
		t.Fatalf("it ended with %d", code)
	}
	if !strings.HasPrefix(out.String(), `{"id":[true,null],"findings":[{"start":9,"end":19,"kind":"NAME"`) {
		t.Errorf("got %q", out.String())
	}
}
