package export

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// OTLP is a Sink for OpenTelemetry logs: OTLP/HTTP in its JSON form (OTLP 1.5),
// which every receiver of OTLP/HTTP takes.
type OTLP struct {
	URL    string // https://host:4318; /v1/logs is added
	Client *http.Client
	Token  string // sent as a bearer token; empty: none
	Format Format // what the body of a log record is
}

// Severities of OpenTelemetry's log data model.
const (
	otelInfo, otelWarn, otelFatal = 9, 13, 21
)

// Send implements Sink.
func (s *OTLP) Send(ctx context.Context, events []Event) error {
	var records []object
	for _, e := range events {
		docs, err := Encode(s.Format, e)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			records = append(records, otlpRecord(e, doc))
		}
	}
	body, err := compact(object{"resourceLogs": []object{{
		"resource":  object{"attributes": []object{attribute("service.name", house)}},
		"scopeLogs": []object{{"scope": object{"name": Schema}, "logRecords": records}},
	}}})
	if err != nil {
		return err
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	if s.Token != "" {
		header.Set("Authorization", "Bearer "+s.Token)
	}
	reply, err := post(ctx, s.Client, strings.TrimSuffix(s.URL, "/")+"/v1/logs", header, body)
	if err != nil {
		return err
	}
	return otlpAccepted(reply)
}

// otlpAccepted refuses a partial success: a receiver that left rows out has not
// got the record. An empty answer is a full success.
func otlpAccepted(reply []byte) error {
	if len(reply) == 0 {
		return nil
	}
	var said struct {
		Partial struct {
			Rejected json.RawMessage `json:"rejectedLogRecords"` // a number, or one in quotes
		} `json:"partialSuccess"`
	}
	if err := understand(reply, &said); err != nil {
		return err
	}
	switch strings.Trim(string(said.Partial.Rejected), `"`) {
	case "", "0", "null":
		return nil
	}
	return errRefused(errors.New("export: otlp: some records were rejected"))
}

func otlpRecord(e Event, doc []byte) object {
	severity, text := otelInfo, "INFO"
	switch status, _ := ocsfStatus(e); {
	case e.Damaged:
		severity, text = otelFatal, "FATAL"
	case status == ocsfFailure:
		severity, text = otelWarn, "WARN"
	}
	nanos := strconv.FormatInt(e.Time.UnixNano(), 10)
	attributes := []object{
		attribute("event.name", "chaperone."+e.Stage), attribute("chaperone.id", e.ID), attribute("chaperone.log", e.Log),
		attribute("chaperone.leaf", e.Leaf), attribute("chaperone.class", e.Class),
		{"key": "chaperone.seq", "value": object{"intValue": strconv.FormatUint(e.Seq, 10)}},
	}
	for _, pair := range [][2]string{
		{"enduser.id", e.user()},
		{"enduser.role", e.Facts.Who.Role},
		{"gen_ai.operation.name", e.Facts.Deed.Action},
		{"gen_ai.request.model", e.Facts.Deed.Model},
		{"chaperone.patient", e.patient()},
		{"chaperone.exchange", e.Facts.Exchange},
	} {
		if pair[1] != "" {
			attributes = append(attributes, attribute(pair[0], pair[1]))
		}
	}
	return object{
		"timeUnixNano": nanos, "observedTimeUnixNano": nanos, "severityNumber": severity, "severityText": text,
		"body": object{"stringValue": string(doc)}, "attributes": attributes,
	}
}

func attribute(key, value string) object {
	return object{"key": key, "value": object{"stringValue": value}}
}

// rawJSON is a document that is JSON already.
func rawJSON(doc []byte) json.RawMessage { return json.RawMessage(doc) }

// Close implements Sink.
func (s *OTLP) Close() error { s.Client.CloseIdleConnections(); return nil }
