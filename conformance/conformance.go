// Package conformance measures a gateway in front of Claude from outside: what
// it does to the Messages API on its way, and whether identifiers get past it.
// It owns the cases, the scripted upstream that records every byte which reaches
// it, and the judgement of each case. It knows nothing of any gateway's insides:
// it speaks HTTP to an address, and the gateway there must have been pointed at
// the upstream.
//
// It refuses to guess: a case passes only where what it names was seen on the
// wire, and every identifier it plants is looked for in every encoding it knows.
// The people in it never lived.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// Target is the gateway that is measured.
type Target struct {
	URL    string      // of the gateway, without a path
	Key    string      // sent as x-api-key; empty: none, and cases on keys are skipped
	Model  string      // asked for in every request
	Header http.Header // sent with every request
	// Forgive lists kinds of identifier (see Kinds) that may get past: with the
	// kinds that a gateway's detector does not know, what is left is measured.
	Forgive []string
}

// Options say which cases are played and how thoroughly.
type Options struct {
	Only  *regexp.Regexp // plays the cases whose "area: name" it matches; nil: all
	Short bool           // leaves out what takes long: every seventh split stands for all
	Done  func(Result)   // told of each case as it ends; may be nil
}

// Status is how a case ended.
type Status string

// The ends of a case.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Result is how one case ended.
type Result struct {
	Area   string `json:"area"`
	Name   string `json:"name"`
	Status Status `json:"status"`
	Detail string `json:"detail,omitempty"` // why it failed or was skipped
	Tally
}

// Tally counts the exchanges of a case in which identifiers were planted. Kept
// counts those of which nothing got past the gateway; Restored and Refused are
// among them. What was kept and is neither was not said back by the upstream.
type Tally struct {
	Kept     int `json:"kept,omitempty"`
	Restored int `json:"restored,omitempty"` // kept, and the client got everything back
	Refused  int `json:"refused,omitempty"`  // kept, because the gateway refused to send
	Leaked   int `json:"leaked,omitempty"`
}

// scenario is one case as it is written down.
type scenario struct {
	area, name string
	play       func(*trial) error
}

// errSkip ends a case that does not apply to this gateway.
var errSkip = errors.New("does not apply")

func skip(why string) error { return fmt.Errorf("%w: %s", errSkip, why) }

// caseTime bounds one exchange.
const caseTime = 60 * time.Second

// Run plays the cases against the target, one after the other. The target must
// send what it sends to up. The error is the context's; a case that fails is no
// error.
func Run(ctx context.Context, target Target, up *Upstream, opts Options) (Report, error) {
	var report Report
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4, Proxy: nil},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	for _, s := range scenarios() {
		if opts.Only != nil && !opts.Only.MatchString(s.area+": "+s.name) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return report, err
		}
		t := &trial{ctx: ctx, target: target, client: client, up: up, short: opts.Short}
		result := s.result(t)
		report = append(report, result)
		if opts.Done != nil {
			opts.Done(result)
		}
	}
	return report, ctx.Err()
}

// result plays a case.
func (s scenario) result(t *trial) Result {
	t.up.answer(nil)
	err := s.play(t)
	r := Result{Area: s.area, Name: s.name, Status: Passed, Tally: t.tally}
	switch {
	case errors.Is(err, errSkip):
		r.Status, r.Detail = Skipped, err.Error()
	case err != nil:
		r.Status, r.Detail = Failed, err.Error()
	case t.fault != "":
		r.Status, r.Detail = Failed, t.fault
	}
	return r
}

// scenarios are all cases, by area. Bad input comes last: it stops some gateways
// for minutes.
func scenarios() []scenario {
	return slices.Concat(
		requestCases(), sealedCases(), headerCases(), encodingCases(), pathCases(),
		refusalCases(), answerCases(), streamCases(), privacyCases(),
		blockCases(), positionCases(), disguiseCases(), splitCases(), uploadCases(), errorCases(),
	)
}

// Report is how all cases ended, in their order.
type Report []Result

// Count is how many cases ended so.
func (r Report) Count(s Status) int {
	n := 0
	for _, c := range r {
		if c.Status == s {
			n++
		}
	}
	return n
}

// Areas lists the areas in their order.
func (r Report) Areas() []string {
	var list []string
	for _, c := range r {
		if !slices.Contains(list, c.Area) {
			list = append(list, c.Area)
		}
	}
	return list
}

// In is the part of the report that belongs to an area.
func (r Report) In(area string) Report {
	return slices.DeleteFunc(slices.Clone(r), func(c Result) bool { return c.Area != area })
}

// Tally adds up the exchanges in which identifiers were planted.
func (r Report) Tally() Tally {
	var sum Tally
	for _, c := range r {
		sum.Kept += c.Kept
		sum.Restored += c.Restored
		sum.Refused += c.Refused
		sum.Leaked += c.Leaked
	}
	return sum
}
