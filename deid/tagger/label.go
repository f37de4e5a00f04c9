package tagger

import "chaperone/phi"

// label is what a word of the chain can be.
type label uint8

const (
	outside label = iota
	beginName
	insideName
	beginPlace
	insidePlace
	beginOrg
	insideOrg
	labels
)

// begins reports whether the label opens a span.
func (l label) begins() bool { return l&1 == 1 }

func (l label) kind() phi.Kind {
	switch l {
	case beginName, insideName:
		return phi.Name
	case beginPlace, insidePlace:
		return phi.Place
	case beginOrg, insideOrg:
		return phi.Org
	}
	return phi.None
}

// follows reports whether l may stand after prev in one run.
func (l label) follows(prev label) bool {
	return l == outside || l.begins() || prev == l || prev == l-1
}

// continues reports whether l goes on with a span that prev is part of.
func (l label) continues(prev label) bool { return !l.begins() && l.kind() == prev.kind() }

// labelOf yields the label of a word in a span of that kind.
func labelOf(k phi.Kind, first bool) label {
	inside := map[phi.Kind]label{phi.Name: insideName, phi.Place: insidePlace, phi.Org: insideOrg}[k]
	if first && inside != outside {
		return inside - 1
	}
	return inside
}
