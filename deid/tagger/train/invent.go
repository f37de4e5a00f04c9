package main

import (
	"strconv"
	"strings"

	"chaperone/deid/tagger"
)

// Words that no list holds: names, products and terms of medicine made of
// their usual parts, so that the model learns to read the company of a word
// it has never seen.

var (
	heads   = strings.Fields("b c d f g h j k l m n p r s t v w y z br ch cl dr gr kr kh ml mb nd ng sh st sz th tr ts vl zh ll qu gw tl x")
	vowels  = strings.Fields("a e i o u a e i o u ai au ei ia ie oa oo uo ea aa ee y")
	tails   = strings.Fields("n r l s k m t d ng sh th rt nd ck x z v")
	stems   = strings.Fields("utero ventriculo cysto angio arthro broncho cardio cerebro chole col cranio cutaneo duodeno encephalo endo entero esophago fibro gastro glosso hemato hepato hystero ileo intra jejuno kerato laparo laryngo lympho masto meningo myelo myo naso nephro neuro oculo osteo oto pan para patello peri pharyngo phlebo pleuro pneumo poly procto pyelo retro rhino sacro salpingo sclero spleno spondylo sub supra teno thoraco trans tympano uretero vaso veno")
	endings = strings.Fields("graphy gram scopy ectomy otomy ostomy plasty pexy rrhaphy lysis desis metry itis osis oma algia emia uria pathy megaly malacia plegia trophy cele ectasis stenosis ptosis spasm cutaneous vascular ovarian articular calcaneal clavicular hepatic osseous fibular navicular scaphoid oid al ic ous")
	product = strings.Fields("form coat lon sol tec derm fix flex gel guard mab nib pril tan vir zole statin cort plex med tron lene ryl set lock cath scan pore silk xin dine mycin cillin pam lam")
)

// things are named after people and places.
var things = strings.Fields(`disease syndrome sign test procedure fracture classification chart bypass catheter maneuver reflex law line angle
	criteria score scale virus lesion repair tube needle forceps clamp retractor ligament node body cell fever rule stain position incision
	method operation phenomenon triad duct canal membrane space point pouch flap valve ring stent brace splint exercises lymphoma sarcoma
	tumor palsy chorea ataxia hernia cyst ulcer spots nodules knife scissors electrode sheath wire suture dressing protocol study`)

// units are parts of every house: which one they are of is not said.
var units = []string{"Care Unit", "Unit", "Room", "Department", "Service", "Clinic", "Ward", "Suite", "Team", "Lab", "Office", "Recovery", "Program", "Intake", "Bay", "Center", "Nursing"}

func (c *caser) pick(list []string) string { return list[c.n(len(list))] }

func several(n int, f func() string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = title(f())
	}
	return out
}

// invent makes a name of n syllables.
func (c *caser) invent(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(c.pick(heads))
		b.WriteString(c.pick(vowels))
		if c.n(3) == 0 {
			b.WriteString(c.pick(tails))
		}
	}
	if b.Len() < 4 {
		b.WriteString(c.pick(tails))
	}
	return b.String()
}

// product makes the name of a drug or a device.
func (c *caser) product() string { return c.invent(1) + c.pick(product) }

// term makes a word of medicine.
func (c *caser) term() string {
	w := c.pick(stems)
	if c.n(4) == 0 {
		w += c.pick(stems)
	}
	return w + c.pick(endings)
}

// acronym makes two to five capitals.
func (c *caser) acronym() string {
	b := make([]byte, 2+c.n(4))
	for i := range b {
		b[i] = "ABCDEFGHIKLMNOPRSTUVX"[c.n(21)]
	}
	return string(b)
}

// wordless strings ordinary, clinical and eponymous words together: no frame
// at all, and nobody in it. One text in four is French.
func (v *vocabulary) wordless(c *caser, notes int) []tagger.Example {
	var out []tagger.Example
	for range notes * 5 {
		common, joints := v.common, []string{" ", " ", " ", " ", " ", " of the ", ", ", ". ", " and ", "\n", ": ", " with ", " is ", " in the ", " to ", " my ", " that ", " was ", " for ", " from ", " in "}
		if c.n(4) == 0 {
			common, joints = v.french, []string{" ", " ", " ", " de la ", ", ", ". ", " et ", "\n", " : ", " avec ", " du "}
		}
		var b strings.Builder
		joint := ". "
		for k := 4 + c.n(14); k > 0; k-- {
			word := v.nobody(c, common)
			if opens := joint == ". " || joint == "\n" || joint == ": "; opens && c.n(10) < 7 {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			b.WriteString(word)
			joint = c.pick(joints)
			b.WriteString(joint)
		}
		text := b.String()
		if c.n(3) == 0 {
			text = strings.ToLower(text)
		}
		out = append(out, tagger.Example{Text: text})
	}
	return out
}

// nobody yields a word or two that identify nobody.
func (v *vocabulary) nobody(c *caser, common []string) string {
	switch c.n(20) {
	case 0, 1, 2:
		return c.pick(v.terms)
	case 3, 4:
		return c.term()
	case 5:
		return title(c.pick(v.drugs))
	case 6:
		return title(c.pick(v.devices)) + " " + c.pick([]string{"device", "catheter", "clamp", "stapler", "system", "suture", "kit"})
	case 7, 8:
		return title(c.pick(v.eponyms)) + c.pick([]string{"", "'s", "s"}) + " " + c.pick(things)
	case 9, 10:
		return title(c.pick(common))
	case 11:
		if c.n(3) == 0 {
			return c.acronym() + c.pick([]string{":", "|", " #", " ", ": "}) + strconv.Itoa(c.n(1<<30))
		}
		return c.acronym()
	case 12:
		return strings.ToUpper(c.pick(common))
	case 13:
		return title(c.term())
	case 14:
		return title(c.pick([]string{c.term(), c.pick(v.terms), c.pick(common)})) + " " + c.pick(units)
	}
	return c.pick(common)
}
