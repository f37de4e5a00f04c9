package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ladder is the ways in which a column can be made coarser, finest first. Each
// rung joins whole groups of the one below, so that k never falls on the way up.
// The last rung leaves the column out.
type ladder []rung

// rung is one way: words says it without a value, to yields the coarser value.
type rung struct {
	words string
	to    func(value string) string
}

// leaveOut is the last rung of every ladder.
func leaveOut() rung { return rung{"leave it out", func(string) string { return "" }} }

// ladderOf chooses the ladder by the form of the column's values. Empty cells
// stay empty on every rung.
func ladderOf(c column) ladder {
	switch {
	case c.all(isDay):
		return ladder{cut("keep year and month only", 7), cut("keep the year only", 4), cut("keep the decade only", 3), leaveOut()}
	case c.all(isPostal):
		return codes(c)
	case c.all(isNumber) && len(c.values) > 2:
		return ladder{band(5), band(10), band(20), band(40), leaveOut()}
	}
	return ladder{leaveOut()}
}

// all reports whether every value that is not empty has the form, and at least
// one is there.
func (c column) all(form func(string) bool) bool {
	any := false
	for _, v := range c.values {
		if v != "" && !form(v) {
			return false
		}
		any = any || v != ""
	}
	return any
}

func isDay(v string) bool {
	_, err := time.Parse(time.DateOnly, v)
	return err == nil
}

func isNumber(v string) bool {
	f, err := strconv.ParseFloat(v, 64)
	return err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

// isPostal takes US ZIP codes, with and without the last four, Canadian postal
// codes and their first halves.
func isPostal(v string) bool {
	form := []byte(strings.ToUpper(v))
	for i, b := range form {
		switch {
		case b >= '0' && b <= '9':
			form[i] = '9'
		case b >= 'A' && b <= 'Z':
			form[i] = 'A'
		}
	}
	switch string(form) {
	case "99999", "99999-9999", "A9A", "A9A9A9", "A9A 9A9":
		return true
	}
	return false
}

// codes shortens codes from the end: a ZIP code to its first three digits, a
// postal code to its first half, then one by one.
func codes(c column) ladder {
	length := 0
	for _, v := range c.values {
		length = max(length, len(v))
	}
	l := ladder{}
	if length > 3 {
		l = append(l, cut("keep the first 3 characters", 3))
	}
	return append(l, cut("keep the first 2 characters", 2), cut("keep the first character", 1), leaveOut())
}

func cut(words string, n int) rung {
	return rung{words, func(v string) string { return v[:min(n, len(v))] }}
}

func band(width float64) rung {
	return rung{fmt.Sprintf("put it into bands of %g", width), func(v string) string {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return v
		}
		return strconv.FormatFloat(math.Floor(f/width), 'f', 0, 64)
	}}
}
