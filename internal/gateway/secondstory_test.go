package gateway_test

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"chaperone/internal/policy"

	"golang.org/x/tools/txtar"
)

// secondDoor is the door that stands in for the first in a story whose house says
// "stands in". It answers what stands in "the second door answers".
type secondDoor struct {
	h        *house
	upstream *upstream
	seen     int
}

// secondOfStory is nil in a story with one door.
func (h *house) secondOfStory() *secondDoor {
	kind, country, ok := strings.Cut(h.plan.standIn, " in ")
	if !ok {
		return nil
	}
	return &secondDoor{h: h, upstream: h.second(policy.DoorFacts{Kind: policy.DoorKind(kind), Connection: "own-hardware", Country: country}, overloaded)}
}

// answers scripts the next turn and yields its part of the story.
func (s *secondDoor) answers(parts map[string]string, turn string) []txtar.File {
	name := "the second door answers" + turn
	script, ok := parts[name]
	if s == nil || !ok {
		return nil
	}
	s.upstream.answer = s.h.answer(script)
	s.seen = s.upstream.count()
	return []txtar.File{{Name: name, Data: []byte(script)}}
}

// saw is what the second door saw in this turn, and what the record holds of the
// attempt before.
func (s *secondDoor) saw(w *httptest.ResponseRecorder, turn string) []txtar.File {
	if s == nil {
		return nil
	}
	text := "nothing: not a byte was sent\n"
	if s.upstream.count() > s.seen {
		c := s.upstream.last()
		text = fmt.Sprintf("%s %s\n\n%s\n", c.method, c.path, c.body)
	}
	files := []txtar.File{{Name: "what the second door saw" + turn, Data: []byte(text)}}
	if full := s.h.shown(w); full.Intent.Facts.Deed.After != "" {
		files = append(files, txtar.File{
			Name: "what the record holds of the attempt before" + turn, Data: []byte(s.h.recordedOf(full.Intent.Facts.Deed.After)),
		})
	}
	return files
}
