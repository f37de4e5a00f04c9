package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"unicode/utf8"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
)

// Inspection answers "is this patient information, and what would leave?"
// (DLP-21). It holds no word of the text but those of the preview.
type Inspection struct {
	Identifies bool            `json:"identifies"`
	Findings   []Identifier    `json:"findings"`
	Preview    string          `json:"preview"` // the text with placeholders of a session that ends here
	Decision   string          `json:"decision"`
	Reasons    []policy.Reason `json:"reasons"`
	Door       string          `json:"door"`
	Next       string          `json:"next,omitempty"` // the next safe step, where it would be refused
	// Residual is what would be left once the identifiers are replaced (DEI-07);
	// absent where nobody is described.
	Residual *Residual `json:"residual,omitempty"`
	// Categories are the sensitive matters that the text speaks of, if it is about
	// a person (DLP-11).
	Categories []policy.Category `json:"categories,omitempty"`
}

// Residual says how well whoever is described hides in the crowd. Its reasons
// repeat what the text says of them.
type Residual struct {
	Crowd   int              `json:"crowd"` // how many people probably fit
	Score   float64          `json:"score"` // 0 to 1; 0.8 where 11 fit
	Likely  bool             `json:"likely_phi"`
	Reasons []ResidualReason `json:"reasons"`
}

// ResidualReason is one fact that narrows the crowd, in plain words.
type ResidualReason struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Identifier is one finding: UTF-8 byte offsets of the text, the end exclusive.
type Identifier struct {
	Start int     `json:"start"`
	End   int     `json:"end"`
	Kind  string  `json:"kind"`
	Plain string  `json:"plain"`
	Score float64 `json:"score"`
}

// maxInspected bounds an inspected text, in bytes.
const maxInspected = 4 << 20

// inspect serves POST /v1/chaperone/inspect: {"text":"…"}. Nothing is sent to
// Claude, and nothing is kept: no text, no placeholder, no record but of a
// credential that does not count.
func (g *Gateway) inspect(w http.ResponseWriter, r *http.Request) {
	x := &exchange{g: g, w: &answer{ResponseWriter: w}, r: r, started: g.parts.Clock(), policy: g.policy.Load(), engine: g.engine.Load()}
	x.intent.Exchange = g.newExchangeID()
	id := string(x.intent.Exchange)
	result, err := x.inspection()
	var attempt *identity.Attempt
	if errors.As(err, &attempt) {
		if rerr := x.noteAttempt(attempt); rerr != nil {
			err = rerr
		}
	}
	if err != nil {
		claude.WriteError(w, id, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Request-Id", id)
	_ = json.NewEncoder(w).Encode(result) // a client that left needs no answer
}

func (x *exchange) inspection() (*Inspection, error) {
	said, err := x.admit()
	if err != nil {
		return nil, err
	}
	text, err := inspected(x.r.Body)
	if err != nil {
		return nil, err
	}
	if err := x.choose(said.door, ""); err != nil && x.door.Door == nil {
		return nil, err
	}
	leaf := claude.Leaf{Class: claude.Prose, Role: "user", Text: text}
	veil := deid.NewVeil(x.engine, deid.NewSession(nil, x.g.parts.Random))
	texts := readTexts(func(f func(claude.Leaf)) { f(leaf) }, veil, said.roster)
	left := texts.weigh(x.g.parts.Judge, deid.SafeHarbor())
	found := texts.found(nil, left)
	verdict := x.policy.Decide(x.facts(said, policy.EndpointMessages)).With(found)
	profile, err := x.profile(verdict.Profile)
	if err != nil {
		return nil, err
	}
	veil.Under(profile)
	result := &Inspection{
		Identifies: found.Identifies(), Findings: []Identifier{}, Preview: texts.conceal(leaf),
		Decision: verdict.Mode.String(), Reasons: verdict.Reasons, Door: x.door.Name(),
		Residual: left.shown(), Categories: found.Sensitive(),
	}
	if texts.err != nil {
		return nil, texts.err
	}
	if verdict.Err != nil {
		result.Next = verdict.Err.Next
	}
	for _, f := range veil.Findings(text, deid.Where{}) {
		if f.Kind.Identifies() {
			result.Findings = append(result.Findings, Identifier{f.Start, f.End, f.Kind.Word(), f.Kind.Plain(), f.Score})
		}
	}
	return result, nil
}

// shown is the risk as whoever sent the text may see it.
func (w weight) shown() *Residual {
	if w.K == 0 {
		return nil
	}
	r := &Residual{Crowd: w.K, Score: math.Round(w.Score*100) / 100, Likely: w.Likely}
	for _, reason := range w.Reasons {
		r.Reasons = append(r.Reasons, ResidualReason{reason.Kind, reason.Text})
	}
	return r
}

func inspected(body io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxInspected+1))
	if err != nil || len(raw) > maxInspected {
		return "", chaperone.NewError(chaperone.KindTooLarge, "text_too_large", "The text to inspect is larger than 4 MiB or did not arrive whole",
			"Send it in parts", err)
	}
	var ask struct {
		Text *string `json:"text"`
	}
	if err = json.Unmarshal(raw, &ask); err == nil && (ask.Text == nil || !utf8.Valid(raw)) {
		err = errors.New("gateway: inspect: no text")
	}
	if err != nil {
		return "", chaperone.NewError(chaperone.KindInvalid, "inspect_malformed", "The request is not of the form {\"text\": \"…\"} in UTF-8",
			"Send one JSON object with a text", err)
	}
	return *ask.Text, nil
}

func errNoRandomness(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "no_randomness",
		"Placeholders cannot be made now, so nothing was sent on", "Try again shortly", cause)
}
