package policy

import (
	"fmt"

	"github.com/cedar-policy/cedar-go/types"
	xast "github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
)

// Cedar takes a comparison of two entity types for false and goes on. In a
// forbid that is a rule that never speaks: context.purpose == Role::"coder". So
// such comparisons are faults here.

// attributes maps "context.purpose" to "Purpose" for every attribute that holds
// one or many words of an entity type.
func attributes(r *resolved.Schema) map[string]string {
	found := map[string]string{}
	note := func(of string, record resolved.RecordType) {
		for name, a := range record {
			t := a.Type
			if set, isSet := t.(resolved.SetType); isSet {
				t = set.Element
			}
			if e, isEntity := t.(resolved.EntityType); isEntity {
				found[of+"."+string(name)] = string(e)
			}
		}
	}
	note("principal", r.Entities["Person"].Shape)
	note("resource", r.Entities["Door"].Shape)
	for _, a := range r.Actions {
		if a.AppliesTo != nil {
			note("context", a.AppliesTo.Context)
		}
	}
	return found
}

// mismatches finds comparisons of words that can never be equal.
func (v *vocabulary) mismatches(file string, st statement, ast *xast.Policy) []Fault {
	var faults []Fault
	for _, c := range ast.Conditions {
		xast.Inspect(xast.NewNode(c.Body), func(n xast.IsNode) bool {
			left, right, compared := sides(n)
			if !compared {
				return true
			}
			a, b := v.entityOf(left), v.entityOf(right)
			if a == "" || b == "" || a == b {
				return true
			}
			at := st.place(fmt.Sprintf("`%s`", wordIn(right)+"."+wordIn(left)))
			faults = append(faults, Fault{
				file, at.line, at.col, fmt.Sprintf("%s is compared with %s, so this is never true", a, b),
				"compare words of one kind only, such as context.purpose == Purpose::\"treatment\"",
			})
			return true
		})
	}
	return faults
}

// sides takes a comparison apart. "in" is left out: a person is in a role.
func sides(n xast.IsNode) (left, right xast.IsNode, compared bool) {
	switch n := n.(type) {
	case xast.NodeTypeEquals:
		return n.Left, n.Right, true
	case xast.NodeTypeNotEquals:
		return n.Left, n.Right, true
	case xast.NodeTypeContains:
		return n.Left, n.Right, true
	case xast.NodeTypeContainsAny:
		return n.Left, n.Right, true
	case xast.NodeTypeContainsAll:
		return n.Left, n.Right, true
	default:
		return nil, nil, false
	}
}

// entityOf is the entity type of a word, an attribute or the members of a set;
// empty if it cannot be told.
func (v *vocabulary) entityOf(n xast.IsNode) string {
	switch n := n.(type) {
	case xast.NodeValue:
		if uid, ok := n.Value.(types.EntityUID); ok {
			return string(uid.Type)
		}
	case xast.NodeTypeSet:
		if len(n.Elements) > 0 {
			return v.entityOf(n.Elements[0])
		}
	case xast.NodeTypeAccess:
		if of, ok := n.Arg.(xast.NodeTypeVariable); ok {
			return v.attributes[string(of.Name)+"."+string(n.Value)]
		}
	case xast.NodeTypeVariable:
		switch n.Name {
		case "principal":
			return "Person"
		case "resource":
			return "Door"
		}
	}
	return ""
}

// wordIn is the word of a node by which it can be found in the source.
func wordIn(n xast.IsNode) string {
	switch n := n.(type) {
	case xast.NodeValue:
		if uid, ok := n.Value.(types.EntityUID); ok {
			return string(uid.ID)
		}
	case xast.NodeTypeSet:
		if len(n.Elements) > 0 {
			return wordIn(n.Elements[0])
		}
	case xast.NodeTypeAccess:
		return string(n.Value)
	}
	return ""
}
