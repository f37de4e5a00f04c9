package allowance

// Check names a rule by which one person could use up what others share: a limit of a
// team or a door that no smaller limit of each person stands under. It
// returns the place of that rule, or -1 if there is none.
func Check(rules []Rule) int {
	for i, r := range rules {
		if !r.Each.shared() {
			continue
		}
		for _, k := range Kinds() {
			if r.Limits[k] > 0 && !guarded(rules, k, r.Limits[k]) {
				return i
			}
		}
	}
	return -1
}

// guarded reports whether everybody has a limit of this kind below the shared one. A
// limit on each key does not guard: one person may have several.
func guarded(rules []Rule, k Kind, shared int64) bool {
	for _, r := range rules {
		if r.Each == Person && r.Only == "" && r.Limits[k] > 0 && r.Limits[k] < shared {
			return true
		}
	}
	return false
}
