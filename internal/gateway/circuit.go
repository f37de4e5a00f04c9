package gateway

import (
	"sync"
	"time"

	"chaperone/internal/telemetry"
)

// A circuit keeps calls from a door that has failed several times in a row. It
// opens for a rest, lets one call through to see, and closes with the first
// success. The zero circuit is closed.
type circuit struct {
	mu    sync.Mutex
	fails int           // in a row
	rest  time.Duration // of the present opening; 0 while closed
	until time.Time     // while open: when the next call may try
}

const (
	failsToOpen = 5
	firstRest   = 5 * time.Second
	longestRest = 2 * time.Minute
)

// turn is one call's leave to use a door.
type turn struct {
	circuit *circuit
	probe   bool // it finds out whether the door works again
}

// begin gives leave for a call, or says how long there is none. While the circuit
// is open one call in each rest is let through.
func (c *circuit) begin(now time.Time) (turn, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rest == 0 {
		return turn{circuit: c}, 0
	}
	if wait := c.wait(now); wait > 0 {
		return turn{}, wait
	}
	c.until = now.Add(c.rest)
	return turn{c, true}, 0
}

// resting is how long the door is left alone from now on; 0 if it may be tried.
func (c *circuit) resting(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wait(now)
}

// wait is nothing also where a clock stepped back behind the longest rest.
func (c *circuit) wait(now time.Time) time.Duration {
	wait := c.until.Sub(now)
	if c.rest == 0 || wait <= 0 || wait > longestRest {
		return 0
	}
	return wait
}

// end tells how the call went. asked is the retry-after of the door, or 0. A call
// that began before the circuit opened and failed does not lengthen the rest.
func (t turn) end(now time.Time, failed bool, asked time.Duration) {
	c := t.circuit
	c.mu.Lock()
	defer c.mu.Unlock()
	if !failed {
		c.fails, c.rest, c.until = 0, 0, time.Time{}
		return
	}
	c.fails++
	switch {
	case t.probe:
		c.rest = min(2*c.rest, longestRest)
	case c.rest == 0 && c.fails >= failsToOpen:
		c.rest = firstRest
	default:
		return
	}
	c.until = now.Add(min(max(c.rest, asked), longestRest))
}

// state is the circuit in the words of the metrics.
func (c *circuit) state(now time.Time) telemetry.Circuit {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.rest == 0:
		return telemetry.CircuitClosed
	case c.wait(now) == 0:
		return telemetry.CircuitTrying
	default:
		return telemetry.CircuitOpen
	}
}

// DoorState is how a door is held at this moment.
type DoorState struct {
	Name    string        `json:"name"`
	Fails   int           `json:"fails"`   // in a row, up to now
	Resting bool          `json:"resting"` // it failed too often and is tried again now and then
	Wait    time.Duration `json:"wait_ns"` // until the next try
}

// DoorStates says how each door is held, the default first.
func (g *Gateway) DoorStates() []DoorState {
	now := g.parts.Clock()
	list := make([]DoorState, 0, len(g.parts.Doors))
	for _, d := range g.parts.Doors {
		list = append(list, g.circuits[d.Name()].shown(d.Name(), now))
	}
	return list
}

func (c *circuit) shown(name string, now time.Time) DoorState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return DoorState{name, c.fails, c.rest > 0, c.wait(now)}
}
