package simulator

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// shelf is what the simulator keeps between calls: files and batches, in memory
// and until it ends. The oldest go when there is no more room.
type shelf struct {
	mu      sync.Mutex
	made    int // things ever put here; numbers the next
	batches []*simBatch
	files   []*simFile
	bytes   int
}

const (
	mostBatches = 256
	mostFiles   = 256
	mostShelved = 256 << 20 // bytes of files and batches together
)

// simFile is an uploaded file.
type simFile struct {
	ID           string `json:"id"`
	Type         string `json:"type"`
	Filename     string `json:"filename"`
	MimeType     string `json:"mime_type"`
	SizeBytes    int    `json:"size_bytes"`
	CreatedAt    string `json:"created_at"`
	Downloadable bool   `json:"downloadable"`

	content []byte
}

// next names the next thing: the same calls in the same order meet the same ids.
func (s *shelf) next(prefix string, body []byte) string {
	s.made++
	return newSeed(prefix, strconv.Itoa(s.made), body).name(prefix)
}

// room lets the oldest go until size bytes more fit.
func (s *shelf) room(size int) {
	s.bytes += size
	for len(s.files) > 0 && (s.bytes > mostShelved || len(s.files) >= mostFiles) {
		s.bytes -= len(s.files[0].content)
		s.files = slices.Delete(s.files, 0, 1)
	}
	for len(s.batches) > 0 && (s.bytes > mostShelved || len(s.batches) >= mostBatches) {
		s.bytes -= s.batches[0].size
		s.batches = slices.Delete(s.batches, 0, 1)
	}
}

// files serves /v1/files. At the vendor an uploaded file cannot be downloaded
// again; here it can, so that the way back can be tried offline.
func (s *simulator) files(w http.ResponseWriter, r *http.Request, body []byte) *fault {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	rest := strings.Trim(strings.TrimPrefix(r.URL.Path, "/v1/files"), "/")
	id, act, _ := strings.Cut(rest, "/")
	switch {
	case rest == "" && r.Method == http.MethodPost:
		return s.upload(w, r, body)
	case rest == "" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, pageOf(r, s.shelf.files, func(f *simFile) string { return f.ID }, func(f *simFile) any { return f }))
		return nil
	}
	at := slices.IndexFunc(s.shelf.files, func(f *simFile) bool { return f.ID == id })
	switch {
	case at < 0:
		return faultf(http.StatusNotFound, "file: there is no such file")
	case act == "" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, s.shelf.files[at])
	case act == "" && r.Method == http.MethodDelete:
		s.shelf.bytes -= len(s.shelf.files[at].content)
		s.shelf.files = slices.Delete(s.shelf.files, at, at+1)
		writeJSON(w, http.StatusOK, map[string]string{"id": id, "type": "file_deleted"})
	case act == "content" && r.Method == http.MethodGet:
		f := s.shelf.files[at]
		w.Header().Set("Content-Type", f.MimeType)
		w.Header().Set("Content-Length", strconv.Itoa(len(f.content)))
		_, _ = w.Write(f.content) // a client that is gone reads no error either
	default:
		return faultf(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	return nil
}

func (s *simulator) upload(w http.ResponseWriter, r *http.Request, body []byte) *fault {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return invalid("a file is uploaded as multipart/form-data")
	}
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	part, err := form.NextPart()
	for err == nil && part.FormName() != "file" {
		part, err = form.NextPart()
	}
	if err != nil {
		return invalid("file: Field required")
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return invalid("file: it is not whole")
	}
	f := &simFile{
		ID: s.shelf.next("file_sim_", content), Type: "file", Filename: part.FileName(), MimeType: part.Header.Get("Content-Type"),
		SizeBytes: len(content), CreatedAt: s.shelf.when(), Downloadable: true, content: content,
	}
	s.shelf.room(len(content))
	s.shelf.files = append(s.shelf.files, f)
	writeJSON(w, http.StatusOK, f)
	return nil
}

// when is a moment for the next thing: nothing here reads a clock, so that the
// same calls meet the same answers.
func (s *shelf) when() string {
	return time.Unix(int64(s.made), 0).UTC().Format(time.RFC3339)
}

// pageOf is a list, the newest first, in the API's form.
func pageOf[T any](r *http.Request, all []T, id func(T) string, show func(T) any) any {
	limit := 20
	if n, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil && n > 0 {
		limit = min(n, 1000)
	}
	list := slices.Clone(all)
	slices.Reverse(list)
	find := func(want string) int {
		return slices.IndexFunc(list, func(t T) bool { return want != "" && id(t) == want })
	}
	after := r.URL.Query().Get("after_id")
	if cursor, ok := strings.CutPrefix(r.URL.Query().Get("page"), "page_"); ok {
		after = cursor
	}
	if at := find(after); at >= 0 {
		list = list[at+1:]
	}
	if at := find(r.URL.Query().Get("before_id")); at >= 0 {
		list = list[:at]
	}
	more := len(list) > limit
	list = list[:min(limit, len(list))]
	out := map[string]any{"data": []any{}, "has_more": more, "first_id": nil, "last_id": nil, "next_page": nil}
	if len(list) > 0 {
		data := make([]any, len(list))
		for i, t := range list {
			data[i] = show(t)
		}
		out["data"], out["first_id"], out["last_id"] = data, id(list[0]), id(list[len(list)-1])
		if more {
			out["next_page"] = "page_" + id(list[len(list)-1])
		}
	}
	return out
}

// file is what a message refers to by its id.
func (s *simulator) file(id string) (*simFile, bool) {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	at := slices.IndexFunc(s.shelf.files, func(f *simFile) bool { return f.ID == id })
	if at < 0 {
		return nil, false
	}
	return s.shelf.files[at], true
}

// fetch puts the texts of uploaded files where a request refers to them.
func (s *simulator) fetch(req *request) *fault {
	for i := range req.Messages {
		for j := range req.Messages[i].Content {
			src := &req.Messages[i].Content[j].Source
			if src.Type != "file" {
				continue
			}
			f, ok := s.file(src.FileID)
			if !ok {
				return invalid("messages.%d.content.%d.source.file_id: there is no such file", i, j)
			}
			*src = blockSource{Type: "base64", MediaType: f.MimeType, Data: base64.StdEncoding.EncodeToString(f.content)}
		}
	}
	return nil
}
