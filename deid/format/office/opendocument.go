package office

import (
	"path"
	"strings"
)

// openDocument reads an OpenDocument file.
func (r *reader) openDocument(kind *part) error {
	switch m := string(kind.raw); {
	case strings.Contains(m, "opendocument.text"):
		r.f.kind = OpenText
	case strings.Contains(m, "opendocument.spreadsheet"):
		r.f.kind = OpenSheet
	case strings.Contains(m, "opendocument.presentation"):
		r.f.kind = OpenPresentation
	default:
		return refused("save it as docx, xlsx or pptx, and try again", "an OpenDocument file that is no text, spreadsheet or presentation")
	}
	manifest := r.f.parcel.named["meta-inf/manifest.xml"]
	var xml []*part
	for _, p := range r.f.parcel.parts {
		if p == kind {
			continue
		}
		if !openName(p.name) {
			return refused("", "an OpenDocument file with a part under a name of its own")
		}
		fate, err := r.fate(p)
		if err != nil {
			return err
		}
		if p.inner != nil {
			return refused("remove it, and try again", "a document that holds another")
		}
		if fate == isXML {
			xml = append(xml, p)
		}
	}
	if err := r.refusals(); err != nil {
		return err
	}
	for _, p := range xml {
		if p == manifest {
			if err := r.manifest(p); err != nil {
				return err
			}
			continue
		}
		if err := r.walk(p, strings.HasSuffix(p.name, ".rdf"), nil); err != nil {
			return err
		}
	}
	return nil
}

// openStems are the names of parts that OpenDocument and its programs give.
var openStems = set(`content styles meta settings manifest mimetype thumbnail layout-cache current documentsignatures macrosignatures statusbar toolbar menubar
	popupmenu toolpanel progressbar floater images accelerator script-lc script-lb dialog-lc dialog-lb pictures media thumbnails meta-inf configurations2 basic standard
	objectreplacements versions`)

// openName reports whether a part has such a name, or one that programs make of
// numbers. Others may say something about somebody.
func openName(name string) bool {
	for _, f := range strings.Split(name, "/") {
		base := strings.ToLower(strings.TrimSuffix(f, path.Ext(f)))
		if !openStems[base] && strings.Trim(strings.TrimPrefix(base, "object "), "0123456789abcdef") != "" {
			return false
		}
	}
	return true
}

// manifest reads the list of parts. It refuses one that speaks of a key, and
// takes out what is dropped.
func (r *reader) manifest(p *part) error {
	return r.elements(p, func(x *lexer, t token) error {
		if local(t.name) == "encryption-data" {
			return refused("save it without a password, and try again", "an encrypted office document")
		}
		if local(t.name) != "file-entry" {
			return nil
		}
		for _, a := range t.attrs {
			if local(a.name) != "full-path" {
				continue
			}
			d, err := x.decode(a.start, a.end, false)
			if err != nil {
				return err
			}
			if to := r.f.parcel.named[strings.ToLower(d.text)]; t.closed && d.text != "/" && (to == nil || to.gone) {
				p.fixed = append(p.fixed, change{t.start, t.end, ""})
			}
		}
		return nil
	})
}
