package regulation

import "testing"

func TestWhatTokensCost_RTE09(t *testing.T) {
	p, err := LoadPrices()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		connection, model, geo string
		tokens                 Tokens
		want                   int64 // millionths of a dollar
		known                  bool
	}{
		"input and output":                        {"anthropic-hipaa", "claude-opus-5", "", Tokens{Input: 1000, Output: 100}, 7500, true},
		"a cache that is read and written":        {"anthropic-zdr", "claude-sonnet-4-6", "", Tokens{CacheRead: 1000, CacheWrite: 200, CacheWriteHour: 100}, 300 + 375 + 600, true},
		"in the US alone":                         {"anthropic-hipaa", "claude-opus-5", "us", Tokens{Input: 1000}, 5500, true},
		"part of a millionth is rounded up":       {"anthropic-hipaa", "claude-haiku-4-5", "", Tokens{CacheRead: 1}, 1, true},
		"a model by its dated name":               {"anthropic-standard", "claude-sonnet-4-5-20250929", "", Tokens{Input: 10}, 30, true},
		"a model without a known price":           {"anthropic-hipaa", "claude-opus-99", "", Tokens{Input: 10}, 0, false},
		"a cloud that bills by a list of its own": {"bedrock", "claude-opus-5", "", Tokens{Input: 10}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			price, ok := p.Price(c.connection, c.model)
			if ok != c.known {
				t.Fatalf("known: %v", ok)
			}
			if got := p.Cost(price, c.tokens, c.geo); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
