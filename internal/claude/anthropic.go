package claude

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"chaperone"
)

// AnthropicConfig describes the way to the vendor's own API. The zero value of
// every field but Key is the strict and useful one.
type AnthropicConfig struct {
	// Name is what policies and records call the door; empty means "anthropic".
	Name string
	// BaseURL is where the API is; empty means https://api.anthropic.com. A
	// path in front ("/proxy") is kept. Query, fragment and user are refused.
	BaseURL string
	// Key yields the API key. It is asked for on every call, so that a rotated
	// key is used without a restart; see ParseKeySource. Required.
	Key KeySource
	// Roots are the certificate authorities to trust; nil means the system's.
	Roots *x509.CertPool
	// TLSFloor is tls.VersionTLS13 (the default) or tls.VersionTLS12.
	TLSFloor uint16
	// AllowPrivate lets the door reach private and loopback addresses, for a
	// gateway inside the hospital. Link-local and metadata addresses stay shut.
	AllowPrivate bool
	// InsecureAllowHTTP lets BaseURL be http, on a loopback host only. It is
	// for tests.
	InsecureAllowHTTP bool
	// Limits on waiting; zero means the default of each.
	Wait DoorWait
}

// DoorWait says how long a door waits for each step. There is no limit on the
// whole of an answer: a long one is not a broken one.
type DoorWait struct {
	Connect   time.Duration // to a TCP connection; default 10 s
	TLS       time.Duration // for the handshake; default 10 s
	FirstByte time.Duration // from the call to the answer's headers; default 10 min, as the vendor's clients have it
	Idle      time.Duration // between two bytes of the answer; default 5 min
}

const defaultBaseURL = "https://api.anthropic.com"

func (w DoorWait) orDefault() DoorWait {
	pick := func(d, otherwise time.Duration) time.Duration {
		if d <= 0 {
			return otherwise
		}
		return d
	}
	return DoorWait{
		Connect:   pick(w.Connect, 10*time.Second),
		TLS:       pick(w.TLS, 10*time.Second),
		FirstByte: pick(w.FirstByte, 10*time.Minute),
		Idle:      pick(w.Idle, 5*time.Minute),
	}
}

// HTTPDoor is a door that reaches the vendor's API over a network. It is safe
// for concurrent use and keeps connections open between calls.
type HTTPDoor struct {
	name      string
	base      *url.URL
	key       KeySource
	wait      DoorWait
	transport *http.Transport
}

var _ Door = (*HTTPDoor)(nil)

// NewAnthropic returns the door to the vendor's API. It connects to nothing
// yet. The errors are about the configuration and name the field.
func NewAnthropic(cfg AnthropicConfig) (*HTTPDoor, error) {
	base, err := parseBase(cfg.BaseURL, cfg.InsecureAllowHTTP)
	if err != nil {
		return nil, err
	}
	if cfg.Key == nil {
		return nil, errors.New("claude: door: no key: say where the API key is kept")
	}
	floor := cfg.TLSFloor
	if floor == 0 {
		floor = tls.VersionTLS13
	}
	if floor != tls.VersionTLS13 && floor != tls.VersionTLS12 {
		return nil, errors.New("claude: door: the TLS floor is 1.3 or 1.2")
	}
	if cfg.Name == "" {
		cfg.Name = "anthropic"
	}
	wait := cfg.Wait.orDefault()
	reach := reachPublic
	if cfg.InsecureAllowHTTP {
		reach = reachLoopback
	}
	if cfg.AllowPrivate {
		reach = reachPrivate
	}
	return &HTTPDoor{
		name:      cfg.Name,
		base:      base,
		key:       cfg.Key,
		wait:      wait,
		transport: newTransport(wait, reach, &tls.Config{MinVersion: floor, RootCAs: cfg.Roots}),
	}, nil
}

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
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    64,
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

func parseBase(raw string, allowHTTP bool) (*url.URL, error) {
	if raw == "" {
		raw = defaultBaseURL
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return nil, errors.New("claude: door: the base URL is not a URL with a host")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("claude: door: the base URL must not hold a user, a query or a fragment")
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !allowHTTP || !loopbackHost(u.Hostname()) {
			return nil, errors.New("claude: door: the base URL must be https")
		}
	default:
		return nil, errors.New("claude: door: the base URL must be https")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// Name is "anthropic".
func (d *HTTPDoor) Name() string { return d.name }

// Simulated is false: this door leads to a model.
func (d *HTTPDoor) Simulated() bool { return false }

// Close gives up the idle connections. Calls that are running go on.
func (d *HTTPDoor) Close() error {
	d.transport.CloseIdleConnections()
	return nil
}

// Send makes the call once; see Door. It follows no redirect. An answer 401
// becomes KindUpstream (code door_credential), because the key it speaks
// about is the house's own and not the client's.
//
// The one repetition below it is the transport's: a call of which no byte had
// been written when a kept connection turned out to be closed goes to another
// connection.
func (d *HTTPDoor) Send(ctx context.Context, c Call) (*Reply, error) {
	if err := sendable(c); err != nil {
		return nil, err
	}
	key, err := d.key()
	if err != nil {
		return nil, errNoKey(err)
	}
	if !plausibleKey(key) {
		return nil, errNoKey(errors.New("claude: door: the key is empty or holds spaces or control characters"))
	}
	watch := newCallWatch(ctx, d.wait.FirstByte)
	req, err := d.request(watch.life, c, key)
	if err != nil {
		watch.end()
		return nil, chaperone.NewError(chaperone.KindInternal, "door_call",
			"This request is not one that Chaperone passes on", "", err)
	}
	resp, err := d.transport.RoundTrip(req)
	if err != nil {
		cause := context.Cause(watch.life)
		watch.end()
		return nil, sendError(cause, err)
	}
	if bad := unusable(resp); bad != nil {
		watch.end()
		_ = resp.Body.Close() // what is not used is not worth an error
		return nil, bad
	}
	watch.answered(d.wait.Idle)
	return &Reply{
		Status: resp.StatusCode,
		Header: resp.Header,
		Body:   &watchedBody{body: resp.Body, watch: watch},
		Door:   d.name,
		Stream: isEventStream(resp.Header),
	}, nil
}

func (d *HTTPDoor) request(ctx context.Context, c Call, key string) (*http.Request, error) {
	u := *d.base
	u.Path += c.Path
	u.RawQuery = c.Query.Encode()
	req, err := http.NewRequestWithContext(ctx, c.Method, u.String(), bytes.NewReader(c.Body))
	if err != nil {
		return nil, fmt.Errorf("claude: door: request: %w", err)
	}
	if len(c.Body) == 0 {
		req.Body, req.GetBody = http.NoBody, nil
	}
	req.Header = outbound(c.Header)
	req.Header.Set("X-Api-Key", key)
	// The answer must be readable as it comes: what was compressed cannot be
	// looked through for placeholders.
	req.Header.Set("Accept-Encoding", "identity")
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "chaperone")
	}
	return req, nil
}

func isEventStream(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/event-stream")
}

// plausibleKey keeps a broken key file from becoming a broken header.
func plausibleKey(key string) bool {
	if key == "" || len(key) > maxKeyBytes {
		return false
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
