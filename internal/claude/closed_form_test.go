package claude

import (
	"net/http"
	"testing"
)

// TestAModelsIdHasItsForm: what is asked for as a model leaves in a path or a
// body, so it must not be somebody's name (PRI-01).
func TestAModelsIdHasItsForm(t *testing.T) {
	for id, want := range map[string]bool{
		"claude-sonnet-5": true, "claude-fable-5-2": true, "claude-opus-4-5-20251101": true, "claude-3-5-sonnet-20241022": true,
		"claude-3-5-haiku-latest": true, "claude-2.1": true, "claude-instant-1.2": true, "claude-tomorrow-7": true,
		"anthropic.claude-sonnet-5": true, "us.anthropic.claude-opus-4-6-v1": true, "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0": true,
		"claude-opus-4-5@20251101": true, "claude-opus-4-5@default": true,
		"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-opus-5": true,
		"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5":                 true,

		"": false, "claude": false, "claude-": false, "gpt-4-Quarrington": false, "zebulon.quarrington@example.org": false,
		"claude-zebulon-quarrington-5": false, "claude-219-09-9999": false, "claude-4471902": false, "Claude-Sonnet-5": false,
		"claude-quarrington": false, "claude-opus-5@zebulon": false, "zebulon.anthropic.claude-opus-5": false,
		"arn:aws:bedrock:us-east-1:zebulon:inference-profile/us.anthropic.claude-opus-5": false,
		"arn:aws:bedrock:us-east-1:111122223333:inference-profile/quarrington":           false,
	} {
		if got := ModelID(id); got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
	known, err := KnownModels()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range known.Models {
		if !ModelID(m.ID) {
			t.Errorf("the known model %s is refused", m.ID)
		}
	}
}

// TestAHeaderHoldsNoFreeText: what the SDKs and Claude Code say of themselves
// passes; anything else stays here.
func TestAHeaderHoldsNoFreeText(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"X-Stainless-Runtime", "CPython", "CPython"},
		{"X-Stainless-Runtime", "browser:chrome", "browser:chrome"},
		{"X-Stainless-Runtime", "MRN 4471902 219-09-9999", ""},
		{"X-Stainless-Runtime-Version", "v22.11.0", "v22.11.0"},
		{"X-Stainless-Runtime-Version", "go1.26.1", "go1.26.1"},
		{"X-Stainless-Runtime-Version", "219-09-9999", ""},
		{"X-Stainless-Package-Version", "1.12.0-beta.3", "1.12.0-beta.3"},
		{"X-Stainless-Package-Version", "4471902", ""},
		{"X-Stainless-Os", "MacOS", "MacOS"},
		{"X-Stainless-Os", "Other:Quarrington", ""},
		{"X-Stainless-Arch", "arm64", "arm64"},
		{"X-Stainless-Timeout", "600", "600"},
		{"X-Stainless-Timeout", "4471902", ""},
		{"X-Stainless-Async", "async:asyncio", "async:asyncio"},
		{"X-Stainless-Patient", "1", ""},
		{"X-App", "Zebulon", ""},
		{"Accept", "application/json", "application/json"},
		{"Accept", "text/quarrington", ""},
		{"X-Claude-Code-Session-Id", "6f0c3b52-1c0e-4d0e-9a51-1de1b7c0a001", "6f0c3b52-1c0e-4d0e-9a51-1de1b7c0a001"},
		{"X-Claude-Code-Session-Id", "Zebulon-Quarrington", ""},
		{"User-Agent", "Anthropic/Python 0.84.0", "Anthropic/Python 0.84.0"},
		{"User-Agent", "Anthropic/JS 1.12.0", "Anthropic/JS 1.12.0"},
		{"User-Agent", "AsyncAnthropicBedrock/Python 0.84.0", "AsyncAnthropicBedrock/Python 0.84.0"},
		{"User-Agent", "claude-cli/2.1.330 (external, cli)", "claude-cli/2.1.330 (external, cli)"},
		{"User-Agent", "claude-cli/2.1.330 (Zebulon Quarrington)", "claude-cli/2.1.330"},
		{"User-Agent", "claude-cli/219-09-9999", "chaperone"},
		{"User-Agent", "Ward/7 Anthropic/Go 1.9.0", "Anthropic/Go 1.9.0"},
		{"User-Agent", "Zebulon Quarrington app", "chaperone"},
	} {
		if got := forwarded(http.Header{c.name: {c.value}}, nil, "2023-06-01").Get(c.name); got != c.want {
			t.Errorf("%s: %q left as %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestAFeaturesNameEndsInItsDate(t *testing.T) {
	for b, want := range map[string]bool{
		"context-1m-2025-08-07": true, "claude-code-20250219": true, "max-tokens-3-5-sonnet-2024-07-15": true,
		"output-128k-2025-02-19": true, "fine-grained-tool-streaming-2025-05-14": true, "tomorrow-2027-02-03": true,
		"patient-219-09-9999": false, "patient-219-09-9999-2026-01-01": false, "mrn-4471902-2026-01-01": false,
		"zebulon-quarrington": false, "Zebulon-2026-01-01": false, "2026-01-01": false, "": false,
	} {
		if got := betaForm(b); got != want {
			t.Errorf("%q: %v, want %v", b, got, want)
		}
	}
}

func TestAnIdOfAToolCallIsDrawnOrIsAHandle(t *testing.T) {
	for id, want := range map[string]bool{
		"toolu_01A09q90qw90lq917835lq9": true, "toolu_01": true, "srvtoolu_1": true, "toolu_01A": true, "mcptoolu_014kxP8dQ2mZ7vWc3RtY": true,
		"toolu_bdrk_01A09q90qw90lq917835lq9": true,
		"toolu_Zebulon_Quarrington":          false, "toolu_ZebulonQuarrington219": false, "toolu_4471902": false, "toolu_A4471902b7Xk3mQ9zz1": false,
		"219-09-9999": false, "call_01": false, "toolu_": false, "": false, "Marta Example": false,
	} {
		if got := drawnID(id); got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}
