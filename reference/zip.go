package reference

// restricted are the three-digit ZIP prefixes with 20,000 people or fewer: the
// union of the 17 in HHS's guidance (Census 2000) and the 18 of Census 2020.
// The rule speaks of current public data; the union is the careful reading.
// Source: 45 CFR 164.514(b)(2)(i)(B) and HHS guidance of 26 November 2012.
var restricted = map[string]bool{
	"036": true, "059": true, "063": true, "102": true, "202": true, "203": true,
	"204": true, "205": true, "369": true, "556": true, "692": true, "753": true,
	"772": true, "790": true, "821": true, "823": true, "830": true, "831": true,
	"878": true, "879": true, "884": true, "890": true, "893": true,
}

// ZIP3 yields what Safe Harbor lets stand of a US ZIP code: its first three
// digits, or "000" where that area has 20,000 people or fewer. A string that
// does not begin with three digits yields "000".
func ZIP3(zip string) string {
	if len(zip) < 3 {
		return "000"
	}
	for i := range 3 {
		if zip[i] < '0' || zip[i] > '9' {
			return "000"
		}
	}
	if restricted[zip[:3]] {
		return "000"
	}
	return zip[:3]
}
