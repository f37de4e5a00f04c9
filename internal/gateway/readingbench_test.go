package gateway

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/deid/risk"
	"chaperone/internal/claude"
)

const turnOfANote = `PROGRESS NOTE %[1]d. Patient: Maria Hernandez, MRN: %07[1]d, phone (541) 555-0146, seen on March 3, 2026 by Dr. Samuel Okafor.
SUBJECTIVE: The patient is a 54-year-old woman with hypertension and type 2 diabetes who reports less pain and better sleep. She denies chest pain, orthopnea or leg swelling. Home medications include metformin 1000 mg twice daily and lisinopril 20 mg daily.
OBJECTIVE: Temperature 37.1, blood pressure 128/76, heart rate 72, respirations 18, oxygen saturation 97%% on room air. Lungs clear. Heart: regular rate and rhythm, no murmurs. Abdomen: soft, non-tender. Gait steady.
PLAN: Continue. Maria will call Dr. Okafor in two weeks. Repeat labs before visit %[1]d.
`

// conversation is a request of n turns of about size bytes each, from turn
// first on.
func conversation(first, n, size int) string {
	return talk(first, n, func(i int) string {
		var b strings.Builder
		for k := 0; b.Len() < size; k++ {
			fmt.Fprintf(&b, turnOfANote, 4000000+100*i+k)
		}
		return b.String()[:size]
	})
}

// talk is a request of n turns from turn first on.
func talk(first, n int, say func(turn int) string) string {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	var list []message
	for i := range n {
		list = append(list, message{"user", say(first + i)}, message{"assistant", fmt.Sprintf("Noted, turn %d.", first+i)})
	}
	raw, err := json.Marshal(list[:len(list)-1])
	if err != nil {
		panic(err)
	}
	return `{"model":"claude-sonnet-5","max_tokens":64,"messages":` + string(raw) + `}`
}

// records is a conversation in which each turn brings a file of FHIR resources.
func records(first, n, size int) string {
	return talk(first, n, func(i int) string {
		var b strings.Builder
		for k := 0; b.Len() < size-400; k++ {
			fmt.Fprintf(&b, "%s{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p%[2]d\",\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"%07[2]d\"}],\"name\":[{\"family\":\"Hernandez\",\"given\":[\"Maria\"]}],\"gender\":\"female\",\"birthDate\":\"1957-03-04\",\"text\":{\"status\":\"generated\",\"div\":\"Stable, continue metformin.\"}}}", []string{"", ","}[min(k, 1)], 4000000+100*i+k)
		}
		return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + b.String() + "]}"
	})
}

// reading does to one request of a session what the gateway does between the
// parsed request and the one that may leave.
func reading(tb testing.TB, e *deid.Engine, j *risk.Judge, s *deid.Session, body string) []byte {
	r := httptest.NewRequest(http.MethodPost, "/v1/messages", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Anthropic-Version", "2023-06-01")
	ask, err := claude.ReadRequest(r, claude.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	t := readTexts(ask.EachLeaf, deid.NewVeil(e, s), nil)
	t.found(ask.Opaque(), t.weigh(j, deid.SafeHarbor()))
	sent := ask.MapText(t.conceal)
	if t.err != nil {
		tb.Fatal(t.err)
	}
	s.Sealed(s.Unsealed())
	return sent
}

// BenchmarkReading is the reading, weighing and concealing of one request,
// without its record: a note of 4 KB, and 64 KB in sixteen turns, cold, where
// nothing was read before, and warm, where all turns but the last were.
func BenchmarkReading(b *testing.B) {
	e, err := deid.NewEngine()
	if err != nil {
		b.Fatal(err)
	}
	j, err := risk.NewJudge()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		turns int
		warm  bool
		write func(first, n, size int) string
	}{
		{"note4K", 1, false, conversation},
		{"cold64K", 16, false, conversation},
		{"warm64K", 16, true, conversation},
		{"coldRecords64K", 16, false, records},
		{"warmRecords64K", 16, true, records},
	} {
		b.Run(c.name, func(b *testing.B) {
			var s *deid.Session
			n := 0
			b.SetBytes(int64(c.turns) * 4 << 10)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				first := n * c.turns
				if c.warm {
					first = n % 500
				}
				body := c.write(first, c.turns, 4<<10)
				if s == nil || !c.warm || first == 0 {
					if s = deid.NewSession(nil, rand.Reader); c.warm {
						reading(b, e, j, s, body)
						body = c.write(1, c.turns, 4<<10)
						n++
					}
				}
				n++
				b.StartTimer()
				reading(b, e, j, s, body)
			}
		})
	}
}
