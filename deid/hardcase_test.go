package deid

import (
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hardCases are the cases that detectors are known to fail on, by the words of
// the rule they break: what must be masked is marked, everything else must
// stay. Structured messages have tests of their own (message_test.go).
var hardCases = []string{
	// names
	"Pt {name|SMITH, JOHN Q} seen",
	"{name|john smith} c/o chest pain",
	"Dr. {name|Smith} came. {name|Smith}'s wound is clean",
	"{name|Mary-Jo O'Neil-Tremblay}",
	"{name|St. Jean, Amélie}",
	"Mme {name|Amelie St-Jean}",
	"{name|John Smith} was here. {name|J.S.} is well",
	"Patient {name|John Smith} came. Pt {name|Jhon Smtih} left",
	"{name|Nguyễn Thị Hoa}",
	"{name|María José}",
	"Mr. {name|van der Berg}",
	"Mr. {name|X. Æ. Low}",
	"Dr {name|Wilson} ordered labs for Wilson's disease and Wilsons dz",
	"Mr. {name|Parkinson} has Parkinson's",
	"Dr. {name|Foley} removed the Foley",
	"Foley, Kocher, Bovie, Jackson-Pratt, Babinski, Chaddock, Gleason 7, Wells, MELD, HAS-BLED, Framingham, Lou Gehrig's",
	"nurse {name|May} on {date|May 5}",
	"patient {name|Rose Hope}",
	"will follow after the grace period",
	"[{name|Martha}]: I fell",
	"cc: {name|Dale Iverson}, MD. Dictated but not read",
	"her mother {name|Ingrid} works at {org|Harlow Plumbing Inc}",
	"Patient {name|John Smith}, mail {email|jsmith1957@example.org}, file {name|Smith}_{name|John}_MRI.pdf",
	"{name|John Smith}: C:\\Users\\{name|jsmith}\\x.txt and {name|johnSmith}Dob",
	// dates and ages
	"on {date|3/4}, {date|03-04-1957}, {date|4 mars 1957}, {date|the fourth of July 2024}, two weeks after {date|Christmas 2023}, {date|Tuesday the 3rd}",
	"at {date|20240315103000} and {date|2024-03-15T10:00:00-05:00}",
	"2021, q4h, 1/2 tablet, BP 120/80, 5/5 strength, 20/20 vision, T12-L1",
	"age {age|93}, {age|nonagenarian}, born in {age|1929}, 54-year-old",
	// places
	"{place|Springfield}, IL {postal|62704}",
	"near {street|Elm & 5th}",
	"Room {street|512} Bed {street|B}",
	"in {place|Orange County}",
	"{street|RR 2}",
	"from {place|Six Nations Reserve}",
	"{postal|K1A 0B1}, postal {postal|k1a0b1}",
	"lives in Manitoba",
	"Lyme, Ebola, Marburg, West Nile, Coxsackie, Norwalk",
	// numbers
	"SSN {ident|123-45-6789}", "SSN {ident|123 45 6789}", "SSN {ident|123.45.6789}", "SSN {ident|123456789}", "SSN {ident|123–45–6789}", "last 4 of SSN: {ident|6789}", "SSN {ident|l23-4S-6789}",
	"SSN {ident|one two three, forty-five, six seven eight nine}",
	"SSN {ident|123-45-\n6789}",
	"MRN {record|A12B3456}, MRN#{record|CC-456789}, chart {record|00123}",
	"MBI {member|1EG4-TE5-MK73}, HICN {member|123456789A}, DEA {licence|AB1234563}, VIN {vehicle|1HGCM82633A004352}",
	"{device|(01)00844588003288(21)XZ4411}",
	"SIN {ident|046 454 286}, OHIP {member|9876 543 217 AB}, PHN {member|9698 658 215}, RAMQ {member|BOUF 9403 2414}, NHS {member|943 476 5919}",
	"Medicare {member|2123 45670 1}, IHI {member|8003 6081 6669 0503}, NHI {member|ZAC5361}",
	"E11.9, CPT 99213, LOINC 718-7, SNOMED 44054006, NDC 0002-8215-01, UTC+05:30, PMID 28446214, NCT01234567",
	// writing
	"Patient: {name|J\u200bane R\u00adoe}", "mail {email|jane＠example.org}", "Dr. {name|Sm\u0456th}", "SSN {ident|123\u00a045\u00a06789}", "Patient: {name|Jose\u0301 Nunez}",
	"mail {email|jane.roe%40example.org}", "Patient: {name|\\u004a\\u006f\\u0068\\u006e Roe}", "Patient: {name|Am&eacute;lie Roy}", "mail {email|jane=40example.org}",
	"data: {any|eyJuYW1lIjoiSmFuZSBSb2UiLCJzc24iOiIxMjMtNDUtNjc4OSJ9}",
	// handles
	"git author {name|Jane Roe} <{email|jane@example.org}>", "follow {any|@janeroe_57} on the web", "#{any|PrayForJaneRoe}",
}

// knownGaps are the hard cases that are not met, each with the reason. A case
// that comes to pass must leave the list; one that begins to fail must be
// repaired or entered with its reason.
var knownGaps = map[string]string{}

func TestHardCases(t *testing.T) {
	failed := map[string]string{}
	for _, f := range hardCases {
		text, want := marked(t, f)
		if got := faults(text, want, findAll(text)); len(got) > 0 {
			failed[f] = strings.Join(got, "; ")
		}
	}
	var known, now []string
	for f := range knownGaps {
		known = append(known, f)
	}
	for f, why := range failed {
		now = append(now, f)
		if knownGaps[f] == "" {
			t.Logf("%q: %s", f, why)
		}
	}
	sort.Strings(known)
	sort.Strings(now)
	if d := cmp.Diff(known, now); d != "" {
		t.Errorf("the hard cases not met are not those listed (- listed, + failed):\n%s", d)
	}
}
