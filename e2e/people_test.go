package e2e

import "fmt"

// patient is a person who never lived, with everything about them that may not
// leave.
type patient struct {
	given, family, born, record, phone, email, street, city string
}

var givens = []string{"Maria", "Daniel", "Aisha", "Thomas", "Priya", "Kenji", "Olga", "Samuel", "Fatima", "Lucas", "Hannah", "Diego", "Grace", "Ivan", "Chloe", "Omar"}

var families = []string{"Hernandez", "Okafor", "Lindqvist", "Kowalski", "Nakamura", "Patel", "O'Brien", "Tremblay", "Vasquez", "Schneider", "Abdullah", "Thompson", "Moreau", "Ferreira", "Novak", "Campbell"}

var cities = []string{"Albany", "Fresno", "Toledo", "Boise", "Tucson", "Omaha", "Tampa", "Spokane"}

// person makes the nth of them; the same n makes the same person.
func person(n int) patient {
	g, f := givens[n%len(givens)], families[(n/len(givens)+n*7)%len(families)]
	return patient{
		given: g, family: f,
		born:   fmt.Sprintf("%02d/%02d/%d", n%12+1, n%28+1, 1940+n%60),
		record: fmt.Sprintf("%07d", 4000000+n*37),
		phone:  fmt.Sprintf("(415) 555-%04d", n%10000),
		email:  fmt.Sprintf("patient%04d@example.org", n),
		street: fmt.Sprintf("%d Maple Street", 100+n),
		city:   cities[n%len(cities)],
	}
}

// note is a short visit note about the person.
func (p patient) note() string {
	return fmt.Sprintf(`Patient: %s %s
DOB: %s   MRN: %s
Address: %s, %s
Phone: %s   Email: %s

%s %s is seen today for follow up of type 2 diabetes and hypertension. Blood pressure 138/84, A1c 7.9%%.
Mr. %s reports good adherence to metformin 1000 mg twice daily. "No chest pain", he says.
Plan: continue metformin, add lisinopril 10 mg daily, recheck BMP in 2 weeks. Call %s at %s with results.`,
		p.given, p.family, p.born, p.record, p.street, p.city, p.phone, p.email,
		p.given, p.family, p.family, p.given, p.phone)
}

// secrets are the strings that may never reach the vendor.
func (p patient) secrets() []string {
	return []string{p.family, p.born, p.record, p.phone, p.email, p.street, p.city}
}
