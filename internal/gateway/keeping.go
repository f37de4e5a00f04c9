package gateway

import (
	"net/http"
	"net/url"
	"strings"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// keeping serves what an API keeps between calls: batches of messages, and files.
func (g *Gateway) keeping(mux *http.ServeMux) {
	for pattern, one := range map[string]struct {
		action string
		walk   func(*exchange) error
	}{
		"POST " + claude.BatchesPath:                  {"batches.create", (*exchange).createBatch},
		"GET " + claude.BatchesPath:                   {"batches.list", (*exchange).listHeld},
		"GET " + claude.BatchesPath + "/{id}":         {"batches.get", (*exchange).aboutHeld},
		"POST " + claude.BatchesPath + "/{id}/cancel": {"batches.cancel", (*exchange).aboutHeld},
		"GET " + claude.BatchesPath + "/{id}/results": {"batches.results", (*exchange).batchResults},
		"DELETE " + claude.BatchesPath + "/{id}":      {"batches.delete", (*exchange).aboutHeld},
		"POST " + claude.FilesPath:                    {"files.create", (*exchange).createFile},
		"GET " + claude.FilesPath:                     {"files.list", (*exchange).listHeld},
		"GET " + claude.FilesPath + "/{id}":           {"files.get", (*exchange).aboutHeld},
		"GET " + claude.FilesPath + "/{id}/content":   {"files.content", (*exchange).fileContent},
		"DELETE " + claude.FilesPath + "/{id}":        {"files.delete", (*exchange).aboutHeld},
	} {
		mux.HandleFunc(pattern, g.exchange(one.action, one.walk))
	}
}

// keepingAllows lists the methods of a path of batches or files, or "".
func keepingAllows(p string) string {
	rest, batches := strings.CutPrefix(p, claude.BatchesPath)
	if !batches {
		files := false
		if rest, files = strings.CutPrefix(p, claude.FilesPath); !files {
			return ""
		}
	}
	if rest == "" {
		return "GET, POST"
	}
	id, act, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	switch {
	case rest[0] != '/' || id == "":
		return ""
	case act == "":
		return "GET, DELETE"
	case batches && act == "cancel":
		return http.MethodPost
	case batches && act == "results", !batches && act == "content":
		return http.MethodGet
	}
	return ""
}

func (x *exchange) isFile() bool { return strings.HasPrefix(x.action, "files.") }

// keptPath is the path that the call begins with, which names its feature.
func (x *exchange) keptPath() string {
	if x.isFile() {
		return claude.FilesPath
	}
	return claude.BatchesPath
}

// admitKept decides who asks, and takes down what every call about batches and
// files has: its action, and the header that goes on.
func (x *exchange) admitKept() (stated, http.Header, error) {
	said, err := x.admit()
	if err != nil {
		return said, nil, err
	}
	x.intent.What.Action = x.action
	h, err := claude.ForwardedHeader(x.r.Header, x.g.parts.Settings.Limits.Versions)
	return said, h, err
}

// ruleKept chooses the door and asks, before anything is read, whether the
// feature may be used there at all (BAA-14). A door that has no such thing says
// so by name.
func (x *exchange) ruleKept(said stated, h http.Header) (policy.Ruling, error) {
	if err := x.choose(said.door, ""); err != nil && x.door.Door == nil {
		return policy.Ruling{}, err
	}
	facts := x.facts(said, policy.EndpointModels) // nothing here could be about a person
	if x.action == "files.create" {
		facts.Endpoint = policy.EndpointFiles
	}
	facts.Uses = []policy.Use{{Kind: "path", Name: x.keptPath()}}
	for _, b := range strings.Split(h.Get("Anthropic-Beta"), ",") {
		if b = strings.TrimSpace(b); b != "" {
			facts.Uses = append(facts.Uses, policy.Use{Kind: "beta", Name: b})
		}
	}
	x.intent.Where.Places, x.intent.Where.Jurisdiction = facts.Destinations(), string(facts.Patient.Law)
	ruling := x.policy.Decide(facts)
	if ruling.Err != nil {
		return ruling, x.nearest(facts, ruling.Err)
	}
	if !claude.Offers(x.door.Door, x.keptPath()) {
		return ruling, x.notAtThisDoor()
	}
	return ruling, nil
}

func (x *exchange) notAtThisDoor() *chaperone.Error {
	what, next := "no message batches", "Send the messages one by one, or name another door"
	if x.isFile() {
		what, next = "no files", "Put the document into the request itself, or name another door"
	}
	return chaperone.NewError(chaperone.KindNotFound, "not_offered", "The door "+x.door.Name()+" has "+what, next, nil)
}

// ruledKept writes the ruling on a call that carries nobody's words.
func (x *exchange) ruledKept(r policy.Ruling) error {
	verdict := r.With(policy.Found{})
	x.ruled(verdict, policy.Found{}, weight{})
	if verdict.Err != nil {
		return verdict.Err
	}
	return nil
}

// own is the beginning of every call about one thing of the caller's: who asks,
// which thing that is, and whether the call may be made at all.
func (x *exchange) own() (holding, http.Header, error) {
	said, h, err := x.admitKept()
	if err != nil {
		return holding{}, nil, err
	}
	thing, ruling, err := x.find(said, h)
	if err != nil {
		return holding{}, nil, err
	}
	return thing, h, x.ruledKept(ruling)
}

// aboutHeld asks for, cancels or deletes one thing of the caller's.
func (x *exchange) aboutHeld() error {
	thing, h, err := x.own()
	if err != nil {
		return err
	}
	if err := x.intend(); err != nil {
		return err
	}
	reply, err := x.send(claude.Call{Method: x.r.Method, Path: x.r.URL.Path, Query: betaQuery(x.r.URL.Query()), Header: bare(h)})
	if err != nil {
		return err
	}
	return x.object(reply, func(obj object) error {
		if x.r.Method == http.MethodDelete {
			return x.release(x.r.Context(), thing)
		}
		return obj.own(thing)
	})
}

// find is the caller's thing at the door where it lies, and the ruling there.
func (x *exchange) find(said stated, h http.Header) (holding, policy.Ruling, error) {
	thing, err := x.mine(said)
	if err != nil {
		// The feature's own refusal comes first: it says more than "not found".
		if _, ruled := x.ruleKept(said, h); ruled != nil {
			err = ruled
		}
		return thing, policy.Ruling{}, err
	}
	said.door = thing.Door
	ruling, err := x.ruleKept(said, h)
	return thing, ruling, err
}

// bare is a header for a call without a body.
func bare(h http.Header) http.Header {
	h = h.Clone()
	h.Del("Content-Type")
	return h
}

func betaQuery(q url.Values) url.Values {
	if q.Get("beta") == "true" {
		return url.Values{"beta": {"true"}}
	}
	return nil
}
