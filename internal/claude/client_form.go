package claude

import (
	"regexp"
	"strings"
)

// The closed forms of what clients say of themselves in headers. A header is not
// read for identifiers, so one that is out of its form stays here.

const (
	versionPattern = `[vV]?[0-9]{1,3}(?:\.[0-9]{1,4}){0,3}(?:[-.+]?(?:alpha|beta|rc|dev|canary|next|a|b|c|post)(?:[-.]?[0-9]{1,3})?)?`
	uuidPattern    = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`
)

func exactly(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

var (
	versionWord = exactly(`(?:go)?` + versionPattern + `|unknown`)
	fewDigits   = exactly(`[0-9]{1,5}`)
	clientID    = exactly(uuidPattern + `|[a-z]{1,8}-[0-9]{1,3}|[0-9a-f]{16}`)
	appWord     = exactly(`cli|cli-bg|sdk|web|desktop|vscode`)
	truth       = exactly(`true|false`)
	acceptForm  = exactly(`\*/\*|(?:application/(?:json|vnd\.amazon\.eventstream|octet-stream|x-jsonl|binary)|text/event-stream)(?:, ?(?:application/json|text/event-stream|\*/\*))*`)

	stainless = map[string]*regexp.Regexp{
		"Lang":                 exactly(`js|python|go|java|kotlin|ruby|csharp|php|unknown`),
		"Package-Version":      versionWord,
		"Os":                   exactly(`(?i)mac ?os(?: x)?|darwin|windows|linux|freebsd|openbsd|ios|android|unknown`),
		"Arch":                 exactly(`(?i)x32|x64|x86|x86_64|amd64|386|i386|arm|arm64|aarch64|unknown`),
		"Runtime":              exactly(`(?i)node|deno|bun|browser(?::(?:chrome|safari|firefox|edge|ie))?|edge|vercel-edge|workerd|cpython|pypy|go|jre|ruby|jruby|truffleruby|php|\.net|dotnet|unknown`),
		"Runtime-Version":      versionWord,
		"Retry-Count":          fewDigits,
		"Timeout":              exactly(`[0-9]{1,5}(?:\.[0-9]{1,3})?|NOT_GIVEN`),
		"Read-Timeout":         exactly(`[0-9]{1,5}(?:\.[0-9]{1,3})?|NOT_GIVEN`),
		"Async":                exactly(`false|async:(?:asyncio|trio|unknown)`),
		"Raw-Response":         exactly(`true|stream|raw`),
		"Helper-Method":        exactly(`stream`),
		"Helper":               exactly(`(?:stream|BetaToolRunner|beta_tool_runner|tool_runner|compaction|mcp)(?:, ?(?:stream|BetaToolRunner|beta_tool_runner|tool_runner|compaction|mcp))*`),
		"Poll-Helper":          truth,
		"Custom-Poll-Interval": fewDigits,
	}

	productToken = regexp.MustCompile(`(?:^| )((?:claude-(?:cli|code)|(?:Async)?Anthropic(?:Bedrock|BedrockMantle|Vertex|Foundry|Aws|AWS)?(?:ClientImpl|OkHttpClient)?(?:/(?:JS|Python|Go|Java|Kotlin|Ruby|PHP|C#))?|anthropic-sdk-[a-z]{2,8}|claude-agent-sdk(?:-py|-ts)?)[/ ]` + versionPattern + `)`)
	cliRemark    = regexp.MustCompile(`^ \((?:external|internal|ant)(?:, (?:cli|sdk-cli|sdk-ts|sdk-py|claude-vscode|claude-desktop|local-agent|remote|mcp|agent-sdk/` + versionPattern + `))*\)`)
)

// forwardedValue is what goes on of a header's value; false where nothing does.
func forwardedValue(name, v string) (string, bool) {
	form := (*regexp.Regexp)(nil)
	switch name {
	case "User-Agent":
		return productOf(v), true
	case "Accept":
		form = acceptForm
	case "X-App":
		form = appWord
	case "Anthropic-Dangerous-Direct-Browser-Access":
		form = truth
	default:
		if rest, ok := strings.CutPrefix(name, "X-Stainless-"); ok {
			form = stainless[rest]
		} else if strings.HasPrefix(name, "X-Claude-Code-") {
			form = clientID
		}
	}
	return v, form != nil && len(v) <= 128 && form.MatchString(v)
}

// productOf reduces a client's name for itself to the product it is known as, and
// what Claude Code says of how it was started; chaperone where it is none.
func productOf(agent string) string {
	if len(agent) > 256 {
		return "chaperone"
	}
	at := productToken.FindStringSubmatchIndex(agent)
	if at == nil || at[3] < len(agent) && agent[at[3]] != ' ' {
		return "chaperone"
	}
	return agent[at[2]:at[3]] + cliRemark.FindString(agent[at[3]:])
}

// betaForm: the names of beta features end in a date, as in word-word-2026-01-31
// and word-20260131. Before it stand words, of which a few may be short numbers.
func betaForm(s string) bool {
	return len(s) <= 96 && betaName.MatchString(s)
}

var betaName = regexp.MustCompile(`^[a-z]{1,24}(?:-(?:[0-9]{0,3}[a-z]{1,24}[0-9]{0,3}|[0-9]{1,2})){0,8}-20[2-9][0-9](?:-(?:0[1-9]|1[0-2])-[0-3][0-9]|(?:0[1-9]|1[0-2])[0-3][0-9])$`)
