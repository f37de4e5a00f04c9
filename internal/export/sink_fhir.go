package export

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// FHIR is a Sink for an audit record repository that speaks FHIR R4: each batch
// is one Bundle, each event put under its own id.
type FHIR struct {
	URL    string // the server's base
	Client *http.Client
	Token  string // sent as a bearer token; empty: none
}

// Send implements Sink.
func (s *FHIR) Send(ctx context.Context, events []Event) error {
	var entries []object
	for _, e := range events {
		for _, resource := range fhirResources(e) {
			o, ok := resource.(object)
			if !ok {
				return errRefused(errors.New("export: fhir: not a resource"))
			}
			kind, _ := o["resourceType"].(string)
			id, _ := o["id"].(string)
			// A put under its own id makes a repeated event the same resource.
			entries = append(entries, object{"resource": o, "request": object{"method": "PUT", "url": kind + "/" + id}})
		}
	}
	body, err := compact(object{"resourceType": "Bundle", "type": "batch", "entry": entries})
	if err != nil {
		return err
	}
	header := http.Header{}
	header.Set("Content-Type", "application/fhir+json")
	header.Set("Accept", "application/fhir+json")
	if s.Token != "" {
		header.Set("Authorization", "Bearer "+s.Token)
	}
	reply, err := post(ctx, s.Client, s.URL, header, body)
	if err != nil {
		return err
	}
	return bundleAccepted(reply, len(entries))
}

// bundleAccepted reads what became of each entry.
func bundleAccepted(reply []byte, want int) error {
	var said struct {
		Entry []struct {
			Response struct {
				Status string `json:"status"`
			} `json:"response"`
		} `json:"entry"`
	}
	if err := understand(reply, &said); err != nil {
		return err
	}
	if len(said.Entry) != want {
		return errRefused(errors.New("export: fhir: the answer has another number of entries"))
	}
	for _, e := range said.Entry {
		if !strings.HasPrefix(e.Response.Status, "2") {
			return errRefused(errors.New("export: fhir: an entry was refused"))
		}
	}
	return nil
}

// Close implements Sink.
func (s *FHIR) Close() error { s.Client.CloseIdleConnections(); return nil }
