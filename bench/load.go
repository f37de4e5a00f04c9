package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
}

// load is a kind of call, sent by so many clients at once.
type load struct {
	clients int
	span    time.Duration
	stream  bool
	body    func(n int64) []byte // the nth request
}

var sequence atomic.Int64

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
	for range l.clients {
		wg.Go(func() {
			for time.Since(began) < l.span {
				f, d, err := l.call(ctx, client, t)
				mu.Lock()
				if err != nil && failure == nil {
					failure = err
				}
				first, delay = append(first, f), append(delay, d...)
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
func (l load) call(ctx context.Context, client *http.Client, t target) (float64, []float64, error) {
	n := sequence.Add(1)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/v1/messages", bytes.NewReader(l.body(n)))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Anthropic-Version", "2023-06-01")
	req.Header.Set("X-Api-Key", t.key)
	req.Header.Set("X-Chaperone-Session", "bench-"+strconv.FormatInt(n/20, 10)) // twenty calls a session
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
	body := strings.Repeat("She reports less pain and better sleep. Exam: BP 128/82, HR 72, lungs clear. Continue metformin 1000 mg twice daily and lisinopril 10 mg daily. A1c 7.2%. ", size/120+1)[:size]
	return func(n int64) []byte {
		head := fmt.Sprintf("Patient: Maria Hernandez%c%c, DOB 07/%02d/1951, MRN: %07d, phone (541) 555-%04d. Seen on March %d, 2026 by Dr. Samuel Okafor.\n",
			'a'+rune(n%26), 'a'+rune(n/26%26), n%28+1, 4000000+n, n%10000, n%28+1)
		return request(head+body+"\nCall Mrs. Hernandez with the results.", stream)
	}
}

func request(text string, stream bool) []byte {
	body := struct {
		Stream    bool             `json:"stream"`
		Model     string           `json:"model"`
		MaxTokens int              `json:"max_tokens"`
		Messages  []map[string]any `json:"messages"`
	}{stream, "claude-sonnet-5", 1024, []map[string]any{{"role": "user", "content": text}}}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // strings always marshal
	}
	return raw
}
