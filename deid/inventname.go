package deid

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"chaperone/deid/synth"
	"chaperone/phi"
	"chaperone/reference"
)

// namePool holds the words that invented names are made of: of people who never
// lived, without those that are words of a language or of medicine, or places.
type namePool struct {
	male, female, family []string
	sex                  map[string]sex // of given names, folded
}

// sex is whom a given name is given to; both bits where to anybody.
type sex uint8

const (
	male sex = 1 << iota
	female
)

// newNamePool makes the pool when it is first needed.
func newNamePool(lex *reference.Lexicon) func() (*namePool, error) {
	return sync.OnceValues(func() (*namePool, error) {
		all, err := synth.Names()
		if err != nil {
			return nil, err
		}
		p := &namePool{sex: map[string]sex{}}
		usable := func(names []string) []string {
			var list []string
			for _, n := range names {
				e := lex.Look(reference.KeyOf(reference.Fold(n)))
				plain := len(n) >= 4 && strings.IndexFunc(n, func(r rune) bool { return r >= 0x80 || !unicode.IsLetter(r) }) < 0
				dated := months[strings.ToLower(n)] > 0 || weekdayWords[strings.ToLower(n)] > 0
				if plain && !dated && n == titled(strings.ToLower(n)) && e.English() == 0 && e.French() == 0 && e.Place() == 0 &&
					!e.Has(clinicalTraits|reference.Eponym|reference.Region|reference.Nationality) && !slices.Contains(list, n) {
					list = append(list, n)
				}
			}
			return list
		}
		p.male, p.female, p.family = usable(all.Male), usable(all.Female), usable(all.Family)
		for _, n := range all.Male {
			p.sex[foldMarks(n)] |= male
		}
		for _, n := range all.Female {
			p.sex[foldMarks(n)] |= female
		}
		return p, nil
	})
}

// nameWord is a word of a name.
type nameWord struct {
	start, end int
	role       nameRole
}

type nameRole uint8

const (
	nameItself nameRole = iota
	nameInitial
	nameTitle    // Dr., Jr, MD: it stays
	nameParticle // van der: it goes
)

// splitName takes a surface apart. An apostrophe belongs to its word: O'Neil.
func splitName(surface string) []nameWord {
	var list []nameWord
	inside := func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' }
	for i := 0; i < len(surface); {
		start := strings.IndexFunc(surface[i:], unicode.IsLetter)
		if start < 0 {
			break
		}
		start += i
		end := strings.IndexFunc(surface[start:], func(r rune) bool { return !inside(r) })
		if end < 0 {
			end = len(surface) - start
		}
		end += start
		word := strings.TrimRight(surface[start:end], "'’")
		for _, possessive := range []string{"'s", "’s", "'S", "’S"} {
			word = strings.TrimSuffix(word, possessive)
		}
		list = append(list, nameWord{start, start + len(word), roleOf(word)})
		i = end
	}
	return list
}

func roleOf(word string) nameRole {
	folded := foldMarks(word)
	switch {
	case nameTitles[folded] || suffixes[folded]:
		return nameTitle
	case len(folded) == 1:
		return nameInitial
	case particles[folded] && word == strings.ToLower(word):
		return nameParticle
	}
	return nameItself
}

var (
	suffixes  = map[string]bool{"jr": true, "sr": true, "ii": true, "iii": true, "iv": true}
	particles = map[string]bool{
		"van": true, "von": true, "de": true, "del": true, "della": true, "di": true, "da": true, "das": true, "dos": true, "du": true, "des": true,
		"la": true, "le": true, "las": true, "los": true, "der": true, "den": true, "ten": true, "ter": true, "bin": true, "ibn": true, "ben": true,
		"bint": true, "abu": true, "al": true, "el": true, "y": true, "e": true, "zu": true, "zur": true, "af": true, "av": true,
	}
)

// nameWords are the words of a name that are somebody's own.
func nameWords(surface string) []string {
	var words []string
	for _, w := range splitName(surface) {
		if w.role == nameItself || w.role == nameInitial {
			words = append(words, surface[w.start:w.end])
		}
	}
	return words
}

// learnWords lets the words of an invented name stand for those of the name
// from now on, so that the same person keeps the same name in all its forms.
func (x *standIns) learnWords(text, value string) {
	invented, real := nameWords(text), nameWords(value)
	if len(invented) != len(real) {
		return
	}
	for i, w := range real {
		if _, known := x.words[foldMarks(w)]; !known && len(invented[i]) > 1 {
			x.words[foldMarks(w)] = titled(strings.ToLower(invented[i]))
		}
	}
}

// inventName writes a name in the form of another: the same titles, order, marks
// and case, other people's words. Words that the session has met keep the word
// they got; fresh draws new ones for all. It returns "" for what has no word of
// a name in it, or a digit, and when the pool is empty.
func (i *inventor) inventName(surface string, fresh bool) (string, error) {
	words := splitName(surface)
	if strings.ContainsAny(surface, "0123456789@_/\\") || !slices.ContainsFunc(words, func(w nameWord) bool { return w.role == nameItself }) {
		return "", nil
	}
	chosen := map[string]string{}
	isFamily := familyIn(surface, words, i.pool)
	for _, w := range words {
		if w.role != nameItself {
			continue
		}
		word := foldMarks(surface[w.start:w.end])
		known, ok := i.session.standIns.words[word]
		if !ok || fresh {
			var err error
			if known, err = i.drawWord(word, isFamily(w), chosen); err != nil || known == "" {
				return "", err
			}
		}
		chosen[word] = known
	}
	var b strings.Builder
	from := 0
	for _, w := range words {
		text := surface[w.start:w.end]
		switch w.role {
		case nameTitle:
			continue
		case nameParticle:
			b.WriteString(surface[from:w.start])
			from = w.end
			for from < len(surface) && (surface[from] == ' ' || surface[from] == '\'') {
				from++
			}
			continue
		case nameInitial:
			text = cased(string(i.initialFor(text)), text)
		default:
			text = cased(strings.ToLower(chosen[foldMarks(text)]), text)
		}
		b.WriteString(surface[from:w.start])
		b.WriteString(text)
		from = w.end
	}
	b.WriteString(surface[from:])
	return b.String(), nil
}

// familyIn tells the words of a family name from the others: those before a
// comma, else those from the last blank on. A single word is a given name where
// we know it as one and no title stands before it.
func familyIn(surface string, words []nameWord, pool *namePool) func(nameWord) bool {
	if comma := strings.IndexByte(surface, ','); comma >= 0 {
		return func(w nameWord) bool { return w.start < comma }
	}
	var own []nameWord
	for _, w := range words {
		if w.role == nameItself {
			own = append(own, w)
		}
	}
	last := own[len(own)-1]
	if len(own) == 1 && words[0] == last && pool.sex[foldMarks(surface[last.start:last.end])] != 0 {
		return func(nameWord) bool { return false }
	}
	from := strings.LastIndexByte(surface[:last.start], ' ')
	return func(w nameWord) bool { return w.start > from }
}

// initialFor is the first letter of the word that an invented name has for the
// first known word with this initial, or any letter.
func (i *inventor) initialFor(initial string) byte {
	letter := foldMarks(initial)
	best := ""
	for word := range i.session.standIns.words {
		if strings.HasPrefix(word, letter) && (best == "" || word < best) {
			best = word
		}
	}
	if best != "" {
		return lower(i.session.standIns.words[best][0])
	}
	n, err := drawBelow(i.session.random, 26)
	if err != nil {
		return 'x'
	}
	return byte('a' + n)
}

// drawWord draws a word that nobody in the exchange or the session has.
func (i *inventor) drawWord(word string, family bool, chosen map[string]string) (string, error) {
	list := i.pool.family
	switch sex := i.pool.sex[word]; {
	case sex == male && !family:
		list = i.pool.male
	case sex == female && !family:
		list = i.pool.female
	case !family:
		list = append(slices.Clip(i.pool.male), i.pool.female...)
	}
	return i.drawFrom(len(list), func(n int) string { return list[n] }, func(w string) bool {
		for _, c := range chosen {
			if c == w {
				return false
			}
		}
		return i.free(w)
	})
}

// drawFrom draws until one will do, and gives up after some tries.
func (i *inventor) drawFrom(n int, at func(int) string, free func(string) bool) (string, error) {
	const tries = 64
	for range tries {
		k, err := drawBelow(i.session.random, n)
		if err != nil {
			return "", err
		}
		if w := at(k); w != "" && free(w) {
			return w, nil
		}
	}
	return "", nil
}

// free reports whether no text of the exchange and no name of the session has
// the word, and nothing stands in with it.
func (i *inventor) free(word string) bool {
	folded := foldMarks(word)
	if i.words[folded] {
		return false
	}
	if _, live := i.session.standIns.parts[strings.ToLower(word)]; live {
		return false
	}
	_, met := i.session.standIns.words[folded]
	if met || len(i.session.byToken[folded]) > 0 {
		return false
	}
	for _, w := range i.session.standIns.words {
		if strings.EqualFold(w, word) {
			return false
		}
	}
	return true
}

// inventive reports whether there is an invented form of a kind.
func inventive(k phi.Kind) bool {
	switch k {
	case phi.Name, phi.Place, phi.Org, phi.Phone, phi.Fax, phi.Email, phi.Ident, phi.Record, phi.Member, phi.Account, phi.Licence:
		return true
	}
	return false
}
