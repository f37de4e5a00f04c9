package claude

import (
	"regexp"
	"strings"
)

// ModelID reports whether an id has the form in which the vendor and the clouds
// name models: claude-FAMILY-5-2, an older claude-3-5-FAMILY, with a snapshot,
// Amazon's profile and version, Google's @, or an ARN around it. The family may be
// one that nobody has heard of; it is a single word, beside a number. What an
// operator calls a model is for the caller to know.
func ModelID(id string) bool {
	if len(id) > 256 {
		return false
	}
	if strings.HasPrefix(id, "arn:") {
		at := modelARN.FindStringIndex(id)
		if at == nil {
			return false
		}
		id = id[at[1]:]
	}
	parts := modelName.FindStringSubmatch(id)
	return parts != nil && modelWords(parts[1])
}

var (
	modelARN  = regexp.MustCompile(`^arn:aws(-us-gov|-cn)?:bedrock:[a-z]{2}(-[a-z]+)+-[0-9]:([0-9]{12})?:(inference-profile|foundation-model)/`)
	modelName = regexp.MustCompile(`^(?:(?:(?:us|us-gov|eu|apac|jp|au|ca|global)\.)?anthropic\.)?claude-([a-z0-9.-]+?)(?:-v[0-9](?::[0-9])?)?(?:@(?:20[0-9]{6}|default|latest))?$`)

	modelFamily   = regexp.MustCompile(`^[a-z]{2,12}$`)
	modelVersion  = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,2})?$`)
	modelSnapshot = regexp.MustCompile(`^20[2-9][0-9](0[1-9]|1[0-2])[0-3][0-9]$`)
)

// modelWords: one family, up to two numbers, a snapshot, and the few words that
// stand behind them.
func modelWords(name string) bool {
	families, numbers, snapshots, known := 0, 0, 0, 0
	for _, word := range strings.Split(name, "-") {
		switch {
		case word == "latest", word == "preview", word == "fast":
		case word == "opus", word == "sonnet", word == "haiku", word == "fable", word == "mythos", word == "instant":
			families++
			known++
		case modelFamily.MatchString(word):
			families++
		case modelVersion.MatchString(word):
			numbers++
		case modelSnapshot.MatchString(word):
			snapshots++
		default:
			return false
		}
	}
	return families <= 1 && numbers <= 2 && snapshots <= 1 && known+numbers > 0
}
