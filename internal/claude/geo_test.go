package claude

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestARequestIsPinnedWithoutTouchingAnyOtherByte_RTE03(t *testing.T) {
	for _, body := range []string{
		`{"messages":[],"model":"claude-sonnet-5"}`, " \n{ \"messages\" : [ ] }\n", `{"system":"{","messages":[]}`,
	} {
		got := string(PinGeo([]byte(body), "us"))
		if strings.Replace(got, `"inference_geo":"us",`, "", 1) != body {
			t.Errorf("%q became %q", body, got)
		}
		var read struct {
			Geo string `json:"inference_geo"`
		}
		if err := json.Unmarshal([]byte(got), &read); err != nil || read.Geo != "us" {
			t.Errorf("%q: %v", got, err)
		}
	}
}

func TestWhatARequestSaysOfItsPlace_RTE03(t *testing.T) {
	for member, want := range map[string]string{
		``: "", `"inference_geo":"us",`: "us", `"inference_geo":"global",`: "global", `"inference_geo":null,`: "?", `"inference_geo":"John Smith",`: "?",
	} {
		r := httptest.NewRequest("POST", "/v1/messages", strings.NewReader(`{`+member+`"messages":[]}`))
		r.Header.Set("Anthropic-Version", "2023-06-01")
		a, err := ReadRequest(r, Limits{})
		if err != nil || a.Geo() != want {
			t.Errorf("%s: %q, %v", member, a.Geo(), err)
		}
	}
}
