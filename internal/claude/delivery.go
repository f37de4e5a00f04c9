package claude

import (
	"errors"
	"strconv"

	"chaperone"
)

// ErrClientGone says that the client stopped listening before the end of the
// answer. What was delivered until then is in the Delivery. There is nobody to
// tell; settle the exchange.
var ErrClientGone = errors.New("the client is gone")

// Delivery is what is known of an answer: facts of closed forms, no words of it.
type Delivery struct {
	Status            int    // HTTP status given to the client
	UpstreamRequestID string // the vendor's id of the request, empty if none of an id's form came
	MessageID         string // id of the message
	Model             string // the model that answered
	StopReason        string
	ToolUses          []string // ids of the tool calls, in order
	Usage             Usage
	Geo               string // where the upstream says that it ran: "us", "global"; empty if it does not say
	Events            int    // events of a stream that the upstream sent
	Ended             bool   // the answer is whole
	ErrorType         string // type of an error the upstream reported, by status or in the stream
	Answered          int64  // bytes that came from the upstream
	Delivered         int64  // bytes given to the client, the end included once it is about to be released
	// Fault is what CopyText itself found wrong with the answer, or nil; the
	// client was, or is about to be, told in its words.
	Fault *chaperone.Error
}

// Usage counts tokens as the upstream reports them.
type Usage struct {
	Input, Output, CacheRead, CacheWrite int64
	CacheWriteHour                       int64 // of CacheWrite, what is kept for an hour
}

// message reads what a message (whole, or in message_start) says of itself.
func (d *Delivery) message(doc *document, i int) {
	if id := doc.getText(i, "id"); idForm(id) {
		d.MessageID = id
	}
	if m := doc.getText(i, "model"); modelForm(m) {
		d.Model = m
	}
	d.outcome(doc, i)
	d.usage(doc, i)
	if content, ok := doc.get(i, "content"); ok {
		for _, b := range doc.items(content) {
			d.block(doc, b)
		}
	}
}

func (d *Delivery) outcome(doc *document, i int) {
	if r := doc.getText(i, "stop_reason"); typeForm(r) {
		d.StopReason = r
	}
}

// block notes a tool call.
func (d *Delivery) block(doc *document, b int) {
	if id := doc.getText(b, "id"); idForm(id) && len(d.ToolUses) < 1024 {
		d.ToolUses = append(d.ToolUses, id)
	}
}

// usage takes the counts that are there; later events of a stream correct
// earlier ones.
func (d *Delivery) usage(doc *document, i int) {
	u, ok := doc.get(i, "usage")
	if !ok {
		u = i // count_tokens says input_tokens at the top
	}
	if created, ok := doc.get(u, "cache_creation"); ok {
		if v, ok := doc.get(created, "ephemeral_1h_input_tokens"); ok && doc.is(v, number) {
			if n, err := strconv.ParseInt(doc.text(v), 10, 64); err == nil {
				d.Usage.CacheWriteHour = n
			}
		}
	}
	for k, v := range doc.members(u) {
		if geo := doc.text(v); doc.text(k) == "inference_geo" && doc.is(v, text) && typeForm(geo) {
			d.Geo = geo
		}
		n, err := strconv.ParseInt(doc.text(v), 10, 64)
		if err != nil || !doc.is(v, number) {
			continue
		}
		switch doc.text(k) {
		case "input_tokens":
			d.Usage.Input = n
		case "output_tokens":
			d.Usage.Output = n
		case "cache_read_input_tokens":
			d.Usage.CacheRead = n
		case "cache_creation_input_tokens":
			d.Usage.CacheWrite = n
		}
	}
}
