package conformance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// handshake is how long a case waits for the other side of a handshake. It is a
// bound and not a measurement: whoever streams is there at once.
const handshake = 15 * time.Second

func streamCases() []scenario {
	same := func(name, stream string) scenario { return scenario{"streams", name, comesBack(stream)} }
	return []scenario{
		same("a stream in which nothing is restored is the same, byte for byte", textStream("It is ", "well: ", "caf\u00e9 \u2265 3.5\n\nmmol/L")),
		same("a tool call in a stream is the same, byte for byte", toolStream(`{"unit":`, `"mmol/L","n":1.0`, `,"big":12345678901234567890}`)),
		same("an event that nobody knows passes", startEvent+"event: tomorrow\ndata: {\"type\":\"tomorrow\",\"x\":[1,null]}\n\n"+textStart+delta("text_delta", "text", "Well.")+blockStop+stopEvents),
		same("a delta that nobody knows passes", startEvent+textStart+delta("tomorrow_delta", "later", "x")+delta("text_delta", "text", "Well.")+blockStop+stopEvents),
		same("unknown fields of events survive", strings.Replace(textStream("Well."), `"output_tokens":7`, `"output_tokens":7,"x_future":{"z":1.0,"a":null}`, 1)),
		same("the upstream's pings pass", startEvent+"event: ping\ndata: {\"type\": \"ping\"}\n\n"+textStart+delta("text_delta", "text", "Well.")+"event: ping\ndata: {\"type\": \"ping\"}\n\n"+blockStop+stopEvents),
		same("citations in a stream survive", startEvent+textStart+delta("text_delta", "text", "Well.")+
			"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"It is well.\",\"document_index\":0,\"document_title\":null,\"start_char_index\":0,\"end_char_index\":11}}}\n\n"+blockStop+stopEvents),
		same("comments and CRLF survive", strings.ReplaceAll(": hello\n\n"+textStream("Well."), "\n", "\r\n")),
		{"streams", "an error in mid-stream reaches the client as an event", errorInMidStream},
		{"streams", "a stream that breaks off ends with an error, not in silence", brokenStream},
		{"streams", "the first event arrives before the upstream has written its last", unbuffered},
		{"streams", "a client that leaves is told to the upstream", clientLeaves},
		{"streams", "a client hears something while the upstream is silent", pingsInSilence},
	}
}

func errorInMidStream(t *trial) error {
	t.up.answer(streams(startEvent + textStart + delta("text_delta", "text", "It is ") + "event: error\ndata: " + upstreamError("overloaded_error", "Overloaded") + "\n\n"))
	_, g, err := t.sent(ask{body: t.message(anyQuestion, streaming)})
	if err != nil {
		return err
	}
	if err := holds("the stream", g.body, "It is "); err != nil {
		return err
	}
	return g.lastError("overloaded_error")
}

func brokenStream(t *trial) error {
	t.up.answer(func(w http.ResponseWriter, _ *http.Request, _ Seen) {
		writeStream(w, startEvent+textStart+delta("text_delta", "text", "It is "))
		panic(http.ErrAbortHandler)
	})
	g, err := t.send(ask{body: t.message(anyQuestion, streaming)})
	if err != nil && len(g.body) == 0 {
		return err
	}
	return g.lastError("")
}

// lastError wants an error as the last event of a stream.
func (g got) lastError(kind string) error {
	events := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(g.body), "\r\n", "\n")), "\n\n")
	last := events[len(events)-1]
	_, data, ok := strings.Cut(last, "data:")
	if !ok || !strings.HasPrefix(last, "event: error") {
		return fmt.Errorf("the stream ends with %s", clip([]byte(last)))
	}
	var id string
	if !strings.Contains(data, "request_id") {
		return fmt.Errorf("the last event has no request_id: %s", clip([]byte(data)))
	}
	return envelope([]byte(strings.TrimSpace(data)), kind, id)
}

// open asks for a stream and hands the first data line to the caller.
func (t *trial) open(ctx context.Context) (*http.Response, *bufio.Reader, error) {
	r, err := t.request(ctx, ask{body: t.message(anyQuestion, streaming)})
	if err != nil {
		return nil, nil, err
	}
	resp, err := t.client.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("the gateway did not answer: %w", err)
	}
	return resp, bufio.NewReader(resp.Body), nil
}

// untilData reads up to a line that holds part.
func untilData(lines *bufio.Reader, part string) error {
	for {
		line, err := lines.ReadString('\n')
		if strings.Contains(line, part) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the stream ended before %q: %w", part, err)
		}
	}
}

// unbuffered: the upstream writes on only once the client has read what came
// before. A gateway that gathers the answer first cannot get to its end.
func unbuffered(t *trial) error {
	read := make(chan struct{})
	var ahead atomic.Bool
	t.up.answer(func(w http.ResponseWriter, r *http.Request, _ Seen) {
		writeStream(w, startEvent+textStart+delta("text_delta", "text", "It is "))
		select {
		case <-read:
			ahead.Store(true)
		case <-time.After(handshake):
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, delta("text_delta", "text", "well.")+blockStop+stopEvents) // a gateway that left needs no answer
	})
	ctx, cancel := context.WithTimeout(t.ctx, caseTime)
	defer cancel()
	resp, lines, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := untilData(lines, "It is "); err != nil {
		return err
	}
	close(read)
	if err := untilData(lines, "message_stop"); err != nil {
		return err
	}
	if !ahead.Load() {
		return errors.New("nothing arrived until the upstream had written everything")
	}
	return nil
}

// clientLeaves: nobody should pay for an answer that nobody reads.
func clientLeaves(t *trial) error {
	gone := make(chan struct{})
	t.up.answer(func(w http.ResponseWriter, r *http.Request, _ Seen) {
		writeStream(w, startEvent+textStart+delta("text_delta", "text", "It is "))
		select {
		case <-r.Context().Done():
			close(gone)
		case <-time.After(handshake):
		}
	})
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	resp, lines, err := t.open(ctx)
	if err != nil {
		return err
	}
	err = untilData(lines, "It is ")
	cancel()
	_ = resp.Body.Close() // it is cut off on purpose
	if err != nil {
		return err
	}
	select {
	case <-gone:
		return nil
	case <-time.After(handshake):
		return errors.New("the upstream went on without a reader")
	}
}

// silence is how long a client may hear nothing. Clients give up after 300 s;
// a gateway that says something within half a minute leaves room for proxies.
const silence = 30 * time.Second

func pingsInSilence(t *trial) error {
	if t.short {
		return skip("it takes half a minute")
	}
	heard := make(chan struct{})
	t.up.answer(func(w http.ResponseWriter, r *http.Request, _ Seen) {
		writeStream(w, startEvent+textStart+delta("text_delta", "text", "It is "))
		select {
		case <-heard:
		case <-time.After(silence):
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, delta("text_delta", "text", "well.")+blockStop+stopEvents) // a gateway that left needs no answer
	})
	ctx, cancel := context.WithTimeout(t.ctx, caseTime)
	defer cancel()
	resp, lines, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := untilData(lines, "It is "); err != nil {
		return err
	}
	for {
		line, err := lines.ReadString('\n')
		switch {
		case err != nil:
			return fmt.Errorf("the stream ended: %w", err)
		case strings.Contains(line, "ping"):
			close(heard)
			return untilData(lines, "message_stop")
		case strings.Contains(line, "well."):
			return fmt.Errorf("the client heard nothing for %s", silence)
		}
	}
}
