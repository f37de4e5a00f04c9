package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
)

// Summary is one line of the record.
type Summary = audit.Summary

// Part is one piece of sealed content.
type Part = audit.Part

// Client speaks the management API over a local socket.
type Client struct{ http *http.Client }

// NewClient returns a client of the socket at path.
func NewClient(path string) *Client {
	var dialer net.Dialer
	return &Client{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", path)
		},
		DisableKeepAlives: true,
	}}}
}

// Keys lists the API keys, revoked ones included.
func (c *Client) Keys(ctx context.Context) (list []Key, err error) {
	return list, c.call(ctx, http.MethodGet, "/keys", nil, nil, &list)
}

// CreateKey makes a key. Its secret is in the answer and nowhere else.
func (c *Client) CreateKey(ctx context.Context, ask KeyRequest) (key NewKey, err error) {
	return key, c.call(ctx, http.MethodPost, "/keys", nil, ask, &key)
}

// RevokeKey ends a key at once.
func (c *Client) RevokeKey(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/keys/"+url.PathEscape(id), nil, nil, &struct{}{})
}

// CreateLink makes a one-time link's token for the console.
func (c *Client) CreateLink(ctx context.Context) (link Link, err error) {
	return link, c.call(ctx, http.MethodPost, "/links", nil, nil, &link)
}

// Record lists exchanges and events, newest first, and calls each for every one
// of them until it returns an error or limit is reached; limit 0 lists all. The
// query takes patient, person, session, from and to.
func (c *Client) Record(ctx context.Context, query url.Values, limit int, each func(Summary) error) error {
	const page = 1000
	for seen := 0; limit == 0 || seen < limit; {
		want := page
		if limit > 0 {
			want = min(page, limit-seen)
		}
		query.Set("limit", strconv.Itoa(want))
		var list []Summary
		if err := c.call(ctx, http.MethodGet, "/record", query, nil, &list); err != nil {
			return err
		}
		for _, s := range list {
			if err := each(s); err != nil {
				return err
			}
		}
		seen += len(list)
		if len(list) < want || list[len(list)-1].Seq == 0 {
			return nil
		}
		query.Set("before", strconv.FormatUint(list[len(list)-1].Seq, 10))
	}
	return nil
}

// Show opens one exchange or event: by exchange id or by place.
func (c *Client) Show(ctx context.Context, which string, content bool) (json.RawMessage, error) {
	query := url.Values{}
	if content {
		query.Set("content", "true")
	}
	var raw json.RawMessage
	return raw, c.call(ctx, http.MethodGet, "/record/"+url.PathEscape(which), query, nil, &raw)
}

// Proof yields the inclusion proof of a place in the record, waiting until the
// signed tree covers it.
func (c *Client) Proof(ctx context.Context, seq uint64) (p *verify.Proof, err error) {
	return p, c.call(ctx, http.MethodGet, "/proof/"+strconv.FormatUint(seq, 10), nil, nil, &p)
}

func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var raw []byte
	if in != nil {
		var err error
		if raw, err = json.Marshal(in); err != nil {
			return fmt.Errorf("api: %w", err)
		}
	}
	return c.send(ctx, method, path, query, raw, out)
}

func (c *Client) send(ctx context.Context, method, path string, query url.Values, body []byte, out any) error {
	res, err := c.open(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fmt.Errorf("api: answer: %w", err)
	}
	return nil
}

// open sends a request and yields its answer to be read, which is none that
// carries an error.
func (c *Client) open(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://chaperone"+path+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, chaperone.NewError(chaperone.KindUnavailable, "socket", "The running Chaperone does not answer on its local socket",
			"Check that it is running and that you are its user", err)
	}
	if res.StatusCode < 400 {
		return res, nil
	}
	defer res.Body.Close()
	var p Problem
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		return nil, fmt.Errorf("api: answer %d: %w", res.StatusCode, err)
	}
	return nil, chaperone.NewError(p.Kind, p.Code, p.Public, p.Next, nil)
}
