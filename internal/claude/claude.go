// Package claude speaks the Messages API on the wire: it reads what a client
// asks, shows every text in it to whoever must see it, lets texts be replaced
// without touching any other byte, and carries the answer back, restoring texts
// on the way while it streams.
//
// It owns the shape of requests, events, answers and errors (Messages API,
// versions 2023-06-01 and 2026-10-21) and the doors to Claude. It refuses to
// know what an identifier is, who asks, and whether they may: others hand it
// functions for that. Nothing in its public words ever repeats text of a
// request or an answer.
package claude

// Endpoint names the calls that carry a prompt.
type Endpoint uint8

// The endpoints.
const (
	Messages    Endpoint = iota // POST /v1/messages
	CountTokens                 // POST /v1/messages/count_tokens
	Batches                     // POST /v1/messages/batches, of which every line is one
)

// Path is the endpoint's path at the API.
func (e Endpoint) Path() string {
	switch e {
	case CountTokens:
		return "/v1/messages/count_tokens"
	case Batches:
		return BatchesPath
	default:
		return "/v1/messages"
	}
}

// String is the endpoint's name in records.
func (e Endpoint) String() string {
	switch e {
	case CountTokens:
		return "messages.count_tokens"
	case Batches:
		return "batches.create"
	default:
		return "messages.create"
	}
}

// endpointOf finds the endpoint of a path, and false where there is none.
func endpointOf(path string) (Endpoint, bool) {
	switch path {
	case Messages.Path():
		return Messages, true
	case CountTokens.Path():
		return CountTokens, true
	}
	return Messages, false
}
