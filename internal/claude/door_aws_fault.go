package claude

import (
	"net/http"
	"strings"

	"chaperone"
)

// awsRefusal turns an error answer of Amazon's into the vendor's, and those
// about the door's own credentials into an error of the house. Retry-after and
// the request's id stay.
func awsRefusal(reply *Reply) error {
	code, words := "", ""
	if doc, err := readWhole(reply); err == nil {
		if e, ok := doc.get(0, "error"); ok && doc.is(e, object) {
			reply.replace(doc.src) // it is the vendor's envelope already
			return nil
		}
		code, words = doc.getText(0, "__type"), doc.getText(0, "message")
		if words == "" {
			words = doc.getText(0, "Message")
		}
	}
	if h := reply.Header.Get("X-Amzn-Errortype"); h != "" {
		code = h
	}
	code = plainCode(code)
	if err := awsCredentialError(code, words); err != nil {
		return err
	}
	status, errorType := awsError(code, reply.Status)
	reply.refuse(status, errorType, words)
	return nil
}

// plainCode takes the name out of "com.amazon.coral#ThrottlingException:http://…".
func plainCode(s string) string {
	if _, behind, ok := strings.Cut(s, "#"); ok {
		s = behind
	}
	s, _, _ = strings.Cut(s, ":")
	return strings.TrimSpace(s)
}

// awsCredentialError tells the faults of the house's own credentials apart.
func awsCredentialError(code, words string) error {
	words = strings.ToLower(words)
	switch code {
	case "ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired":
		return chaperone.NewError(chaperone.KindUpstream, "door_expired",
			"The credentials of Chaperone's own door have expired; yours are not concerned", askAdministrator, nil)
	case "RequestTimeTooSkewed", "RequestExpired":
		return errClock()
	case "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignatureException", "IncompleteSignature":
		switch {
		case strings.Contains(words, "signature expired"), strings.Contains(words, "not yet current"):
			return errClock()
		case strings.Contains(words, "valid region"), strings.Contains(words, "correct service"):
			return chaperone.NewError(chaperone.KindUpstream, "door_region",
				"The door to Claude is set to another region than its address belongs to", askAdministrator, nil)
		}
		return errCredential()
	case "UnrecognizedClientException", "InvalidClientTokenId", "MissingAuthenticationTokenException",
		"MissingAuthenticationToken", "InvalidAccessKeyId", "AuthFailure":
		return errCredential()
	}
	return nil
}

func errClock() error {
	return chaperone.NewError(chaperone.KindUpstream, "door_clock",
		"The clock of Chaperone's machine is wrong, so the door to Claude refuses its signature",
		"Tell your administrator to set the clock", nil)
}

func errCredential() error {
	return chaperone.NewError(chaperone.KindUpstream, "door_credential",
		"Claude refused the API key of Chaperone's own door; your key is not concerned",
		askAdministrator, nil)
}

// awsError is the status and type under which an error of Amazon's is passed
// on. The same names come as answers and, in small letters, inside of streams.
func awsError(code string, status int) (int, string) {
	switch strings.ToLower(code) {
	case "throttlingexception", "servicequotaexceededexception", "toomanyrequestsexception", "modelnotreadyexception":
		return http.StatusTooManyRequests, "rate_limit_error"
	case "serviceunavailableexception":
		return statusOverloaded, "overloaded_error"
	case "modeltimeoutexception":
		return http.StatusRequestTimeout, "timeout_error"
	case "validationexception":
		return http.StatusBadRequest, "invalid_request_error"
	case "accessdeniedexception":
		return http.StatusForbidden, "permission_error"
	case "resourcenotfoundexception":
		return http.StatusNotFound, "not_found_error"
	case "internalserverexception", "modelerrorexception", "modelstreamerrorexception":
		return http.StatusInternalServerError, "api_error"
	}
	return status, typeOfStatus(status)
}
