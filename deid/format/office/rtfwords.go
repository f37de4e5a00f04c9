package office

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"chaperone/phi"
)

// word takes a control word.
func (t *rtf) word(word string, number, start int) {
	g := t.top()
	t.lead = -1
	fresh, star := g.fresh, g.star
	if fresh {
		t.destination(g, word)
	}
	g.fresh = false
	if fresh && star && !known[word] && destinations[word] == (destination{}) {
		g.gone = true // a destination that readers may pass over
		return
	}
	if text, ok := spelled[word]; ok {
		if text == "\n" || text == "\t" {
			t.mark(text)
		} else {
			t.rune([]rune(text)[0], start, t.i)
		}
		return
	}
	switch word {
	case "trowd", "cell", "row":
		t.cell(g, word)
	case "u":
		t.unicode(number, start)
	case "uc":
		g.skip = max(0, min(number, 16))
	case "pict":
		t.picture(g, fresh)
	case "object", "objdata":
		if !g.gone {
			t.r.drops["embedded objects"]++
			g.gone = true
		}
	default:
		t.characterSet(g, word, number)
	}
}

// characterSet takes a control word that says what bytes mean.
func (t *rtf) characterSet(g *group, word string, number int) {
	switch word {
	case "ansicpg":
		t.usual = pageOf(number)
		g.page = t.usual
	case "mac":
		t.usual = codePages[10000]
		g.page = t.usual
	case "pc":
		t.usual = codePages[437]
		g.page = t.usual
	case "pca":
		t.usual = codePages[850]
		g.page = t.usual
	case "deff":
		t.base = number
	case "f":
		if g.fonts {
			t.font = number
			return
		}
		t.face(g, number)
	case "plain":
		t.face(g, t.base)
	case "fcharset":
		if page := charsets[number]; g.fonts && page != 0 {
			t.fonts[t.font] = codePages[page]
		}
	}
}

// cell ends a cell or a row of a table. Its cells are texts of their own.
func (t *rtf) cell(g *group, word string) {
	if g.gone || g.mute {
		return
	}
	f := g.flow
	switch word {
	case "trowd":
		if strings.TrimSpace(f.text.String()) != "" || t.table.Table == 0 {
			t.r.flush(t.p, f)
			t.table = Cell{Table: t.table.Table + 1}
		}
	case "cell":
		t.table.Column++
		at, path := t.table, f.path
		at.Row++
		f.path += ", table " + decimal(at.Table) + ", row " + decimal(at.Row) + ", column " + decimal(at.Column)
		f.cell = &at
		t.r.flush(t.p, f)
		f.cell, f.path = nil, path
	case "row":
		t.r.flush(t.p, f)
		t.table.Row++
		t.table.Column = 0
	}
}

func (t *rtf) face(g *group, number int) {
	g.page = t.usual
	if page := t.fonts[number]; page != nil {
		g.page = page
	}
}

// picture drops a picture where pictures are to be blank, and refuses it where
// not.
func (t *rtf) picture(g *group, fresh bool) {
	if g.gone {
		return
	}
	if !fresh {
		t.r.drops["parts of an unknown kind"]++ // it follows text in its group
	}
	g.gone = true
	if t.r.limits.BlankPictures || t.r.limits.KeepPictures {
		t.r.note("pictures")
		return
	}
	t.r.drops["pictures"]++
}

// destination begins what the first control word of a group names.
func (t *rtf) destination(g *group, word string) {
	d, ok := destinations[word]
	if !ok {
		return
	}
	g.mute = g.mute && word != "falt" || d.mute
	g.gone = g.gone || d.gone
	g.field = word
	if word == "fonttbl" {
		g.fonts = true
	}
	if word == "stylesheet" {
		g.styled = true
	}
	if d.path != "" && !g.gone {
		g.mute = false
		g.flow, g.own = t.fresh(word), true
	}
}

// destinations are the groups that are known (RTF 1.9.1).
var destinations = func() map[string]destination {
	m := map[string]destination{
		"author": {path: "document properties", kind: phi.Name}, "operator": {path: "document properties", kind: phi.Name}, "manager": {path: "document properties", kind: phi.Name},
		"company": {path: "document properties", kind: phi.Org}, "title": {path: "document properties", label: "title"}, "subject": {path: "document properties", label: "subject"},
		"category": {path: "document properties"}, "keywords": {path: "document properties"}, "comment": {path: "document properties"}, "doccomm": {path: "document properties"},
		"hlinkbase": {path: "document properties"}, "propname": {path: "document properties"}, "staticval": {path: "document properties"}, "linkval": {path: "document properties"},
		"revtbl": {path: "author of changes", kind: phi.Name, counted: true}, "atnauthor": {path: "author of a comment", kind: phi.Name},
		"annotation": {path: "comment", counted: true}, "footnote": {path: "note", counted: true}, "fldinst": {path: "field code", counted: true}, "shptxt": {path: "text box", counted: true},
		"sv": {path: "property of a shape"}, "bkmkstart": {path: "bookmark"}, "bkmkend": {path: "bookmark"}, "formfield": {path: "form field", counted: true}, "ffname": {path: "form field"},
		"ffdeftext": {path: "form field"}, "ffhelptext": {path: "form field"}, "ffstattext": {path: "form field"}, "ffl": {path: "form field"}, "docvar": {path: "document variable"},
		"xe": {path: "index entry"}, "tc": {path: "contents entry"}, "template": {path: "template"}, "stylesheet": {path: "style", counted: true}, "wgrffmtfilter": {mute: true},
	}
	for _, w := range []string{"header", "headerl", "headerr", "headerf"} {
		m[w] = destination{path: "header"}
	}
	for _, w := range []string{"footer", "footerl", "footerr", "footerf"} {
		m[w] = destination{path: "footer"}
	}
	for w := range set("fonttbl colortbl listtable listoverridetable listlevel list leveltext levelnumbers sn pgptbl pnseclvl filetbl") {
		m[w] = destination{mute: true}
	}
	for w := range set(`themedata colorschememapping datastore latentstyles generator atnid rsidtbl xmlnstbl blipuid panose falt fontemb fontfile creatim revtim printim buptim atndate
		password passwordhash mailmerge oldcprops oldpprops oldtprops oldsprops background nonshppict atnparent atntime`) {
		m[w] = destination{gone: true}
	}
	return m
}()

// known are destinations after \* whose text belongs to the text around them,
// or that hold others.
var known = set("shpinst shppict picprop cs ds ts pn pntext userprops do shp upr ud fldtype listpicture shprslt bkmkstart bkmkend defchp defpap nesttableprops atrfstart atrfend atnref ffformat pnseclvl nestcell aftnsep ftnsep aftncn moveto movefrom hl hlloc hlsrc hlfr")

// spelled are control words that stand for a character.
var spelled = map[string]string{
	"par": "\n", "line": "\n", "nestrow": "\n", "sect": "\n", "page": "\n", "column": "\n", "softline": "\n", "tab": "\t", "nestcell": "\t",
	"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}

// codePage is a character set of bytes, or of bytes and pairs of them.
type codePage struct {
	bytes *charmap.Charmap
	pairs encoding.Encoding
	low   byte // the least first byte of a pair
}

func (c *codePage) leads(b byte) bool {
	if c.pairs == nil {
		return false
	}
	if c.pairs == japanese.ShiftJIS && b >= 0xA0 && b < 0xE0 {
		return false
	}
	return b >= c.low && b < 0xFF
}

func (c *codePage) single(b byte) string {
	switch {
	case b < 0x80:
		return string(rune(b))
	case c.bytes != nil:
		return string(c.bytes.DecodeByte(b))
	}
	return c.decode([]byte{b})
}

func (c *codePage) pair(a, b byte) string { return c.decode([]byte{a, b}) }

func (c *codePage) decode(raw []byte) string {
	text, err := c.pairs.NewDecoder().Bytes(raw)
	if err != nil {
		return "\uFFFD"
	}
	return string(text)
}

var codePages = map[int]*codePage{
	437: {bytes: charmap.CodePage437}, 850: {bytes: charmap.CodePage850}, 852: {bytes: charmap.CodePage852}, 866: {bytes: charmap.CodePage866}, 874: {bytes: charmap.Windows874},
	932: {pairs: japanese.ShiftJIS, low: 0x81}, 936: {pairs: simplifiedchinese.GBK, low: 0x81}, 949: {pairs: korean.EUCKR, low: 0x81}, 950: {pairs: traditionalchinese.Big5, low: 0x81},
	1250: {bytes: charmap.Windows1250}, 1251: {bytes: charmap.Windows1251}, 1252: {bytes: charmap.Windows1252}, 1253: {bytes: charmap.Windows1253}, 1254: {bytes: charmap.Windows1254},
	1255: {bytes: charmap.Windows1255}, 1256: {bytes: charmap.Windows1256}, 1257: {bytes: charmap.Windows1257}, 1258: {bytes: charmap.Windows1258},
	10000: {bytes: charmap.Macintosh},
}

func pageOf(number int) *codePage {
	if p := codePages[number]; p != nil {
		return p
	}
	return codePages[1252]
}

// charsets are the code pages of \fcharset.
var charsets = map[int]int{
	77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}
