package claude

// Class says what part a text plays in a request.
type Class uint8

// The classes of leaf.
const (
	Prose    Class = iota // text of a user, a system prompt, an assistant, a tool's answer, a description
	Field                 // a value, key or number inside the data of a tool call or tool result
	Schema                // a name, enum, const or pattern in a tool definition or JSON schema
	Thinking              // the model's earlier thinking, which must go back exactly as it came
	Extra                 // anything else: unknown fields, metadata, fields out of their closed form
	Handle                // an id of a tool call that nobody's machine drew; the same text is the same call
	Enclosed              // a file in base64, which is also listed as Opaque; its Label is the media type
)

// String is the class's name in reports.
func (c Class) String() string {
	switch c {
	case Prose:
		return "prose"
	case Field:
		return "field"
	case Schema:
		return "schema"
	case Thinking:
		return "thinking"
	case Handle:
		return "handle"
	case Enclosed:
		return "enclosed"
	default:
		return "extra"
	}
}

// Leaf is one text in a request: a string, an object key, or a number.
type Leaf struct {
	// Path says where the text stands, as a JSON pointer (RFC 6901). Members
	// whose name is not of the Messages API appear as #n, the member's ordinal,
	// so that a path never holds a client's words and may be shown.
	Path string
	// Label is the key the text stands under ("ssn"), empty for prose. It is the
	// client's word and may itself identify someone.
	Label string
	Class Class
	// Role is who says it: user, assistant or system; empty for all that is no
	// part of the conversation, such as the definitions of tools.
	Role string
	Text string // decoded; of a number, its digits as written
}

// Opaque is a part of a request that cannot be inspected.
type Opaque struct {
	Path      string // as in Leaf
	Kind      string // type of the block that holds it: image, document, container_upload, or "other"
	Source    string // base64, url, file, or "other"
	MediaType string // as stated, if of the form type/subtype; else empty
	Size      int64  // bytes after base64; 0 where the content is elsewhere
	FileID    string // of a file that was uploaded before; empty if none of its form is named
}
