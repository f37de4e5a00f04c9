package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	forms "chaperone/internal/audit/answer"
	"chaperone/internal/policy"
)

// Ask is a question to the record. Empty fields do not restrict.
type Ask struct {
	Reason     string      `json:"reason"`         // why; needed, in words that mean something
	Form       string      `json:"form"`           // "json", "csv", "xlsx", "pdf" or "pack"
	About      audit.Alias `json:"about,omitzero"` // one patient
	Person     string      `json:"person,omitempty"`
	From       time.Time   `json:"from,omitzero"`
	To         time.Time   `json:"to,omitzero"`
	Outcome    string      `json:"outcome,omitempty"`
	Decision   string      `json:"decision,omitempty"`
	Exchange   string      `json:"exchange,omitempty"`
	Unrelated  bool        `json:"unrelated,omitempty"`
	Accounting bool        `json:"accounting,omitempty"`
}

// AskPack is the form of an answer that proves itself.
const AskPack = "pack"

// Alias is one thing by which a patient is known.
type Alias = audit.Alias

// AliasKind says by what.
type AliasKind = audit.AliasKind

// Line is one exchange or event of an answer.
type Line = audit.Line

// Series is the disclosures to one recipient for one purpose.
type Series = audit.Series

// Totals count an answer's lines.
type Totals = audit.Totals

// LinkRequest says that an alias is a patient's, or is no longer.
type LinkRequest struct {
	Patient string      `json:"patient"`
	Alias   audit.Alias `json:"alias"`
	Remove  bool        `json:"remove,omitempty"`
	Reason  string      `json:"reason"`
}

// packWait is how long a pack may take: the tree is seconds behind at most, and
// every record needs its proof.
const packWait = 2 * time.Minute

// ask answers a question. Nothing is written before the whole answer is there, so
// that a failure is an error and never half an answer.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	if err := s.answerTo(&b, r); err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.Copy(w, &b) // a client that left needs no answer
}

func (s *Server) answerTo(w io.Writer, r *http.Request) error {
	var ask Ask
	if err := decode(r, &ask); err != nil {
		return err
	}
	switch forms.Form(ask.Form) {
	case forms.JSON, forms.Table, forms.Sheets, forms.Pages, AskPack:
	default:
		return chaperone.NewError(chaperone.KindInvalid, "question_malformed", "An answer is json, csv, xlsx, pdf or pack", "", nil)
	}
	if err := judged(ask.Reason); err != nil {
		return err
	}
	a, err := s.Log.Ask(r.Context(), s.operator(), audit.Content(ask.Reason), audit.Question{
		Tenant: s.Tenant, About: ask.About, Person: ask.Person, From: ask.From, To: ask.To,
		Outcome: audit.Result(ask.Outcome), Decision: audit.Decision(ask.Decision), Exchange: ask.Exchange,
		Unrelated: ask.Unrelated, Accounting: ask.Accounting,
	})
	if err != nil {
		return err
	}
	if ask.Form != AskPack {
		return forms.Write(w, forms.Form(ask.Form), a)
	}
	ctx, cancel := context.WithTimeout(r.Context(), packWait)
	defer cancel()
	return forms.Pack(ctx, w, a, s.Log)
}

// judged refuses a reason that says nothing (AUD-11).
func judged(reason string) error {
	if policy.JudgeReason(reason) == policy.ReasonGiven {
		return nil
	}
	return chaperone.NewError(chaperone.KindInvalid, "question_reason", "Looking at the record needs a reason in words",
		"Say what the answer is for, such as a request of the patient and its number", nil)
}

func decode(r *http.Request, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return chaperone.NewError(chaperone.KindInvalid, "body_malformed", "The request does not have its form", "Use the chaperone of the same version", nil)
	}
	return nil
}

// link says that an alias is a patient's.
func (s *Server) link(r *http.Request) (any, error) {
	var ask LinkRequest
	if err := decode(r, &ask); err != nil {
		return nil, err
	}
	if err := judged(ask.Reason); err != nil {
		return nil, err
	}
	patient, err := chaperone.NewPatientRef(ask.Patient)
	if err != nil {
		return nil, chaperone.NewError(chaperone.KindInvalid, "question_malformed", "A patient's reference has 1 to 128 letters, digits and . _ : / | -", "", nil)
	}
	return struct{}{}, s.Log.LinkAlias(r.Context(), s.operator(), audit.Link{
		Patient: patient, Alias: ask.Alias, Remove: ask.Remove, Reason: audit.Content(ask.Reason),
	})
}

// Ask asks the record and copies the answer, in the form that was asked for, to
// w. The error is a *chaperone.Error where the record refused.
func (c *Client) Ask(ctx context.Context, ask Ask, w io.Writer) error {
	raw, err := json.Marshal(ask)
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	res, err := c.open(ctx, http.MethodPost, "/questions", nil, raw)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, res.Body)
	return errors.Join(err, res.Body.Close())
}

// LinkAlias says that an alias is a patient's, or with Remove that it is not.
func (c *Client) LinkAlias(ctx context.Context, ask LinkRequest) error {
	return c.call(ctx, http.MethodPost, "/aliases", nil, ask, &struct{}{})
}
