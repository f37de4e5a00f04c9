package audit

import "time"

// Result is how an exchange ended. The list is closed.
type Result string

// The results.
const (
	OK            Result = "ok"
	RefusedResult Result = "refused"        // a rule or a fault of the request; nothing was sent
	UpstreamError Result = "upstream_error" // the door answered with an error or something unusable
	ClientGone    Result = "client_gone"    // the client left before the end
	Timeout       Result = "timeout"
	Panicked      Result = "panic"
	Truncated     Result = "truncated" // the answer broke off in the middle
	Abandoned     Result = "abandoned" // the process ended before the exchange did
	Failed        Result = "failed"    // a fault of ours
)

func (r Result) known() bool {
	switch r {
	case OK, RefusedResult, UpstreamError, ClientGone, Timeout, Panicked, Truncated, Abandoned, Failed:
		return true
	}
	return false
}

// Outcome is what happened.
type Outcome struct {
	Result    Result
	Status    int    // HTTP status the client got; 0 if it got none
	ErrorCode string // code of the *chaperone.Error, if there was one
	Upstream  Upstream
	Restored  int            // placeholders that were put back
	Unknown   int            // well-formed placeholders that are not of this session
	Brought   map[string]int // identifiers by kind that only the answer brought (DLP-15)
	Withheld  int            // of them, places that were taken out before the client saw them
	Cost      Cost
	Received  int           // bytes of the request as it came
	Sent      int           // bytes of the request as it left
	Took      time.Duration // from admission to settling
	Answered  Content       // what the door answered, as it came
	Delivered Content       // what the client got
}

// Upstream is what the other side said about itself.
type Upstream struct {
	RequestID    string
	Model        string // the model that answered, if it said so
	Region       string // the region that answered, if it said so
	Status       int    // HTTP status of the door; 0 if there was none
	StopReason   string
	InputTokens  int
	OutputTokens int
	CacheRead    int // tokens
	CacheWrite   int // tokens
}

// Cost is what the tokens cost by the vendor's list. The zero Cost is not known,
// which is not the same as nothing (RTE-09).
type Cost struct {
	Known    bool
	MicroUSD int64 // millionths of a US dollar
}
