package console_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/console"
	"chaperone/internal/identity"
)

// roleStore is a store in which every session has the role that the test says:
// there is no other way yet to sign in but as administrator.
type roleStore struct {
	identity.Store
	mu     sync.Mutex
	role   chaperone.Role
	tenant string
}

func (s *roleStore) Credential(ctx context.Context, kind identity.CredentialKind, id string) (identity.Credential, error) {
	c, err := s.Store.Credential(ctx, kind, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind == identity.KindSession && s.role != "" {
		c.Holder.Role = s.role
	}
	if kind == identity.KindSession && s.tenant != "" {
		c.Holder.Tenant = s.tenant
	}
	return c, err
}

func (s *roleStore) be(role chaperone.Role, tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.role, s.tenant = role, tenant
}

func TestEveryRoleSeesItsPagesAndNoOthers_IAM02_IAM11(t *testing.T) {
	const (
		adm = chaperone.RoleAdministrator
		off = chaperone.RolePrivacyOfficer
		sec = chaperone.RoleSecurity
		aud = chaperone.RoleAuditor
	)
	watchers := []chaperone.Role{off, sec, aud}
	all := append([]chaperone.Role{adm}, watchers...)
	for _, mode := range []struct {
		name    string
		standIn bool
	}{{"by the rules", false}, {"with the administrator in the officer's place", true}} {
		t.Run(mode.name, func(t *testing.T) {
			h := newHouse(t, func(p *console.Parts) { p.SkipReaderSeparation = mode.standIn })
			id := h.exchange(audit.Concealed)
			key := h.key(t)
			b := h.signIn()
			readers, wordReaders := watchers, []chaperone.Role{off, aud}
			if mode.standIn {
				readers, wordReaders = all, []chaperone.Role{adm, off, aud}
			}
			for _, page := range []struct {
				method, target string
				may            []chaperone.Role
				form           []string
			}{
				{"GET", "/console/", all, nil},
				{"GET", "/console/record", readers, nil},
				{"POST", "/console/record", readers, []string{"patient", patient}},
				{"GET", "/console/record/" + id, readers, nil},
				{"POST", "/console/record/" + id + "/words", wordReaders, nil},
				{"GET", "/console/keys", all, nil},
				{"POST", "/console/keys", []chaperone.Role{adm}, []string{"owner", "ward-4", "role", "clinician"}},
				{"GET", "/console/keys/" + key + "/revoke", []chaperone.Role{adm}, nil},
				{"POST", "/console/keys/" + key + "/revoke", []chaperone.Role{adm}, nil},
				{"GET", "/console/policy", all, nil},
			} {
				for _, role := range chaperone.Roles() {
					h.roles.be(role, "")
					want := http.StatusForbidden
					if slices.Contains(page.may, role) {
						want = http.StatusOK
					}
					w := b.ask(page.method, page.target, page.form...)
					if w.Code != want {
						t.Errorf("%s: %s %s answered %d, want %d", role, page.method, page.target, w.Code, want)
					}
					if want == http.StatusForbidden && (strings.Contains(w.Body.String(), patient) || strings.Contains(w.Body.String(), "ward-3")) {
						t.Errorf("%s: the refusal of %s shows what it refuses", role, page.target)
					}
				}
				h.roles.be(adm, "another-clinic")
				if w := b.ask(page.method, page.target, page.form...); w.Code != http.StatusForbidden {
					t.Errorf("another tenant's administrator: %s answered %d", page.target, w.Code)
				}
				h.roles.be("", "")
				if w := (&browser{h: h, site: "same-origin"}).ask(page.method, page.target, page.form...); w.Code != http.StatusUnauthorized {
					t.Errorf("without a session: %s answered %d", page.target, w.Code)
				}
			}
			if !slices.ContainsFunc(h.events(), func(e string) bool { return strings.HasPrefix(e, "access.denied right:clinician by administrator") }) {
				t.Error("a denied call is not recorded (IAM-09)")
			}
		})
	}
}

func TestTheMenuAndTheOverviewHoldOnlyWhatTheRoleMaySee(t *testing.T) {
	h := newHouse(t, func(p *console.Parts) { p.SkipReaderSeparation = false })
	h.exchange(audit.Concealed)
	b := h.signIn()
	w := b.get("/console/")
	if strings.Contains(w.Body.String(), "/console/record") || strings.Contains(w.Body.String(), "ward-3") {
		t.Error("an administrator is shown exchanges")
	}
	h.roles.be(chaperone.RoleSecurity, "")
	if w := b.get("/console/"); !strings.Contains(w.Body.String(), "/console/record") || !strings.Contains(w.Body.String(), "ward-3") {
		t.Error("security staff are not shown the last exchanges")
	}
	if w := b.get("/console/keys"); strings.Contains(w.Body.String(), `name="owner"`) || strings.Contains(w.Body.String(), "/revoke") {
		t.Error("security staff are offered to change keys")
	}
}
