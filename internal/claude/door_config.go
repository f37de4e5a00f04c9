package claude

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// DoorConfig is what the doors that lead over a network have in common. The
// zero value of every field but Key is the strict and useful one.
type DoorConfig struct {
	// Name is what policies and records call the door; empty means the name of
	// its kind, like "anthropic".
	Name string
	// BaseURL is where the API is; empty means the platform's own address. A
	// path in front ("/proxy") is kept. Query, fragment and user are refused.
	BaseURL string
	// Key yields the API key. It is asked for on every call, so that a rotated
	// key is used without a restart; see ParseKeySource. Doors to a cloud take
	// the platform's own credentials where it is nil.
	Key KeySource
	// Models are the ids that a platform without a list of models is said to
	// have; empty means the known ones.
	Models []string
	// Betas are the values of anthropic-beta that the platform takes; others are
	// left out of the header, because one that it does not know is refused with the
	// whole request. Nil passes all.
	Betas []string
	// Roots are the certificate authorities to trust; nil means the system's.
	Roots *x509.CertPool
	// Pins are the keys that one certificate of the chain must have; see
	// ParsePin. None means that the authorities are enough.
	Pins []Pin
	// TLSFloor is tls.VersionTLS13 (the default) or tls.VersionTLS12.
	TLSFloor uint16
	// AllowPrivate lets the door reach private and loopback addresses, for a
	// gateway inside the hospital. Link-local and metadata addresses stay shut.
	AllowPrivate bool
	// AllowMetadata lets credentials, and nothing else, come from the metadata
	// service of the machine.
	AllowMetadata bool
	// InsecureAllowHTTP lets BaseURL be http, on a loopback host only. It is
	// for tests.
	InsecureAllowHTTP bool
	// Limits on waiting; zero means the default of each.
	Wait DoorWait
	// Now is the clock that requests are signed by. Doors that sign need it.
	Now func() time.Time
}

// named fills what the kind of door decides.
func (c DoorConfig) named(name, base string) DoorConfig {
	if c.Name == "" {
		c.Name = name
	}
	if c.BaseURL == "" {
		c.BaseURL = base
	}
	return c
}

// reach is which addresses the door may connect to.
func (c DoorConfig) reach() addressReach {
	switch {
	case c.AllowPrivate:
		return reachPrivate
	case c.InsecureAllowHTTP:
		return reachLoopback
	}
	return reachPublic
}

// tls is how the door speaks TLS.
func (c DoorConfig) tls() (*tls.Config, error) {
	floor := c.TLSFloor
	if floor == 0 {
		floor = tls.VersionTLS13
	}
	if floor != tls.VersionTLS13 && floor != tls.VersionTLS12 {
		return nil, errors.New("claude: door: the TLS floor is 1.3 or 1.2")
	}
	return &tls.Config{MinVersion: floor, RootCAs: c.Roots}, nil
}

// DoorWait says how long a door waits for each step. There is no limit on the
// whole of an answer: a long one is not a broken one.
type DoorWait struct {
	Connect   time.Duration // to a TCP connection; default 10 s
	TLS       time.Duration // for the handshake; default 10 s
	FirstByte time.Duration // from the call to the answer's headers; default 10 min, as the vendor's clients have it
	Idle      time.Duration // between two bytes of the answer; default 5 min
}

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

func parseBase(raw string, allowHTTP bool) (*url.URL, error) {
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
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
