package identity

import (
	"net/netip"
	"sync"
	"time"
)

// brake slows those who fail. It counts failures only and is asked only after a
// credential has failed, so that nobody can lock out a key or a whole office by
// guessing: a valid key is always admitted. Guessing itself is hopeless against
// 256 random bits; the brake keeps the record from being flooded.
type brake struct {
	mu      sync.Mutex
	buckets map[netip.Prefix]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

const (
	brakeBurst   = 10          // failures an address may make at once
	brakeRefill  = time.Minute // time in which the burst is refilled
	brakeBuckets = 4096        // addresses remembered
)

// slow takes one token of the address's bucket and reports whether there was
// none. IPv6 callers count by their /64, of which each has many addresses.
func (b *brake) slow(from netip.Addr, now time.Time) bool {
	bits := 32
	if from = from.Unmap(); from.Is6() {
		bits = 64
	}
	key, err := from.Prefix(bits)
	if err != nil {
		key = netip.Prefix{} // an address that could not be read: one bucket for all of them
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	have, known := b.buckets[key]
	if !known {
		b.makeRoom(now)
		have = bucket{brakeBurst, now}
	}
	if passed := now.Sub(have.at); passed > 0 {
		have.tokens = min(brakeBurst, have.tokens+brakeBurst*float64(passed)/float64(brakeRefill))
		have.at = now
	}
	if have.tokens < 1 {
		b.buckets[key] = have
		return true
	}
	have.tokens--
	b.buckets[key] = have
	return false
}

// makeRoom forgets full buckets when there are too many, and all of them if
// none is full: forgetting errs on the side of admitting.
func (b *brake) makeRoom(now time.Time) {
	if b.buckets == nil {
		b.buckets = map[netip.Prefix]bucket{}
	}
	if len(b.buckets) < brakeBuckets {
		return
	}
	for k, v := range b.buckets {
		if now.Sub(v.at) >= brakeRefill {
			delete(b.buckets, k)
		}
	}
	if len(b.buckets) >= brakeBuckets {
		clear(b.buckets)
	}
}
