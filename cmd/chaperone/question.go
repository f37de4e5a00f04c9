package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/risk"
	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/phi"

	"github.com/spf13/pflag"
)

// question is a request as one can describe it on a command line.
type question struct {
	config, policy, role, purpose, reason, patient, relation, jurisdiction, door, model, environment string
	kinds                                                                                            []string
	text                                                                                             string
	opaque, categories, uses                                                                         []string
	crowd, pages                                                                                     int
	synthetic                                                                                        bool
	at                                                                                               string
}

func (q *question) flags(f *pflag.FlagSet) {
	f.StringVar(&q.config, "config", "", "configuration file (default chaperone.yaml, if it is there)")
	f.StringVar(&q.policy, "policy", "", "a shipped policy or a .cedar file, instead of the configuration's")
	f.StringVar(&q.role, "role", string(chaperone.RoleClinician), "role of whoever asks")
	f.StringVar(&q.purpose, "purpose", "", "stated purpose")
	f.StringVar(&q.reason, "reason", "", "stated reason, in words")
	f.StringVar(&q.patient, "patient", "", "stated patient reference")
	f.StringVar(&q.relation, "relation", "", "relation to the patient: declared, care-team, break-glass")
	f.StringVar(&q.jurisdiction, "jurisdiction", "", "law that the patient is under, like AU or CA-ON (default the configuration's)")
	f.StringVar(&q.door, "door", "", "door, by name (default the configuration's)")
	f.StringVar(&q.model, "model", "claude-sonnet-5", "model asked for")
	f.StringVar(&q.environment, "environment", string(chaperone.EnvironmentProduction), "production or development")
	f.StringSliceVar(&q.kinds, "kinds", nil, "kinds of identifiers found, by name: name,date,record…")
	f.StringVar(&q.text, "text", "", "text to look for identifiers in")
	f.StringSliceVar(&q.opaque, "opaque", nil, "content that cannot be inspected: image, pdf, url, file")
	f.IntVar(&q.crowd, "crowd", 0, "how many people probably fit what would be left of the text; 0 if it describes nobody")
	f.IntVar(&q.pages, "pages", 0, "pages of the longest text that points at a person")
	f.StringSliceVar(&q.categories, "categories", nil, "sensitive matters that the text speaks of: substance-use, genetics…")
	f.StringSliceVar(&q.uses, "uses", nil, "features, by their names in docs/guide/coverage.md (web-fetch) or by a sign: 'tool web_fetch_20250910', 'source file'")
	f.BoolVar(&q.synthetic, "synthetic", false, "the request is marked as being about invented people")
	f.StringVar(&q.at, "at", "", "day of the request, YYYY-MM-DD (default today)")
}

func (q *question) ask() (*policy.Policy, policy.Facts, policy.Found, error) {
	fail := func(err error) (*policy.Policy, policy.Facts, policy.Found, error) {
		return nil, policy.Facts{}, policy.Found{}, err
	}
	file, faults := config.Load(q.config)
	if len(faults) > 0 {
		return fail(exit{exitFailed, "the configuration has faults", "run 'chaperone check'"})
	}
	if q.policy != "" {
		file.Policy = q.policy
	}
	p, err := q.rules(file)
	if err != nil {
		return fail(err)
	}
	facts, err := q.facts(file)
	if err != nil {
		return fail(err)
	}
	found, err := q.found(file)
	if err != nil {
		return fail(err)
	}
	return p, facts, found, nil
}

// rules opens the policy that is asked about.
func (q *question) rules(file config.File) (*policy.Policy, error) {
	p, err := file.OpenPolicy()
	var faults policy.Faults
	switch {
	case errors.As(err, &faults):
		lines := make([]string, len(faults))
		for i, f := range faults {
			lines[i] = f.String()
		}
		return nil, exit{exitFailed, strings.Join(lines, "\nchaperone: error: "), "mend the policy, then ask again"}
	case errors.Is(err, os.ErrNotExist):
		return nil, misuse{"there is neither a shipped policy nor a file called " + file.Policy, "the shipped policies are " + strings.Join(policy.Shipped(), ", ")}
	}
	return p, err
}

func (q *question) facts(file config.File) (policy.Facts, error) {
	role, err := chaperone.ParseRole(q.role)
	if err != nil {
		return policy.Facts{}, misuse{err.Error(), ""}
	}
	purpose, err := chaperone.ParsePurpose(q.purpose)
	if err != nil {
		return policy.Facts{}, misuse{err.Error(), ""}
	}
	name := q.door
	if name == "" {
		name = file.DefaultDoor
	}
	door, ok := file.Door(name)
	if !ok {
		return policy.Facts{}, misuse{"there is no door called " + name, "the configuration lists the doors"}
	}
	if err := q.closed(); err != nil {
		return policy.Facts{}, err
	}
	at := time.Now()
	if q.at != "" {
		if at, err = time.Parse(time.DateOnly, q.at); err != nil {
			return policy.Facts{}, misuse{"--at is a day such as 2026-11-21", ""}
		}
	}
	law, err := policy.ParseJurisdiction(q.jurisdiction)
	if err != nil {
		return policy.Facts{}, misuse{"--jurisdiction is a country or its part, like AU or CA-ON", ""}
	}
	if law == "" {
		law = file.Patients.Jurisdiction
	}
	f := policy.Facts{
		Principal: chaperone.Principal{Tenant: file.Tenant, ID: "explain", Role: role, Environment: chaperone.Environment(q.environment)},
		Purpose:   purpose, Reason: policy.JudgeReason(q.reason), PatientStated: q.patient != "",
		Relation: q.concerned(), Door: door.Facts(), Model: q.model,
		Surface: policy.SurfaceAPI, Residency: file.Residency, CrossBorder: file.CrossBorder.Assessment(), At: at,
		Patient: policy.HomeUnder(law, file.Patients.Laws),
	}
	for _, o := range q.opaque {
		f.Opaque = append(f.Opaque, policy.ParseOpaque(o))
	}
	for _, u := range q.uses {
		use, known := policy.UseNamed(u)
		if err := use.UnmarshalText([]byte(u)); err != nil && !known {
			return policy.Facts{}, misuse{"--uses is the name of a feature, such as web-fetch, or a sign of one, such as 'tool web_fetch_20250910'", "docs/guide/coverage.md lists the names"}
		}
		f.Uses = append(f.Uses, use)
	}
	if q.synthetic {
		f.Mark = policy.Synthetic
	}
	return f, nil
}

// concerned is the relation, as the gateway reads it: who names a patient
// declares one.
func (q *question) concerned() policy.Relation {
	if q.relation == "" && q.patient != "" {
		return policy.RelationDeclared
	}
	return policy.Relation(q.relation)
}

// closed refuses words that are in none of the closed lists: a question that
// was misspelt has no answer.
func (q *question) closed() error {
	environments := []chaperone.Environment{chaperone.EnvironmentProduction, chaperone.EnvironmentDevelopment}
	switch {
	case !slices.Contains(environments, chaperone.Environment(q.environment)):
		return misuse{"--environment is one of " + list(environments), ""}
	case q.relation != "" && !slices.Contains(policy.Relations(), policy.Relation(q.relation)):
		return misuse{"--relation is one of " + list(policy.Relations()), ""}
	}
	for _, o := range q.opaque {
		if !slices.Contains(policy.Opaques(), policy.Opaque(o)) {
			return misuse{"--opaque is one of " + list(policy.Opaques()), ""}
		}
	}
	for _, c := range q.categories {
		if !slices.Contains(policy.Categories(), policy.Category(c)) {
			return misuse{"--categories is one of " + list(policy.Categories()), ""}
		}
	}
	return nil
}

func list[T ~string](words []T) string {
	s := make([]string, len(words))
	for i, w := range words {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}

func (q *question) found(file config.File) (policy.Found, error) {
	found := policy.Found{Kinds: map[phi.Kind]int{}, Crowd: q.crowd, Pages: q.pages}
	for _, c := range q.categories {
		found.Categories = append(found.Categories, policy.Category(c))
	}
	for _, name := range q.kinds {
		k, ok := phi.ParseKind(strings.TrimSpace(name))
		if !ok {
			return found, misuse{"there is no kind called " + name, "the kinds are " + kindNames()}
		}
		found.Kinds[k]++
	}
	if q.text == "" {
		return found, nil
	}
	engine, err := deid.NewEngine()
	if err != nil {
		return found, err
	}
	judge, err := risk.NewJudge()
	if err != nil {
		return found, err
	}
	packs, err := file.OpenRules()
	if err != nil {
		return found, rulesError(err)
	}
	if packs != nil {
		engine = engine.With(packs)
	}
	var hidden []risk.Span
	for _, f := range engine.Find(q.text, deid.Where{}) {
		found.Kinds[f.Kind]++
		hidden = append(hidden, risk.Span{Start: f.Start, End: f.End})
	}
	found.Crowd = judge.Of(q.text, hidden...).K
	for _, c := range judge.Categories(q.text) {
		found.Categories = append(found.Categories, policy.Category(c))
	}
	return found, nil
}

func kindNames() string {
	var names []string
	for _, k := range phi.Kinds() {
		if k.Identifies() {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, ", ")
}
