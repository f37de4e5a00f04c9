// Package policy decides whether text may go to Claude, in which form, and why.
// It owns the rules that an organisation writes (Cedar, in plain files with a
// reason on every rule) and the floors above them that nobody can edit away: an
// agreement in force, a purpose and a reason, development kept apart,
// residency, no identifiers in schemas. It reads no text, keeps no record and
// calls nobody: facts go in, a ruling and then a verdict come out.
package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	xast "github.com/cedar-policy/cedar-go/x/exp/ast"
)

// Policy is a parsed, validated set of rules. It is immutable and safe for
// concurrent use. The nil Policy permits nothing.
type Policy struct {
	name    string
	version string
	words   *vocabulary
	permits cedar.PolicyMap
	forbids cedar.PolicyMap
	rules   map[cedar.PolicyID]rule
}

// rule is what a rule says of itself in its annotations.
type rule struct {
	Reason
	profile Profile
	answer  Answers
}

// Reason says in plain words why a rule spoke.
type Reason struct {
	PolicyID string `json:"policy"`         // the rule's @id, or "floor:" and a code
	Text     string `json:"reason"`         // its @reason
	Next     string `json:"next,omitempty"` // its @next: the next safe step
}

// Parse reads a policy in Cedar's language. Every permit and forbid carries
// @id("kebab-case") and @reason("plain words"); it may carry @next("the next
// safe step") and, on a permit of send-concealed, @profile with the name of a Profile; on any permit it may carry
// @answer with one of the Answers.
// name appears in faults and explanations.
//
// The error is Faults: all of them, each with its line and column.
func Parse(name string, src []byte) (*Policy, error) {
	if len(src) > maxSource {
		return nil, Faults{{name, 1, 1, "the policy is larger than 256 KiB", "split it, or remove what is unused"}}
	}
	words, err := loadVocabulary()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(src)
	p := &Policy{
		name: name, version: hex.EncodeToString(sum[:6]), words: words,
		permits: cedar.PolicyMap{}, forbids: cedar.PolicyMap{}, rules: map[cedar.PolicyID]rule{},
	}
	list, fault := cut(name, string(src))
	var faults Faults
	if fault != nil {
		faults = append(faults, *fault)
	} else if len(list) == 0 {
		faults = append(faults, Fault{name, 1, 1, "there is no rule, so nothing could ever be sent", "begin from a shipped profile"})
	}
	for _, st := range list {
		faults = append(faults, p.add(st)...)
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return p, nil
}

// Name is the name the policy was parsed under.
func (p *Policy) Name() string {
	if p == nil {
		return "none"
	}
	return p.name
}

// Version is the first twelve hexadecimal digits of the SHA-256 of the source.
// It stands in every record, so that a ruling can be repeated later.
func (p *Policy) Version() string {
	if p == nil {
		return ""
	}
	return p.version
}

// add judges one statement and keeps it if it has no fault.
func (p *Policy) add(st statement) []Fault {
	if len(st.words) == 1 && st.words[0].text == ";" {
		return []Fault{{p.name, st.line, st.col, "a semicolon ends nothing here", "remove it"}}
	}
	faults := p.words.unknownWords(p.name, st)
	list, err := cedar.NewPolicyListFromBytes(p.name, []byte(st.src))
	if err != nil {
		return append(faults, parseFault(p.name, st, err))
	}
	if len(list) != 1 {
		return append(faults, Fault{p.name, st.line, st.col, "this is not one rule", "end every rule with a semicolon"})
	}
	one := list[0]
	faults = append(faults, p.words.judge(p.name, st, (*xast.Policy)(one.AST()))...)
	r, more := p.annotations(st, one)
	faults = append(faults, more...)
	if len(faults) > 0 {
		return faults
	}
	id := cedar.PolicyID(r.PolicyID)
	p.rules[id] = r
	if one.Effect() == cedar.Permit {
		p.permits[id] = one
	} else {
		p.forbids[id] = one
	}
	return nil
}

var (
	idForm     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	wanted     = regexp.MustCompile(`exact got .* want (\S+)$`)
	parsePlace = regexp.MustCompile(`<input>:(\d+):(\d+)`)
)

const maxWords = 240 // bytes of a @reason or @next: one sentence that fits a message

// annotations reads and judges what the rule says of itself.
func (p *Policy) annotations(st statement, one *cedar.Policy) (rule, []Fault) {
	notes := one.Annotations()
	var faults []Fault
	fault := func(key, what, hint string) {
		at := st.annotation(key)
		faults = append(faults, Fault{p.name, at.line, at.col, what, hint})
	}
	r := rule{Reason: Reason{string(notes["id"]), string(notes["reason"]), string(notes["next"])}, profile: ProfileSafeHarbor}
	switch _, taken := p.rules[cedar.PolicyID(r.PolicyID)]; {
	case r.PolicyID == "":
		fault("id", "the rule has no @id", `write @id("a-short-name") above it`)
	case !idForm.MatchString(r.PolicyID) || len(r.PolicyID) > 64:
		fault("id", "the @id is not in kebab-case", "use lower-case letters and digits joined by hyphens, at most 64")
	case taken:
		fault("id", "another rule has this @id", "give every rule a name of its own")
	}
	if strings.TrimSpace(r.Text) == "" {
		fault("reason", "the rule has no @reason", `write @reason("why, in plain words") above it`)
	}
	for _, key := range []types.AnnotationKey{"reason", "next"} {
		if text := string(notes[key]); len(text) > maxWords || strings.ContainsAny(text, "\r\n") {
			fault(string(key), fmt.Sprintf("the @%s is too long", key), "one sentence of at most 240 characters on one line")
		}
	}
	if v, ok := notes["profile"]; ok {
		r.profile = Profile(v)
		if r.profile.strictness() < 0 {
			fault("profile", "there is no such @profile", "the profiles are "+profileNames())
		}
		if one.Effect() != cedar.Permit {
			fault("profile", "a forbid has no @profile", "remove it")
		}
	}
	if v, ok := notes["answer"]; ok {
		r.answer = Answers(v)
		if r.answer != FlagAnswers && r.answer != WithholdAnswers {
			fault("answer", "there is no such @answer", `write "flag" or "withhold"`)
		}
		if one.Effect() != cedar.Permit {
			fault("answer", "a forbid has no @answer", "remove it")
		}
	}
	for key := range notes {
		switch key {
		case "id", "reason", "next", "profile", "answer":
		default:
			fault(string(key), fmt.Sprintf("@%s means nothing here", key), "the annotations are @id, @reason, @next, @profile, @answer")
		}
	}
	return r, faults
}

// annotation finds where an annotation stands, else the statement's beginning.
func (st statement) annotation(key string) word {
	for i := 0; i+1 < len(st.words); i++ {
		if st.words[i].text == "@" && st.words[i+1].text == key {
			return st.words[i]
		}
	}
	return word{line: st.line, col: st.col}
}

// parseFault turns the Cedar parser's error into a fault in the whole file.
func parseFault(file string, st statement, err error) Fault {
	f := Fault{file, st.line, st.col, "this is not a rule Cedar can read", "write permit or forbid (principal, action, resource) when { … };"}
	text := err.Error()
	if m := parsePlace.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		col, _ := strconv.Atoi(m[2])
		if line == 1 {
			col += st.col - 1
		}
		if line > 0 {
			f.Line, f.Col = st.line+line-1, max(col, 1)
		}
	}
	if m := wanted.FindStringSubmatch(text); m != nil {
		f.What += fmt.Sprintf(" (here belongs %q)", m[1])
	} else if i := strings.LastIndex(text, ": "); i >= 0 && strings.Contains(text[i+2:], " ") && len(text)-i < 120 {
		f.What += " (" + strings.TrimSpace(text[i+2:]) + ")"
	}
	return f
}
