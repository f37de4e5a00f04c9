package witness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"chaperone"
	"chaperone/internal/audit/verify"

	"golang.org/x/mod/sumdb/note"
)

// Route says where a log's checkpoints are taken.
type Route struct {
	Tree      fs.FS         // the log's tree
	Key       string        // the log's public key, name+hash+key
	File      string        // where the newest cosigned checkpoint is kept
	Witnesses []Peer        // who is asked to cosign; one cosignature is enough
	Folder    string        // where checkpoints are put besides; empty: nowhere
	Webhook   string        // what they are posted to besides; empty: nothing
	Pace      time.Duration // how often; 1 s when zero, never below that
	Limit     time.Duration // how old the newest cosigned checkpoint may be; 5 min when zero
	Client    *http.Client  // needed with Witnesses or Webhook
	Clock     func() time.Time
}

// The defaults of a Route, and how long one witness or webhook is waited for.
const (
	DefaultLimit = 5 * time.Minute
	minPace      = time.Second
	patience     = 5 * time.Second
)

// State is how a record stands with its second party.
type State struct {
	Witnesses int       `json:"witnesses"`    // how many are asked
	Size      uint64    `json:"size"`         // records that the newest cosigned checkpoint covers
	At        time.Time `json:"at,omitzero"`  // its time, by the witness's clock; zero: never
	Late      bool      `json:"late"`         // it is older than the limit, or there is none
	Faults    []Fault   `json:"faults"`       // of the last round
	Round     uint64    `json:"round"`        // how often it was tried
	Sent      uint64    `json:"sent_records"` // records that the newest checkpoint covers
}

// Alarm is what a person should be told at once, in plain words; empty if
// nothing is wrong.
func (s State) Alarm() string {
	for _, f := range s.Faults {
		if f.Betrayed() {
			return f.Who + ": " + f.Text
		}
	}
	switch {
	case s.Witnesses == 0:
		return "no second party witnesses this record"
	case s.Late && s.At.IsZero():
		return "no witness has cosigned this record yet"
	case s.Late:
		return "no witness has cosigned this record since " + s.At.UTC().Format(time.RFC3339)
	}
	return ""
}

// Courier takes a log's checkpoints to its witnesses, once a pace, and keeps
// what they have cosigned. It never holds the log up: the tree is published
// whether anybody cosigns it or not, and Ready says how it stands.
type Courier struct {
	route Route
	peers []*peer

	mu    sync.Mutex
	state State
	last  string // the checkpoint that was taken last
}

// NewCourier reads how far the record was cosigned before. The error is ErrKey
// or that of an address.
func NewCourier(route Route) (*Courier, error) {
	route.Pace = max(route.Pace, minPace)
	if route.Limit <= 0 {
		route.Limit = DefaultLimit
	}
	c := &Courier{route: route, state: State{Witnesses: len(route.Witnesses), Late: true}}
	for _, w := range route.Witnesses {
		p, err := newPeer(w, route.Client)
		if err != nil {
			return nil, err
		}
		c.peers = append(c.peers, p)
	}
	if err := c.recall(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.state.Faults = []Fault{{"log", Damaged, 0, "what was cosigned last does not read as it was written"}}
	}
	return c, nil
}

// recall reads the newest cosigned checkpoint of before.
func (c *Courier) recall() error {
	text, err := os.ReadFile(c.route.File)
	if err != nil {
		return err
	}
	cp, err := verify.ReadCheckpoint(text, c.route.Key)
	if err != nil {
		return err
	}
	for _, p := range c.peers {
		n, err := note.Open(text, note.VerifierList(p.key))
		if err != nil {
			continue
		}
		if at, err := cosignatureTime(n.Sigs[0]); err == nil && at.After(c.state.At) {
			c.state.At, c.state.Size = at, cp.Size
		}
	}
	c.state.Late = c.late(c.state.At)
	return nil
}

func (c *Courier) late(at time.Time) bool { return c.route.Clock().Sub(at) > c.route.Limit }

// State is how the record stands now.
func (c *Courier) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.state
	s.Faults = slices.Clone(s.Faults)
	s.Late = c.late(s.At)
	return s
}

// Ready reports whether a second party vouches for the record: nil, or a
// *chaperone.Error with code record_unwitnessed. A house that requires a witness
// refuses exchanges with it.
func (c *Courier) Ready() error {
	words := c.State().Alarm()
	if words == "" {
		return nil
	}
	return chaperone.NewError(chaperone.KindUnavailable, "record_unwitnessed",
		"This house requires a second party that witnesses the record, and none does now, so nothing was sent on",
		"Ask your administrator to run 'chaperone doctor'", errors.New("witness: "+words))
}

// Run makes a round once a pace until ctx ends. each is told the state after
// every round.
func (c *Courier) Run(ctx context.Context, each func(State)) {
	tick := time.NewTicker(c.route.Pace)
	defer tick.Stop()
	for {
		each(c.Round(ctx))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Round takes the newest checkpoint wherever it goes, if it is another one than
// before, or if its cosignature begins to age. Rounds do not run side by side.
func (c *Courier) Round(ctx context.Context) State {
	text, err := fs.ReadFile(c.route.Tree, "checkpoint")
	if errors.Is(err, fs.ErrNotExist) {
		return c.State() // a new log has none for a moment
	}
	var cp verify.Checkpoint
	if err == nil {
		cp, err = verify.ReadCheckpoint(text, c.route.Key)
	}
	if err != nil {
		return c.note(nil, 0, []Fault{{"log", Damaged, 0, "the log's checkpoint cannot be read, or is not signed by its key"}})
	}
	if c.fresh(text) {
		return c.State()
	}
	sigs, faults := c.cosign(ctx, cp, text)
	for _, s := range sigs {
		text = append(text, s.line...)
	}
	if len(sigs) > 0 {
		if err := writeDurably(c.route.File, text); err != nil {
			faults = append(faults, Fault{"log", Unkept, cp.Size, "the cosigned checkpoint cannot be kept in the data directory"})
		}
	}
	faults = append(faults, c.keep(ctx, text)...)
	return c.note(sigs, cp.Size, faults)
}

// fresh reports whether the checkpoint was taken already and nothing is wrong
// or about to be.
func (c *Courier) fresh(text []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	same := c.last == string(text)
	c.last = string(text)
	return same && len(c.state.Faults) == 0 && (len(c.peers) == 0 || c.route.Clock().Sub(c.state.At) < c.route.Limit/4)
}

// cosign asks all witnesses at once.
func (c *Courier) cosign(ctx context.Context, cp verify.Checkpoint, text []byte) (sigs []signature, faults []Fault) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got := make([]signature, len(c.peers))
	failed := make([]*Fault, len(c.peers))
	var wg sync.WaitGroup
	for i, p := range c.peers {
		wg.Go(func() { got[i], failed[i] = p.ask(ctx, c.route.Tree, cp, text) })
	}
	wg.Wait()
	now := c.route.Clock()
	for i, f := range failed {
		if f == nil && got[i].at.After(now.Add(c.route.Limit)) {
			f = &Fault{c.peers[i].name, Unsigned, cp.Size, fmt.Sprintf("the witness's clock is ahead of ours by more than %s", c.route.Limit)}
		}
		if f != nil {
			faults = append(faults, *f)
			continue
		}
		sigs = append(sigs, got[i])
	}
	return sigs, faults
}

// note takes in how a round ended.
func (c *Courier) note(sigs []signature, size uint64, faults []Fault) State {
	c.mu.Lock()
	for _, s := range sigs {
		if !s.at.Before(c.state.At) {
			c.state.At, c.state.Size = s.at, size
		}
	}
	c.state.Faults = faults
	c.state.Round++
	c.state.Sent = size
	c.mu.Unlock()
	return c.State()
}
