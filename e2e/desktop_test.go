package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestDesktopsGatewayMode asks what Claude Desktop asks of a gateway: models
// whose ids it lists, and a stream with tools, by either scheme of
// authentication and with headers of the house's own.
func TestDesktopsGatewayMode(t *testing.T) {
	who := person(11)
	m := newModel(t, func(p prompt) []block {
		return []block{
			{Type: "text", Text: "About " + namesPlaceholder.FindString(p.said()) + ":"},
			{Type: "tool_use", ID: "toolu_1", Name: "find_chart", Input: map[string]any{"name": namesPlaceholder.FindString(p.said())}},
		}
	})
	d, dir := house(t, m)
	device := signedIn(t, d)
	for name, header := range map[string][2]string{
		"a key as x-api-key":         {"x-api-key", d.APIKey},
		"a key as bearer":            {"Authorization", "Bearer " + d.APIKey},
		"a device's token as bearer": {"Authorization", "Bearer " + device.Access},
	} {
		t.Run(name, func(t *testing.T) {
			ask := func(method, path, body string) (int, string) {
				t.Helper()
				req, err := http.NewRequestWithContext(timeout(t, 20*time.Second), method, d.URL+path, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set(header[0], header[1])
				req.Header.Set("anthropic-version", "2023-06-01")
				req.Header.Set("content-type", "application/json")
				req.Header.Set("x-clinic-site", "ward 3, "+who.family) // inferenceCustomHeaders
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				raw, _ := io.ReadAll(resp.Body)
				return resp.StatusCode, string(raw)
			}
			if status, _ := ask("HEAD", "/api/hello", ""); status != http.StatusOK {
				t.Errorf("the probe: %d", status)
			}
			status, list := ask("GET", "/v1/models?limit=1000", "")
			var models struct {
				Data []struct{ ID string }
			}
			if json.Unmarshal([]byte(list), &models) != nil || status != http.StatusOK || len(models.Data) == 0 || !strings.Contains(models.Data[0].ID, "claude") {
				t.Errorf("models: %d %s", status, list)
			}
			tools := `[{"name":"find_chart","description":"Finds a chart","input_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"name":{"type":"string"}}}}` + strings.Repeat(`,{"name":"tNAME","input_schema":{"type":"object"}}`, 4) + `]`
			for n := range 4 {
				tools = strings.Replace(tools, "tNAME", "other_"+string(rune('a'+n)), 1)
			}
			prompt, _ := json.Marshal("Find the chart.\n\n" + who.note())
			status, stream := ask("POST", "/v1/messages", `{"model":"claude-sonnet-5","max_tokens":100,"stream":true,"tools":`+tools+`,"messages":[{"role":"user","content":`+string(prompt)+`}]}`)
			if status != http.StatusOK || !strings.Contains(stream, "event: message_stop") || !strings.Contains(stream, "tool_use") {
				t.Fatalf("%d %s", status, stream)
			}
			if !strings.Contains(stream, who.family) || namesPlaceholder.MatchString(stream) {
				t.Errorf("the stream was not restored: %s", stream)
			}
		})
	}
	sawNone(t, m, who)
	recorded(t, d, dir, 6)
}
