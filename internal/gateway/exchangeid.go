package gateway

import (
	"encoding/hex"
	"io"
	"time"

	"chaperone"
)

// newExchangeID makes an id from the gateway's clock and randomness.
func (g *Gateway) newExchangeID() chaperone.ExchangeID {
	return NewExchangeID(g.parts.Clock(), g.parts.Random)
}

// NewExchangeID makes a UUIDv7 (RFC 9562) of a moment and randomness. Should the
// random source fail, the id has zeros there; whatever needs randomness next (a
// placeholder, a key) then refuses the exchange.
func NewExchangeID(now time.Time, random io.Reader) chaperone.ExchangeID {
	var b [16]byte
	_, _ = io.ReadFull(random, b[6:])
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return chaperone.ExchangeID(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:])
}
