package claude_test

import (
	"strings"
	"testing"

	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

// A client that has learnt a new beta does not make a cloud refuse everybody: what the
// door does not take is left out, wherever the platform wants to have the list.
func TestABetaThatAPlatformDoesNotTakeIsLeftOut_Pain12(t *testing.T) {
	awsEnv(t)
	for name, c := range map[string]struct {
		betas  []string
		header string // at the Messages endpoint
		body   string // at InvokeModel
	}{
		"a door that takes some":   {[]string{"effort-2025-11-24"}, "effort-2025-11-24", `"anthropic_beta":["effort-2025-11-24"]`},
		"a door that takes none":   {[]string{}, "", ""},
		"a door that says nothing": {nil, "brand-new-2027-01-01,effort-2025-11-24", `"anthropic_beta":["brand-new-2027-01-01","effort-2025-11-24"]`},
	} {
		t.Run(name, func(t *testing.T) {
			srv := claudetest.New(t, claudetest.JSON(200, `{"type":"message"}`), claudetest.JSON(200, `{"type":"message"}`))
			cfg := awsConfig(srv)
			cfg.Betas = c.betas
			ask := asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5","max_tokens":1,"messages":[]}`)
			ask.Header.Set("Anthropic-Beta", "brand-new-2027-01-01,effort-2025-11-24")
			if got := sent(t, made(t)(claude.NewBedrockMessages(cfg)), srv, ask); got.Header.Get("Anthropic-Beta") != c.header {
				t.Errorf("the header says %q", got.Header.Get("Anthropic-Beta"))
			}
			got := string(sent(t, made(t)(claude.NewBedrock(cfg)), srv, ask).Body)
			if !strings.Contains(got, c.body) || strings.Contains(got, "anthropic_beta") != (c.body != "") {
				t.Errorf("the body says %s", got)
			}
			if ask.Header.Get("Anthropic-Beta") != "brand-new-2027-01-01,effort-2025-11-24" {
				t.Error("the door changed the caller's header")
			}
		})
	}
}
