package synth

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// slot writes what {name} stands for. Slots with a full stop speak of a
// person: p the patient, d e w clinicians, n a nurse, r s kin, f a friend, a an
// author, z somebody who lends others a second family name. The others are numbers,
// days and places of the patient's.
func (n *notary) slot(name string) error {
	if len(name) > 2 && name[1] == '.' {
		p := n.who(name[0])
		if n.person(p, name[2:]) || n.words(p, name[2:]) || n.tongue(p, name[2:]) || n.whereabouts(p, name[2:]) {
			return nil
		}
	} else if n.number(name) || n.day(name) || n.measure(name) {
		return nil
	}
	return fmt.Errorf("style %s: unknown slot {%s}", n.style.name, name)
}

// person writes a form of a person's name.
func (n *notary) person(p *Person, form string) bool {
	initial := func(s string) string { r, _ := utf8.DecodeRuneInString(s); return string(r) }
	middle := ""
	if p.Middle != "" {
		middle = " " + p.Middle
	}
	text := ""
	switch form {
	case "full":
		text = n.called(p)
	case "mid":
		text = p.Given + middle + " " + p.Family
	case "first":
		text = p.Given
	case "last":
		text = p.Family
	case "nick":
		if text = p.Nick; text == "" {
			text = p.Given
		}
	case "rev":
		if text = p.Family + ", " + p.Given + middle; n.world.dice.in(1, 6) {
			text = p.Family + ", " + initial(p.Given) + n.world.dice.pick([]string{"", "."})
		}
	case "swap":
		text = p.Family + " " + p.Given
	case "fl":
		text = initial(p.Given) + ". " + p.Family
	case "fi":
		text = p.Given + " " + initial(p.Family) + "."
	case "ini":
		text = initial(p.Given) + "." + initial(p.Family) + "."
	case "nom":
		text = p.Family + " " + p.Given
	case "dosape":
		text = p.Family + " " + n.who('z').Family
	case "dos":
		text = p.Given + " " + p.Family + " " + n.who('z').Family
	case "dosrev":
		text = p.Family + " " + n.who('z').Family + ", " + p.Given
	default:
		if text = n.cased(p, form, middle); text == "" {
			return false
		}
	}
	n.identifier(phi.Name, text)
	return true
}

// cased yields a form of a person's name that is capitals or small letters, ""
// where there is no such form.
func (n *notary) cased(p *Person, form, middle string) string {
	switch form {
	case "REV":
		return strings.ToUpper(p.Family + ", " + p.Given + middle)
	case "FULL":
		return strings.ToUpper(p.Given + middle + " " + p.Family)
	case "LAST":
		return strings.ToUpper(p.Family)
	case "FIRST":
		return strings.ToUpper(p.Given)
	case "NOM":
		return strings.ToUpper(p.Family) + " " + p.Given
	case "NOMS":
		return strings.ToUpper(p.Family + " " + p.Given)
	case "DOS":
		return strings.ToUpper(p.Family + " " + n.who('z').Family + " " + p.Given)
	case "nomrev":
		return p.Given + " " + strings.ToUpper(p.Family)
	case "low":
		return strings.ToLower(p.Given + " " + p.Family)
	case "lowfirst":
		return strings.ToLower(p.Given)
	case "lowlast":
		return strings.ToLower(p.Family)
	}
	return ""
}

// called is a person's name as others write it in full: now and then with
// initials, the name that everybody uses, or what tells father and son apart.
func (n *notary) called(p *Person) string {
	d := &n.world.dice
	initial := func() string { r, _ := utf8.DecodeRuneInString(p.Given); return string(r) }
	switch d.n(24) {
	case 0:
		return initial() + ". " + p.Family
	case 1:
		return p.Given + " " + string(rune('A'+d.n(26))) + d.pick([]string{". ", " "}) + p.Family
	case 2:
		return initial() + "." + d.pick([]string{"", "-", " "}) + string(rune('A'+d.n(26))) + ". " + p.Family
	case 3:
		nick := p.Nick
		if nick == "" {
			nick = d.pick(n.world.words.rules["byname"])
		}
		return p.Given + " \"" + nick + "\" " + p.Family
	case 4:
		return p.Given + " " + p.Family + d.pick([]string{" Jr", " Jr.", ", Jr.", " Sr.", " III", " II"})
	}
	return p.Given + " " + p.Family
}

// words writes what is said about a person without naming them.
func (n *notary) words(p *Person, form string) bool {
	d := &n.world.dice
	by := func(female, male string) string {
		if p.Female {
			return d.pick(strings.Split(female, ","))
		}
		return d.pick(strings.Split(male, ","))
	}
	switch form {
	case "he":
		n.plain(by("she", "he"))
	case "He":
		n.plain(by("She", "He"))
	case "his":
		n.plain(by("her", "his"))
	case "His":
		n.plain(by("Her", "His"))
	case "him":
		n.plain(by("her", "him"))
	case "man":
		n.plain(by("woman,female,lady", "man,male,gentleman"))
	case "sex":
		n.plain(by("female,F", "male,M"))
	case "mr":
		n.plain(by("Mrs.,Ms.,Ms,Mrs,Miss", "Mr.,Mr,Mr."))
	case "MR":
		n.plain(by("MRS.,MS.,MS", "MR.,MR"))
	case "m":
		n.plain(by("Mme,Madame,Mme,Mlle", "M.,Monsieur,M.,Mr"))
	case "sr":
		n.plain(by("Sra.,Señora,doña", "Sr.,Señor,don"))
	case "e":
		n.plain(by("e", ""))
	case "kin":
		n.plain(by("mother,sister,daughter,wife,aunt,niece,grandmother,cousin,partner,granddaughter,mom", "father,brother,son,husband,uncle,nephew,grandfather,cousin,partner,grandson,dad"))
	case "parent":
		n.plain(by("mère,sœur,fille,épouse,tante,conjointe", "père,frère,fils,époux,mari,oncle,conjoint"))
	case "familiar":
		n.plain(by("madre,hermana,hija,esposa,tía", "padre,hermano,hijo,esposo,tío"))
	case "age":
		if age := p.age(); age > 89 {
			n.identifier(phi.Age, fmt.Sprint(age))
		} else {
			n.plain(fmt.Sprint(max(age, 1)))
		}
	default:
		return false
	}
	return true
}

// whereabouts writes where a person lives and how to reach them.
func (n *notary) whereabouts(p *Person, form string) bool {
	switch form {
	case "town":
		n.identifier(phi.Place, p.Home.Town)
	case "TOWN":
		n.identifier(phi.Place, strings.ToUpper(p.Home.Town))
	case "lowtown":
		n.identifier(phi.Place, strings.ToLower(p.Home.Town))
	case "region":
		if p.Home.Region != "" {
			n.plain(p.Home.Region)
		} else {
			n.plain(map[string]string{"GB": "UK", "NZ": "New Zealand", "FR": "France", "BE": "Belgique", "CH": "Suisse", "ES": "España"}[p.Country])
		}
	case "street":
		n.identifier(phi.Street, p.Home.Street)
	case "postal":
		n.identifier(phi.Postal, p.Home.Postal)
	case "phone":
		n.identifier(phi.Phone, p.Contact.Phone)
	case "mobile":
		n.identifier(phi.Phone, p.Contact.Mobile)
	case "email":
		n.identifier(phi.Email, p.Contact.Email)
	case "dob":
		n.identifier(phi.Date, n.birthday(p))
	case "ramq":
		n.identifier(phi.Member, n.world.ramq(*p))
	case "nir":
		n.identifier(phi.Ident, n.world.nir(*p))
	case "dea":
		n.identifier(phi.Licence, n.world.dea(p.Family))
	default:
		return false
	}
	return true
}

// birthday writes the day of birth with its year.
func (n *notary) birthday(p *Person) string {
	for {
		if s := n.world.date(p.Born, n.style.settings["lang"]); strings.Contains(s, fmt.Sprint(p.Born.Year())) {
			return s
		}
	}
}
