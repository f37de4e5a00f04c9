package gateway

import (
	"encoding/hex"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
)

// ruled writes a verdict and what it rests on into the intent. left is the risk
// in what is sent; where that is the text itself, there is no more to say of it.
func (x *exchange) ruled(v policy.Verdict, found policy.Found, left weight) {
	r := &x.intent.Ruling
	r.Decision = decision(v.Mode)
	r.Reasons = r.Reasons[:0]
	for _, reason := range v.Reasons {
		r.Reasons = append(r.Reasons, reason.PolicyID)
	}
	r.Findings = make(map[string]int, len(found.Kinds))
	for kind, n := range found.Kinds {
		r.Findings[kind.String()] = n
	}
	r.Categories = r.Categories[:0]
	for _, c := range found.Sensitive() {
		r.Categories = append(r.Categories, string(c))
	}
	if v.Mode == policy.Concealed {
		r.Concealment, r.Ground = string(v.Profile), x.ground(v.Profile)
	}
	if v.Mode != policy.Identified {
		r.Residual = audit.Residual{Crowd: left.K, Score: left.Score, Why: left.why()}
	}
}

func decision(m policy.Mode) audit.Decision {
	switch m {
	case policy.Identified:
		return audit.Identified
	case policy.Concealed:
		return audit.Concealed
	case policy.Clean:
		return audit.Clean
	default:
		return audit.Refused
	}
}

func policyEndpoint(e claude.Endpoint) policy.Endpoint {
	if e == claude.CountTokens {
		return policy.EndpointCountTokens
	}
	return policy.EndpointMessages
}

// opaque names what cannot be inspected in the words of policies.
func opaque(o claude.Opaque) policy.Opaque {
	switch {
	case o.Source == "url":
		return policy.OpaqueURL
	case o.Source == "file":
		return policy.OpaqueFile
	case o.Source != "base64":
		return policy.OpaqueOther
	case o.Kind == "image":
		return policy.OpaqueImage
	case o.Kind == "document" && o.MediaType == "application/pdf":
		return policy.OpaquePDF
	default:
		return policy.OpaqueOther
	}
}

func pseudonym(h [16]byte) string { return hex.EncodeToString(h[:]) }

// admits reports whether the model may be asked for at this door.
func (d Door) admits(model string) error {
	if model != "" && !d.names(model) {
		return errNoSuchModel()
	}
	if len(d.Models) == 0 {
		return nil
	}
	for _, m := range d.Models {
		if m == model {
			return nil
		}
	}
	return chaperone.NewError(chaperone.KindInvalid, "model_not_allowed", "This model may not be asked for at this door",
		"Ask for one that GET /v1/models lists", nil)
}

// noteAttempt records a credential that did not count (IAM-09).
func (x *exchange) noteAttempt(a *identity.Attempt) error {
	subject := string(a.Why)
	if a.ID != "" {
		subject += ":" + a.ID
	}
	return x.g.parts.Log.Note(x.r.Context(), audit.Event{
		Kind: audit.AccessDenied, Subject: subject, Status: claude.StatusOf(chaperone.AsError(a)),
		Who: chaperone.Principal{Tenant: x.g.parts.Settings.Tenant, From: a.From},
	})
}
