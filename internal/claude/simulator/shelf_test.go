package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// call asks the simulator and reads the object that it answers.
func call(t *testing.T, h http.Handler, method, target, body string, header ...string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Header.Set("Anthropic-Version", "2023-06-01")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	obj := map[string]any{}
	_ = json.Unmarshal(w.Body.Bytes(), &obj) // a file is none
	return w, obj
}

func TestABatchIsAnsweredLineByLine(t *testing.T) {
	h := newHandler(t)
	lines := fmt.Sprintf(`{"requests":[{"custom_id":"a","params":%s},{"custom_id":"b","params":{"model":"nobody"}}]}`, prompt("[[simulate:echo]] hello"))
	_, batch := call(t, h, "POST", "/v1/messages/batches", lines)
	id := fmt.Sprint(batch["id"])
	if batch["processing_status"] != "in_progress" || batch["results_url"] != nil {
		t.Errorf("when it is made: %v", batch)
	}
	if w, _ := call(t, h, "GET", "/v1/messages/batches/"+id+"/results", ""); w.Code != 404 {
		t.Errorf("results before the end: %d", w.Code)
	}
	if w, _ := call(t, h, "DELETE", "/v1/messages/batches/"+id, ""); w.Code != 400 {
		t.Errorf("deleted before the end: %d", w.Code)
	}
	if _, batch = call(t, h, "GET", "/v1/messages/batches/"+id, ""); batch["processing_status"] != "ended" {
		t.Errorf("when it is looked at: %v", batch)
	}
	w, _ := call(t, h, "GET", "/v1/messages/batches/"+id+"/results", "")
	got := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if len(got) != 2 || !strings.Contains(got[0], `"custom_id":"b"`) || !strings.Contains(got[0], `"errored"`) ||
		!strings.Contains(got[1], `"succeeded"`) || !strings.Contains(got[1], "hello") {
		t.Errorf("%s", w.Body)
	}
	if w, _ := call(t, h, "DELETE", "/v1/messages/batches/"+id, ""); w.Code != 200 {
		t.Errorf("deleted: %d", w.Code)
	}
	if w, _ := call(t, h, "GET", "/v1/messages/batches/"+id, ""); w.Code != 404 {
		t.Errorf("after that: %d", w.Code)
	}
}

func TestACanceledBatchHasNoAnswers(t *testing.T) {
	h := newHandler(t)
	_, batch := call(t, h, "POST", "/v1/messages/batches", fmt.Sprintf(`{"requests":[{"custom_id":"a","params":%s}]}`, prompt("hello")))
	path := "/v1/messages/batches/" + fmt.Sprint(batch["id"])
	if _, batch = call(t, h, "POST", path+"/cancel", ""); batch["processing_status"] != "canceling" {
		t.Errorf("%v", batch)
	}
	call(t, h, "GET", path, "")
	if w, _ := call(t, h, "GET", path+"/results", ""); strings.TrimSpace(w.Body.String()) != `{"custom_id":"a","result":{"type":"canceled"}}` {
		t.Errorf("%s", w.Body)
	}
}

const csvForm = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nDose: metformin 500 mg.\r\n--b--\r\n"

func TestAFileIsKeptAndReadInAMessage(t *testing.T) {
	h := newHandler(t)
	_, file := call(t, h, "POST", "/v1/files", csvForm, "Content-Type", "multipart/form-data; boundary=b")
	if file["filename"] != "a.txt" || file["size_bytes"] != 23.0 {
		t.Fatalf("%v", file)
	}
	path := "/v1/files/" + fmt.Sprint(file["id"])
	if w, _ := call(t, h, "GET", path+"/content", ""); w.Body.String() != "Dose: metformin 500 mg." || w.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("%s", w.Body)
	}
	ask := fmt.Sprintf(`{"model":"claude-sonnet-5","max_tokens":500,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":%q}},{"type":"text","text":"Which medicines are there?"}]}]}`, file["id"])
	if w, _ := call(t, h, "POST", "/v1/messages", ask); w.Code != 200 || !strings.Contains(w.Body.String(), "metformin") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	call(t, h, "DELETE", path, "")
	if w, _ := call(t, h, "POST", "/v1/messages", ask); w.Code != 400 {
		t.Errorf("a file that was deleted: %d", w.Code)
	}
}

func TestWhatIsKeptIsListedInPages(t *testing.T) {
	h := newHandler(t)
	var made []string
	for range 3 {
		_, file := call(t, h, "POST", "/v1/files", csvForm, "Content-Type", "multipart/form-data; boundary=b")
		made = append([]string{fmt.Sprint(file["id"])}, made...) // the newest first
	}
	var seen []string
	target := "/v1/files?limit=2"
	for range 3 {
		_, list := call(t, h, "GET", target, "")
		for _, one := range list["data"].([]any) {
			seen = append(seen, fmt.Sprint(one.(map[string]any)["id"]))
		}
		if list["next_page"] == nil {
			break
		}
		target = "/v1/files?limit=2&page=" + fmt.Sprint(list["next_page"])
	}
	if diff := cmp.Diff(made, seen); diff != "" {
		t.Error(diff)
	}
}

func TestTheOldestGoesWhenThereIsNoMoreRoom(t *testing.T) {
	h := newHandler(t)
	_, first := call(t, h, "POST", "/v1/files", csvForm, "Content-Type", "multipart/form-data; boundary=b")
	for range mostFiles {
		call(t, h, "POST", "/v1/files", csvForm, "Content-Type", "multipart/form-data; boundary=b")
	}
	if w, _ := call(t, h, "GET", "/v1/files/"+fmt.Sprint(first["id"]), ""); w.Code != 404 {
		t.Errorf("the oldest: %d", w.Code)
	}
	_, list := call(t, h, "GET", "/v1/files?limit=1000", "")
	if n := len(list["data"].([]any)); n != mostFiles {
		t.Errorf("%d files", n)
	}
}
