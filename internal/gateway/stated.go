package gateway

import (
	"net/http"
	"strings"

	"chaperone"
	"chaperone/internal/policy"
)

// The headers in which a client states why it asks. None of them goes on to
// Claude.
const (
	headerPurpose  = "X-Chaperone-Purpose"      // one of chaperone.Purposes
	headerReason   = "X-Chaperone-Reason"       // the reason in the caller's words; sealed into the record
	headerPatient  = "X-Chaperone-Patient"      // the reference of the patient at hand
	headerRelation = "X-Chaperone-Relation"     // declared, care-team or break-glass
	headerDoor     = "X-Chaperone-Door"         // the name of a configured door
	headerData     = "X-Chaperone-Data"         // "synthetic" for people who never lived
	headerLaw      = "X-Chaperone-Jurisdiction" // whose law the patient is under: "CA-ON", "AU"
	headerRoster   = "X-Chaperone-Roster"       // what is known of the patient at hand, see readRoster
)

// maxReason bounds the reason in bytes.
const maxReason = 1024

// stated is what the caller says about the request, read once.
type stated struct {
	purpose  chaperone.Purpose
	reason   string
	patient  chaperone.PatientRef
	relation policy.Relation
	door     string
	mark     policy.Mark
	roster   []fact
	law      policy.Jurisdiction
}

func readStated(h http.Header) (stated, error) {
	s := stated{reason: strings.TrimSpace(h.Get(headerReason)), door: h.Get(headerDoor)}
	var err error
	if s.purpose, err = chaperone.ParsePurpose(h.Get(headerPurpose)); err != nil {
		return s, misstated(headerPurpose, "treatment, payment, operations, research, patient-request or training", err)
	}
	if s.patient, err = chaperone.NewPatientRef(h.Get(headerPatient)); err != nil {
		return s, misstated(headerPatient, "1 to 128 characters out of letters, digits and . _ : / | -", err)
	}
	if len(s.reason) > maxReason {
		return s, misstated(headerReason, "at most 1024 bytes", nil)
	}
	switch r := policy.Relation(h.Get(headerRelation)); r {
	case policy.RelationNone, policy.RelationDeclared, policy.RelationBreakGlass:
		s.relation = r
	default:
		// The care team is a fact of the hospital's systems and cannot be claimed.
		return s, misstated(headerRelation, "declared or break-glass", nil)
	}
	if s.relation == policy.RelationNone && !s.patient.IsZero() {
		s.relation = policy.RelationDeclared
	}
	switch m := policy.Mark(h.Get(headerData)); m {
	case policy.Unmarked, policy.Synthetic:
		s.mark = m
	default:
		return s, misstated(headerData, "synthetic, or nothing", nil)
	}
	if s.law, err = policy.ParseJurisdiction(h.Get(headerLaw)); err != nil {
		return s, misstated(headerLaw, "a country, or a country and its part, like AU or CA-ON", err)
	}
	if s.roster, err = readRoster(h.Values(headerRoster)); err != nil {
		return s, misstated(headerRoster, rosterForm, err)
	}
	return s, nil
}

func misstated(header, form string, cause error) error {
	return chaperone.NewError(chaperone.KindInvalid, "header_malformed",
		"The header "+header+" does not have its form", "Send "+form, cause)
}

// surface tells which product a request comes from, as far as its headers say.
func surface(h http.Header) policy.Surface {
	agent := strings.ToLower(h.Get("User-Agent"))
	switch {
	case h.Get("X-Claude-Code-Session-Id") != "", strings.HasPrefix(agent, "claude-cli/"), strings.HasPrefix(agent, "claude-code/"):
		return policy.SurfaceClaudeCode
	default:
		return policy.SurfaceAPI
	}
}
