package claude

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"chaperone"
)

// listing answers for a platform that has no list of models.
type listing struct{ models []Model }

// newListing lists the ids that the door is set to, or the known models.
func newListing(ids []string) (listing, error) {
	known, err := KnownModels()
	if err != nil {
		return listing{}, err
	}
	if len(ids) == 0 {
		return listing{known.Models}, nil
	}
	var l listing
	for _, id := range ids {
		m, ok := known.Find(id)
		if !ok {
			m.DisplayName = id
		}
		m.ID = id
		l.models = append(l.models, m)
	}
	return l, nil
}

// modelEntry is a model as the Messages API lists it. The time is not known
// here; the API says the same of models whose time it does not tell.
type modelEntry struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	CreatedAt   string `json:"created_at"`
}

func entryOf(m Model) modelEntry {
	return modelEntry{"model", m.ID, m.DisplayName, "1970-01-01T00:00:00Z"}
}

// answer is the reply to a call of /v1/models, or nil for any other call.
func (l listing) answer(c Call) (*Reply, error) {
	if c.Method != http.MethodGet {
		return nil, nil
	}
	id, one := strings.CutPrefix(c.Path, "/v1/models/")
	if !one {
		return jsonReply(l.page(c.Query))
	}
	for _, m := range l.models {
		if m.ID == id || isSnapshot(id, m.ID) {
			m.ID = id
			return jsonReply(entryOf(m))
		}
	}
	return nil, errModelUnknown()
}

type modelPage struct {
	Data    []modelEntry `json:"data"`
	HasMore bool         `json:"has_more"`
	FirstID *string      `json:"first_id"`
	LastID  *string      `json:"last_id"`
}

func (l listing) page(q url.Values) modelPage {
	limit := 20
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 {
		limit = n
	}
	from, to := 0, len(l.models)
	for i, m := range l.models {
		if m.ID == q.Get("after_id") {
			from = i + 1
		}
		if m.ID == q.Get("before_id") {
			to = i
		}
	}
	page := modelPage{Data: []modelEntry{}}
	for i := from; i < to && len(page.Data) < limit; i++ {
		page.Data = append(page.Data, entryOf(l.models[i]))
	}
	if n := len(page.Data); n > 0 {
		page.FirstID, page.LastID = &page.Data[0].ID, &page.Data[n-1].ID
		page.HasMore = from+n < to
	}
	return page
}

func jsonReply(v any) (*Reply, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, chaperone.AsError(err)
	}
	return &Reply{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}
