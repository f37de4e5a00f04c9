package gateway_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
	"chaperone/internal/telemetry"
)

// amazon is a door to a Bedrock that answers with a script.
func amazon(t testing.TB, key claude.KeySource, script claudetest.Script) claude.Door {
	srv := claudetest.New(t, script)
	d, err := claude.NewBedrock(claude.AWSConfig{
		DoorConfig: claude.DoorConfig{
			Name: "claude", BaseURL: srv.URL, InsecureAllowHTTP: true, Now: time.Now, Key: key,
			Wait: claude.DoorWait{FirstByte: 2 * time.Second, Idle: 50 * time.Millisecond},
		},
		Region: "us-east-1", Profile: "us",
	})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// refusing is what Amazon says of a credential, by the vendor's name of the fault.
func refusing(fault, words string) claudetest.Script {
	return claudetest.Script{
		claudetest.Head(403, "content-type", "application/json", "x-amzn-errortype", fault, "x-amzn-requestid", "9d1f-aws"),
		claudetest.Send(`{"message":"` + words + ` arn:aws:iam::123456789012:user/clinic"}`),
	}
}

// secure is a door to an address that speaks TLS, or should.
func secure(t testing.TB, url string) claude.Door {
	d, err := claude.NewAnthropic(claude.DoorConfig{
		Name: "claude", BaseURL: url, AllowPrivate: true, Key: func() (string, error) { return "sk-ant-test", nil },
	})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func quietTLS(t testing.TB) string {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = telemetry.Foreign(telemetry.NewLogger(io.Discard, nil, nil), "the scripted door reports a fault")
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL
}

// Each fault of a door ends in the right envelope and a settled record, says no word
// of the request or of the account, and leaves nothing running.
func TestEveryFaultOfADoorEndsInAnEnvelopeAndASettledRecord(t *testing.T) {
	key := func() (string, error) { return "bedrock-key", nil }
	chunk := func(event string) string {
		h := &house{t: t, upstream: &upstream{}}
		w := httptest.NewRecorder()
		h.frames(event)(w, nil)
		return w.Body.String()
	}
	whole := chunk(`{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}`)
	corrupt := []byte(whole)
	corrupt[len(corrupt)-1] ^= 0xff
	stream := claudetest.Head(200, "content-type", "application/vnd.amazon.eventstream")
	for name, c := range map[string]struct {
		door   func(t testing.TB) claude.Door
		status int
		code   string
		result audit.Result
	}{
		"a door without a credential": {func(t testing.TB) claude.Door {
			return amazon(t, func() (string, error) { return "", errors.New("no such file") }, nil)
		}, 503, "door_key", audit.UpstreamError},
		"a credential that has expired": {func(t testing.TB) claude.Door {
			return amazon(t, key, refusing("ExpiredTokenException", "The security token included in the request is expired"))
		}, 502, "door_expired", audit.UpstreamError},
		"a credential of another region": {func(t testing.TB) claude.Door {
			return amazon(t, key, refusing("InvalidSignatureException", "Credential should be scoped to a valid region"))
		}, 502, "door_region", audit.UpstreamError},
		"a clock that is wrong (SigV4)": {func(t testing.TB) claude.Door {
			return amazon(t, key, refusing("InvalidSignatureException", "Signature expired: 20261121T080000Z is now earlier than"))
		}, 502, "door_clock", audit.UpstreamError},
		"a frame that is cut": {func(t testing.TB) claude.Door {
			return amazon(t, key, claudetest.Script{stream, claudetest.Send(whole[:len(whole)-7])})
		}, 502, "", audit.Truncated},
		"a frame that is damaged": {func(t testing.TB) claude.Door {
			return amazon(t, key, claudetest.Script{stream, claudetest.Send(string(corrupt))})
		}, 502, "door_frame", audit.UpstreamError},
		"a stream of frames that stalls": {func(t testing.TB) claude.Door {
			return amazon(t, key, claudetest.Script{stream, claudetest.Send(whole[:20]), claudetest.Hang()})
		}, 504, "door_silent", audit.Timeout},
		"a certificate that nobody vouches for": {func(t testing.TB) claude.Door { return secure(t, quietTLS(t)) }, 503, "door_certificate", audit.UpstreamError},
		"an address that speaks no TLS": {func(t testing.TB) claude.Door {
			srv := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(srv.Close)
			return secure(t, "https"+srv.URL[len("http"):])
		}, 503, "door_tls", audit.UpstreamError},
		"a name that leads nowhere": {func(t testing.TB) claude.Door { return secure(t, "https://nobody.invalid") }, 503, "door_unreachable", audit.UpstreamError},
		"an answer that is not UTF-8": {func(t testing.TB) claude.Door {
			return doorTo(t, claudetest.New(t, claudetest.JSON(200, "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"\xff\xfe\"}]}")).URL, claude.DoorWait{})
		}, 502, "upstream_not_json", audit.UpstreamError},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, plan{door: func(*house) claude.Door { return c.door(t) }})
			w := h.send("POST", "/v1/messages", ask(note, streaming))
			code := c.code
			if code == "" {
				code = h.shown(w).Outcome.Facts.Outcome.ErrorCode
			}
			e := wantError(t, w, c.status, code)
			noTrace(t, "the error", w.Body.Bytes(), "123456789012")
			if e.Error.Message == "" {
				t.Error("the error has no words")
			}
			if full := h.wantResult(w, c.result); full.Outcome.Facts.Outcome.ErrorCode != code {
				t.Errorf("the record says %s", full.Outcome.Facts.Outcome.ErrorCode)
			}
			h.keepsItsWord()
			eventually(t, "nothing is left running", func() bool { return len(running()) == 0 })
		})
	}
}
