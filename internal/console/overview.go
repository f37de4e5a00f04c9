package console

import (
	"context"
	"strconv"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/policy"
)

// overviewPage says whether Chaperone is well.
type overviewPage struct {
	frame
	Ready   badge
	Trouble *chaperone.Error // why nothing can be recorded, nil if it can
	Size    uint64           // records known to be durable
	Tree    treeState
	Policy  policyLine
	Doors   []doorLine
	Reads   bool // may read the record
	Last    []recordLine
	Unseen  string // why the last exchanges are not shown, if they are not
}

func (*overviewPage) name() string { return "overview" }

// treeState is what the newest checkpoint says. The zero value: there is none.
type treeState struct {
	Size uint64 // records the signed tree covers
	Root string // base64, as in the checkpoint
}

// policyLine names a policy.
type policyLine struct {
	Name, Version string
	Rules         int
}

// doorLine is a way to Claude.
type doorLine struct {
	Name, Kind      string
	Default         bool
	Simulated       bool
	Agreement       badge
	AgreementID     string
	Until           string // the agreement's last day
	Region, Country string
}

const lastShown = 10

func (v *visit) overview() (page, error) {
	p := &overviewPage{
		frame: frame{Title: "Overview", Here: "/console/"},
		Ready: badge{"ready", good}, Reads: v.may(v.who.Role, readRecord),
		Policy: lineOf(v.parts.Policy()),
	}
	if cp, err := v.parts.Log.Checkpoint(v.r.Context()); err == nil {
		p.Tree = readCheckpoint(string(cp))
	}
	now := v.parts.Clock()
	for i, d := range v.parts.Doors {
		p.Doors = append(p.Doors, doorOf(d, now, i == 0))
	}
	if p.Reads {
		var err error
		if p.Last, err = v.last(v.r.Context()); err != nil {
			// The page still tells that something is wrong; the record stays shut.
			v.report(v.r, err)
			p.Unseen = chaperone.AsError(err).Public
		}
	}
	p.Size = v.parts.Log.Size()
	if err := v.parts.Log.Ready(); err != nil {
		p.Ready, p.Trouble = badge{"not ready", bad}, chaperone.AsError(err)
	}
	return p, nil
}

// last lists the newest exchanges, after recording that somebody looks.
func (v *visit) last(ctx context.Context) ([]recordLine, error) {
	list, err := v.parts.Log.Query(ctx, audit.Filter{Tenant: v.parts.Tenant, Kind: audit.KindIntent, Limit: lastShown})
	if err != nil {
		return nil, err
	}
	if err := v.note(audit.Event{Kind: audit.RecordQueried, Subject: "overview"}); err != nil {
		return nil, err
	}
	return linesOf(list), nil
}

func lineOf(p *policy.Policy) policyLine {
	if p == nil {
		return policyLine{Name: "none"}
	}
	return policyLine{p.Name(), p.Version(), p.RuleCount()}
}

func doorOf(d policy.DoorFacts, now time.Time, first bool) doorLine {
	l := doorLine{
		Name: d.Name, Kind: string(d.Kind), Default: first, Simulated: d.Simulated,
		Agreement: standingBadge(d.Agreement.Standing(now)), AgreementID: d.Agreement.ID,
		Region: d.Region, Country: d.Country,
	}
	if !d.Agreement.Expires.IsZero() {
		l.Until = d.Agreement.Expires.UTC().Format(time.DateOnly)
	}
	return l
}

// readCheckpoint takes size and root out of a signed note (C2SP
// tlog-checkpoint). Whether the signature holds is not asked here.
func readCheckpoint(text string) treeState {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return treeState{}
	}
	size, err := strconv.ParseUint(lines[1], 10, 64)
	if err != nil {
		return treeState{}
	}
	return treeState{size, lines[2]}
}
