package claude

import "slices"

// Limits bounds what ReadRequest accepts. The zero value is strict and fit for
// use: each zero field stands for its default.
type Limits struct {
	Encoded  int64    // bytes of the body as sent; 0 means 32 MiB, the API's own limit
	Decoded  int64    // bytes after each Content-Encoding is undone; 0 means 32 MiB
	Depth    int      // levels of JSON nesting; 0 means 512
	Versions []string // accepted values of anthropic-version; nil means 2023-06-01 and 2026-10-21

	// AllowUnknownBlocks admits content blocks of a type this package does not
	// know. Their strings are then leaves of class Extra. Policy decides this.
	AllowUnknownBlocks bool
}

const (
	defaultBytes = 32 << 20
	defaultDepth = 512
	mostDepth    = 10_000
	mostBytes    = 1 << 30 // positions are kept in 32 bits
)

func (l Limits) filled() Limits {
	l.Encoded = bounded(l.Encoded, defaultBytes)
	l.Decoded = bounded(l.Decoded, defaultBytes)
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	l.Depth = min(l.Depth, mostDepth)
	if len(l.Versions) == 0 {
		l.Versions = Versions()
	}
	return l
}

func bounded(n, def int64) int64 {
	if n <= 0 {
		return def
	}
	return min(n, mostBytes)
}

// Versions lists the API versions in use, the older first.
func Versions() []string {
	return slices.Clone([]string{"2023-06-01", "2026-10-21"})
}
