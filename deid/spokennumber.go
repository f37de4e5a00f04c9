package deid

import "strings"

// What the cue words say of numbers, months and weekdays, by word.
var (
	months       = wordValues(cueMonth)
	weekdayWords = wordValues(cueWeekday)
	ordinals     = wordValues(cueOrdinal)
	numbers      = wordValues(cueNumber)
)

// wordValues yields the words of a cue with their numbers; those without one
// have 1.
func wordValues(c cue) map[string]int {
	values := map[string]int{}
	for _, w := range strings.Fields(cueWords[c]) {
		name, digits, ok := strings.Cut(w, "=")
		v := 0
		for i := range len(digits) {
			v = v*10 + int(digits[i]-'0')
		}
		if !ok {
			v = 1
		}
		values[name] = v
	}
	return values
}

// nought is the value that the cue words give to zero, which a cue cannot hold.
const nought = 100

// spokenNumber reads a number in English, French or Spanish words from lexeme n
// on, up to the given highest, and yields it with the lexeme after it; 0 where
// there is none. English years may be said in two halves: nineteen eighty-five.
func (r *dateReader) spokenNumber(n, highest int) (value, next int) {
	total, now, read := 0, 0, 0
	for ; ; n++ {
		word := r.peek(n).text
		v, isNumber := numbers[word]
		o, isOrdinal := ordinals[word]
		switch {
		case isOrdinal && (now == 0 || now%10 == 0 && o < 10) && highest < 100:
			return now + o, n + 1
		case word == "sept" && (now > 0 && now%10 == 0 || months[r.peek(n+1).text] > 0):
			now += 7
		case (word == "et" || word == "y" || word == "and") && read > 0 && numbers[r.peek(n+1).text] > 0:
			continue
		case highest > 100 && (word == "mille" || word == "mil" || word == "thousand") && total == 0:
			total, now = max(now, 1)*1000, 0
		case highest > 100 && (word == "cent" || word == "cents" || word == "hundred"):
			now = max(now, 1) * 100
		case !isNumber:
			return spokenWithin(total+now, highest), n
		case strings.HasPrefix(word, "vingt") && now%100 == 4:
			now += 76 // quatre-vingt
		case highest > 100 && total == 0 && (now == 19 || now == 20) && (v >= 10):
			total, now = now*100, v%nought
		case v == nought:
			return spokenWithin(total+now, highest), n
		case now == 0 || fitsBehind(now, v):
			now += v
		default:
			return spokenWithin(total+now, highest), n
		}
		read++
	}
}

// fitsBehind reports whether a number is said behind another as one: twenty-one,
// soixante-quinze, neuf cent trois.
func fitsBehind(now, v int) bool {
	switch {
	case now%100 == 0:
		return v < 100
	case now%100 == 60, now%100 == 80:
		return v < 20
	case now%10 == 0:
		return v < 10
	}
	return false
}

func spokenWithin(n, highest int) int {
	if n > highest {
		return 0
	}
	return n
}
