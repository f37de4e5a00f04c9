package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// keeper is a fake of the vendor that has batches and files as well. A line of a
// batch is answered with its own text, the last line first; a file comes back as
// it was sent. It shares no code with the product.
type keeper struct {
	*claude
	mu      sync.Mutex
	batches []keptBatch
	files   []keptFile
}

type keptBatch struct{ lines []string }

type keptFile struct {
	name, media string
	content     []byte
}

func newKeeper(t *testing.T) *keeper {
	k := &keeper{claude: &claude{}}
	k.Server = httptest.NewServer(http.HandlerFunc(k.serve))
	t.Cleanup(k.Close)
	return k
}

func (k *keeper) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, "/v1/messages/batches"):
		k.batch(w, r, strings.Split(strings.Trim(strings.TrimPrefix(path, "/v1/messages/batches"), "/"), "/"))
	case strings.HasPrefix(path, "/v1/files"):
		k.file(w, r, strings.Split(strings.Trim(strings.TrimPrefix(path, "/v1/files"), "/"), "/"))
	default:
		k.claude.serve(w, r)
	}
}

// keep takes a body down for those who look for what the vendor saw.
func (k *keeper) keep(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	k.claude.mu.Lock()
	defer k.claude.mu.Unlock()
	k.bodies = append(k.bodies, append([]byte(r.URL.String()+"\n"), body...))
	return body
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("content-type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func (k *keeper) batch(w http.ResponseWriter, r *http.Request, way []string) {
	body := k.keep(r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if way[0] == "" && r.Method == http.MethodPost {
		var ask struct {
			Requests []struct {
				ID     string `json:"custom_id"`
				Params struct {
					Messages []struct{ Content json.RawMessage }
				}
			}
		}
		if err := json.Unmarshal(body, &ask); err != nil {
			http.Error(w, "{}", http.StatusBadRequest)
			return
		}
		var b keptBatch
		for _, one := range ask.Requests {
			line, _ := json.Marshal(map[string]any{"custom_id": one.ID, "result": map[string]any{"type": "succeeded", "message": map[string]any{
				"id": "msg_fake", "type": "message", "role": "assistant", "model": "claude-sonnet-5",
				"content":     []any{map[string]any{"type": "text", "text": lastText(one.Params.Messages[0].Content)}},
				"stop_reason": "end_turn", "stop_sequence": nil, "usage": map[string]any{"input_tokens": 1, "output_tokens": 1},
			}}})
			b.lines = append([]string{string(line)}, b.lines...)
		}
		k.batches = append(k.batches, b)
		reply(w, k.batchObject(len(k.batches)-1))
		return
	}
	if way[0] == "" {
		list := []any{}
		for n := range k.batches {
			list = append(list, k.batchObject(n))
		}
		reply(w, map[string]any{"data": append(list, k.batchObject(99)), "has_more": false, "first_id": nil, "last_id": nil})
		return
	}
	var n int
	if _, err := fmt.Sscanf(way[0], "msgbatch_%d", &n); err != nil || n >= len(k.batches) {
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	switch {
	case len(way) == 2 && way[1] == "results":
		w.Header().Set("content-type", "application/x-jsonl")
		fmt.Fprint(w, strings.Join(k.batches[n].lines, "\n")+"\n")
	case r.Method == http.MethodDelete:
		reply(w, map[string]any{"id": way[0], "type": "message_batch_deleted"})
	default:
		reply(w, k.batchObject(n))
	}
}

// batchObject is a batch that has ended. Its results lie at an address of the
// vendor's, where nobody must be led.
func (k *keeper) batchObject(n int) any {
	id := fmt.Sprintf("msgbatch_%d", n)
	return map[string]any{
		"id": id, "type": "message_batch", "processing_status": "ended",
		"request_counts": map[string]int{"processing": 0, "succeeded": 1, "errored": 0, "canceled": 0, "expired": 0},
		"created_at":     "2026-11-21T09:00:00Z", "expires_at": "2026-11-22T09:00:00Z", "ended_at": "2026-11-21T10:00:00Z",
		"archived_at": nil, "cancel_initiated_at": nil, "results_url": "https://vendor.invalid/v1/messages/batches/" + id + "/results",
	}
}

func (k *keeper) file(w http.ResponseWriter, r *http.Request, way []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if way[0] == "" && r.Method == http.MethodPost {
		body := k.keep(r)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		part, head, err := r.FormFile("file")
		if err != nil {
			http.Error(w, "{}", http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(part)
		k.files = append(k.files, keptFile{head.Filename, head.Header.Get("content-type"), content})
		reply(w, k.fileObject(len(k.files)-1))
		return
	}
	k.keep(r)
	if way[0] == "" {
		list := []any{}
		for n := range k.files {
			list = append(list, k.fileObject(n))
		}
		reply(w, map[string]any{"data": list, "has_more": false, "first_id": nil, "last_id": nil, "next_page": nil})
		return
	}
	var n int
	if _, err := fmt.Sscanf(way[0], "file_%d", &n); err != nil || n >= len(k.files) {
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	switch {
	case len(way) == 2 && way[1] == "content":
		w.Header().Set("content-type", k.files[n].media)
		w.Write(k.files[n].content)
	case r.Method == http.MethodDelete:
		reply(w, map[string]any{"id": way[0], "type": "file_deleted"})
	default:
		reply(w, k.fileObject(n))
	}
}

func (k *keeper) fileObject(n int) any {
	f := k.files[n]
	return map[string]any{
		"id": fmt.Sprintf("file_%d", n), "type": "file", "filename": f.name, "mime_type": f.media,
		"size_bytes": len(f.content), "created_at": "2026-11-21T09:00:00Z", "downloadable": true,
	}
}
