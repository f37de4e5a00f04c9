package console

import (
	"chaperone/internal/audit"
	"chaperone/internal/policy"
)

// tone says how a state is meant. A state is always told by its word; shape and
// colour only help (WCAG 2.2, 1.4.1).
type tone string

const (
	plain tone = "plain"
	good  tone = "good"
	warn  tone = "warn"
	bad   tone = "bad"
)

// badge is a state in a word.
type badge struct {
	Word string
	Tone tone
}

// Shape is the sign that stands before the word.
func (b badge) Shape() string {
	switch b.Tone {
	case good:
		return "✓"
	case warn:
		return "▲"
	case bad:
		return "■"
	default:
		return "○"
	}
}

func decisionBadge(d audit.Decision) badge {
	switch d {
	case audit.Concealed:
		return badge{"concealed", good}
	case audit.Identified:
		return badge{"identified", warn}
	case audit.Refused:
		return badge{"refused", bad}
	case audit.Clean:
		return badge{"nothing found", plain}
	default:
		return badge{}
	}
}

// resultBadge tells a result of package audit in plain words.
func resultBadge(result string) badge {
	switch audit.Result(result) {
	case audit.OK:
		return badge{"done", good}
	case audit.RefusedResult:
		return badge{"refused", bad}
	case audit.UpstreamError:
		return badge{"error at the door", warn}
	case audit.ClientGone:
		return badge{"client left", warn}
	case audit.Timeout:
		return badge{"took too long", warn}
	case audit.Truncated:
		return badge{"answer broke off", warn}
	case audit.Abandoned:
		return badge{"abandoned", warn}
	case audit.Panicked, audit.Failed:
		return badge{"failed here", bad}
	}
	return badge{result, plain} // "pending", "damaged"
}

func standingBadge(s policy.Standing) badge {
	switch s {
	case policy.InForce:
		return badge{"agreement in force", good}
	case policy.Unapproved:
		return badge{"agreement not approved", warn}
	case policy.BackDated:
		return badge{"agreement dated back", warn}
	case policy.NotBegun:
		return badge{"agreement not begun", warn}
	case policy.Expired:
		return badge{"agreement expired", bad}
	default:
		return badge{"no agreement", warn}
	}
}
