package identity

import (
	"net/netip"

	"chaperone"
)

// Why says why a credential did not count. The list is closed, so that it can
// stand in a record and in a metric.
type Why string

// The reasons. WhyNone means that nothing was wrong.
const (
	WhyNone     Why = ""
	WhyMissing  Why = "missing"   // no credential at all
	WhyTwo      Why = "two"       // two headers with different credentials
	WhySigned   Why = "signed"    // a signature that cannot be checked, and no key beside it
	WhyForm     Why = "form"      // not a secret of ours
	WhyUnknown  Why = "unknown"   // no such id
	WhySecret   Why = "secret"    // the id is known, the secret is wrong
	WhyRevoked  Why = "revoked"   // revoked, redeemed or signed out
	WhyExpired  Why = "expired"   // past its end
	WhyIdle     Why = "idle"      // a session left alone for too long
	WhyAddress  Why = "address"   // from outside the credential's networks
	WhyTooOften Why = "too-often" // too many failures from this address
	WhySpent    Why = "spent"     // a refresh token that was used before: its device was signed out
)

// Attempt is the error of a failed sign-in. It carries what the record needs
// (requirement IAM-09) and wraps the *chaperone.Error that the caller is shown.
// Those public words are the same for an unknown id, a wrong secret, a revoked
// and an expired key: they tell a stranger nothing.
type Attempt struct {
	Why  Why
	Kind CredentialKind
	ID   string // the public id that was claimed, if it has the right form; it may belong to nobody
	From netip.Addr
	err  *chaperone.Error
}

// Error yields the public words.
func (a *Attempt) Error() string { return a.err.Error() }

// Unwrap yields the *chaperone.Error for the caller.
func (a *Attempt) Unwrap() error { return a.err }

// refused makes the error of a failed attempt.
func refused(a Attempt) *Attempt {
	kind, code, public, next := chaperone.KindUnauthenticated, "credential_not_valid",
		"The credential is not valid", "Check the key, or ask your administrator for a new one"
	switch {
	case a.Why == WhyMissing && a.Kind == KindSession:
		code, public, next = "sign_in", "You are not signed in", "Open the sign-in link again"
	case a.Why == WhyMissing:
		code, public, next = "no_credential", "The request has no API key", "Send it in the x-api-key header or as a Bearer token"
	case a.Why == WhySigned:
		code, public, next = "signature_unchecked", "The request is signed with AWS credentials, which Chaperone cannot check", "Send your key as AWS_BEARER_TOKEN_BEDROCK, or sign with it as AWS_SESSION_TOKEN"
	case a.Why == WhyTwo:
		code, public, next = "two_credentials", "The request has two different API keys", "Send one of them only"
	case a.Why == WhyAddress:
		kind, code, public, next = chaperone.KindForbidden, "address_not_allowed", "This key may not be used from this network", "Use it from an allowed network, or ask your administrator"
	case a.Why == WhyTooOften && (a.Kind == KindRefresh || a.Kind == kindCode):
		kind, code, public, next = chaperone.KindRateLimited, "slow_down", "Too many failed attempts came from this address", "Wait a minute, then sign in again"
	case a.Why == WhyTooOften:
		kind, code, public, next = chaperone.KindRateLimited, "too_many_failures", "Too many failed attempts came from this address", "Wait a minute, then try again with a valid key"
	case a.Kind == KindRefresh, a.Kind == kindCode:
		code, public, next = "invalid_grant", "This sign-in has ended or was never approved", "Sign in again"
	case a.Kind == KindLink:
		code, public, next = "link_not_valid", "The sign-in link is not valid or was used before", "Ask for a new link"
	case a.Kind == KindSession:
		code, public, next = "signed_out", "You have been signed out", "Sign in again"
	}
	a.err = chaperone.NewError(kind, code, public, next, nil)
	return &a
}

func unavailable(err error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "identity_unavailable",
		"Credentials cannot be checked right now, so nothing was admitted", "Try again, and tell your administrator if it stays", err)
}
