package claude

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// discard is a client that takes everything.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
func (d discard) Flush()                      {}

// aLongTalk is about the size of what Claude Code sends in the middle of a
// session.
func aLongTalk() string {
	var b strings.Builder
	b.WriteString(`{"model":"claude-opus-5","max_tokens":1000,"stream":true,"messages":[`)
	for i := range 40 {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`{"role":"user","content":[{"type":"text","text":` + quote(strings.Repeat("The patient is well.\nSeen in clinic “today”. ", 40)) + `},{"type":"tool_result","tool_use_id":"toolu_1","content":` + quote(`{"rows":[{"n":1,"s":"x"}]}`) + `}]}`)
	}
	return b.String() + "]}"
}

func BenchmarkReadRequest(b *testing.B) {
	body := aLongTalk()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readBodyString(body, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMapText(b *testing.B) {
	a, err := readBodyString(aLongTalk(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(a.Body())))
	b.ReportAllocs()
	for b.Loop() {
		a.MapText(func(l Leaf) string { return strings.Replace(l.Text, "patient", "NAME-7K2QAX", 1) })
	}
}

func BenchmarkCopyStream(b *testing.B) {
	var pieces []string
	for range 500 {
		pieces = append(pieces, "a few words ")
	}
	in := streamOf("text_delta", "text", kinds[0].block, pieces...)
	for name, rv := range map[string]Revealer{"nothing concealed": nil, "few placeholders": people} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				r := &Reply{Status: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader(in))}
				if _, err := r.CopyText(discard{http.Header{}}, rv, CopyOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
