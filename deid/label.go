package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// labelTree finds label phrases word by word.
type labelTree struct {
	nodes []labelNode
}

type labelNode struct {
	next  map[reference.Key]int
	label *labelPhrase
}

func newLabelTree(list []labelPhrase) *labelTree {
	t := &labelTree{nodes: make([]labelNode, 1, 2048)}
	for i := range list {
		for _, phrase := range strings.Split(list[i].phrases, ",") {
			t.add(strings.Fields(phrase), &list[i])
		}
	}
	return t
}

func (t *labelTree) add(words []string, l *labelPhrase) {
	n := 0
	for _, w := range words {
		k := reference.KeyOf(w)
		to, ok := t.nodes[n].next[k]
		if !ok {
			t.nodes = append(t.nodes, labelNode{})
			to = len(t.nodes) - 1
			if t.nodes[n].next == nil {
				t.nodes[n].next = map[reference.Key]int{}
			}
			t.nodes[n].next[k] = to
		}
		n = to
	}
	if n != 0 && t.nodes[n].label == nil {
		t.nodes[n].label = l
	}
}

// maxLabelWords bounds a phrase.
const maxLabelWords = 7

// labelAt finds the longest label phrase at token i and yields the token after
// it.
func (p *page) labelAt(i int) (*labelPhrase, int) {
	n, found, end := 0, (*labelPhrase)(nil), i
	for j, words := i, 0; words < maxLabelWords; {
		t := p.at(j)
		if t.kind != word && t.kind != digits && t.cue&cueLabel == 0 {
			break
		}
		to, ok := p.labels.nodes[n].next[t.key]
		if !ok {
			break
		}
		n, words = to, words+1
		j++
		if l := p.labels.nodes[n].label; l != nil {
			found, end = l, j
		}
		for p.isAny(j, "._-/'\x01") && p.at(j).gap == gapNone && p.at(j+1).kind == word && p.near(j+1) {
			j++
		}
		if p.at(j).gap >= gapWide {
			break
		}
	}
	if found == nil {
		return p.numberOf(i)
	}
	return found, end
}

// numberOf reads "n° de", "núm. de" and "numéro d'" before a label as part of
// it.
func (p *page) numberOf(i int) (*labelPhrase, int) {
	switch p.word(i) {
	case "n", "N", "no", "No", "NO", "num", "Num", "numero", "Numero", "nro", "Nro":
	default:
		return nil, i
	}
	j := i + 1
	for n := 0; n < 4 && p.near(j) && (p.isAny(j, ".'\x01") || ofWords[p.word(j)]); n++ {
		j++
	}
	if j == i+1 || !ofWords[p.word(j-1)] && !p.is(j-1, '\'') || p.at(j).kind != word || !p.cue(j, cueLabel) {
		return nil, i
	}
	if l, end := p.labelAt(j); l != nil && (l.form == formCode || l.form == formDigits || l.form == formPhone) {
		sure := *l
		sure.strict = false
		return &sure, end
	}
	return nil, i
}

var ofWords = map[string]bool{"de": true, "d": true, "du": true, "la": true, "l": true, "del": true}

// split is what stands between a label and its value.
type split struct {
	value  int  // token where the value begins
	strong bool // there was a colon, a number sign, an equals sign or the like
	number bool // there was a word such as number
	line   bool // the value is on another line
}

// separator steps over what stands between a label that ends before token i
// and its value.
func (p *page) separator(i int) split {
	s := split{value: i}
	for n := 0; n < 7; n++ {
		t := p.at(s.value)
		if t.kind == edge || t.gap >= gapPara {
			break
		}
		if t.gap == gapLine {
			if s.line || !s.strong && n > 0 {
				break
			}
			s.line = true
		}
		if t.gap == gapWide {
			s.strong = true
		}
		if p.message && p.isAny(s.value, "|^~&") {
			return s
		}
		switch {
		case p.isAny(s.value, ":=#|>"):
			s.strong = true
		case p.isAny(s.value, ".(\"'[*_\x01") || p.is(s.value, '-') || p.is(s.value, ')') && n == 0 || p.is(s.value, ',') && s.strong || p.is(s.value, ']') || p.is(s.value, '/') && p.at(s.value).gap == gapNone && s.strong:
		case p.is(s.value, ',') && n <= 1 && p.at(s.value+1).shape == upper2 && p.isAny(s.value+2, "/-") && p.at(s.value+2).gap == gapNone && p.countDigits(s.value+1, p.run(s.value+1, "-/")) >= 5:
		case p.is(s.value, ',') && n == 0 && p.at(s.value+1).kind == digits && p.countDigits(s.value+1, p.run(s.value+1, "-")) >= 5 && !p.year(s.value+1, false):
		case t.size() == 1 && p.is(s.value+1, '=') && t.kind == word: // (n=100)
			return s
		case p.word(s.value) == "four" && p.word(s.value-1) != "last":
			return s
		case t.size() == 1 && s.strong && t.shape == initial && p.at(s.value+1).kind == digits && p.at(s.value+1).gap == gapSpace && p.is(s.value+2, '-') && p.at(s.value+2).gap == gapNone:
			return s // HCN: N 11-552-904
		case t.kind == word && fillers[p.word(s.value)]:
			if p.is(s.value+1, '\'') {
				return s
			}
			s.number = s.number || numberWords[p.word(s.value)]
		default:
			return s
		}
		s.value++
	}
	return s
}

// fillers are words that may stand between a label and its value.
var fillers = map[string]bool{
	"is": true, "was": true, "number": true, "no": true, "No": true, "num": true, "nbr": true, "Number": true, "NO": true, "NUMBER": true, "nr": true, "n": true, "N": true, "est": true, "of": true, "numero": true,
	"au": true, "aux": true, "are": true, "on": true, "ending": true, "ends": true, "end": true, "in": true, "with": true, "ID": true, "id": true, "digits": true, "numbers": true, "reads": true, "as": true, "last": true, "four": true, "le": true, "number's": true, "no's": true, "Nr": true, "finissant": true, "par": true, "terminant": true, "finit": true, "code": true, "value": true, "at": true, "es": true,
}

// findLabelled goes through the text for labels and takes their values.
func (p *page) findLabelled() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		switch {
		case t.kind != word && t.cue&cueLabel == 0, len(p.heads) > 0 && p.inHead(i):
			continue
		case t.shape == camel && (t.cue&cueLabel == 0 || p.word(i)[t.size()-1] != 's'):
			if l := p.labelInCamel(i); l != nil {
				p.value(l, p.separator(i+1), true)
				continue
			}
			if t.cue&cueLabel == 0 || t.size() < 4 {
				continue
			}
		case p.key(i):
			if l := p.labelOfField(p.word(i)); l != nil {
				s := p.separator(p.afterKey(i))
				s.strong = true
				if next := p.value(l, s, true); next > i {
					i = next - 1
				}
				continue
			}
		}
		if t.cue&cueLabel == 0 {
			continue
		}
		l, end := p.labelAt(i)
		if l == nil {
			continue
		}
		if l.form == formOrg && i > 0 && p.at(i-1).capital() && p.at(i).gap == gapSpace && p.cue(i, cueOrg|cueOrgMid) && p.at(i).shape == title1 && p.at(i-1).shape == title1 {
			continue // "Elmwood Middle School: …" names the school itself
		}
		if l.form == formName && p.at(end).kind == digits && p.at(end).size() <= 2 && p.is(end+1, ':') {
			end++ // "Patient 1: Jane Roe"
		}
		s := p.separator(end)
		if l.strict && !s.strong && !p.plainID(l, i, s) && !(s.number && l.form == formCode) || s.line && !s.strong && !p.headsLine(l, i, s) {
			continue
		}
		next := p.value(l, s, s.strong || l.form == formDate && (end > i+1 || dateLabels[p.word(i)]))
		if next == 0 {
			next = p.valueFarther(l, s.value)
		}
		if next > i {
			i = next - 1
		} else if end > i+1 {
			i = end - 1
		}
	}
}

// dateLabels are the labels in one word that only dates follow.
var dateLabels = wordSet(`dob DOB ddn DDN doi DOI dos DOS doa DOA edd EDD edc EDC lmp LMP ddr DDR dpa DPA birthdate birthday bday exp EXP`)

// valueFarther takes a long number that stands a few words after its label, in
// the same sentence: "MRN for this patient is 4481203".
func (p *page) valueFarther(l *labelPhrase, i int) int {
	if l.strict || l.form != formCode && l.form != formDigits || l.kind == phi.Street {
		return 0
	}
	for j, n := i, 0; n < 7 && p.same(j); j, n = j+1, n+1 {
		t := p.at(j)
		switch {
		case t.kind == edge || p.isAny(j, ";|") || p.is(j, '.') && p.at(j+1).gap > gapNone || p.cue(j, cueLabel) && p.is(j+1, ':') || p.taken[j] || p.guard[j]:
			return 0
		case t.kind == word && (!p.is(j+1, '-') || p.at(j+1).gap != gapNone), t.kind == punct, t.kind == mixed && t.shape == lower1:
			continue
		}
		if date, _ := p.dateAt(j, false); date > 0 || p.cue(j+1, cueMeasure|cueYears|cueMonth) || p.isAny(j-1, "/.") || p.isAny(j+1, "/:") {
			return 0
		}
		if p.countDigits(j, p.run(j, "-")) < 6 && t.kind == word {
			continue
		}
		if p.countDigits(j, p.run(j, "-")) < 6 && !(l.form == formDigits && p.at(j).size() == 3 && p.at(j+1).size() >= 2 && p.at(j+2).size() >= 3) {
			return 0
		}
		return p.value(l, split{value: j, strong: false}, false)
	}
	return 0
}

// key says whether the word at token i is the key of a JSON object or an XML
// element with a value: "family":"Roe", <family value="Roe"/>.
func (p *page) key(i int) bool {
	return p.is(i-1, '"') && p.is(i+1, '"') && p.is(i+2, ':') && p.at(i+1).gap == gapNone || p.is(i-1, '<') && p.word(i+1) == "value" && p.is(i+2, '=')
}

func (p *page) afterKey(i int) int {
	if p.is(i-1, '<') {
		return i + 2
	}
	return i + 1
}

// plainID says whether a label that is also a plain word is followed by what
// can only be a number of somebody's: five digits and more in one piece, after
// "ID" five characters with digits in them.
func (p *page) plainID(l *labelPhrase, i int, s split) bool {
	if l.form != formCode || s.line {
		return false
	}
	t := p.at(s.value)
	switch p.word(i) {
	case "number", "Number", "no", "No", "numbers":
		return false
	}
	if w := p.word(i); (w == "ID" || w == "Id") && (t.kind == mixed || t.kind == digits) && t.size() >= 5 {
		return true
	}
	end := p.run(s.value, "-/")
	if l.kind == phi.Device && t.kind == mixed && t.size() >= 6 && t.shape == upper2 && p.countDigits(s.value, s.value+1) >= 3 && t.size()-p.countDigits(s.value, s.value+1) >= 2 && !p.cue(end, cueMeasure) {
		return true // transmitter 8G6LK2
	}
	if w := lowerOf(p.word(i)); w == "id" && end > s.value+1 && t.kind == word && t.size() <= 3 && p.countDigits(s.value, end) >= 3 {
		return true // id p-317
	}
	return end > s.value && p.countDigits(s.value, end) >= 5 && (t.kind != word || t.shape == upper2 && end > s.value+2) && !p.cue(end, cueMeasure|cueYears) && !p.guard[s.value] && !strings.HasSuffix(p.word(s.value), "000")
}

// headsLine says whether the label at token i fills a line and a number stands
// on the next, as in a table that lost its rules.
func (p *page) headsLine(l *labelPhrase, i int, s split) bool {
	t := p.at(s.value)
	return p.at(i).gap >= gapLine && (l.form == formCode || l.form == formDigits || l.form == formDate) && !l.strict && (t.kind == digits && t.size() >= 5 || t.kind == mixed && t.size() >= 6 || l.form == formDate && t.kind == digits)
}

// value takes the value of a label and yields the token after it, or 0 if what
// stands there is not one.
func (p *page) value(l *labelPhrase, s split, strong bool) int {
	i := s.value
	if p.at(i).kind == edge {
		return 0
	}
	switch l.form {
	case formCode:
		return p.codeValue(l.kind, i, strong)
	case formDigits:
		return p.digitsValue(l.kind, i)
	case formPhone:
		return p.phoneValue(l.kind, i)
	case formDate:
		if end := p.typedBy(i); end > 0 {
			return end
		}
		if p.at(i).kind == digits && p.cue(i+1, cueMonth) && p.namedDay(i) {
			return 0 // rue du 4 septembre
		}
		if end := p.dateValue(i, strong); end > 0 || p.english || lowerOf(p.word(s.value-1)) != "exp" && lowerOf(p.word(s.value-2)) != "exp" {
			return end
		}
		return p.codeValue(phi.Record, i, true) // expediente
	case formAge:
		return p.ageValue(i)
	case formName:
		return p.nameValue(i, !l.strict, s.line)
	case formPostal:
		return p.postalValue(i)
	case formWord:
		return p.wordValue(l.kind, i)
	case formDigest:
		return p.digestValue(l.kind, i)
	case formPlace, formStreet, formOrg:
		return p.lineValue(l, i)
	}
	return 0
}

// findField takes the whole text as the value of the field it stood under.
func (p *page) findField(label string) {
	l := p.labelOfField(label)
	if l == nil || len(p.tok) == 0 || len(p.tok) > 24 {
		return
	}
	n := len(p.tok)
	switch l.form {
	case formCode, formDigits, formPhone, formPostal, formWord, formDigest:
		if l.strict && l.form == formCode && p.run(0, "-./_:") != n {
			break // "visit": what was said there, no number of it
		}
		if p.hasDigit(0, n) || !l.strict && n == 1 && p.entry(0).English() == 0 {
			p.put(l.kind, 0, n, 0.99, "field")
		} else if l.form == formWord || l.kind == phi.Email {
			p.put(l.kind, 0, n, 0.95, "field")
		}
	case formDate:
		p.dateValue(0, true)
	case formAge:
		p.ageValue(0)
	case formName:
		if p.looksLikeNames(0, n) {
			p.put(phi.Name, 0, n, 0.97, "field")
		}
	default:
		if !p.onlyRegion(0, n) {
			p.put(l.kind, 0, n, 0.95, "field")
		}
	}
}

// labelOfField reads a key such as patientName, patient_name or "Patient Name"
// as a label; the whole key must be one, or end in one.
func (p *page) labelOfField(label string) *labelPhrase {
	if label == "" || len(label) > 80 {
		return nil
	}
	words := splitKey(label)
	if l, ok := fieldWords[strings.Join(words, " ")]; ok {
		return &l
	}
	for from := 0; from < len(words) && from < 4; from++ {
		n := 0
		for _, w := range words[from:] {
			to, ok := p.labels.nodes[n].next[reference.KeyOf(w)]
			if !ok {
				n = 0
				break
			}
			n = to
		}
		if n != 0 && p.labels.nodes[n].label != nil {
			return p.labels.nodes[n].label
		}
	}
	return nil
}

// fieldWords are keys of records (FHIR among them) that are no label in prose.
var fieldWords = map[string]labelPhrase{
	"family": {kind: phi.Name, form: formName}, "given": {kind: phi.Name, form: formName}, "display name": {kind: phi.Name, form: formName},
	"fname": {kind: phi.Name, form: formName}, "lname": {kind: phi.Name, form: formName}, "first": {kind: phi.Name, form: formName}, "last": {kind: phi.Name, form: formName}, "middle": {kind: phi.Name, form: formName},
	"line": {kind: phi.Street, form: formStreet}, "chair": {kind: phi.Street, form: formCode}, "station": {kind: phi.Street, form: formCode}, "stn": {kind: phi.Street, form: formCode}, "bay": {kind: phi.Street, form: formCode}, "pod": {kind: phi.Street, form: formCode}, "rm bed": {kind: phi.Street, form: formCode}, "addr": {kind: phi.Street, form: formStreet}, "street name": {kind: phi.Street, form: formStreet},
	"birth": {kind: phi.Date, form: formDate}, "birth date": {kind: phi.Date, form: formDate}, "deceased date time": {kind: phi.Date, form: formDate},
	"authored on": {kind: phi.Date, form: formDate}, "effective date time": {kind: phi.Date, form: formDate}, "issued": {kind: phi.Date, form: formDate}, "recorded date": {kind: phi.Date, form: formDate}, "onset date time": {kind: phi.Date, form: formDate}, "last updated": {kind: phi.Date, form: formDate},
}

// splitKey cuts a key into its words: at marks, blanks and changes of case.
func splitKey(key string) []string {
	var words []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			words = append(words, reference.Fold(b.String()))
			b.Reset()
		}
	}
	lower := false
	for _, r := range key {
		switch {
		case r == '_' || r == '-' || r == '.' || r == ' ' || r == '/' || r == ':' || r == '[' || r == ']' || r == '#' || r == '\'':
			flush()
			lower = false
			continue
		case r >= 'A' && r <= 'Z' && lower:
			flush()
		}
		lower = r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		b.WriteRune(r)
	}
	flush()
	return words
}

// labelInCamel reads a word such as patientName as a label when a value
// follows it the way keys are followed.
func (p *page) labelInCamel(i int) *labelPhrase {
	j := i + 1
	if p.isAny(j, "\"'") {
		j++
	}
	if !p.isAny(j, ":=") {
		return nil
	}
	return p.labelOfField(p.word(i))
}
