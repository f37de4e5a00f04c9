package gateway

import (
	"net/http"
	"net/url"
	"slices"
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
	x.intent.What.Action = x.action
	if err := x.choose(said.door, ""); err != nil && x.door.Door == nil {
		return err
	}
	if id := x.r.PathValue("id"); x.action == "models.get" && !x.door.names(id) {
		return errNoSuchModel()
	}
	query, err := pageQuery(x.r.URL.Query(), x.door.names)
	if err != nil {
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

// names reports whether an id is one of a model's: in the vendor's form or a
// cloud's, or the operator's own for this door. Nothing else leaves as a model's id.
func (d Door) names(id string) bool {
	return claude.ModelID(id) || slices.Contains(d.Models, id) || slices.Contains(d.Named, id)
}

func errNoSuchModel() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "model_unknown", "There is no model of that id",
		"Ask for one that GET /v1/models lists; an administrator can name others in the door's models or model_ids", nil)
}

// pageQuery lets through what a list is paged with, in closed forms; cursor is
// that of the ids in the list.
func pageQuery(q url.Values, cursor func(string) bool) (url.Values, error) {
	out := url.Values{}
	for name, values := range q {
		var form func(string) bool
		switch name {
		case "limit":
			form = func(v string) bool { return len(v) <= 4 && strings.Trim(v, "0123456789") == "" }
		case "before_id", "after_id":
			form = cursor
		case "beta":
			form = func(v string) bool { return v == "true" || v == "false" }
		default:
			continue
		}
		for _, v := range values {
			if v != "" && !form(v) {
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
