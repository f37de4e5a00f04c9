package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"
)

// Facts are the sealed facts of a record in their JSON form, version 1. The
// fields of AUD-01 are those of Ten; the rest are the facts of the moment.
type Facts struct {
	Version  int           `json:"v"`
	Time     time.Time     `json:"time"`
	Exchange string        `json:"exchange,omitempty"`
	Who      WhoFacts      `json:"who"`
	Deed     DeedFacts     `json:"deed"`
	Ruling   *RulingFacts  `json:"ruling,omitempty"`  // intents
	Outcome  *OutcomeFacts `json:"outcome,omitempty"` // outcomes
	Note     *NoteFacts    `json:"note,omitempty"`    // notes
	Parts    []Part        `json:"parts,omitempty"`   // what the sealed content holds, in order
}

// WhoFacts says who acted, from where.
type WhoFacts struct {
	Tenant      string `json:"tenant"`
	User        string `json:"user"`
	Role        string `json:"role"`
	Key         string `json:"key,omitempty"`
	Environment string `json:"environment,omitempty"`
	Address     string `json:"address"`
}

// DeedFacts says what was done, about whom, why and by which way.
type DeedFacts struct {
	Action    string   `json:"action"`
	Patient   string   `json:"patient"`
	Purpose   string   `json:"purpose"`
	Reason    string   `json:"reason"` // "given" or "not stated"; the words are content
	Basis     string   `json:"basis"`
	Surface   string   `json:"surface,omitempty"`
	Form      string   `json:"form,omitempty"`
	Session   string   `json:"session,omitempty"`
	After     string   `json:"after,omitempty"` // the attempt at a door that this one follows
	Team      string   `json:"team,omitempty"`
	Door      string   `json:"door,omitempty"`
	Simulated bool     `json:"simulated,omitempty"`
	Model     string   `json:"model,omitempty"`
	Region    string   `json:"region,omitempty"`
	Agreement string   `json:"agreement,omitempty"`
	Retention string   `json:"retention,omitempty"`
	Places    []string `json:"places,omitempty"`
	Law       string   `json:"jurisdiction,omitempty"` // the patient's
}

// RulingFacts says what was ruled and on which findings.
type RulingFacts struct {
	Decision Decision `json:"decision"`
	Reasons  []string `json:"reasons,omitempty"`
	Version  string   `json:"policy_version,omitempty"`
	Profile  string   `json:"policy_profile,omitempty"`
	Rules    string   `json:"rules_version,omitempty"`
	Conceals string   `json:"concealment,omitempty"`
	Ground   string   `json:"concealment_ground,omitempty"`
	// Findings is left out where nothing was looked at, and empty where nothing was found.
	Findings map[string]int `json:"findings,omitzero"`
	// Residual is left out where nobody is described.
	Residual   *ResidualFacts `json:"residual,omitempty"`
	Categories []string       `json:"categories,omitempty"`
}

// ResidualFacts says how many people fit what is left once identifiers are
// replaced, and which kinds of facts narrow it.
type ResidualFacts struct {
	Crowd int      `json:"crowd"`
	Score float64  `json:"score"` // to two decimals
	Why   []string `json:"why,omitempty"`
}

// OutcomeFacts says how it ended.
type OutcomeFacts struct {
	Result     Result         `json:"result"`
	Status     int            `json:"status"`
	ErrorCode  string         `json:"error_code,omitempty"`
	Upstream   *UpstreamFacts `json:"upstream,omitempty"`
	Restored   int            `json:"restored"`
	Unknown    int            `json:"unknown,omitempty"`
	Brought    map[string]int `json:"brought,omitempty"`  // by kind: only the answer had them
	Withheld   int            `json:"withheld,omitempty"` // places taken out of the answer
	TookMicros int64          `json:"took_us"`
	Cost       *int64         `json:"cost_microusd,omitempty"` // left out where it is not known
	Received   int            `json:"received_bytes,omitempty"`
	Sent       int            `json:"sent_bytes,omitempty"`
}

// UpstreamFacts says what the other side said about itself.
type UpstreamFacts struct {
	RequestID    string `json:"request_id,omitempty"`
	Model        string `json:"model,omitempty"`
	Region       string `json:"region,omitempty"`
	Status       int    `json:"status,omitempty"`
	StopReason   string `json:"stop_reason,omitempty"`
	InputTokens  int    `json:"input_tokens,omitempty"`
	OutputTokens int    `json:"output_tokens,omitempty"`
	CacheRead    int    `json:"cache_read_tokens,omitempty"`
	CacheWrite   int    `json:"cache_write_tokens,omitempty"`
}

// NoteFacts says what an administrative event was about.
type NoteFacts struct {
	Event   EventKind `json:"event"`
	Subject string    `json:"subject,omitempty"`
	// Findings is left out where nothing was looked at, and empty where nothing was found.
	Findings map[string]int `json:"findings,omitzero"`
}

// Part describes one piece of sealed content.
type Part struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"` // of the plain bytes, hexadecimal
	// Same names the earlier part that holds the same bytes, where they are kept
	// once: a request that went out as it came, an answer without placeholders.
	Same string `json:"same,omitempty"`
}

// Ten holds the ten fields of requirement AUD-01 as people read them. None is
// ever empty: what was not stated says so.
type Ten struct {
	Time    string `json:"time"` // UTC, RFC 3339
	User    string `json:"user"`
	Role    string `json:"role"`
	Patient string `json:"patient"`
	PHI     string `json:"phi"`
	Action  string `json:"action"`
	Result  string `json:"result"`
	Reason  string `json:"reason"`
	Address string `json:"address"`
	Status  string `json:"status"`
}

func (i *Intent) facts(at time.Time) Facts {
	given := notStated
	if len(i.Why.Reason) > 0 {
		given = "given"
	}
	address := notStated
	if i.Who.From.IsValid() {
		address = i.Who.From.Unmap().WithZone("").String()
	}
	return Facts{
		Version: 1, Time: at, Exchange: word(string(i.Exchange)),
		Who: WhoFacts{
			Tenant: word(i.Who.Tenant), User: stated(word(i.Who.ID)), Role: stated(word(string(i.Who.Role))),
			Key: word(i.Who.KeyID), Environment: word(string(i.Who.Environment)), Address: address,
		},
		Deed: DeedFacts{
			Action: stated(word(i.What.Action)), Patient: stated(i.Why.Patient.Expose()),
			Purpose: stated(word(string(i.Why.Purpose))), Reason: given, Basis: stated(word(i.Why.Basis)),
			Surface: word(i.What.Surface), Form: word(i.What.Form), Session: word(i.What.Session), After: word(i.What.After), Team: word(i.What.Team),
			Door: word(i.Where.Door), Simulated: i.Where.Simulated, Model: word(i.Where.Model),
			Region: word(i.Where.Region), Agreement: word(i.Where.Agreement), Retention: word(i.Where.Retention),
			Places: words(i.Where.Places), Law: word(i.Where.Jurisdiction),
		},
		Ruling: &RulingFacts{
			Decision: i.Ruling.Decision, Reasons: words(i.Ruling.Reasons),
			Version: word(i.Ruling.PolicyVersion), Profile: word(i.Ruling.PolicyProfile),
			Rules:    word(i.Ruling.RulesVersion),
			Conceals: word(i.Ruling.Concealment), Ground: word(i.Ruling.Ground),
			Findings: wordKeys(i.Ruling.Findings),
			Residual: i.Ruling.Residual.facts(), Categories: words(i.Ruling.Categories),
		},
	}
}

func (r Residual) facts() *ResidualFacts {
	if r.Crowd <= 0 {
		return nil
	}
	return &ResidualFacts{Crowd: r.Crowd, Score: math.Round(r.Score*100) / 100, Why: words(r.Why)}
}

func (o *Outcome) facts() *OutcomeFacts {
	return &OutcomeFacts{
		Result: o.Result, Status: o.Status, ErrorCode: word(o.ErrorCode),
		Upstream: &UpstreamFacts{
			RequestID: word(o.Upstream.RequestID), Model: word(o.Upstream.Model), Region: word(o.Upstream.Region),
			Status: o.Upstream.Status, StopReason: word(o.Upstream.StopReason),
			InputTokens: o.Upstream.InputTokens, OutputTokens: o.Upstream.OutputTokens,
			CacheRead: o.Upstream.CacheRead, CacheWrite: o.Upstream.CacheWrite,
		},
		Restored: o.Restored, Unknown: o.Unknown,
		Brought: wordKeys(o.Brought), Withheld: o.Withheld, TookMicros: o.Took.Microseconds(),
		Cost: o.Cost.facts(), Received: o.Received, Sent: o.Sent,
	}
}

func (c Cost) facts() *int64 {
	if !c.Known {
		return nil
	}
	return &c.MicroUSD
}

// Ten reads the ten fields out of an intent's facts and, if there is one, its
// outcome's. An exchange that has not ended says "pending".
func (f Facts) Ten(outcome *OutcomeFacts) Ten {
	t := Ten{
		Time: f.Time.UTC().Format(time.RFC3339Nano), User: stated(f.Who.User), Role: stated(f.Who.Role),
		Patient: stated(f.Deed.Patient), PHI: f.found(), Action: stated(f.Deed.Action),
		Result: "pending", Reason: f.Deed.Purpose, Address: stated(f.Who.Address), Status: "pending",
	}
	if f.Deed.Reason == "given" {
		t.Reason += ", with the caller's words (sealed)"
	}
	if outcome != nil {
		t.Result, t.Status = string(outcome.Result), "none"
		if outcome.Status > 0 {
			t.Status = fmt.Sprint(outcome.Status)
		}
	}
	return t
}

// found says which identifiers were found. Whoever looked and found none says
// otherwise than whoever did not look.
func (f Facts) found() string {
	var kinds map[string]int
	looked := false
	switch {
	case f.Note != nil:
		kinds, looked = f.Note.Findings, f.Note.Findings != nil
	case f.Ruling != nil:
		kinds, looked = f.Ruling.Findings, f.Ruling.Findings != nil || f.Ruling.Decision != Refused
	}
	switch {
	case len(kinds) > 0:
		return countList(kinds)
	case looked:
		return "none found"
	}
	return "not looked at"
}

func countList(m map[string]int) string {
	kinds := make([]string, 0, len(m))
	for k, n := range m {
		kinds = append(kinds, fmt.Sprintf("%s×%d", k, n))
	}
	sort.Strings(kinds)
	return strings.Join(kinds, " ")
}

func parseFacts(b []byte) (Facts, error) {
	var f Facts
	if err := json.Unmarshal(b, &f); err != nil {
		return f, fmt.Errorf("audit: facts: %w", err)
	}
	if f.Version != 1 {
		return f, fmt.Errorf("audit: facts of version %d", f.Version)
	}
	return f, nil
}

func part(name string, c Content) Part {
	sum := sha256.Sum256(c)
	return Part{Name: name, Bytes: len(c), SHA256: hex.EncodeToString(sum[:])}
}
