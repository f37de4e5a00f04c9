package simulator

import (
	"net/http"
	"strconv"

	"chaperone/internal/claude"
)

// modelInfo is a model as the API lists it. The vendor gives the epoch where a
// date of release is not known, and so does the simulator for all of them.
type modelInfo struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	CreatedAt   string `json:"created_at"`
}

type modelPage struct {
	Data    []modelInfo `json:"data"`
	HasMore bool        `json:"has_more"`
	FirstID *string     `json:"first_id"`
	LastID  *string     `json:"last_id"`
}

func newModelInfo(id string, m claude.Model) modelInfo {
	return modelInfo{Type: "model", ID: id, DisplayName: m.DisplayName, CreatedAt: "1970-01-01T00:00:00Z"}
}

func (s *simulator) listModels(w http.ResponseWriter, r *http.Request) *fault {
	limit := 20
	if raw := r.URL.Query().Get("limit"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > 1000 {
			return invalid("limit: Input should be between 1 and 1000")
		}
		limit = n
	}
	all := s.models.Models
	from, to := 0, len(all)
	for i, m := range all {
		if m.ID == r.URL.Query().Get("after_id") {
			from = i + 1
		}
		if m.ID == r.URL.Query().Get("before_id") {
			to = i
		}
	}
	page := modelPage{Data: []modelInfo{}}
	for i := from; i < to && len(page.Data) < limit; i++ {
		page.Data = append(page.Data, newModelInfo(all[i].ID, all[i]))
	}
	if n := len(page.Data); n > 0 {
		page.FirstID, page.LastID = &page.Data[0].ID, &page.Data[n-1].ID
		page.HasMore = from+n < to
	}
	writeJSON(w, http.StatusOK, page)
	return nil
}

func (s *simulator) showModel(w http.ResponseWriter, id string) *fault {
	m, ok := s.models.Find(id)
	if !ok {
		return faultf(http.StatusNotFound, "model: there is no such model")
	}
	writeJSON(w, http.StatusOK, newModelInfo(id, m))
	return nil
}
