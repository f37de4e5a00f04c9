package claude

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"chaperone"
)

// HTTPDoor is a door that leads over a network. It is safe for concurrent use
// and keeps connections open between calls.
type HTTPDoor struct {
	name      string
	betas     []string // that pass; nil: all
	base      *url.URL
	wait      DoorWait
	transport *http.Transport
	once      *http.Transport // for calls that net/http would repeat by itself
	platform  platform
	auth      credential
}

var _ Door = (*HTTPDoor)(nil)

func newHTTPDoor(cfg DoorConfig, p platform, auth credential) (*HTTPDoor, error) {
	base, err := parseBase(cfg.BaseURL, cfg.InsecureAllowHTTP)
	if err != nil {
		return nil, err
	}
	conf, err := cfg.tls()
	if err != nil {
		return nil, err
	}
	pinned(conf, cfg.Pins)
	wait := cfg.Wait.orDefault()
	d := &HTTPDoor{
		name: cfg.Name, betas: cfg.Betas, base: base, wait: wait, platform: p, auth: auth,
		transport: newTransport(wait, cfg.reach(), conf),
	}
	d.once = newTransport(wait, cfg.reach(), conf.Clone())
	d.once.DisableKeepAlives = true
	return d, nil
}

// maxIdle is as many connections as there are exchanges at once: one that had to
// be closed for want of room would be dialled anew for the next.
const maxIdle = 256

// newTransport takes nothing from the environment: a proxy variable left in a
// service's environment would be a way out that nobody decided on.
func newTransport(wait DoorWait, reach addressReach, conf *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: wait.Connect, KeepAlive: 30 * time.Second, ControlContext: reach.control}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        conf,
		TLSHandshakeTimeout:    wait.TLS,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdle,
		WriteBufferSize:        16 << 10, // a usual request is one write
		ReadBufferSize:         16 << 10,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		HTTP2: &http.HTTP2Config{
			// A dead peer behind a live connection would otherwise hold every
			// exchange that shares it.
			SendPingTimeout: 30 * time.Second,
			PingTimeout:     15 * time.Second,
		},
	}
}

// Name is the name the door was made with.
func (d *HTTPDoor) Name() string { return d.name }

// Simulated is false: this door leads to a model.
func (d *HTTPDoor) Simulated() bool { return false }

// Close gives up the idle connections. Calls that are running go on.
func (d *HTTPDoor) Close() error {
	d.transport.CloseIdleConnections()
	return nil
}

// Send makes the call once; see Door. It follows no redirect. An answer 401
// becomes KindUpstream (code door_credential), because the credential it speaks
// about is the house's own and not the client's. Calls that a platform has no
// form for are refused, and a platform without a list of models has the known
// ones: then nothing is sent.
//
// The one repetition below it is the transport's: a call of which no byte had
// been written when a kept connection turned out to be closed goes to another
// connection.
func (d *HTTPDoor) Send(ctx context.Context, c Call) (*Reply, error) {
	if err := sendable(c); err != nil {
		return nil, err
	}
	header := outbound(c.Header)
	if heldCall(c) && !d.offers(heldPath(c.Path)) {
		return nil, errNoCall(nil)
	}
	if d.betas != nil {
		setBetas(header, slices.DeleteFunc(splitBetas(header.Values("Anthropic-Beta")), func(b string) bool { return !slices.Contains(d.betas, b) }))
	}
	out, err := d.platform.shape(c, header)
	if err != nil {
		return nil, err
	}
	if out.reply != nil {
		out.reply.Door = d.name
		return out.reply, nil
	}
	watch := newCallWatch(ctx, d.wait.FirstByte)
	req, err := d.request(watch.life, c.Method, out, header)
	if err != nil {
		watch.end()
		return nil, err
	}
	resp, err := d.transportFor(req).RoundTrip(req)
	if err != nil {
		cause := context.Cause(watch.life)
		watch.end()
		return nil, sendError(cause, err)
	}
	return d.answer(c, resp, watch)
}

// transportFor is the one that makes this call no more than once: net/http repeats
// a GET whose kept connection breaks, even when it has arrived, but never on a
// connection that is new.
func (d *HTTPDoor) transportFor(req *http.Request) *http.Transport {
	if req.Method == http.MethodGet {
		return d.once
	}
	return d.transport
}

// answer is what came back, in the form of the Messages API.
func (d *HTTPDoor) answer(c Call, resp *http.Response, watch *callWatch) (*Reply, error) {
	watch.answered(d.wait.Idle)
	reply := &Reply{
		Status: resp.StatusCode, Header: resp.Header, Door: d.name,
		Body: &watchedBody{body: resp.Body, watch: watch},
	}
	err := unusable(resp)
	if err == nil {
		err = d.platform.unshape(c, reply)
	}
	if err != nil {
		_ = reply.Body.Close() // what is not used is not worth an error
		return nil, err
	}
	nameRequest(reply.Header)
	reply.Stream = isEventStream(reply.Header)
	return reply, nil
}

// request is complete and authorized.
func (d *HTTPDoor) request(ctx context.Context, method string, out shaped, header http.Header) (*http.Request, error) {
	u := *d.base
	u.RawPath = u.EscapedPath() + out.path
	path, err := url.PathUnescape(u.RawPath)
	if err != nil {
		return nil, errNoCall(fmt.Errorf("claude: door: path: %w", err))
	}
	u.Path, u.RawQuery = path, out.query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(out.body))
	if err != nil {
		return nil, errNoCall(fmt.Errorf("claude: door: request: %w", err))
	}
	if len(out.body) == 0 {
		req.Body, req.GetBody = http.NoBody, nil
	}
	req.Header = header
	// The answer must be readable as it comes: what was compressed cannot be
	// looked through for placeholders.
	header.Set("Accept-Encoding", "identity")
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "chaperone")
	}
	if err := d.auth.authorize(req, out.body); err != nil {
		return nil, credentialError(ctx, err)
	}
	return req, nil
}

// credentialError sorts the reasons why a call could not be authorized.
func credentialError(ctx context.Context, err error) error {
	var mine *chaperone.Error
	switch cause := context.Cause(ctx); {
	case cause != nil:
		return sendError(cause, err)
	case errors.As(err, &mine):
		return mine
	}
	return errNoKey(err)
}

func errNoCall(cause error) error {
	return chaperone.NewError(chaperone.KindInternal, "door_call",
		"This request is not one that Chaperone passes on", "", cause)
}

func isEventStream(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/event-stream")
}
