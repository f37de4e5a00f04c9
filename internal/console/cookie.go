package console

import (
	"net/http"
	"time"

	"chaperone/internal/identity"
)

// cookieName is the session cookie's name. Over TLS it carries the __Host-
// prefix (RFC 6265bis, section 4.1.3), so that no neighbouring host can set it;
// browsers refuse that prefix on plain HTTP, which is for this machine only.
func cookieName(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-" + identity.SessionCookie
	}
	return identity.SessionCookie
}

// setCookie hands a value to the browser for so many seconds; a negative age
// takes the cookie away.
func setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure over TLS; without it browsers would not send it to this machine
		Name: cookieName(r), Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
}

// giveCookie hands a session to the browser, until the session's end.
func giveCookie(w http.ResponseWriter, r *http.Request, s identity.Session, now time.Time) {
	setCookie(w, r, s.Token, int(s.Expires.Sub(now)/time.Second))
}

func dropCookie(w http.ResponseWriter, r *http.Request) { setCookie(w, r, "", -1) }

// asIdentityReads is the request with its session cookie under the name that
// package identity knows.
func asIdentityReads(r *http.Request) *http.Request {
	if r.TLS == nil {
		return r
	}
	held, err := r.Cookie(cookieName(r))
	value := ""
	if err == nil {
		value = held.Value
	}
	return withSession(r, value)
}

// withSession is the request as if it carried this session and no other cookie.
func withSession(r *http.Request, token string) *http.Request {
	out := r.Clone(r.Context())
	out.Header.Del("Cookie")
	if token != "" {
		out.AddCookie(&http.Cookie{Name: identity.SessionCookie, Value: token}) //nolint:gosec // a request's cookie has no attributes
	}
	return out
}
