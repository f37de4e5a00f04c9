package gateway

import (
	"net/http"
	"net/url"
	"strings"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// models walks the same way as a message, with nothing to conceal: the list of
// models, or one of them. It too is ruled on and recorded.
func (x *exchange) models() error {
	said, err := x.admit()
	if err != nil {
		return err
	}
	version, err := claude.CheckVersion(x.r.Header, x.g.parts.Settings.Limits.Versions)
	if err != nil {
		return err
	}
	query, err := pageQuery(x.r.URL.Query())
	if err != nil {
		return err
	}
	if id := x.r.PathValue("id"); x.action == "models.get" && (!plain(id, "-_.:@") || strings.Trim(id, ".") == "") {
		return chaperone.NewError(chaperone.KindNotFound, "model_unknown", "There is no model of that id",
			"Ask for one that GET /v1/models lists", nil)
	}
	x.intent.What.Action = x.action
	if err := x.choose(said.door, ""); err != nil && x.door.Door == nil {
		return err
	}
	ruling := x.policy.Decide(x.facts(said, policy.EndpointModels))
	verdict := ruling.With(policy.Found{})
	x.ruled(verdict, policy.Found{}, weight{})
	if verdict.Err != nil {
		return verdict.Err
	}
	if err := x.intend(); err != nil {
		return err
	}
	reply, err := x.send(claude.Call{
		Method: http.MethodGet, Path: x.r.URL.Path, Query: query,
		Header: http.Header{"Anthropic-Version": {version}, "Accept": {"application/json"}},
	})
	if err != nil {
		return err
	}
	return x.deliver(reply, asItIs{}, nil)
}

// pageQuery lets through what the models list is paged with, in closed forms.
func pageQuery(q url.Values) (url.Values, error) {
	out := url.Values{}
	for name, values := range q {
		switch name {
		case "limit", "before_id", "after_id", "beta":
		default:
			continue
		}
		for _, v := range values {
			if v != "" && !plain(v, "-_.") {
				return nil, chaperone.NewError(chaperone.KindInvalid, "query_malformed",
					"A parameter of the query does not have its form", "Send limit, before_id and after_id as the API documents them", nil)
			}
			out.Add(name, v)
		}
	}
	return out, nil
}

// plain: 1 to 128 letters, digits and the extra characters.
func plain(s, extra string) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(extra, r) {
			continue
		}
		return false
	}
	return s != "" && len(s) <= 128
}
