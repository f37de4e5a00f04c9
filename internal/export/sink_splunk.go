package export

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Splunk is a Sink for Splunk's HTTP Event Collector with indexer
// acknowledgement: a batch counts as taken over only when Splunk says that it is
// indexed.
type Splunk struct {
	URL     string // https://host:8088
	Client  *http.Client
	Token   string
	Channel string // a UUID that names this sender (X-Splunk-Request-Channel)
	Format  Format // json, ocsf, ecs or fhir
	Poll    time.Duration
}

// Send implements Sink.
func (s *Splunk) Send(ctx context.Context, events []Event) error {
	var body bytes.Buffer
	for _, e := range events {
		docs, err := Encode(s.Format, e)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			var event any = rawJSON(doc)
			if s.Format == FormatCEF {
				event = string(doc)
			}
			line, err := compact(object{
				"time": float64(e.Time.UnixMilli()) / 1000, "host": house, "source": e.Log, "sourcetype": "chaperone:" + string(s.Format), "event": event,
			})
			if err != nil {
				return err
			}
			body.Write(line)
			body.WriteByte('\n')
		}
	}
	reply, err := s.post(ctx, "/services/collector/event", body.Bytes())
	if err != nil {
		return err
	}
	var taken struct {
		Code  int     `json:"code"`
		AckID *uint64 `json:"ackId"`
	}
	if err := understand(reply, &taken); err != nil {
		return err
	}
	if taken.Code != 0 || taken.AckID == nil {
		return errRefused(errors.New("export: splunk: no acknowledgement was promised; is it enabled for the token?"))
	}
	return s.await(ctx, *taken.AckID)
}

// await asks until the batch is indexed or the time is up.
func (s *Splunk) await(ctx context.Context, id uint64) error {
	ask, err := compact(object{"acks": []uint64{id}})
	if err != nil {
		return err
	}
	look := time.NewTicker(s.Poll)
	defer look.Stop()
	for {
		reply, err := s.post(ctx, "/services/collector/ack", ask)
		if err != nil {
			return err
		}
		var said struct {
			Acks map[string]bool `json:"acks"`
		}
		if err := understand(reply, &said); err != nil {
			return err
		}
		if said.Acks[strconv.FormatUint(id, 10)] {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return errUnreachable(ctx.Err())
		}
	}
}

func (s *Splunk) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	header := http.Header{}
	header.Set("Authorization", "Splunk "+s.Token)
	header.Set("Content-Type", "application/json")
	header.Set("X-Splunk-Request-Channel", s.Channel)
	return post(ctx, s.Client, strings.TrimSuffix(s.URL, "/")+path, header, body)
}

// Close implements Sink.
func (s *Splunk) Close() error { s.Client.CloseIdleConnections(); return nil }
