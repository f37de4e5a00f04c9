package simulator

import (
	"encoding/json"
	"unicode/utf8"
)

// The vendor's tokenizer is not public; four characters a token is its own
// rule of thumb for English. Images and files have a flat price here.
const (
	charsPerToken = 4
	opaqueTokens  = 1500
	messageTokens = 4
)

// textTokens estimates the tokens of a text, rounded up.
func textTokens(s string) int {
	return (utf8.RuneCountInString(s) + charsPerToken - 1) / charsPerToken
}

// inputTokens estimates the tokens of a whole request that is valid JSON:
// every string and key in it, base64 data at a flat price.
func inputTokens(body []byte) int {
	var v map[string]any
	if json.Unmarshal(body, &v) != nil {
		return 0
	}
	n := 0
	for _, field := range []string{"system", "messages", "tools"} {
		n += valueTokens(v[field])
	}
	if list, ok := v["messages"].([]any); ok {
		n += len(list) * messageTokens
	}
	return max(n, 1)
}

func valueTokens(v any) int {
	switch v := v.(type) {
	case string:
		return textTokens(v)
	case []any:
		n := 0
		for _, item := range v {
			n += valueTokens(item)
		}
		return n
	case map[string]any:
		if v["type"] == "base64" {
			return opaqueTokens
		}
		n := 0
		for key, item := range v {
			switch key {
			case "type", "role", "cache_control", "signature", "id", "tool_use_id":
			default:
				n += textTokens(key) + valueTokens(item)
			}
		}
		return n
	case nil, bool:
		return 0
	}
	return 1 // a number
}
