package export

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxReply bounds what is read of a receiver's answer, in bytes.
const maxReply = 1 << 20

// NewClient returns a client for receivers: it follows no redirect, takes no
// proxy from the environment, and keeps connections.
func NewClient(config *tls.Config) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			TLSClientConfig: config, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 30 * time.Second, IdleConnTimeout: 90 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends a body and yields the answer to it. An answer other than 2xx is an
// error: export_refused if the receiver finds fault with what it got,
// export_unreachable if it only cannot take it now.
func post(ctx context.Context, client *http.Client, url string, header http.Header, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, errUnreachable(fmt.Errorf("export: post: %w", err))
	}
	req.Header = header
	req.Header.Set("User-Agent", "chaperone")
	res, err := client.Do(req)
	if err != nil {
		return nil, errUnreachable(fmt.Errorf("export: post: %w", err))
	}
	defer res.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	switch {
	case res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusRequestTimeout:
		return nil, errUnreachable(fmt.Errorf("export: post: answer %d", res.StatusCode))
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, errRefused(fmt.Errorf("export: post: answer %d", res.StatusCode))
	case err != nil:
		return nil, errUnreachable(fmt.Errorf("export: post: %w", err))
	}
	return reply, nil
}

// understand reads a receiver's answer; one that is no JSON is no acknowledgement.
func understand(reply []byte, into any) error {
	if err := json.Unmarshal(reply, into); err != nil {
		return errRefused(errors.New("export: the answer is not what the receiver's protocol says"))
	}
	return nil
}
