package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// simBatch is a batch. Its messages are answered when somebody asks for the
// results; it has ended when it is first looked at.
type simBatch struct {
	id, created string
	size        int
	requests    []batchRequest
	header      http.Header
	ended       bool
	canceled    bool
}

type batchRequest struct {
	CustomID string          `json:"custom_id"`
	Params   json.RawMessage `json:"params"`
}

var customID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// batches serves /v1/messages/batches.
func (s *simulator) batches(w http.ResponseWriter, r *http.Request, body []byte) *fault {
	b, f := s.batch(w, r, body)
	if b != nil {
		s.results(w, *b)
	}
	return f
}

// batch serves all but results: of these it yields the batch, so that the shelf is
// free while messages are answered.
func (s *simulator) batch(w http.ResponseWriter, r *http.Request, body []byte) (*simBatch, *fault) {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	rest := strings.Trim(strings.TrimPrefix(r.URL.Path, "/v1/messages/batches"), "/")
	id, act, _ := strings.Cut(rest, "/")
	switch {
	case rest == "" && r.Method == http.MethodPost:
		return nil, s.newBatch(w, r, body)
	case rest == "" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, pageOf(r, s.shelf.batches, func(b *simBatch) string { return b.id }, func(b *simBatch) any { return b.object() }))
		return nil, nil
	}
	at := slices.IndexFunc(s.shelf.batches, func(b *simBatch) bool { return b.id == id })
	if at < 0 {
		return nil, faultf(http.StatusNotFound, "batch: there is no such batch")
	}
	b := s.shelf.batches[at]
	switch {
	case act == "" && r.Method == http.MethodGet:
		b.ended = true
		writeJSON(w, http.StatusOK, b.object())
	case act == "" && r.Method == http.MethodDelete:
		if !b.ended {
			return nil, invalid("a batch that has not ended cannot be deleted: cancel it first")
		}
		s.shelf.bytes -= b.size
		s.shelf.batches = slices.Delete(s.shelf.batches, at, at+1)
		writeJSON(w, http.StatusOK, map[string]string{"id": b.id, "type": "message_batch_deleted"})
	case act == "cancel" && r.Method == http.MethodPost:
		b.canceled = b.canceled || !b.ended
		writeJSON(w, http.StatusOK, b.object())
	case act == "results" && r.Method == http.MethodGet:
		if !b.ended {
			return nil, faultf(http.StatusNotFound, "batch: it has no results yet")
		}
		return b, nil
	default:
		return nil, faultf(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	return nil, nil
}

func (s *simulator) newBatch(w http.ResponseWriter, r *http.Request, body []byte) *fault {
	var ask struct {
		Requests []batchRequest `json:"requests"`
	}
	if err := json.Unmarshal(body, &ask); err != nil {
		return decodeFault(err)
	}
	if len(ask.Requests) == 0 {
		return invalid("requests: at least one request is required")
	}
	seen := map[string]bool{}
	for i, one := range ask.Requests {
		if !customID.MatchString(one.CustomID) || seen[one.CustomID] {
			return invalid("requests.%d.custom_id: it must be of letters, digits, _ and -, and unique", i)
		}
		seen[one.CustomID] = true
	}
	b := &simBatch{id: s.shelf.next("msgbatch_sim_", body), created: s.shelf.when(), size: len(body), requests: ask.Requests, header: r.Header.Clone()}
	s.shelf.room(b.size)
	s.shelf.batches = append(s.shelf.batches, b)
	writeJSON(w, http.StatusOK, b.object())
	return nil
}

// object is the batch in the API's form.
func (b *simBatch) object() any {
	n, status := len(b.requests), "in_progress"
	counts := map[string]int{"processing": n, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
	var ended, results, canceled any
	if b.canceled {
		status, canceled = "canceling", b.created
	}
	if b.ended {
		status, ended = "ended", b.created
		results = "https://api.anthropic.com/v1/messages/batches/" + b.id + "/results"
		counts["processing"] = 0
		if b.canceled {
			counts["canceled"] = n
		} else {
			counts["succeeded"] = n
		}
	}
	return map[string]any{
		"id": b.id, "type": "message_batch", "processing_status": status, "request_counts": counts,
		"created_at": b.created, "expires_at": b.created, "archived_at": nil, "ended_at": ended,
		"cancel_initiated_at": canceled, "results_url": results,
	}
}

// results answers every message of a batch, one a line. The last comes first, as
// the vendor promises no order.
func (s *simulator) results(w http.ResponseWriter, b simBatch) {
	w.Header().Set("Content-Type", "application/x-jsonl")
	for _, one := range slices.Backward(b.requests) {
		result := map[string]any{"type": "canceled"}
		if !b.canceled {
			result = s.result(b, one)
		}
		line := append(encode(map[string]any{"custom_id": one.CustomID, "result": result}), '\n')
		if _, err := w.Write(line); err != nil {
			return // the client is gone
		}
	}
}

func (s *simulator) result(b simBatch, one batchRequest) map[string]any {
	r := &http.Request{Method: http.MethodPost, Header: b.header}
	id := newSeed(b.id, one.CustomID, one.Params)
	a, f := s.answer(r, one.Params, id)
	if f != nil {
		return map[string]any{"type": "errored", "error": f.envelope(id)}
	}
	return map[string]any{"type": "succeeded", "message": a}
}

// answer is the message that answers a body, without a stream. What scripts a
// fault of the transport means nothing here.
func (s *simulator) answer(r *http.Request, body []byte, id seed) (json.RawMessage, *fault) {
	req, f := s.readRequest(r, body)
	if f != nil {
		return nil, f
	}
	if req.MaxTokens == nil {
		return nil, invalid("max_tokens: Field required")
	}
	d, f := parseDirectives(req.lastUserText())
	if f != nil {
		return nil, f
	}
	if d.fault != nil {
		return nil, d.fault
	}
	a, f := compose(req, d, id)
	if f != nil {
		return nil, f
	}
	m := req.wireMessage(id, a.tokens)
	for _, block := range a.blocks {
		m.Content = append(m.Content, block.wire())
	}
	m.StopReason, m.StopSequence = &a.stop, a.hit
	return bytes.TrimSpace(encode(m)), nil
}
