package deid

import (
	"slices"
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// clearPublic drops what stands in public where a text speaks of nobody: people
// of the history of medicine, numbers that anybody may call free of charge. Where
// a patient, a relative or a note is spoken of, they stay.
func (p *page) clearPublic() {
	if len(p.out) == 0 || len(p.out) > 12 || p.spoken() {
		return
	}
	for _, f := range p.out {
		switch f.Kind {
		case phi.Name, phi.Place, phi.Org, phi.Phone, phi.Date, phi.Link:
		default:
			return // whoever has a number here may be meant
		}
	}
	asked := questions[lowerOf(p.word(0))]
	p.out = slices.DeleteFunc(p.out, func(f Finding) bool {
		switch s := p.txt[f.Start:f.End]; f.Kind {
		case phi.Name:
			s = strings.ToLower(s)
			return figures[s] && asked || s == "claude" && p.machineAt(p.tokenAt(f.Start))
		case phi.Link:
			return exampleSite(s)
		case phi.Phone:
			return tollFree(s) && p.publicLine(f.Start)
		}
		return false
	})
}

// spoken says whether the text speaks of one person, whatever was found in it.
func (p *page) spoken() bool {
	for i := range p.tok {
		if t := &p.tok[i]; t.kind == word && t.size() <= 9 {
			if w := p.word(i); w == "me" && asksFor[lowerOf(p.word(i-1))] {
				continue // who asks is not who is asked about
			}
			if someoneKeys[t.key] {
				return true
			}
		}
	}
	return false
}

// someoneKeys are the words that speak of a person as the tokens have them.
var someoneKeys = func() map[reference.Key]bool {
	m := map[reference.Key]bool{reference.KeyOf("name"): true, reference.KeyOf("called"): true}
	for w := range someoneWords {
		m[reference.KeyOf(w)] = true
	}
	return m
}()

// asksFor are the words before "me" in a question.
var asksFor = wordSet(`tell give show help teach ask quiz remind`)

// publicLines are the words for numbers that are there for everybody.
var publicLines = wordSet(`line hotline helpline lifeline crisis poison toll public ligne`)

// questions begin a text that asks for knowledge.
var questions = wordSet(`what who when why how explain describe compare summarize summarise discuss tell which outline was did`)

// machineAt says whether the name at token i is the model's that is spoken to:
// "Can Claude read an ECG".
func (p *page) machineAt(i int) bool {
	switch lowerOf(p.word(i - 1)) {
	case "can", "could", "does", "will", "hey", "ask", "use", "using", "with":
	default:
		return false
	}
	switch p.word(i + 1) {
	case "read", "write", "see", "access", "use", "handle", "answer", "summarize", "summarise", "translate", "process", "support", "generate", "analyze", "analyse", "interpret", "code":
		return true
	}
	return false
}

// figures are people whom textbooks of medicine, nursing and its history speak of
// by their full name, all of them long dead. Names that many bear are not among them.
var figures = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Split(`florence nightingale,robert koch,louis pasteur,ignaz semmelweis,rudolf virchow,marie curie,mary seacole,paul ehrlich,emil behring,sigmund freud,ivan pavlov,jean piaget,erik erikson,abraham maslow,elisabeth kubler-ross,
		virginia apgar,jonas salk,albert sabin,frederick banting,andreas vesalius,claude bernard,rene laennec,ambroise pare,philippe pinel,jean-martin charcot,joseph babinski,henrietta lacks,wilhelm rontgen,karl landsteiner,gregor mendel,charles darwin,
		rosalind franklin,theodor billroth,hildegard peplau,madeleine leininger,cicely saunders,dorothea dix,paul broca,carl wernicke,alois alzheimer,avedis donabedian,w. edwards deming,albert schweitzer,maria montessori`, ",") {
		m[strings.TrimSpace(name)] = true
	}
	return m
}()

// exampleSite says whether a web address is one of those that are reserved for
// examples (RFC 2606, section 3), as manuals show them: no site of somebody's
// below it and no number in it.
func exampleSite(url string) bool {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = url
	}
	host, path, _ := strings.Cut(rest, "/")
	for i := 0; i+2 < len(path); i++ {
		if allDigits(path[i : i+3]) {
			return false
		}
	}
	for _, site := range []string{"example.com", "example.org", "example.net"} {
		if host == site || host == "api."+site || host == "www."+site {
			return true
		}
	}
	return false
}

// tollFree says whether a telephone number is one that is free of charge in North
// America, as lines for the public are.
func tollFree(s string) bool {
	var d []byte
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			d = append(d, s[i])
		}
	}
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
	}
	if len(d) != 10 || d[0] != '8' {
		return false
	}
	switch string(d[1:3]) {
	case "00", "88", "77", "66", "55", "44", "33":
		return true
	}
	return false
}

// emergency are the numbers that anybody calls for help.
var emergency = map[string]bool{"911": true, "999": true, "112": true, "111": true, "988": true, "811": true, "000": true}

// dialled are the words before such a number; behind "ext" it is somebody's.
var dialled = wordSet(`call dial phone ring text appeler appelez composez llame llamar marcar`)

// publicLine says whether a word for such a line stands within ten words before
// byte at.
func (p *page) publicLine(at int) bool {
	i := p.tokenAt(at)
	for j := i - 1; j >= i-10 && j >= 0; j-- {
		if publicLines[lowerOf(p.word(j))] {
			return true
		}
	}
	return false
}

// publishedBefore says whether a guideline, a trial or an edition is what the
// date at token i dates: "the CDC guideline from March 2016".
func (p *page) publishedBefore(i int) bool {
	j := i - 1
	switch p.word(j) {
	case "from", "of", "in", "published", "updated", "since", "dated":
		j--
	}
	for n := 0; n < 3 && j >= 0 && p.same(j+1); n, j = n+1, j-1 {
		switch lowerOf(p.word(j)) {
		case "guideline", "guidelines", "guidance", "recommendation", "recommendations", "edition", "consensus", "statement", "standard", "standards", "regulation", "directive", "version", "formulary", "update":
			return !p.spoken()
		}
	}
	return false
}
