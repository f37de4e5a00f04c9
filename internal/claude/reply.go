package claude

import (
	"io"
	"net/http"
	"time"
)

// Reply is what came back through a door.
type Reply struct {
	Status    int
	Header    http.Header
	Body      io.ReadCloser
	Door      string // the door's name
	Simulated bool   // no model stood behind the door
	Stream    bool   // the body is a stream of server-sent events
}

// Revealer puts back what placeholders stand for. One Revealer belongs to one
// session and serves one answer; nil restores nothing.
type Revealer interface {
	// Reveal restores a whole text. A text without live placeholders comes back
	// as it is.
	Reveal(text string) string
	// Scan finds the complete live placeholders in buf, in order and apart, and
	// says how many of the last bytes are a proper prefix of a live one (0: none).
	// What was reported as held comes again at the start of the next buf.
	Scan(buf string) (hits []Span, hold int)
}

// nothing is the Revealer of an exchange in which nothing was concealed.
type nothing struct{}

func (nothing) Reveal(text string) string { return text }
func (nothing) Scan(string) ([]Span, int) { return nil, 0 }

// Span is a live placeholder in a text.
type Span struct {
	Start, End int    // UTF-8 bytes, End exclusive
	Value      string // what it stands for
}

// CopyOptions lets others watch an answer on its way. Each field may be zero.
type CopyOptions struct {
	// RequestID goes into errors that CopyText itself reports.
	RequestID string
	// Answered receives every byte the upstream sent, Delivered every byte the
	// client is given, the last ones before they are released. An error of
	// either stops the answer.
	Answered, Delivered io.Writer
	// BeforeLast is called once, when all but the end of the answer has been
	// written: the final event of a stream, or the whole of a JSON answer or of
	// an error. Only if it returns nil the end is released; its error is
	// reported to the client instead. It is not called where the client is gone.
	BeforeLast func(Delivery) error
	// Thinking is called for each block of thinking that has a text, with what
	// the client sees and what the upstream had written (the same where nothing
	// was restored), and always before BeforeLast. Whoever remembers both can
	// give back what was signed, to the letter, when the client replays it.
	Thinking func(revealed, original string)
	// Said is called for each whole text of the answer, as the upstream wrote it
	// (placeholders not restored; the arguments of a tool as the JSON they are),
	// once the text has ended and always before BeforeLast.
	Said func(text string)
	// Locate turns an offset into a cited plain-text document as it was sent
	// into the offset in the client's own: characters from 0, end says that the
	// offset ends a quotation. Documents are counted as by Documents.
	Locate func(document, offset int, end bool) int
	// Ping is how long a stream may be silent before the client is sent a ping
	// of ours, between two events and again as long as it lasts; 0 means 15 s.
	// Pings count as delivered and not as answered.
	Ping time.Duration
	// Geo is the inference_geo that the answer must state in its usage before any
	// of it is released; empty asks for nothing. An answer that states another, or
	// none, is withheld with the code residency_echo (RTE-03).
	Geo string
	// MaxEvent bounds one event of a stream, and what may wait behind it, in
	// bytes; 0 means 16 MiB. MaxAnswer bounds a JSON answer; 0 means 64 MiB.
	MaxEvent, MaxAnswer int64
}

const (
	defaultEvent  = 16 << 20
	defaultAnswer = 64 << 20
	mostRefusal   = 1 << 20 // bytes of an upstream error that are read
)
