package claude

import (
	"slices"
	"strings"
)

// Form is how a client dresses a call of the Messages API. Clients that were made
// for a cloud put the model into the path and the version into the body, and read
// errors and streams as that cloud writes them. It says nothing of the door that
// the call leaves by.
type Form string

// The forms.
const (
	FormNative  Form = ""        // the vendor's own, at /v1/messages
	FormBedrock Form = "bedrock" // Amazon's InvokeModel, its frames and its errors
	FormVertex  Form = "vertex"  // Google's rawPredict and streamRawPredict
	FormHosted  Form = "hosted"  // the vendor's own behind a cloud's path, as on Foundry and Amazon's Messages endpoint
)

// way is all that a path says of a call.
type way struct {
	form     Form
	endpoint Endpoint
	model    string // the cloud's name of it; empty where the body names it
	stream   bool   // the path asks for a stream
}

// profilesPath is where Amazon lists its inference profiles.
const profilesPath = "/inference-profiles"

// FormOf is the form that a path belongs to, whether or not it is served. The
// path is a URL's, with its escapes undone.
func FormOf(path string) Form {
	switch {
	case strings.HasPrefix(path, "/model/"), path == profilesPath, strings.HasPrefix(path, profilesPath+"/"):
		return FormBedrock
	case strings.HasPrefix(path, "/anthropic/"):
		return FormHosted
	case strings.HasPrefix(path, "/v1/projects/"), strings.HasPrefix(path, "/projects/"):
		if strings.Contains(path, "/workspaces/") {
			return FormHosted
		}
		return FormVertex
	}
	return FormNative
}

// EndpointAt finds the call that is made at a path in any of the forms, and false
// where there is none.
func EndpointAt(path string) (Endpoint, bool) {
	w, ok := wayOf(path)
	return w.endpoint, ok
}

// wayOf reads a path in any of the forms.
func wayOf(path string) (way, bool) {
	switch FormOf(path) {
	case FormBedrock:
		return bedrockWay(path)
	case FormVertex:
		return vertexWay(path)
	case FormHosted:
		return hostedWay(path)
	}
	e, ok := endpointOf(path)
	return way{endpoint: e}, ok
}

// bedrockWay reads /model/ID/invoke and its like. An ID may hold slashes: that of
// a profile can be an ARN.
func bedrockWay(path string) (way, bool) {
	rest, _ := strings.CutPrefix(path, "/model/")
	at := strings.LastIndexByte(rest, '/')
	if at <= 0 {
		return way{}, false
	}
	w := way{form: FormBedrock, model: rest[:at]}
	switch rest[at+1:] {
	case "invoke":
	case "invoke-with-response-stream":
		w.stream = true
	case "count-tokens":
		w.endpoint = CountTokens
	default:
		return way{}, false
	}
	return w, true
}

// hostedWay reads /anthropic/v1/messages, and the same behind
// /v1/projects/P/locations/L/workspaces/W/invoke, where the vendor runs Claude on
// Google Cloud.
func hostedWay(path string) (way, bool) {
	rest, ok := strings.CutPrefix(path, "/anthropic")
	if !ok {
		_, rest, _ = strings.Cut(path, "/invoke")
		s := strings.Split(strings.TrimSuffix(path, "/invoke"+rest), "/")
		if len(s) != 8 || s[4] != "locations" || s[6] != "workspaces" || slices.Contains(s[1:], "") {
			return way{}, false
		}
	}
	e, ok := endpointOf(rest)
	return way{form: FormHosted, endpoint: e}, ok
}

// vertexWay reads /v1/projects/P/locations/L/publishers/anthropic/models/M:ACTION,
// without /v1 too, since some base addresses are set without it. Which project and
// location a client believes to ask changes nothing here.
func vertexWay(path string) (way, bool) {
	s := strings.Split(strings.TrimPrefix(path, "/v1"), "/")
	if len(s) != 9 || s[2] == "" || s[3] != "locations" || s[4] == "" || s[5] != "publishers" ||
		s[6] != "anthropic" || s[7] != "models" {
		return way{}, false
	}
	at := strings.LastIndexByte(s[8], ':')
	if at <= 0 {
		return way{}, false
	}
	w := way{form: FormVertex, model: s[8][:at]}
	switch action := s[8][at+1:]; {
	case w.model == "count-tokens" && action == "rawPredict":
		w.model, w.endpoint = "", CountTokens
	case w.model == "count-tokens":
		return way{}, false
	case action == "streamRawPredict":
		w.stream = true
	case action != "rawPredict":
		return way{}, false
	}
	return w, true
}
