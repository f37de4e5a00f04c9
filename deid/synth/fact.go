package synth

import (
	"fmt"
	"strings"

	"chaperone/phi"
)

// number writes a number that identifies.
func (n *notary) number(name string) bool {
	w, d := n.world, &n.world.dice
	switch name {
	case "mrn":
		n.identifier(phi.Record, d.fill(d.pick([]string{"9999999", "99999999", "A9999999", "99-99-99", "AA-999999", "999999", "AA9999999"}), '9'))
	case "ssn":
		n.identifier(phi.Ident, w.ssn())
	case "sin":
		n.identifier(phi.Ident, w.sin())
	case "member":
		n.identifier(phi.Member, d.pick([]string{w.mbi(), d.fill("AAA999999999", '9'), d.fill("999999999-99", '9')}))
	case "health":
		n.identifier(phi.Member, d.pick([]string{w.ohip(), w.phn(), w.nhs(), w.medicare()}))
	case "nhi":
		n.identifier(phi.Member, w.nhi())
	case "npi":
		n.identifier(phi.Licence, w.npi())
	case "account":
		n.identifier(phi.Account, d.digits(d.between(8, 12)))
	case "vin":
		n.identifier(phi.Vehicle, w.vin())
	case "serial":
		n.identifier(phi.Device, d.fill(d.pick([]string{"AAA999999A", "SN99999999", "A9-99999"}), '9'))
	case "ip":
		n.identifier(phi.Host, fmt.Sprintf("203.0.113.%d", d.between(1, 254)))
	case "url":
		n.identifier(phi.Link, "https://portal.example.org/p/"+d.digits(6))
	case "fax":
		n.identifier(phi.Fax, w.phone(landOf(n.who('p').Country).mobile))
	case "phone":
		n.identifier(phi.Phone, w.phone(landOf(n.who('p').Country).mobile))
	case "ipp":
		n.identifier(phi.Record, d.digits(d.between(8, 10)))
	case "street":
		n.identifier(phi.Street, w.address(landOf(n.who('p').Country)).Street)
	default:
		return false
	}
	return true
}

// day writes a day, a place or an organisation.
func (n *notary) day(name string) bool {
	w, d := n.world, &n.world.dice
	switch name {
	case "date":
		n.identifier(phi.Date, w.date(w.recent(), n.style.settings["lang"]))
	case "DATE":
		n.identifier(phi.Date, strings.ToUpper(w.date(w.recent(), n.style.settings["lang"])))
	case "town":
		n.identifier(phi.Place, w.address(landOf(n.who('p').Country)).Town)
	case "TOWN":
		n.identifier(phi.Place, strings.ToUpper(w.address(landOf(n.who('p').Country)).Town))
	case "hospital", "employer", "school", "shop", "church", "care", "carehome", "agency", "pharmacy", "lawfirm", "club":
		n.identifier(phi.Org, w.house(name, n.style.settings["lang"], n.who('p').Country))
	case "HOSPITAL", "EMPLOYER", "SCHOOL", "CARE":
		n.identifier(phi.Org, strings.ToUpper(w.house(strings.ToLower(name), n.style.settings["lang"], n.who('p').Country)))
	case "year":
		n.plain(fmt.Sprint(d.between(1975, 2024)))
	case "hour":
		n.plain(fmt.Sprintf("%02d:%02d", d.n(24), d.n(60)))
	default:
		return false
	}
	return true
}

// measure writes a number that identifies nobody: {n.1-20}, {x.1-9} with one
// decimal.
func (n *notary) measure(name string) bool {
	d := &n.world.dice
	var low, high int
	if _, err := fmt.Sscanf(name, "%d-%d", &low, &high); err == nil && high >= low {
		n.plain(fmt.Sprint(d.between(low, high)))
		return true
	}
	if _, err := fmt.Sscanf(name, "dec %d-%d", &low, &high); err == nil && high >= low {
		n.plain(fmt.Sprintf("%d.%d", d.between(low, high), d.n(10)))
		return true
	}
	return false
}
