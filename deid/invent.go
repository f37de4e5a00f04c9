package deid

import (
	"strconv"
	"strings"
	"unicode"

	"chaperone/phi"
)

// inventor invents what stands for a finding and looks like it. It works for one
// call, under the session's lock.
type inventor struct {
	session *Session
	pool    *namePool
	words   map[string]bool // every word of the exchange, folded
}

// inventedFor returns what is invented for a surface, the same each time; "" if
// nothing can be, and the surface needs a placeholder.
func (v *Veil) inventedFor(kind phi.Kind, surface string) (string, error) {
	if !inventive(kind) || len(surface) > 200 {
		return "", nil
	}
	pool, err := v.engine.names()
	if err != nil {
		return "", err
	}
	s := v.session
	words := v.vocabulary()
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.standIns.of[surface]; ok {
		return text, nil
	}
	surface = strings.Clone(surface) // a part of a text would keep the whole of it in memory
	i := &inventor{s, pool, words}
	for try := range 4 {
		text, err := i.invent(kind, surface, try > 0)
		if err != nil || text == "" {
			return "", err
		}
		if beginsWithRun(text) && text != surface && !s.standIns.takes(text) {
			return text, s.mint(kind, text, surface)
		}
	}
	return "", nil
}

func (i *inventor) invent(kind phi.Kind, surface string, fresh bool) (string, error) {
	switch kind {
	case phi.Name:
		return i.inventName(surface, fresh)
	case phi.Place:
		text, err := i.inventPlace()
		return cased(strings.ToLower(text), surface), err
	case phi.Org:
		return i.inventOrg(surface)
	case phi.Phone, phi.Fax:
		return i.inventPhone(surface)
	case phi.Email:
		return i.inventEmail()
	default:
		return i.inventNumber(kind, surface)
	}
}

// vocabulary is every word of the texts read so far, folded.
func (v *Veil) vocabulary() map[string]bool {
	if v.words == nil {
		v.words = map[string]bool{}
	}
	for ; v.worded < len(v.order); v.worded++ {
		text := v.order[v.worded].text
		for i := 0; i < len(text); {
			start, end := firstRun(text, i)
			if start == end {
				break
			}
			if i = end; end-start <= longestRun {
				v.words[foldMarks(text[start:end])] = true
			}
		}
	}
	return v.words
}

// Halves of town names, made so that no list of places has what they make.
var (
	townHeads = strings.Fields("ash bram carn dun elder fern gar hask ivel jas kel lorn mar nor ost pell quar ros sel tarn ulver ves wend yar zel")
	townTails = strings.Fields("bury combe dale field ford gate ham hurst ley mere minster mouth ridge stead thorpe vale wick worth")
)

// inventPlace makes the name of a town that is on no map we have.
func (i *inventor) inventPlace() (string, error) {
	return i.drawFrom(len(townHeads)*len(townTails), func(n int) string {
		return titled(townHeads[n/len(townTails)] + townTails[n%len(townTails)])
	}, i.free)
}

// orgWords say what kind of a place an organisation is.
var orgWords = strings.Fields("hospital clinic infirmary hospice pharmacy school college university academy church laboratory laboratories hopital hôpital clinique pharmacie école lycée université centre center")

// inventOrg makes the name of an organisation of the same kind.
func (i *inventor) inventOrg(surface string) (string, error) {
	town, err := i.inventPlace()
	if err != nil || town == "" {
		return "", err
	}
	for _, w := range strings.FieldsFunc(surface, func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, kind := range orgWords {
			if strings.EqualFold(w, kind) {
				return cased(strings.ToLower(town), w) + " " + w, nil
			}
		}
	}
	return town + " Group", nil
}

// inventPhone writes a number of the block that North America keeps free for
// fiction, 555-0100 to 555-0199, the way the number is written. Others have no
// such block that fits them.
func (i *inventor) inventPhone(surface string) (string, error) {
	n := 0
	for j := range len(surface) {
		if surface[j] >= '0' && surface[j] <= '9' {
			n++
		}
	}
	if n != 7 && n != 10 && (n != 11 || strings.TrimLeft(surface, "(+ ")[0] != '1') {
		return "", nil
	}
	form := surface
	if strings.TrimLeft(surface, "(+ ") != surface { // a stand-in begins with a digit
		form = "000-000-0000"
		if n == 11 {
			form = "1-" + form
		}
	}
	return i.drawFrom(800*100, func(k int) string {
		number := "1" + strconv.Itoa(200+k/100) + "55501" + padded(k%100, 2)
		b, next := []byte(form), len(number)-n
		for j := range b {
			if b[j] >= '0' && b[j] <= '9' {
				b[j] = number[next]
				next++
			}
		}
		return string(b)
	}, i.unknown)
}

// inventEmail makes an address in a domain that is kept for examples.
func (i *inventor) inventEmail() (string, error) {
	return i.drawFrom(len(i.pool.family)*9000, func(n int) string {
		return strings.ToLower(i.pool.family[n/9000]) + strconv.Itoa(1000+n%9000) + "@example.org"
	}, i.unknown)
}

// inventNumber writes a number of the same shape that nobody can have: of nine
// digits of a person one that begins with 666, which is never issued, and else
// one that fails every check we know. Short ones are too easily met by chance.
func (i *inventor) inventNumber(kind phi.Kind, surface string) (string, error) {
	digits, letters := 0, 0
	for _, r := range surface {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			letters++
		case r >= 0x80:
			return "", nil
		}
	}
	if digits < 5 || digits > 40 || letters > 20 {
		return "", nil
	}
	var failed error
	text, err := i.drawFrom(1, func(int) string {
		b := []byte(surface)
		seen := 0
		for n, c := range b {
			var err error
			switch {
			case c >= '0' && c <= '9' && kind == phi.Ident && digits == 9 && seen < 3:
				b[n] = '6'
				seen++
			case c >= '0' && c <= '9':
				b[n], err = i.among("0123456789")
			case c >= 'A' && c <= 'Z':
				b[n], err = i.among("ABCDEFGHJKMNPQRTUVWXY")
			case c >= 'a' && c <= 'z':
				b[n], err = i.among("abcdefghjkmnpqrtuvwxy")
			}
			if err != nil {
				failed = err
			}
		}
		return string(b)
	}, func(text string) bool { return failed != nil || i.unknown(text) && !issuable(text) })
	if failed != nil {
		return "", failed
	}
	return text, err
}

func (i *inventor) among(letters string) (byte, error) {
	n, err := drawBelow(i.session.random, len(letters))
	if err != nil {
		return 0, err
	}
	return letters[n], nil
}

// issuable reports whether a number passes a check of any scheme we know.
func issuable(text string) bool {
	compact := strings.ToUpper(strings.Map(func(r rune) rune {
		if isRun(r) {
			return r
		}
		return -1
	}, text))
	if validVIN(compact) || validMBI(compact) || validNHI(compact) || validRAMQ(compact) {
		return true
	}
	var d []byte
	for n := range len(compact) {
		if c := compact[n]; c >= '0' && c <= '9' {
			d = append(d, c)
		}
	}
	for _, valid := range []func([]byte) bool{luhn, validSIN, validSSN, validITIN, validNPI, validNHS, validBCPHN, validOHIP, validMedicareAU, validIHI, validTFN} {
		if valid(d) {
			return true
		}
	}
	return len(compact) == 9 && validDEA(d)
}

// unknown reports whether nothing in the exchange begins like a text, and
// nothing stands in with it.
func (i *inventor) unknown(text string) bool {
	start, end := firstRun(text, 0)
	whole := foldMarks(text)
	return start != end && !i.words[whole] && !(start == 0 && end == len(text) && i.words[foldMarks(text[start:end])])
}
