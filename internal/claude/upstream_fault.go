package claude

import (
	"context"
	"errors"
	"fmt"

	"chaperone"
)

func errUpstream(code, public string, cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUpstream, code, public, "Try again", cause)
}

func errTruncated(cause error) *chaperone.Error {
	return errUpstream("upstream_truncated", "The answer broke off before its end", cause)
}

func errMalformed(cause error) *chaperone.Error {
	return errUpstream("upstream_malformed", "The answer holds something that is not of the Messages API", cause)
}

func errNotJSON(cause error) *chaperone.Error {
	return errUpstream("upstream_not_json", "What answered is not the Messages API; nothing of it was passed on", cause)
}

func errAnswerTooLarge() *chaperone.Error {
	return chaperone.NewError(chaperone.KindUpstream, "upstream_too_large",
		"The answer is larger than the limit", "Ask for less at once", nil)
}

func errRecord(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "record_unavailable",
		"The answer could not be recorded and was stopped", "Try again later", cause)
}

// readingFault sorts the reasons why an upstream's answer could not be read.
// Doors say it in their own words; a context that was cancelled means that the
// client is gone.
func readingFault(err error) error {
	var mine *chaperone.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("claude: read: %w: %w", ErrClientGone, err)
	case errors.As(err, &mine):
		return mine
	case errors.Is(err, context.DeadlineExceeded):
		return chaperone.NewError(chaperone.KindTimeout, "deadline",
			"The time for this request is over", "Try again, or ask for less at once", err)
	}
	return errTruncated(err)
}
