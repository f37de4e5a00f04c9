package claude

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"chaperone"
)

const askAdministrator = "Tell your administrator; nobody else can change this"

func errNoKey(cause error) error {
	return chaperone.NewError(chaperone.KindUnavailable, "door_key",
		"The door to Claude has no usable API key; nothing was sent", askAdministrator, cause)
}

// sendError sorts the reasons why no answer began. cause is the reason for
// which the call's context ended, or nil.
func sendError(cause, err error) error {
	switch {
	case errors.Is(cause, errFirstByte):
		return chaperone.NewError(chaperone.KindTimeout, "door_timeout",
			"Claude did not begin to answer in time", "Try again later, or ask for less at once", cause)
	case cause != nil:
		return errEnded(cause)
	case errors.Is(err, errAddressRefused):
		return chaperone.NewError(chaperone.KindUnavailable, "door_address",
			"The address of the door to Claude is not one that Chaperone may reach; nothing was sent",
			askAdministrator, err)
	case isCertificateError(err):
		return chaperone.NewError(chaperone.KindUnavailable, "door_certificate",
			"The door to Claude could not prove who it is; nothing was sent",
			"Tell your administrator: somebody may stand between you and Claude", err)
	case isTimeout(err):
		return chaperone.NewError(chaperone.KindTimeout, "door_connect_timeout",
			"Claude could not be reached in time", "Try again later", err)
	case isTLSError(err):
		return chaperone.NewError(chaperone.KindUnavailable, "door_tls",
			"The door to Claude does not speak a version of TLS that Chaperone accepts; nothing was sent",
			askAdministrator, err)
	case isDialError(err):
		return chaperone.NewError(chaperone.KindUnavailable, "door_unreachable",
			"Claude cannot be reached; nothing was sent", "Try again later", err)
	}
	return chaperone.NewError(chaperone.KindUpstream, "door_broken",
		"The connection to Claude broke before an answer came", "Try again", err)
}

// errEnded is for calls that the caller gave up, in the caller's words where it
// has some.
func errEnded(cause error) error {
	if told, ok := errors.AsType[*chaperone.Error](cause); ok {
		return told
	}
	if errors.Is(cause, context.DeadlineExceeded) {
		return chaperone.NewError(chaperone.KindTimeout, "deadline",
			"The time for this request is over", "Try again, or ask for less at once", cause)
	}
	return chaperone.NewError(chaperone.KindTimeout, "cancelled",
		"The request was given up before it was answered", "", cause)
}

// errBody sorts the reasons why an answer broke off.
func errBody(cause, err error) error {
	switch {
	case errors.Is(cause, errIdle):
		return chaperone.NewError(chaperone.KindTimeout, "door_silent",
			"Claude fell silent in the middle of the answer", "Try again", cause)
	case errors.Is(cause, errFirstByte):
		return chaperone.NewError(chaperone.KindTimeout, "door_timeout",
			"Claude did not begin to answer in time", "Try again later, or ask for less at once", cause)
	case cause != nil && !errors.Is(cause, errClosed):
		return errEnded(cause)
	}
	return chaperone.NewError(chaperone.KindUpstream, "door_cut",
		"The answer broke off in the middle", "Try again", err)
}

// unusable refuses answers that must not be relayed as they are, before their
// body is read.
func unusable(resp *http.Response) error {
	switch coding := resp.Header.Get("Content-Encoding"); {
	case resp.StatusCode >= 300 && resp.StatusCode < 400, resp.StatusCode < 200:
		return chaperone.NewError(chaperone.KindUpstream, "door_redirect",
			"The door to Claude pointed to another place, and Chaperone does not follow",
			askAdministrator, nil)
	case resp.StatusCode == http.StatusUnauthorized:
		return chaperone.NewError(chaperone.KindUpstream, "door_credential",
			"Claude refused the API key of Chaperone's own door; your key is not concerned",
			askAdministrator, nil)
	case coding != "" && !strings.EqualFold(coding, "identity"):
		return chaperone.NewError(chaperone.KindUpstream, "door_encoding",
			"The answer came in a compression that was not asked for", askAdministrator, nil)
	}
	return nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

func isDialError(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

func isCertificateError(err error) bool {
	var verification *tls.CertificateVerificationError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	return errors.Is(err, errPin) || errors.As(err, &verification) || errors.As(err, &host) ||
		errors.As(err, &authority) || errors.As(err, &invalid)
}

// isTLSError has to read the words for one case: what the handshake of the
// standard library finds wrong by itself has no type of its own.
func isTLSError(err error) bool {
	var alert tls.AlertError
	var record tls.RecordHeaderError
	return errors.As(err, &alert) || errors.As(err, &record) ||
		strings.Contains(err.Error(), "tls: ")
}
