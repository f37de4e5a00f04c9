package export

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Webhook is a Sink that posts batches, one document a line, signed as Standard
// Webhooks 1.0.0 has it (https://www.standardwebhooks.com): the receiver
// recomputes the HMAC-SHA-256 over id, time and body, and refuses what is old.
// The id of a batch is made of its places, so a repeated one can be told.
type Webhook struct {
	URL    string
	Client *http.Client
	Secret []byte // the HMAC key, see ParseWebhookSecret
	Format Format
	Clock  func() time.Time
}

// ParseWebhookSecret reads a secret: "whsec_" and base64, of 24 to 64 bytes.
func ParseWebhookSecret(s string) ([]byte, error) {
	const prefix = "whsec_"
	if len(s) < len(prefix) || s[:len(prefix)] != prefix {
		return nil, fmt.Errorf("export: a webhook's secret begins with %s", prefix)
	}
	key, err := base64.StdEncoding.DecodeString(s[len(prefix):])
	if err != nil || len(key) < 24 || len(key) > 64 {
		return nil, fmt.Errorf("export: a webhook's secret is %s and 24 to 64 bytes in base64", prefix)
	}
	return key, nil
}

// Send implements Sink.
func (s *Webhook) Send(ctx context.Context, events []Event) error {
	body, err := lines(s.Format, events)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%s/%d-%d", events[0].Log, events[0].Seq, events[len(events)-1].Seq)
	at := strconv.FormatInt(s.Clock().Unix(), 10)
	mac := hmac.New(sha256.New, s.Secret)
	fmt.Fprintf(mac, "%s.%s.", id, at)
	mac.Write(body)
	header := http.Header{}
	header.Set("Content-Type", "application/x-ndjson")
	header.Set("Webhook-Id", id)
	header.Set("Webhook-Timestamp", at)
	header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	_, err = post(ctx, s.Client, s.URL, header, body)
	return err
}

// Close implements Sink.
func (s *Webhook) Close() error { s.Client.CloseIdleConnections(); return nil }
