package policy

import (
	"slices"

	"chaperone"
)

// The floors: rules in code that stand above every policy. A policy can ask for
// more; none can ask for less.

// admission is what must hold before any text is even read.
func admission(f Facts) *chaperone.Error {
	switch {
	case f.Door.Name == "":
		return refusal("no_door", "No door to Claude is configured", "Ask your administrator to configure one, or use the simulator")
	case !slices.Contains(DoorKinds(), f.Door.Kind) || f.Door.Simulated != (f.Door.Kind == DoorSimulator):
		return refusal("unknown_door", "This door to Claude is of a kind that no rule covers", "Ask your administrator to check the configuration")
	case !slices.Contains(chaperone.Roles(), f.Principal.Role):
		return refusal("unknown_role", "Your key has no role that a rule could name", "Ask your administrator for a key with a role")
	case f.At.IsZero():
		return chaperone.NewError(chaperone.KindInternal, "no_clock", "The time of the request is not known, so no agreement can be checked", "Tell your administrator", nil)
	}
	for _, e := range []*chaperone.Error{consumer(f), residency(f), outsideArrangement(f)} {
		if e != nil {
			return e
		}
	}
	return nil
}

// development refuses anything that may be about a person when the key belongs
// to a development environment and the door is real, whatever role or
// agreement there is (IAM-13).
func development(f Facts, identifying bool) *chaperone.Error {
	if !identifying || f.Door.simulated() || f.Principal.Environment != chaperone.EnvironmentDevelopment {
		return nil
	}
	return refusal("development_environment", "A development key never sends text that may be about a person to a real door",
		"Use the simulator with a synthetic patient, or take the identifiers out")
}

// schema refuses identifiers in tool and JSON schemas: their compiled grammars
// are cached outside the protections of every agreement (BAA-15).
func schemaFloor(found Found) *chaperone.Error {
	if found.Schema <= 0 {
		return nil
	}
	return refusal("phi_in_schema", "A tool or output schema holds something that identifies a person",
		"Keep identifiers out of property names, enum, const and pattern, and put them in the message instead")
}

// identified lists what is still missing before identifying text may be sent as
// it is, the most important first.
func identified(f Facts, found Found) []*chaperone.Error {
	var missing []*chaperone.Error
	if !f.Door.simulated() {
		for _, e := range []*chaperone.Error{agreement(f), admin(f), connection(f), gates(f), coverage(f), crossing(f), category(f, found)} {
			if e != nil {
				missing = append(missing, e)
			}
		}
	}
	if f.synthetic() {
		return missing // nobody's record: there is no purpose to state
	}
	if !slices.Contains(chaperone.Purposes(), f.Purpose) {
		missing = append(missing, chaperone.NewError(chaperone.KindInvalid, "purpose_required",
			"Identified text needs a purpose", "State what the text is used for", nil))
	}
	switch f.Reason {
	case ReasonGiven:
	case ReasonMeaningless:
		missing = append(missing, chaperone.NewError(chaperone.KindInvalid, "reason_required",
			"The stated reason does not say why the text is used", "Say in a few words why you need it, such as: visit summary for the follow-up", nil))
	default:
		missing = append(missing, chaperone.NewError(chaperone.KindInvalid, "reason_required",
			"Identified text needs a reason", "Say in a few words why you need it", nil))
	}
	return missing
}

// agreement refuses a real door that no agreement covers at this moment
// (BAA-01, BAA-02, BAA-03, BAA-06).
func agreement(f Facts) *chaperone.Error {
	const next = "Ask your privacy officer about the agreement, or send it with placeholders"
	switch f.Door.Agreement.Standing(f.At) {
	case InForce:
		return nil
	case Unapproved:
		return refusal("agreement_not_approved", "The agreement for this door has not been approved", next)
	case BackDated:
		return refusal("agreement_backdated", "The agreement for this door is said to have begun before it was approved, and no second person has signed for that", next)
	case NotBegun:
		return refusal("agreement_not_begun", "The agreement for this door is not in force yet", next)
	case Expired:
		return refusal("agreement_expired", "The agreement for this door has expired", next)
	default:
		return refusal("no_agreement", "This door has no signed agreement that covers patient information", next)
	}
}

// category refuses identifying text about a matter that the agreement does not
// name (DLP-11). Text that identifies nobody is nobody's record, and passes.
func category(f Facts, found Found) *chaperone.Error {
	list := uncovered(f, found)
	if len(list) == 0 || !found.Identifies() {
		return nil
	}
	return refusal("category_not_covered", "The text is about a person and speaks of "+spoken(list)+", which the agreement for this door does not cover",
		"Take that out, or ask your privacy officer whether the agreement covers it")
}

func refusal(code, public, next string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindForbidden, code, public, next, nil)
}
