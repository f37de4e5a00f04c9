package simulator

import "strings"

// check refuses what the API refuses.
func (r *request) check() *fault {
	if r.MaxTokens != nil && *r.MaxTokens < 1 {
		return invalid("max_tokens: Input should be greater than or equal to 1")
	}
	if r.Thread != nil {
		// Nothing is kept between requests here. Clients that try a thread first
		// (the tool runners of the SDKs) go on without one on this code.
		f := invalid("thread: message threads are not supported")
		f.code = "thread_unsupported_request"
		return f
	}
	if len(r.Messages) == 0 {
		return invalid("messages: at least one message is required")
	}
	for i, m := range r.Messages {
		if m.Role != "user" && m.Role != "assistant" && m.Role != "system" {
			return invalid("messages.%d.role: Input should be 'user', 'assistant' or 'system'", i)
		}
		if len(m.Content) == 0 && i != len(r.Messages)-1 {
			return invalid("messages.%d: all messages must have non-empty content except for the optional final assistant message", i)
		}
		if f := m.check(i); f != nil {
			return f
		}
	}
	if r.Messages[0].Role == "assistant" {
		return invalid("messages: first message must use the \"user\" role")
	}
	if len(r.Messages[len(r.Messages)-1].Content) == 0 && r.Messages[len(r.Messages)-1].Role == "user" {
		return invalid("messages.%d: user messages must have non-empty content", len(r.Messages)-1)
	}
	if f := r.checkToolUse(); f != nil {
		return f
	}
	return r.checkOptions()
}

func (m message) check(i int) *fault {
	for j, b := range m.Content {
		switch b.Type {
		case "":
			return invalid("messages.%d.content.%d.type: Field required", i, j)
		case "text":
			if b.Text == "" {
				return invalid("messages.%d.content.%d: text content blocks must be non-empty", i, j)
			}
		case "thinking", "redacted_thinking":
			if f := b.checkThinking(i, j); f != nil {
				return f
			}
		}
	}
	return nil
}

func (b block) checkThinking(i, j int) *fault {
	switch {
	case b.Type == "thinking" && b.Signature == "":
		return invalid("messages.%d.content.%d.thinking.signature: Field required", i, j)
	case b.Type == "thinking" && !verifyThinking(b.Thinking, b.Signature):
		return invalid("messages.%d.content.%d: Invalid `signature` in `thinking` block", i, j)
	case b.Type == "redacted_thinking" && !verifyRedacted(b.Data):
		return invalid("messages.%d.content.%d: Invalid `data` in `redacted_thinking` block", i, j)
	}
	return nil
}

// checkToolUse holds calls and results together: each call of one message has
// its result in the next, and no result stands without its call.
func (r *request) checkToolUse() *fault {
	var open []string
	seen := map[string]bool{}
	for i, m := range r.Messages {
		if m.Role == "system" {
			continue
		}
		for j, b := range m.Content {
			if b.Type != "tool_result" {
				continue
			}
			at := indexOf(open, b.ToolUseID)
			if at < 0 {
				return invalid("messages.%d.content.%d: unexpected `tool_use_id` found in `tool_result` blocks. "+
					"Each `tool_result` block must have a corresponding `tool_use` block in the previous message", i, j)
			}
			open = append(open[:at], open[at+1:]...)
		}
		if len(open) > 0 {
			return invalid("messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s",
				i-1, strings.Join(open, ", "))
		}
		for j, b := range m.Content {
			if b.Type != "tool_use" {
				continue
			}
			if seen[b.ID] {
				return invalid("messages.%d.content.%d: `tool_use` ids must be unique", i, j)
			}
			seen[b.ID] = true
			open = append(open, b.ID)
		}
	}
	if len(open) > 0 {
		return invalid("messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s",
			len(r.Messages)-1, strings.Join(open, ", "))
	}
	return nil
}

func indexOf(list []string, s string) int {
	for i, have := range list {
		if have == s {
			return i
		}
	}
	return -1
}

func (r *request) checkOptions() *fault {
	for i, t := range r.Tools {
		if t.clientRuns() && (t.Name == "" || len(t.InputSchema) == 0) {
			return invalid("tools.%d: name and input_schema are required", i)
		}
	}
	switch r.ToolChoice.Type {
	case "", "auto", "none":
	case "any", "tool":
		if _, ok := r.forcedTool(); !ok {
			return invalid("tool_choice: there is no such tool")
		}
	default:
		return invalid("tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'")
	}
	for i, s := range r.StopSequences {
		if strings.TrimSpace(s) == "" {
			return invalid("stop_sequences.%d: each stop sequence must contain non-whitespace", i)
		}
	}
	switch r.Thinking.Type {
	case "", "disabled", "adaptive":
	case "enabled":
		if r.Thinking.BudgetTokens < 1024 {
			return invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
		}
		if r.MaxTokens != nil && r.Thinking.BudgetTokens >= *r.MaxTokens {
			return invalid("`max_tokens` must be greater than `thinking.budget_tokens`")
		}
	default:
		return invalid("thinking.type: Input should be 'enabled', 'adaptive' or 'disabled'")
	}
	if r.citing() && len(r.schema()) > 0 {
		return invalid("output_config.format: structured outputs and citations cannot be combined")
	}
	return nil
}
