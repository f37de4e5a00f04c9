package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// figures are what one measurement of one target yields.
type figures struct {
	perSecond float64
	cpuMicros float64 // processor time of the target per request, µs
	p50, p99  float64 // ms: whole call, or first byte of a stream
	delay50   float64 // ms from the fake's sending a delta to the client's having it
	delay99   float64
	memory    float64 // MiB resident at the end
	slope     float64 // MiB a minute, of a long run
}

// load is a kind of call, sent by so many clients at once.
type load struct {
	clients int
	span    time.Duration
	stream  bool
	body    func(n int64) []byte // the nth request
	turns   int64                // calls of a session; 20 when zero
	warm    bool                 // the first call of a session is not counted
}

// sequence numbers the requests of the whole run, so that none is like another.
var sequence atomic.Int64

// streamTakes is about how long a stream lasts. The clients of streams begin
// spread over it, as people do, and not all at once.
const streamTakes = 530 * time.Millisecond

// run sends calls until the span is over.
func (l load) run(ctx context.Context, t target) (figures, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true}}
	defer client.CloseIdleConnections()
	var (
		mu           sync.Mutex
		first, delay []float64
		failure      error
		wg           sync.WaitGroup
	)
	before, began := t.processor(), time.Now()
	for c := range l.clients {
		wg.Go(func() {
			if l.stream {
				time.Sleep(streamTakes * time.Duration(c) / time.Duration(l.clients))
			}
			for calls := 0; calls == 0 || time.Since(began) < l.span; calls++ {
				n := sequence.Add(1)
				f, d, err := l.call(ctx, client, t, n)
				mu.Lock()
				if err != nil && failure == nil {
					failure = err
				}
				if !l.warm || n%l.session() != 0 {
					first, delay = append(first, f), append(delay, d...)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if failure != nil {
		return figures{}, failure
	}
	if len(first) == 0 {
		return figures{}, errors.New("the span is too short for one call")
	}
	took := time.Since(began).Seconds()
	n := float64(len(first))
	return figures{
		perSecond: n / took, cpuMicros: (t.processor() - before) / n * 1e6,
		p50: quantile(first, 0.5), p99: quantile(first, 0.99),
		delay50: quantile(delay, 0.5), delay99: quantile(delay, 0.99), memory: t.memory(),
	}, nil
}

var stamp = regexp.MustCompile(`"text":"t(\d+) `)

// call sends one request. It returns the milliseconds to the end of a whole
// answer or to the first event of a stream, and the delays of a stream's deltas.
func (l load) call(ctx context.Context, client *http.Client, t target, n int64) (float64, []float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/v1/messages", bytes.NewReader(l.body(n)))
	if err != nil {
		return 0, nil, err
	}
	for name, values := range t.header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Anthropic-Version", "2023-06-01")
	req.Header.Set("X-Api-Key", t.key)
	req.Header.Set("X-Chaperone-Session", "bench-"+strconv.FormatInt(n/l.session(), 10))
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return 0, nil, fmt.Errorf("status %d: %s", res.StatusCode, text)
	}
	if !l.stream {
		_, err := io.Copy(io.Discard, res.Body)
		return millis(time.Since(began)), nil, err
	}
	var first float64
	var delays []float64
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if first == 0 {
			first = millis(time.Since(began))
		}
		if m := stamp.FindSubmatch(lines.Bytes()); m != nil {
			sent, _ := strconv.ParseInt(string(m[1]), 10, 64)
			delays = append(delays, float64(time.Now().UnixNano()-sent)/1e6)
		}
	}
	if err := lines.Err(); err != nil {
		return 0, nil, err
	}
	if len(delays) != 50 {
		return 0, nil, fmt.Errorf("a stream of 50 deltas had %d", len(delays))
	}
	return first, delays, nil
}

func (l load) session() int64 {
	if l.turns > 0 {
		return l.turns
	}
	return 20
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }

func quantile(list []float64, q float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sort.Float64s(list)
	return list[int(q*float64(len(list)-1))]
}

// clean is a request of about size bytes that identifies nobody.
func clean(size int, stream bool) func(int64) []byte {
	text := strings.Repeat("The patient feels better, sleeps well and takes the tablets as agreed. Blood pressure 128/82, pulse 72, no oedema. ", size/100+1)[:size]
	return func(n int64) []byte { return request(fmt.Sprintf("Request %d. %s", n, text), stream) }
}

// note is a request of about size bytes that is a clinical note about somebody
// new each time.
func note(size int, stream bool) func(int64) []byte {
	body := noteBody(size)
	return func(n int64) []byte {
		head := fmt.Sprintf("Patient: Maria Hernandez%c%c, DOB 07/%02d/1951, MRN: %07d, phone (541) 555-%04d. Seen on March %d, 2026 by Dr. Samuel Okafor.\n",
			'a'+rune(n%26), 'a'+rune(n/26%26), n%28+1, 4000000+n, n%10000, n%28+1)
		return request(head+body+"\nCall Mrs. Hernandez with the results.", stream)
	}
}

// seenTurns is how many calls a growing session has.
const seenTurns = 20

// seen is a session that grows: about 64 KB of notes in blocks of 2 KB, of which
// each call has two that were not there before. The first call of a session
// reads everything anew.
func seen(n int64) []byte {
	session, turn := n/seenTurns, n%seenTurns
	var blocks []map[string]any
	for b := range 20 + 2*turn {
		text := fmt.Sprintf("Note %d of session %d. Seen on March %d, 2026 by Dr. Samuel Okafor. ", b, session, b%28+1)
		role := "user"
		if b%2 == 1 {
			role = "assistant"
		}
		blocks = append(blocks, map[string]any{"role": role, "content": []map[string]string{{"type": "text", "text": text + noteBody(2<<10)}}})
	}
	blocks = append(blocks, map[string]any{"role": "user", "content": "Go on."})
	return marshal(false, blocks)
}

func noteBody(size int) string {
	return strings.Repeat("She reports less pain and better sleep. Exam: BP 128/82, HR 72, lungs clear. Continue metformin 1000 mg twice daily and lisinopril 10 mg daily. A1c 7.2%. ", size/120+1)[:size]
}

func request(text string, stream bool) []byte {
	return marshal(stream, []map[string]any{{"role": "user", "content": text}})
}

func marshal(stream bool, messages []map[string]any) []byte {
	body := struct {
		Stream    bool             `json:"stream"`
		Model     string           `json:"model"`
		MaxTokens int              `json:"max_tokens"`
		Messages  []map[string]any `json:"messages"`
	}{stream, "claude-sonnet-5", 1024, messages}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // strings always marshal
	}
	return raw
}
