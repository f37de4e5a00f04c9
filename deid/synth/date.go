package synth

import (
	"fmt"
	"strings"
	"time"
)

var (
	monthsEN = strings.Fields("January February March April May June July August September October November December")
	monthsFR = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	monthsES = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
	daysEN   = strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")
	daysFR   = strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi")
	ordinals = strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth")
)

// recent draws a day of the last years.
func (w *World) recent() time.Time {
	return time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, w.dice.n(365*7))
}

// date writes a day in one of the many ways of the language.
func (w *World) date(t time.Time, lang string) string {
	y, m, d := t.Year(), int(t.Month()), t.Day()
	switch lang {
	case "fr":
		return w.dateFR(y, m, d, t.Weekday())
	case "es":
		return w.dice.pick([]string{fmt.Sprintf("%d de %s de %d", d, monthsES[m-1], y), fmt.Sprintf("%02d/%02d/%d", d, m, y), fmt.Sprintf("el %d de %s", d, monthsES[m-1])[3:]})
	}
	name := monthsEN[m-1]
	switch w.dice.n(14) {
	case 0, 1:
		return fmt.Sprintf("%02d/%02d/%d", m, d, y)
	case 2:
		return fmt.Sprintf("%d/%d/%02d", m, d, y%100)
	case 3:
		return fmt.Sprintf("%d-%02d-%02d", y, m, d)
	case 4, 5:
		return fmt.Sprintf("%s %d, %d", name, d, y)
	case 6:
		return fmt.Sprintf("%s %d%s", name, d, ordinalEnd(d))
	case 7:
		return fmt.Sprintf("%d %s %d", d, name[:3], y)
	case 8:
		return fmt.Sprintf("%02d-%s-%d", d, name[:3], y)
	case 9:
		return fmt.Sprintf("%s %d", name, d)
	case 10:
		return fmt.Sprintf("%s, %s %d", daysEN[t.Weekday()], name, d)
	case 11:
		return fmt.Sprintf("%d/%d", m, d)
	case 12:
		return fmt.Sprintf("the %s of %s", ordinals[min(d, len(ordinals))-1], name)
	}
	return fmt.Sprintf("%02d.%02d.%d", d, m, y)
}

func (w *World) dateFR(y, m, d int, weekday time.Weekday) string {
	name := monthsFR[m-1]
	switch w.dice.n(8) {
	case 0, 1, 2:
		return fmt.Sprintf("%02d/%02d/%d", d, m, y)
	case 3:
		return fmt.Sprintf("%02d/%02d/%02d", d, m, y%100)
	case 4:
		return fmt.Sprintf("%d %s", d, name)
	case 5:
		return fmt.Sprintf("%s %d %s %d", daysFR[weekday], d, name, y)
	case 6:
		return fmt.Sprintf("%02d.%02d.%d", d, m, y)
	}
	if d == 1 {
		return fmt.Sprintf("1er %s %d", name, y)
	}
	return fmt.Sprintf("%d %s %d", d, name, y)
}

func ordinalEnd(d int) string {
	switch {
	case d%10 == 1 && d != 11:
		return "st"
	case d%10 == 2 && d != 12:
		return "nd"
	case d%10 == 3 && d != 13:
		return "rd"
	}
	return "th"
}
