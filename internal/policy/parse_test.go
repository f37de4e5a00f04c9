package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"chaperone"
	"chaperone/phi"

	"github.com/google/go-cmp/cmp"
)

const head = "@id(\"r\")\n@reason(\"r\")\n"

var faulty = []struct {
	name, src string
	want      []string // the beginnings of the reports, in order
}{
	{"nothing", "", []string{"p.cedar:1:1: there is no rule"}},
	{"a comment only", "// later\n", []string{"p.cedar:1:1: there is no rule"}},
	{"no annotations", "permit (principal, action, resource);", []string{"p.cedar:1:1: the rule has no @id", "p.cedar:1:1: the rule has no @reason"}},
	{"an empty reason", "@id(\"a\")\n@reason(\" \")\npermit (principal, action, resource);", []string{"p.cedar:2:1: the rule has no @reason"}},
	{"an id that is not in kebab-case", "@id(\"A b\")\n@reason(\"r\")\npermit (principal, action, resource);", []string{"p.cedar:1:1: the @id is not in kebab-case"}},
	{"an id used twice", head + "permit (principal, action, resource);\n" + head + "permit (principal, action, resource);", []string{"p.cedar:4:1: another rule has this @id"}},
	{"an unknown annotation", head + "@resaon(\"r\")\npermit (principal, action, resource);", []string{"p.cedar:3:1: @resaon means nothing here"}},
	{"an unknown profile", head + "@profile(\"none\")\npermit (principal, action, resource);", []string{"p.cedar:3:1: there is no such @profile"}},
	{"an unknown rule for answers", head + "@answer(\"mask\")\npermit (principal, action, resource);", []string{"p.cedar:3:1: there is no such @answer"}},
	{"a rule for answers on a forbid", head + "@answer(\"withhold\")\nforbid (principal, action, resource);", []string{"p.cedar:3:1: a forbid has no @answer"}},
	{"a profile on a forbid", head + "@profile(\"minimum\")\nforbid (principal, action, resource);", []string{"p.cedar:3:1: a forbid has no @profile"}},
	{"an unknown action", head + "permit (principal, action == Action::\"send-all\", resource);", []string{"p.cedar:3:38: \"send-all\" is not a word of Action: the words are send-concealed, send-identified, send-uninspected"}},
	{"an unknown role", head + "permit (principal in Role::\"doctor\", action, resource);", []string{"p.cedar:3:28: \"doctor\" is not a word of Role: the words are clinician,"}},
	{"an unknown purpose in a forbid, which would never apply", head + "forbid (principal, action, resource)\nwhen { context.purpose == Purpose::\"tretment\" };", []string{"p.cedar:4:36: \"tretment\" is not a word of Purpose"}},
	{"an unknown kind", head + "forbid (principal, action, resource)\nwhen {\n  context.kinds.contains(Kind::\"ssn\")\n};", []string{"p.cedar:5:32: \"ssn\" is not a word of Kind"}},
	{"a word behind an escape", head + "forbid (principal, action, resource) when { context.purpose == Purpose::\"\\u{74}reatment\" };", []string{"p.cedar:3:73: "}},
	{"an unknown attribute of the context", head + "permit (principal, action, resource)\nwhen { context.colour == \"red\" };", []string{"p.cedar:4:16: attribute 'colour' in the context not found: the context has purpose,"}},
	{"an unknown attribute of the person", head + "permit (principal, action, resource)\nwhen {\n principal.name == \"x\" };", []string{"p.cedar:5:12: attribute 'name' on entity type 'Person' not found: a Person has role, environment"}},
	{"an unknown type", head + "permit (principal == User::\"x\", action, resource);", []string{"p.cedar:3:22: unrecognized entity type 'User'"}},
	{"words of two kinds compared", head + "permit (principal, action, resource)\nwhen { context.purpose == \"treatment\" };", []string{"p.cedar:1:1: the types String and Purpose are not compatible"}},
	{"a comparison that is never true", head + "forbid (principal, action, resource)\nwhen { context.purpose == Role::\"coder\" };", []string{"p.cedar:4:16: Purpose is compared with Role, so this is never true"}},
	{"a set that never contains it", head + "forbid (principal, action, resource)\nwhen { [Role::\"coder\"].contains(context.purpose) };", []string{"p.cedar:4:15: Role is compared with Purpose"}},
	{"kinds that are never found", head + "forbid (principal, action, resource)\nwhen { context.kinds.containsAny([Opaque::\"image\"]) };", []string{"p.cedar:4:16: Kind is compared with Opaque"}},
	{"a person who is never a role", head + "forbid (principal, action, resource)\nwhen { principal == Role::\"coder\" };", []string{"p.cedar:4:27: Person is compared with Role"}},
	{"a condition that is no truth", head + "permit (principal, action, resource) when { 1 };", []string{"p.cedar:1:1: unexpected type"}},
	{"a missing semicolon", head + "permit (principal, action, resource)", []string{"p.cedar:3:37: this is not a rule Cedar can read (here belongs \";\")"}},
	{"a missing bracket", head + "permit (principal, action, resource;", []string{"p.cedar:3:37: this is not a rule Cedar can read (here belongs \")\")"}},
	{"an unclosed quotation", head + "permit (principal, action, resource) when { \"x };\n", []string{"p.cedar:3:45: a quotation is not closed"}},
	{"a lone semicolon", head + "permit (principal, action, resource);;", []string{"p.cedar:3:38: a semicolon ends nothing here"}},
	{"no policy at all", "hello", []string{"p.cedar:1:6: this is not a rule Cedar can read"}},
	{"brackets without end", head + "permit (principal, action, resource) when { " + strings.Repeat("(", 100), []string{"p.cedar:3:108: brackets are nested too deeply"}},
	{"three faults in three rules", "permit (principal, action, resource) when { context.colour == 1 };\n" + head + "permit (principal, resource);\n@id(\"x\")\nforbid (principal, action, resource);", []string{
		"p.cedar:1:1: the rule has no @id", "p.cedar:1:1: the rule has no @reason", "p.cedar:1:53: attribute 'colour'",
		"p.cedar:4:", "p.cedar:5:1: the rule has no @reason",
	}},
}

func TestEveryFaultOfAPolicyIsReportedAtItsPlace(t *testing.T) {
	for _, c := range faulty {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse("p.cedar", []byte(c.src))
			var faults Faults
			if p != nil || !errors.As(err, &faults) {
				t.Fatalf("accepted, or no Faults: %v", err)
			}
			if len(c.want) > 0 && len(faults) != len(c.want) {
				t.Fatalf("got %d faults, want %d:\n%v", len(faults), len(c.want), faults)
			}
			for i := range c.want {
				if !strings.HasPrefix(faults[i].String(), c.want[i]) {
					t.Errorf("got  %s\nwant %s", faults[i], c.want[i])
				}
			}
			for _, f := range faults {
				if f.Hint == "" || f.Line < 1 || f.Col < 1 {
					t.Errorf("%s: no hint or place", f)
				}
			}
		})
	}
}

func TestASemicolonOrBracketInsideAQuotationEndsNothing(t *testing.T) {
	p := parsed(t, `@id("a") @reason("one; two (three // not a comment") permit (principal, action == Action::"send-concealed", resource); // permit (;`)
	v := p.Decide(careFacts()).With(chart())
	if v.Mode != Concealed || v.Reasons[0].Text != "one; two (three // not a comment" {
		t.Errorf("%+v", v)
	}
}

func TestTheVersionIsOfTheSourceAlone(t *testing.T) {
	src := head + "permit (principal, action, resource);"
	a, b, c := parsed(t, src), parsed(t, src), parsed(t, src+"\n")
	if a.Version() != b.Version() || a.Version() == c.Version() || len(a.Version()) != 12 {
		t.Errorf("%s %s %s", a.Version(), b.Version(), c.Version())
	}
}

// The schema is written out for people to read. Its closed lists must be those
// of the code, or a rule could name what no request can be.
func TestTheSchemaSpeaksTheWordsOfTheCode(t *testing.T) {
	words, err := loadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"Role": texts(chaperone.Roles()), "Environment": {"production", "development"},
		"Purpose": append([]string{"none"}, texts(chaperone.Purposes())...), "Relation": append([]string{"none"}, texts(Relations())...),
		"Opaque": texts(Opaques()), "Surface": append([]string{"unknown"}, texts(Surfaces())...),
		"Category": texts(Categories()), "Endpoint": append([]string{"messages"}, texts(Endpoints())...), "DoorKind": texts(DoorKinds()),
		"Action": {"send-concealed", "send-identified", "send-uninspected"},
	}
	for _, k := range phi.Kinds() {
		if k.Identifies() {
			want["Kind"] = append(want["Kind"], k.String())
		}
	}
	if diff := cmp.Diff(want, words.closed); diff != "" {
		t.Error(diff)
	}
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

func TestShippedSourceOfAnUnknownNameSaysWhatThereIs(t *testing.T) {
	_, err := OpenShipped("anything")
	if err == nil || !strings.Contains(err.Error(), Default) {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Shipped() {
		src, err := ShippedSource(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for _, c := range faulty {
		f.Add([]byte(c.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := Parse("p.cedar", src)
		if err == nil {
			v := p.Decide(careFacts()).With(chart())
			if (v.Mode == Refused) != (v.Err != nil) {
				t.Errorf("mode %v with error %v", v.Mode, v.Err)
			}
			return
		}
		var faults Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("no Faults: %v", err)
		}
		lines := strings.Count(string(src), "\n") + 1
		for _, x := range faults {
			if x.Line < 1 || x.Line > lines || x.Col < 1 {
				t.Error(fmt.Sprint("a fault outside the file: ", x))
			}
		}
	})
}
