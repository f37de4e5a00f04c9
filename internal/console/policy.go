package console

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"chaperone"

	"github.com/cedar-policy/cedar-go"
)

// policyPage shows the policy in force: its reasons first, then its text.
type policyPage struct {
	frame
	Policy policyLine
	Rules  []ruleLine
	Text   string
	Moved  bool // the text at hand is not the one in force
}

func (*policyPage) name() string { return "policy" }

// ruleLine is one rule in plain words.
type ruleLine struct {
	ID, Reason, Next string
	Effect           badge
}

// policyText is the text of the policy in force and what its rules say.
type policyText struct {
	line  policyLine
	text  string
	rules []ruleLine
}

// errMoved says that the text at the policy's place is no longer the one that
// was put in force.
var errMoved = errors.New("console: the policy's text has changed since it was loaded")

// policyText reads the policy in force. The text is shown only if its digest is
// the version in force: a file that was edited since says nothing about today's
// rulings.
func (v *visit) policyText() (policyText, error) {
	p := v.parts.Policy()
	out := policyText{line: lineOf(p)}
	if p == nil {
		return out, errMoved
	}
	text, err := v.parts.PolicyText()
	if err != nil {
		return out, fmt.Errorf("console: policy text: %w", err)
	}
	if sum := sha256.Sum256(text); !strings.HasPrefix(hex.EncodeToString(sum[:]), cmp.Or(p.Version(), "none")) {
		return out, errMoved
	}
	list, err := cedar.NewPolicyListFromBytes(p.Name(), text)
	if err != nil {
		return out, fmt.Errorf("console: policy text: %w", err)
	}
	out.text = string(text)
	for _, one := range list {
		notes := one.Annotations()
		r := ruleLine{ID: string(notes["id"]), Reason: string(notes["reason"]), Next: string(notes["next"]), Effect: badge{"may", good}}
		if one.Effect() == cedar.Forbid {
			r.Effect = badge{"may not", bad}
		}
		out.rules = append(out.rules, r)
	}
	return out, nil
}

func (v *visit) policy() (page, error) {
	text, err := v.policyText()
	p := &policyPage{frame: frame{Title: "Policy", Here: "/console/policy"}, Policy: text.line, Rules: text.rules, Text: text.text}
	switch {
	case errors.Is(err, errMoved):
		p.Moved = true
	case err != nil:
		return nil, chaperone.NewError(chaperone.KindUnavailable, "policy_unreadable",
			"The policy is in force, but its text cannot be read now", "Check the policy's file", err)
	}
	return p, nil
}
