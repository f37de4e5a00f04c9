package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// contentKind binds sealed content to its use.
const contentKind = "exchange"

// named is a piece of content on its way into a record.
type named struct {
	name string
	text Content
}

// draft is a record before it is sealed.
type draft struct {
	id, about ID
	kind      Kind
	class     string
	index     Index
	facts     Facts
	content   []named
}

// row seals a draft. Content comes first, because its key must be durable
// before a record can point at it; a key without a record harms nobody.
func (l *Log) row(ctx context.Context, d draft) (Row, error) {
	at, flags := l.now()
	r := Row{ID: d.id, About: d.about, At: at, Kind: d.kind, Class: d.class, Index: d.index}
	d.facts.Time = at
	var blob Content
	for i, c := range d.content {
		if len(c.text) == 0 {
			continue
		}
		if i > 0 && bytes.Equal(c.text, d.content[i-1].text) {
			same := d.facts.Parts[len(d.facts.Parts)-1]
			same.Name, same.Same = c.name, same.Name
			d.facts.Parts = append(d.facts.Parts, same)
			continue
		}
		d.facts.Parts = append(d.facts.Parts, part(c.name, c.text))
		if blob == nil {
			blob = c.text // most records have one
		} else {
			blob = slices.Concat(blob, c.text)
		}
	}
	var commitment [32]byte
	var err error
	if len(blob) > 0 {
		r.Content, r.KeyID, commitment, err = l.cfg.Sealer.SealContent(ctx, r.ID.String(), contentKind, blob)
		if err != nil {
			return r, fmt.Errorf("audit: seal content: %w", err)
		}
	}
	plain, err := json.Marshal(d.facts)
	if err != nil {
		return r, fmt.Errorf("audit: facts: %w", err)
	}
	if r.Facts, err = l.cfg.Sealer.SealFacts(r.ID.String(), plain); err != nil {
		return r, fmt.Errorf("audit: seal facts: %w", err)
	}
	r.Leaf = makeLeaf(r, flags, l.seen.Load(), commitment)
	return r, nil
}

// clockStep is how far a clock may be put back without an event of its own.
const clockStep = time.Minute

// now is the time of the next record, and the flags that go with it. A clock
// that stepped back is believed and flagged: the order of records does not
// depend on it.
func (l *Log) now() (time.Time, byte) {
	at := stamp(l.cfg.Clock())
	l.mu.Lock()
	defer l.mu.Unlock()
	back := at.Before(l.last)
	if l.last.Sub(at) > clockStep {
		l.stepped.Store(true)
	}
	l.last = at
	if back {
		return at, FlagClockBack
	}
	return at, 0
}

// append writes rows and keeps account of what is durable and of trouble.
func (l *Log) append(ctx context.Context, rows ...Row) (uint64, error) {
	if err := l.stopped(); err != nil {
		return 0, err
	}
	if l.closed.Load() {
		return 0, errClosed
	}
	first, err := l.cfg.Journal.Append(ctx, rows...)
	if err != nil {
		return 0, err
	}
	l.recovered()
	for next := first + uint64(len(rows)); ; {
		seen := l.seen.Load()
		if seen >= next || l.seen.CompareAndSwap(seen, next) {
			break
		}
	}
	l.tree.wake()
	return first, nil
}

// split cuts opened content into its parts again.
func split(blob []byte, parts []Part) (map[string]Content, error) {
	out := make(map[string]Content, len(parts))
	for _, p := range parts {
		if p.Same != "" {
			if piece, ok := out[p.Same]; !ok || len(piece) != p.Bytes {
				return nil, fmt.Errorf("audit: content is said to be the same as a part that it is not")
			}
			out[p.Name] = out[p.Same]
			continue
		}
		if p.Bytes < 0 || p.Bytes > len(blob) {
			return nil, fmt.Errorf("audit: content is shorter than its parts")
		}
		piece := Content(blob[:p.Bytes:p.Bytes])
		if part(p.Name, piece) != p {
			return nil, fmt.Errorf("audit: content does not match its digest")
		}
		out[p.Name] = piece
		blob = blob[p.Bytes:]
	}
	if len(blob) > 0 {
		return nil, fmt.Errorf("audit: content is longer than its parts")
	}
	return out, nil
}
