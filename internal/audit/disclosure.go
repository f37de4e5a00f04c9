package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chaperone"
)

// discloses reports whether an exchange is a disclosure that an accounting must
// list: text with identifiers left for a real door, for a purpose that is not
// treatment, payment or operations (45 CFR 164.528(a)(1)(i)). A purpose that was
// not stated exempts nothing, and neither does an end that is not known yet.
// Text that left with placeholders only was not disclosed.
func (f Facts) discloses(outcome *OutcomeFacts) bool {
	if f.Ruling == nil || f.Ruling.Decision != Identified || f.Deed.Simulated {
		return false
	}
	if outcome != nil && outcome.Result == RefusedResult {
		return false
	}
	switch chaperone.Purpose(f.Deed.Purpose) {
	case chaperone.PurposeTreatment, chaperone.PurposePayment, chaperone.PurposeOperations:
		return false
	}
	return true
}

// seriesOf groups disclosures to one recipient for one purpose.
func seriesOf(lines []Line) []Series {
	type of struct{ recipient, purpose string }
	groups := map[of]*Series{}
	kinds := map[of]map[string]bool{}
	for _, l := range lines {
		if !l.Disclosed {
			continue
		}
		key := of{recipient(l), l.purpose}
		s := groups[key]
		if s == nil {
			s = &Series{Recipient: key.recipient, Purpose: key.purpose, First: l.at, Last: l.at}
			groups[key], kinds[key] = s, map[string]bool{}
		}
		s.Times++
		if l.at.Before(s.First) {
			s.First = l.at
		}
		if l.at.After(s.Last) {
			s.Last = l.at
		}
		for word := range strings.FieldsSeq(l.Ten.PHI) {
			kind, _, _ := strings.Cut(word, "×")
			kinds[key][kind] = true
		}
	}
	var list []Series
	for key, s := range groups {
		s.What = strings.Join(slices.Sorted(maps.Keys(kinds[key])), " ")
		s.Frequency = frequency(s.Times, s.Last.Sub(s.First))
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Series) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Recipient, b.Recipient), cmp.Compare(a.Purpose, b.Purpose))
	})
	return list
}

func recipient(l Line) string {
	name := stated(l.Door)
	if l.Agreement != "" {
		name += ", agreement " + l.Agreement
	}
	return name
}

func frequency(times int, span time.Duration) string {
	days := int(span/(24*time.Hour)) + 1
	switch {
	case times == 1:
		return "once"
	case days == 1:
		return fmt.Sprintf("%d times on one day", times)
	}
	return fmt.Sprintf("%d times in %d days", times, days)
}
