package gateway

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
)

// object is an answer that speaks about a batch or a file: the API's own words,
// and none of a patient's but a file's name. Unknown members pass.
type object map[string]json.RawMessage

// mostObject bounds such an answer, in bytes.
const mostObject = 8 << 20

func (o object) text(name string) string {
	var s string
	_ = json.Unmarshal(o[name], &s) // what is no text is none
	return s
}

func (o object) set(name string, value any) {
	raw, err := json.Marshal(value)
	if err == nil { // texts, numbers and booleans: cannot fail
		o[name] = raw
	}
}

// own puts what the house alone knows of a thing into its object. The address of
// the results leads here: the vendor's own would take a client, and its key, past
// the house.
func (o object) own(h holding) error {
	if id := o.text("id"); id != h.ID {
		return errNotTheThing()
	}
	if o.text("results_url") != "" {
		o.set("results_url", claude.BatchesPath+"/"+h.ID+"/results")
	}
	if _, named := o["filename"]; named && h.Name != "" {
		o.set("filename", h.Name)
	}
	return nil
}

// readObject reads an answer that is one JSON object, and keeps what came.
func (x *exchange) readObject(reply *claude.Reply) (object, error) {
	defer reply.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(reply.Body, mostObject+1))
	x.outcome.Answered = append(x.outcome.Answered, raw...)
	if err != nil {
		return nil, err
	}
	var obj object
	if err := json.Unmarshal(raw, &obj); err != nil || obj == nil || len(raw) > mostObject {
		return nil, chaperone.NewError(chaperone.KindUpstream, "upstream_not_json",
			"What answered is not the Messages API; nothing of it was passed on", "Try again", err)
	}
	return obj, nil
}

// object carries an answer that is one object on its way to the client: edit
// changes it and takes down what the house must know. An error of the vendor's is
// carried as that of a message is.
func (x *exchange) object(reply *claude.Reply, edit func(object) error) error {
	if reply.Status != http.StatusOK {
		return x.deliver(reply, asItIs{}, nil)
	}
	obj, err := x.readObject(reply)
	if err != nil {
		return err
	}
	if err := edit(obj); err != nil {
		return err
	}
	return x.answerObject(obj)
}

// answerObject settles and then releases an object.
func (x *exchange) answerObject(obj object) error {
	body, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	x.w.Header().Set("Content-Type", "application/json")
	return x.release200(body)
}

// release200 settles an exchange whose whole answer is body, and gives it to the
// client. The header must be complete.
func (x *exchange) release200(body []byte) error {
	x.outcome.Status, x.outcome.Delivered = http.StatusOK, body
	if err := x.settle(audit.OK); err != nil {
		x.outcome.Delivered = nil
		return err
	}
	h := x.w.Header()
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = x.w.Write(body) // it is settled; a client that is gone cannot be told
	return nil
}

func errNotTheThing() *chaperone.Error {
	return chaperone.NewError(chaperone.KindUpstream, "upstream_malformed",
		"The answer holds something that is not of the Messages API", "Try again", nil)
}
