package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/vault"
)

// holding is what the house knows of a batch or a file that an API keeps for one
// of its people. It is sealed in the vault under the thing's id, so that a restart
// loses nothing and nobody reads it at rest.
type holding struct {
	ID      string          `json:"id"`
	Tenant  string          `json:"tenant"`
	Owner   string          `json:"owner"`
	Door    string          `json:"door"`
	Session vault.SessionID `json:"session"`        // whose pairs restore what comes back
	Name    string          `json:"name,omitempty"` // of a file, as its owner calls it
	Mode    audit.Decision  `json:"mode,omitempty"` // how a file left, or madeByClaude
	Kinds   map[string]int  `json:"kinds,omitempty"`
	Unread  []string        `json:"unread,omitempty"` // what of a file nobody could look into
}

// batchLines is what a batch's lines are called in the house. It is sealed before
// the batch leaves, in the session of its pairs.
type batchLines struct {
	Lines []claude.BatchLine `json:"lines"`
	Geo   string             `json:"geo,omitempty"`   // where every answer must say that it ran
	Files []vault.SessionID  `json:"files,omitempty"` // sessions of the files that lines refer to

	found []map[string]int // kinds of identifiers found in each line; not kept
}

const (
	// keepBatch is how long a batch is known: the vendor keeps its results for 29
	// days after it was made.
	keepBatch = 31 * 24 * time.Hour
	// keepFile is how long a file is known after it was last uploaded, read or
	// referred to.
	keepFile = 366 * 24 * time.Hour

	memoryHeld  = "held"
	memoryLines = "lines"
)

// heldSession is where the vault keeps what is held of a thing. The ids are the
// vendor's and unique, so the owner is looked at and not hashed in: a thing of
// another's is told from one that nobody here has.
func heldSession(id string) vault.SessionID { return vault.SessionID("held\x00" + id) }

// ownSession names the session of one exchange's batch or file: one of its own,
// so that its pairs live and end with it.
func (x *exchange) ownSession() vault.SessionID {
	return vault.SessionID(x.intent.Who.Tenant + "\x00" + x.intent.Who.ID + "\x00" + x.action + "\x00" + string(x.intent.Exchange))
}

// hold keeps a thing for the one who asks.
func (x *exchange) hold(ctx context.Context, h holding, keep time.Duration) error {
	h.Tenant, h.Owner, h.Door = x.intent.Who.Tenant, x.intent.Who.ID, x.door.Name()
	blob, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("gateway: hold: %w", err)
	}
	v, id := x.g.parts.Vault, heldSession(h.ID)
	if err := v.KeepUntil(ctx, id, x.started.Add(keep)); err != nil {
		return err
	}
	return v.Remember(ctx, id, memoryHeld, blob)
}

// held finds what is held under an id; whose says whether it is the caller's.
func (x *exchange) held(ctx context.Context, id string) (h holding, whose owner, err error) {
	blob, ok, err := x.g.parts.Vault.Recall(ctx, heldSession(id), memoryHeld)
	if err != nil || !ok {
		return h, nobodys, err
	}
	if err := json.Unmarshal(blob, &h); err != nil {
		return h, nobodys, fmt.Errorf("gateway: held: %w", err)
	}
	if h.Tenant != x.intent.Who.Tenant || h.Owner != x.intent.Who.ID {
		return holding{}, anothers, nil
	}
	return h, own, nil
}

// owner says whose a thing is.
type owner uint8

const (
	nobodys owner = iota // the house knows nothing of it
	anothers
	own
)

// mine is what the caller holds under the id in the path. What is another's is
// not there, in the very words of what is nowhere.
func (x *exchange) mine(said stated) (holding, error) {
	id := x.r.PathValue("id")
	form, missing := claude.BatchID, errNoBatch()
	if x.isFile() {
		form, missing = claude.FileID, errNoFile()
	}
	if !form(id) {
		return holding{}, missing
	}
	h, whose, err := x.held(x.r.Context(), id)
	switch {
	case err != nil:
		return holding{}, err
	case whose != own, said.door != "" && said.door != h.Door:
		return holding{}, missing
	}
	return h, nil
}

// release forgets a thing that was deleted, with the pairs that were its own.
func (x *exchange) release(ctx context.Context, h holding) error {
	if err := x.g.parts.Vault.Forget(ctx, heldSession(h.ID)); err != nil {
		return err
	}
	if h.Mode == madeByClaude {
		return nil // its pairs are those of a conversation
	}
	x.g.sessions.drop(h.Session)
	return x.g.parts.Vault.Forget(ctx, h.Session)
}

// pairsAtOnce is how many pairs are sealed in one step: a large file has hundreds
// of thousands, and the vault is waited for at every step and not for all of them.
const pairsAtOnce = 20_000

// sealMany is seal for what may be many pairs.
func (l *lease) sealMany(ctx context.Context) error {
	for pairs := range slices.Chunk(l.session.Unsealed(), pairsAtOnce) {
		ctx, cancel := context.WithTimeout(ctx, vaultWait)
		err := l.from.vault.Seal(ctx, l.id, pairs)
		cancel()
		if err != nil {
			return err
		}
		l.session.Sealed(pairs)
	}
	return l.seal(ctx)
}

// drop puts a session out of memory, unless an exchange is using it.
func (s *sessions) drop(id vault.SessionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.open[id]; o != nil && o.users == 0 {
		delete(s.open, id)
	}
}

func errNoBatch() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "batch_unknown", "There is no batch of that id that you made",
		"Ask with the key that made it, or look at the list of your batches", nil)
}

func errNoFile() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "file_unknown", "There is no file of that id that is yours",
		"Ask with the key that uploaded it, or look at the list of your files", nil)
}
