package policy

import (
	"slices"
	"strings"
	"testing"

	"chaperone"
	"chaperone/phi"
)

// chartAbout is a chart that speaks of these matters.
func chartAbout(list ...Category) Found {
	found := chart()
	found.Categories = list
	return found
}

func TestASensitiveMatterNeedsAnAgreementThatNamesIt_DLP11(t *testing.T) {
	p := shipped(t, "baa-direct")
	if got := outcome(p.Decide(careFacts()).With(chartAbout(CategoryMinor))); got != "identified" {
		t.Errorf("a child's chart under a plain agreement: %s", got)
	}
	for _, c := range slices.DeleteFunc(Categories(), func(c Category) bool { return c == CategoryMinor }) {
		f := careFacts()
		v := p.Decide(f).With(chartAbout(c))
		if outcome(v) != "category_not_covered" || v.Err.Kind != chaperone.KindForbidden || !strings.Contains(v.Err.Public, c.Plain()) || v.Err.Next == "" {
			t.Errorf("%s under a plain agreement: %s, %v", c, outcome(v), v.Err)
		}
		f.Door.Agreement.Covers = []Category{c}
		if got := outcome(p.Decide(f).With(chartAbout(c))); got != "identified" {
			t.Errorf("%s under an agreement that covers it: %s", c, got)
		}
		f.Door.Agreement.Covers = slices.DeleteFunc(Categories(), func(o Category) bool { return o == c })
		if got := outcome(p.Decide(f).With(chartAbout(c))); got != "category_not_covered" {
			t.Errorf("%s under an agreement that covers all others: %s", c, got)
		}
	}
}

func TestTheFloorOfCategoriesStandsAboveEveryPolicy_DLP11(t *testing.T) {
	all := parsed(t, `@id("all") @reason("everything") permit (principal, action == Action::"send-identified", resource);`)
	if got := outcome(all.Decide(careFacts()).With(chartAbout(CategoryGenetics))); got != "category_not_covered" {
		t.Errorf("under a policy that permits everything: %s", got)
	}
	f := careFacts()
	f.Door.Agreement.Covers = []Category{CategoryGenetics}
	f.At = f.Door.Agreement.Expires
	if got := outcome(all.Decide(f).With(chartAbout(CategoryGenetics))); got != "agreement_expired" {
		t.Errorf("an agreement that ended still covers: %s", got)
	}
}

func TestWhatIdentifiesNobodyIsOfNoCategory_DLP11(t *testing.T) {
	p := shipped(t, "baa-direct")
	for name, c := range map[string]struct {
		role  chaperone.Role
		found Found
		door  DoorFacts
		want  string
	}{
		"nothing was found":           {chaperone.RoleClinician, Found{Categories: []Category{CategoryHIV}}, careFacts().Door, "clean"},
		"its identifiers are hidden":  {chaperone.RoleResearcher, chartAbout(CategoryHIV), careFacts().Door, "concealed"},
		"a clinician shows who it is": {chaperone.RoleClinician, chartAbout(CategoryHIV), careFacts().Door, "category_not_covered"},
	} {
		f := careFacts()
		f.Principal.Role, f.Door = c.role, c.door
		if got := outcome(p.Decide(f).With(c.found)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestACategoryMattersOnlyWhereTheTextIsAboutAPerson_DLP11(t *testing.T) {
	for _, k := range phi.Kinds() {
		want := 1
		switch k {
		case phi.Place, phi.Postal, phi.Org, phi.Date, phi.Link, phi.Host, phi.Literal:
			want = 0
		}
		found := Found{Kinds: map[phi.Kind]int{k: 1}, Categories: []Category{CategoryHIV}}
		if got := len(found.Sensitive()); got != want {
			t.Errorf("with %s: %d categories, want %d", k, got, want)
		}
	}
	found := Found{Crowd: 40_000, Categories: []Category{CategoryMinor, CategoryHIV, "unheard-of", CategoryHIV}}
	if got := found.Sensitive(); !slices.Equal(got, []Category{CategoryHIV, CategoryMinor}) {
		t.Errorf("of somebody who is described: %v", got)
	}
}

func TestARuleMayRefuseACategoryEvenWithPlaceholders_DLP11(t *testing.T) {
	p := parsed(t, `
@id("conceal") @reason("with placeholders") permit (principal, action == Action::"send-concealed", resource);
@id("not-covered") @reason("The agreement of this door does not cover it")
forbid (principal, action, resource) when { !resource.covers.containsAll(context.categories) };
@id("never") @reason("Never to Claude")
forbid (principal, action, resource) when { context.categories.contains(Category::"sexual-assault") };`)
	for name, c := range map[string]struct {
		covers, found []Category
		want          string
	}{
		"a plain chart":  {nil, nil, "concealed"},
		"not covered":    {nil, []Category{CategoryMinor}, "phi_not_allowed"},
		"covered":        {[]Category{CategoryMinor}, []Category{CategoryMinor}, "concealed"},
		"only one of it": {[]Category{CategoryMinor}, []Category{CategoryMinor, CategoryHIV}, "phi_not_allowed"},
		"never":          {Categories(), []Category{CategorySexualAssault}, "phi_not_allowed"},
	} {
		f := careFacts()
		f.Door.Agreement.Covers = c.covers
		if got := outcome(p.Decide(f).With(chartAbout(c.found...))); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAWholeChartIsMoreThanAQuestionNeeds_DLP19(t *testing.T) {
	p := shipped(t, "baa-direct")
	for pages, want := range map[int]string{0: "identified", 30: "identified", 31: "phi_not_allowed", 40: "phi_not_allowed"} {
		found := chart()
		found.Pages = pages
		v := p.Decide(careFacts()).With(found)
		if outcome(v) != want || v.Err != nil && !strings.Contains(v.Err.Next, "medication list") {
			t.Errorf("%d pages: %s, %v", pages, outcome(v), v.Err)
		}
	}
	for size, want := range map[int]int{0: 0, 1: 1, 3000: 1, 3001: 2, 120_000: 40} {
		if got := Pages(size); got != want {
			t.Errorf("%d bytes are %d pages, want %d", size, got, want)
		}
	}
}

// crowdOf is text with no identifier in it that so many people fit.
func crowdOf(people int) Found { return Found{Crowd: people} }

func TestASmallCrowdNeedsAnAgreement_DEI07(t *testing.T) {
	open := DoorFacts{Name: "direct", Kind: DoorAnthropic, Country: "US"}
	for _, name := range Shipped() {
		for _, c := range []struct {
			door   DoorFacts
			found  Found
			refuse bool
		}{
			{open, Found{}, false},
			{open, crowdOf(SmallCrowd), false},
			{open, crowdOf(SmallCrowd - 1), true},
			{open, crowdOf(1), true},
			{careFacts().Door, crowdOf(1), name == "clinic-no-phi" || name == "developer-synthetic-only"},
			{simulator(), crowdOf(1), name != "baa-direct"}, // which shows charts to the simulator
		} {
			f := careFacts()
			f.Door = c.door
			v := shipped(t, name).Decide(f).With(c.found)
			if refused := v.Mode == Refused; refused != c.refuse {
				t.Errorf("%s, %s, %d people: %s", name, c.door.Name, c.found.Crowd, outcome(v))
			}
			if c.refuse && (v.Err.Code != "phi_not_allowed" || !strings.Contains(v.Err.Next, "the age") || v.Reasons[0].PolicyID != "few-people-fit") {
				t.Errorf("%s does not say what to take out: %+v", name, v)
			}
			if v.Mode == Clean && c.found.singlesOut() {
				t.Errorf("%s calls it clean that %d people fit", name, c.found.Crowd)
			}
		}
	}
}

// So few people fit that it is as good as a name: the floors hold as for one.
func TestASmallCrowdIsIdentifyingUnderAnAgreementToo_DEI07(t *testing.T) {
	p := shipped(t, "baa-direct")
	f := careFacts()
	if got := outcome(p.Decide(f).With(crowdOf(3))); got != "identified" {
		t.Errorf("with all that is needed: %s", got)
	}
	f.Purpose = ""
	if got := outcome(p.Decide(f).With(crowdOf(3))); got != "purpose_required" {
		t.Errorf("without a purpose: %s", got)
	}
	if got := outcome(p.Decide(f).With(crowdOf(300))); got != "clean" {
		t.Errorf("without a purpose, where many fit: %s", got)
	}
}

func TestASyntheticMarkOpensTheSimulatorForASmallCrowd(t *testing.T) {
	for _, name := range []string{"conceal-everything", "developer-synthetic-only"} {
		f := careFacts()
		f.Door, f.Mark = simulator(), Synthetic
		if v := shipped(t, name).Decide(f).With(crowdOf(1)); v.Mode == Refused {
			t.Errorf("%s: %s", name, outcome(v))
		}
		f.Door = DoorFacts{Name: "direct", Kind: DoorAnthropic, Country: "US"}
		if v := shipped(t, name).Decide(f).With(crowdOf(1)); v.Mode != Refused {
			t.Errorf("%s at a real door: %s", name, outcome(v))
		}
	}
}

func TestADevelopmentKeySendsNoSmallCrowd_IAM13(t *testing.T) {
	f := careFacts()
	f.Principal.Environment = chaperone.EnvironmentDevelopment
	if got := outcome(shipped(t, "baa-direct").Decide(f).With(crowdOf(3))); got != "development_environment" {
		t.Error(got)
	}
}

func TestAFloorThatWasNotMetIsStillNamedWhereManyFit(t *testing.T) {
	f := careFacts()
	f.Door.Agreement = Agreement{}
	found := Found{Kinds: map[phi.Kind]int{phi.Name: 1}, Crowd: 5000}
	if got := outcome(shipped(t, "baa-direct").Decide(f).With(found)); got != "no_agreement" {
		t.Error(got)
	}
}
