package policy

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go/types"
	xast "github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

//go:embed schema.cedarschema
var schemaSource []byte

// vocabulary is what a policy may speak about, read from the embedded schema.
type vocabulary struct {
	validator  *validate.Validator
	closed     map[string][]string // entity type → the words it may have
	attributes map[string]string   // "context.purpose" → entity type
}

func loadVocabulary() (*vocabulary, error) {
	var s schema.Schema
	s.SetFilename("schema.cedarschema")
	if err := s.UnmarshalCedar(schemaSource); err != nil {
		return nil, fmt.Errorf("policy: schema: %w", err)
	}
	r, err := s.Resolve()
	if err != nil {
		return nil, fmt.Errorf("policy: schema: %w", err)
	}
	return &vocabulary{validate.New(r), closedWords(r), attributes(r)}, nil
}

func closedWords(r *resolved.Schema) map[string][]string {
	closed := map[string][]string{}
	for name, e := range r.Enums {
		for _, v := range e.Values {
			closed[string(name)] = append(closed[string(name)], string(v.ID))
		}
	}
	for uid := range r.Actions {
		closed[string(uid.Type)] = append(closed[string(uid.Type)], string(uid.ID))
	}
	sort.Strings(closed["Action"])
	return closed
}

// has reports whether id is a word of the closed entity type.
func (v *vocabulary) has(entity, id string) bool {
	for _, w := range v.closed[entity] {
		if w == id {
			return true
		}
	}
	return false
}

// unknownWords finds every Type::"word" whose word is not in the closed list of
// its type. The validator knows types only: with a misspelt word it would
// accept a forbid that never applies.
func (v *vocabulary) unknownWords(file string, st statement) []Fault {
	var faults []Fault
	for i := 0; i+2 < len(st.words); i++ {
		entity, id := st.words[i].text, st.words[i+2]
		list, isClosed := v.closed[entity]
		if st.words[i+1].text != "::" || !isClosed {
			continue
		}
		name, err := strconv.Unquote(id.text)
		if err == nil && v.has(entity, name) {
			continue // an escape that Go does not know is no word of ours either
		}
		faults = append(faults, Fault{
			file, id.line, id.col,
			fmt.Sprintf("%s is not a word of %s", id.text, entity),
			"the words are " + strings.Join(list, ", "),
		})
	}
	return faults
}

var (
	quoted    = regexp.MustCompile("`([^`]+)`")
	inContext = regexp.MustCompile(`in context for Action::"[a-z-]+"`)
)

// judge asks the validator about a statement that parsed, and gives each of its
// complaints the place of the word it is about.
func (v *vocabulary) judge(file string, st statement, ast *xast.Policy) []Fault {
	faults := v.mismatches(file, st, ast)
	mismatched := len(faults) > 0
	err := v.validator.Policy("", ast)
	if err == nil {
		return faults
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		if strings.HasPrefix(line, "unrecognized action") || strings.HasPrefix(line, "unable to find an applicable action") {
			continue // unknownWords says it better, or it follows from another fault
		}
		if mismatched && strings.HasSuffix(line, "are not compatible") {
			continue // mismatches says it better
		}
		at := st.place(line)
		line = inContext.ReplaceAllString(line, "in the context")
		f := Fault{file, at.line, at.col, strings.ReplaceAll(line, "`", "'"), v.hint(line)}
		if !slices.Contains(faults, f) {
			faults = append(faults, f) // the validator says it once for every action
		}
	}
	if len(faults) == 0 && len(v.unknownWords(file, st)) == 0 {
		faults = append(faults, Fault{file, st.line, st.col, "no action fits what this rule names", v.hint("action")})
	}
	return faults
}

// place finds the word a complaint is about: the first quoted word of the
// complaint that stands in the statement, else the statement's beginning.
func (st statement) place(complaint string) word {
	for _, m := range quoted.FindAllStringSubmatch(complaint, -1) {
		parts := strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(`.:"`, r) })
		for i := len(parts) - 1; i >= 0; i-- {
			for _, w := range st.words {
				if strings.Trim(w.text, `"`) == parts[i] {
					return w
				}
			}
		}
	}
	return word{line: st.line, col: st.col}
}

func (v *vocabulary) hint(complaint string) string {
	switch {
	case strings.Contains(complaint, "in the context"):
		return "the context has purpose, reasonGiven, patientStated, relation, kinds, opaque, synthetic, surface, endpoint, model, residualCrowd, categories, pages, unlisted"
	case strings.Contains(complaint, "`Person`"):
		return "a Person has role, environment"
	case strings.Contains(complaint, "`Door`"):
		return "a Door has kind, simulated, agreement, covers, country, region"
	case strings.Contains(complaint, "attribute"):
		return "only principal, resource and context have attributes"
	case strings.Contains(complaint, "entity type"):
		return "the types are Person, Door and " + strings.Join(v.entityTypes(), ", ")
	case strings.Contains(complaint, "action"):
		return "the actions are " + strings.Join(v.closed["Action"], ", ")
	default:
		return "compare words of one kind only, such as context.purpose == Purpose::\"treatment\""
	}
}

func (v *vocabulary) entityTypes() []string {
	var names []string
	for n := range v.closed {
		if n != "Action" {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names
}

// word makes a closed word as an entity; an unknown one becomes the fallback,
// so that an outside value can never stand for something no rule foresaw.
func (v *vocabulary) word(entity, id, fallback string) types.EntityUID {
	if !v.has(entity, id) {
		id = fallback
	}
	return types.NewEntityUID(types.EntityType(entity), types.String(id))
}
