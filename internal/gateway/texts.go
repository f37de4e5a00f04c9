package gateway

import (
	"encoding/base64"
	"slices"
	"strings"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
	"chaperone/phi"
)

// texts are the texts of one request, as they are read and concealed: plain, or
// by the documents that stand in them.
type texts struct {
	all   leaves
	veil  *deid.Veil
	parts map[textKey][]part
	laid  *laid                  // what weigh judged, if it is short enough to be kept
	pages int                    // of laid
	named func(id string) string // makes of a claude.Handle what leaves; nil: it is read like any text
	err   error                  // a document could not be written again: nothing may be sent
}

// textKey is what the parts of a leaf depend on.
type textKey struct {
	enclosed    bool
	media, text string
}

// part is a piece of a leaf's text: a document, or plain text where doc is nil.
type part struct {
	text string
	doc  *format.Document
}

// leaves goes through the texts of a request, as claude.Ask does.
type leaves func(f func(claude.Leaf))

// readTexts reads every text of a request, so that who is named in one is known
// in all. roster are the facts that the caller knows already.
func readTexts(all leaves, veil *deid.Veil, roster []fact) *texts {
	t := &texts{all: all, veil: veil, parts: map[textKey][]part{}}
	for _, f := range roster {
		veil.Know(f.kind, f.text)
	}
	all(func(leaf claude.Leaf) {
		t.each(leaf, veil.Read)
		for _, p := range t.of(leaf) {
			t.learn(p.doc)
		}
	})
	return t
}

// learn remembers who is named in what a document spreads over its lines.
func (t *texts) learn(doc *format.Document) {
	if doc == nil {
		return
	}
	for _, h := range doc.Hints() {
		t.veil.Learn(h)
	}
}

// each calls f for every text of a leaf, and for none where the leaf cannot be
// looked into.
func (t *texts) each(leaf claude.Leaf, f func(text string, w deid.Where)) {
	for _, p := range t.of(leaf) {
		if p.doc == nil {
			f(p.text, standing(leaf))
			continue
		}
		for l := range p.doc.Loci() {
			f(l.Text, t.where(l))
		}
	}
}

// standing says under what a leaf's own text stands.
func standing(leaf claude.Leaf) deid.Where {
	if leaf.Class == claude.Prose && leaf.Role == "" && strings.HasPrefix(leaf.Path, "/tools/") {
		return deid.Definition()
	}
	return deid.Where{Label: strings.TrimLeft(leaf.Label, "\x00")} // deid marks labels of its own so
}

// of yields the parts of a leaf in order: together they are its text, or what
// its base64 holds. There are none where that cannot be inspected.
func (t *texts) of(leaf claude.Leaf) []part {
	key := textKey{text: leaf.Text}
	if leaf.Class == claude.Enclosed {
		key = textKey{true, leaf.Label, leaf.Text}
	}
	list, ok := t.parts[key]
	if !ok {
		switch leaf.Class {
		case claude.Enclosed:
			list = openEnclosed(leaf.Label, leaf.Text)
		case claude.Prose, claude.Field:
			list = cutDocuments(leaf.Text)
		default:
			list = []part{{text: leaf.Text}}
		}
		t.parts[key] = list
	}
	return list
}

// where says how a text of a document is read: as what its format says it is,
// else as free text under its key. Of a date a year alone stays.
func (t *texts) where(l format.Locus) deid.Where {
	w := deid.Where{Label: l.Label}
	if l.Kind == phi.None || l.Kind == phi.Date && len(l.Text) <= len("2026") {
		return w
	}
	if w.Label == "" && (l.Form == format.FormBirthYear || l.Form == format.FormBirthDay) {
		w.Label = "date of birth"
	}
	return t.veil.ReadField(l.Kind, l.Text, w)
}

// conceal makes of a leaf what may leave. A document keeps its form, and every
// placeholder in it can be put back. Whoever conceals must ask for the error
// before sending anything.
func (t *texts) conceal(leaf claude.Leaf) string {
	if leaf.Class == claude.Handle && t.named != nil {
		return t.named(leaf.Text)
	}
	list := t.of(leaf)
	if len(list) == 0 {
		return leaf.Text // nobody could look into it, and the policy let it pass
	}
	if len(list) == 1 && list[0].doc == nil && leaf.Class != claude.Enclosed { // the usual case costs no copy
		text := t.veil.Conceal(list[0].text, deid.Where{Label: leaf.Label})
		t.fail(t.veil.Err(), errNoRandomness)
		return text
	}
	var b strings.Builder
	for _, p := range list {
		if p.doc == nil {
			b.WriteString(t.veil.Conceal(p.text, standing(leaf)))
			continue
		}
		now, err := p.doc.Rewrite(t.edits)
		t.fail(err, errUnwritable)
		b.Write(now)
	}
	t.fail(t.veil.Err(), errNoRandomness)
	if leaf.Class != claude.Enclosed {
		return b.String()
	}
	if before, _ := decodeBase64(leaf.Text); b.String() == string(before) {
		return leaf.Text
	}
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}

// fail keeps the first error in the words in which it is told.
func (t *texts) fail(cause error, told func(error) *chaperone.Error) {
	if cause != nil && t.err == nil {
		t.err = told(cause)
	}
}

// edits are the placeholders of one text of a document.
func (t *texts) edits(l format.Locus) []format.Edit {
	var edits []format.Edit
	for _, r := range t.veil.Replacements(l.Text, t.where(l)) {
		edits = append(edits, format.Edit{Start: r.Start, End: r.End, Text: r.Text})
	}
	return edits
}

func errUnwritable(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "document_unwritable",
		"A document in the request cannot be written again with placeholders, so nothing was sent on", "Paste its words as text", cause)
}

// found is what reading has shown, in the words of policies. unread is what the
// request's form alone does not let anybody look into.
func (t *texts) found(unread []claude.Opaque, left weight) policy.Found {
	found := policy.Found{Kinds: t.veil.Summary().Counts, Crowd: left.K, Categories: left.categories, Pages: left.pages}
	var opened []string // places of the files that were looked into
	t.all(func(leaf claude.Leaf) {
		switch {
		case leaf.Class == claude.Schema:
			found.Schema += certain(t.veil.Findings(leaf.Text, deid.Where{Label: leaf.Label}))
		case leaf.Class == claude.Enclosed && t.of(leaf) != nil:
			opened = append(opened, strings.TrimSuffix(leaf.Path, "/data"))
		}
	})
	for _, o := range unread {
		if !slices.Contains(opened, o.Path) {
			found.Opaque = append(found.Opaque, opaque(o))
		}
	}
	return found
}

// certainly is how sure a finding in a schema must be to refuse the request: a
// schema is full of words, and one that is merely a name somewhere is no person.
const certainly = 0.8

func certain(found []deid.Finding) int {
	n := 0
	for _, f := range found {
		if f.Kind.Identifies() && f.Score >= certainly {
			n++
		}
	}
	return n
}
