package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/export"
)

// ExportState is how a receiver of the record stands.
type ExportState = export.Status

func (s *Server) exports(*http.Request) (any, error) {
	if s.Exports == nil {
		return []ExportState{}, nil
	}
	return s.Exports(), nil
}

// Exports says how the receivers of the record stand; none where no daemon runs.
func (c *Client) Exports(ctx context.Context) (list []ExportState, err error) {
	return list, c.call(ctx, http.MethodGet, "/exports", nil, nil, &list)
}

// exportPage is how many rows of the record are read at once.
const exportPage = 256

// exportEnd is the trailer that says that everything was written. Without it the
// answer broke off.
const exportEnd = "Chaperone-Export-Rows"

// export writes a part of the record out, one document a line, oldest first. It
// is recorded before the first row leaves.
func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	ask, err := s.exportAsked(r)
	if err == nil {
		form := "pseudonyms"
		if ask.identified {
			form = "identified"
		}
		err = s.Log.Note(r.Context(), audit.Event{Kind: audit.RecordExported, Who: s.operator(), Subject: string(ask.format) + ":" + form})
	}
	if err != nil {
		answer(func(*http.Request) (any, error) { return nil, err })(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Trailer", exportEnd)
	rows, err := s.exportRows(r.Context(), w, ask)
	if err == nil {
		w.Header().Set(exportEnd, fmt.Sprint(rows))
	}
}

type exportAsk struct {
	format     export.Format
	identified bool
	from, to   time.Time
	end        uint64 // rows that were there when it was asked
}

func (s *Server) exportAsked(r *http.Request) (exportAsk, error) {
	ask := exportAsk{identified: r.URL.Query().Get("identified") == "true", end: s.Log.Size()}
	f, err := filterOf(r, s.Tenant)
	if err != nil {
		return ask, err
	}
	ask.from, ask.to = f.From, f.To
	if ask.format, err = export.ParseFormat(r.URL.Query().Get("format")); err != nil {
		return ask, chaperone.NewError(chaperone.KindInvalid, "query_malformed", "The parameter format does not have its form", "", err)
	}
	return ask, nil
}

func (s *Server) exportRows(ctx context.Context, w io.Writer, ask exportAsk) (rows int, err error) {
	mask := export.Mask{Name: export.Names(s.Vault.MAC)}
	for at := uint64(0); at < ask.end; {
		lines, err := s.Log.OpenRows(ctx, at, exportPage)
		if err != nil {
			return rows, err
		}
		if len(lines) == 0 {
			return rows, nil
		}
		for _, line := range lines {
			at = line.Seq + 1
			if line.Seq >= ask.end || line.At.Before(ask.from) || !ask.to.IsZero() && !line.At.Before(ask.to) {
				continue
			}
			docs, err := export.Encode(ask.format, mask.Event(s.Log.Origin(), line, ask.identified))
			if err != nil {
				return rows, err
			}
			for _, doc := range docs {
				if _, err := fmt.Fprintf(w, "%s\n", doc); err != nil {
					return rows, err
				}
			}
			rows++
		}
	}
	return rows, nil
}

// Export writes a part of the record to w, one document a line, and returns how
// many rows of the record that was. The query takes format, identified, from and
// to. An answer that broke off is an error.
func (c *Client) Export(ctx context.Context, query url.Values, w io.Writer) (rows int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://chaperone/export?"+query.Encode(), nil)
	if err != nil {
		return 0, fmt.Errorf("api: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, chaperone.NewError(chaperone.KindUnavailable, "socket", "The running Chaperone does not answer on its local socket",
			"Check that it is running and that you are its user", err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		var p Problem
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
			return 0, fmt.Errorf("api: answer %d: %w", res.StatusCode, err)
		}
		return 0, chaperone.NewError(p.Kind, p.Code, p.Public, p.Next, nil)
	}
	out := bufio.NewWriter(w)
	if _, err := io.Copy(out, res.Body); err != nil {
		return 0, fmt.Errorf("api: export: %w", err)
	}
	if _, err := fmt.Sscan(res.Trailer.Get(exportEnd), &rows); err != nil {
		return 0, errors.New("api: the export broke off before its end; it is not whole")
	}
	return rows, out.Flush()
}
