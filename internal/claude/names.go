package claude

import (
	"strings"
	"sync"
)

// nameSet is a closed list of words of the Messages API.
type nameSet map[string]struct{}

func names(lines string) nameSet {
	set := nameSet{}
	for _, w := range strings.Fields(lines) {
		set[w] = struct{}{}
	}
	return set
}

func (s nameSet) has(w string) bool { _, ok := s[w]; return ok }

// vocabulary is what the Messages API is known to say, as of SDK 1.12.0
// (November 2026). A word that is missing costs nothing but a look at it:
// unknown fields and values are shown to the caller as leaves and pass.
type vocabulary struct {
	fields  nameSet // member names; these are never leaves outside of free data
	words   nameSet // values of settings
	blocks  nameSet // types of content block that a scanner must know
	schemas nameSet // keywords of JSON Schema whose values are plain data or prose
}

// spoken is the vocabulary, made at its first use and never changed.
var spoken = sync.OnceValue(newVocabulary)

func newVocabulary() *vocabulary {
	return &vocabulary{
		fields: names(`
			model messages max_tokens system stream temperature top_p top_k stop_sequences
			tools tool_choice thinking metadata cache_control container diagnostics
			inference_geo output_config output_format service_tier speed user_profile_id
			workspace_id betas billing_policy compaction context_management fallbacks
			fallback_credit_token mcp_servers thread safeguards tags
			role content type text source citations title context id name input
			tool_use_id is_error signature data file_id media_type url enabled ttl scope
			budget_tokens display effort format schema strict user_id
			disable_parallel_tool_use description input_schema input_examples defer_loading
			allowed_callers max_uses allowed_domains blocked_domains user_location city
			region country timezone max_characters max_content_tokens display_width_px
			display_height_px display_number eager_input_streaming tool_name tool tools
			server_name authorization_token tool_configuration allowed_tools caller
			cited_text document_index document_title start_char_index end_char_index
			start_page_number end_page_number start_block_index end_block_index
			search_result_index encrypted_index encrypted_content encrypted_stdout page_age
			retrieved_at error_code stdout stderr return_code edits trigger keep clear_at_least
			exclude_tools clear_tool_inputs value skills skill_id version instructions
			pause_after_compaction tool_references default_config configs mcp_server_name`),
		words: names(`
			ephemeral 5m 1h global us eu enabled disabled adaptive omitted summarized
			auto any tool none low medium high xhigh max standard fast standard_only
			batch priority direct user assistant system user_profile organization session
			json_schema json text`),
		blocks: names(`
			text image document search_result thinking redacted_thinking tool_use tool_result
			server_tool_use web_search_tool_result web_fetch_tool_result advisor_tool_result
			code_execution_tool_result bash_code_execution_tool_result
			text_editor_code_execution_tool_result tool_search_tool_result mcp_tool_use
			mcp_tool_result container_upload compaction tool_addition tool_removal
			mcp_tool_listing fallback tool_reference`),
		schemas: names(`
			type properties patternProperties additionalProperties required items prefixItems
			enum const pattern format title description default examples anyOf oneOf allOf not
			if then else $ref $defs definitions $id $schema $comment $anchor minimum maximum
			exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems
			uniqueItems minProperties maxProperties contains minContains maxContains
			propertyNames dependentRequired dependentSchemas unevaluatedItems
			unevaluatedProperties deprecated readOnly writeOnly nullable contentEncoding
			contentMediaType contentSchema additionalItems`),
	}
}
