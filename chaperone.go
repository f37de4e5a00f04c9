// Package chaperone holds the words that every part of the house shares: who
// asks (Principal), why (Purpose), about whom (PatientRef), which exchange
// (ExchangeID), and what went wrong (Error). It decides nothing and knows no
// other package of ours.
package chaperone

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
)

// ExchangeID names one exchange, from the client's request to its settled
// record. It is a UUIDv7 in its 36-character text form (RFC 9562) and holds
// nothing that was derived from a person.
type ExchangeID string

// Role says what a principal is in the organisation. The list is closed; see
// Roles.
type Role string

// The roles that policies may name (requirement IAM-02).
const (
	RoleClinician      Role = "clinician"
	RoleCoder          Role = "coder"
	RoleResearcher     Role = "researcher"
	RoleFrontDesk      Role = "front-desk"
	RolePrivacyOfficer Role = "privacy-officer"
	RoleSecurity       Role = "security"
	RoleAuditor        Role = "auditor"
	RoleAdministrator  Role = "administrator"
	RoleDeveloper      Role = "developer"
)

// Roles lists every role, in the order in which people are shown them.
func Roles() []Role {
	return []Role{
		RoleClinician, RoleCoder, RoleResearcher, RoleFrontDesk, RolePrivacyOfficer,
		RoleSecurity, RoleAuditor, RoleAdministrator, RoleDeveloper,
	}
}

// ParseRole returns the role of that name. The error names the roles there are.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if string(r) == s {
			return r, nil
		}
	}
	return "", fmt.Errorf("unknown role %q: the roles are %s", s, join(Roles()))
}

// Purpose says why identifying text is used (45 CFR 164.506; PHIPA s. 37). The
// list is closed; the empty Purpose means that none was stated.
type Purpose string

// The purposes that a request may state and a policy may name.
const (
	PurposeNone           Purpose = ""
	PurposeTreatment      Purpose = "treatment"
	PurposePayment        Purpose = "payment"
	PurposeOperations     Purpose = "operations"
	PurposeResearch       Purpose = "research"
	PurposePatientRequest Purpose = "patient-request"
	PurposeTraining       Purpose = "training"
)

// Purposes lists every purpose that can be stated.
func Purposes() []Purpose {
	return []Purpose{
		PurposeTreatment, PurposePayment, PurposeOperations,
		PurposeResearch, PurposePatientRequest, PurposeTraining,
	}
}

// ParsePurpose returns the purpose of that name; the empty string is
// PurposeNone. The error names the purposes there are.
func ParsePurpose(s string) (Purpose, error) {
	if s == "" {
		return PurposeNone, nil
	}
	for _, p := range Purposes() {
		if string(p) == s {
			return p, nil
		}
	}
	return "", fmt.Errorf("unknown purpose: the purposes are %s", join(Purposes()))
}

// Environment separates live care from development (requirement IAM-13).
type Environment string

// The environments a key can belong to. The zero value is treated as
// production: the strict reading is that any text may be about a real patient.
const (
	EnvironmentProduction  Environment = "production"
	EnvironmentDevelopment Environment = "development"
)

// Principal is who asks: decided once, at the door, and passed on as a value.
type Principal struct {
	Tenant      string      // the organisation; one data directory may hold several
	ID          string      // stable id of the person or service, never a name of a patient
	Role        Role        // what they are here
	KeyID       string      // public id of the credential that was used, never the secret
	Environment Environment // production unless the key says otherwise
	From        netip.Addr  // the address the request came from
}

// PatientRef is the caller's reference to the patient at hand (an MRN or a
// FHIR id). It identifies a person, so it prints, logs and marshals as a sealed
// label; only Expose yields it.
type PatientRef struct{ ref string }

var patientRefForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/|-]{0,127}$`)

// NewPatientRef accepts references of 1 to 128 characters out of
// [A-Za-z0-9._:/|-]; anything else is refused, so that free text can never take
// the place of a reference. The error does not repeat the value.
func NewPatientRef(s string) (PatientRef, error) {
	if s == "" {
		return PatientRef{}, nil
	}
	if !patientRefForm.MatchString(s) {
		return PatientRef{}, fmt.Errorf("a patient reference has 1 to 128 characters out of letters, digits and . _ : / | -")
	}
	return PatientRef{ref: s}, nil
}

const sealedPatient = "[patient]"

// IsZero reports whether no patient was stated.
func (p PatientRef) IsZero() bool { return p.ref == "" }

// Expose yields the reference itself. Only the packages named in the
// architecture may call it.
func (p PatientRef) Expose() string { return p.ref }

// String yields a sealed label, never the reference.
func (p PatientRef) String() string {
	if p.IsZero() {
		return ""
	}
	return sealedPatient
}

// Format yields a sealed label under every verb, also those that would print a
// struct's fields.
func (p PatientRef) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.String())) }

// GoString yields a sealed label, so that %#v leaks nothing either.
func (p PatientRef) GoString() string { return "chaperone.PatientRef{" + p.String() + "}" }

// LogValue yields a sealed label to structured logs.
func (p PatientRef) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON yields a sealed label.
func (p PatientRef) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}
