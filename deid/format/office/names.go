package office

import (
	"path"
	"strings"
)

// stems are the words that the names of parts are made of. A part whose name has
// another word gets a name of ours: its own may say something about somebody.
var stems = map[string]string{
	"document": "document", "header": "header", "footer": "footer", "footnotes": "notes", "endnotes": "endnotes", "comments": "comments", "comment": "comments", "people": "authors of changes",
	"slide": "slide", "notesslide": "notes of slide", "slidemaster": "slide master", "slidelayout": "slide layout", "notesmaster": "notes master", "handoutmaster": "handout master",
	"presentation": "presentation", "presprops": "presentation properties", "viewprops": "view properties", "tablestyles": "table styles", "commentauthors": "authors of comments", "authors": "authors of comments",
	"workbook": "workbook", "sheet": "sheet", "chartsheet": "chart sheet", "dialogsheet": "dialog", "sharedstrings": "shared texts", "table": "table", "querytable": "query", "connections": "connections",
	"externallink": "external link", "threadedcomment": "comments", "person": "authors of comments", "persons": "authors of comments", "drawing": "drawing", "vmldrawing": "drawing", "chart": "chart", "chartex": "chart",
	"styles": "styles", "styleswitheffects": "styles", "numbering": "numbering", "settings": "settings", "websettings": "settings", "fonttable": "fonts", "theme": "theme", "themeoverride": "theme", "glossary": "building blocks",
	"core": "document properties", "app": "document properties", "custom": "document properties", "meta": "document properties", "content": "document", "manifest": "list of parts",
	"item": "custom data", "itemprops": "custom data", "data": "diagram", "layout": "diagram", "quickstyle": "diagram", "colors": "colours", "style": "chart style", "image": "picture",
	"commentsextended": "comments", "commentsids": "comments", "commentsextensible": "comments", "tag": "tag", "tags": "tag", "ctrlprop": "control", "metadata": "metadata", "usershapes": "drawing",
	"tasks": "tasks", "stylesheet": "styles", "labelinfo": "labels", "docmetadata": "labels", "customizations": "customizations", "keymapcustomizations": "customizations", "mailmergerecipientdata": "recipients",
	"rdrichvalue": "rich values", "rdrichvaluestructure": "rich values", "rdrichvaluetypes": "rich values", "revisionheaders": "revisions", "revisionlog": "revisions", "usernames": "authors of changes", "xmlmaps": "data maps",
	"changesinfo": "revisions", "revisioninfo": "revisions", "webextension": "add-in", "taskpanes": "add-in", "attachedtoolbars": "toolbars", "microsoft_excel_worksheet": "embedded document", "microsoft_excel_sheet": "embedded document",
	"microsoft_word_document": "embedded document", "microsoft_powerpoint_presentation": "embedded document", "media": "media", "hdphoto": "picture", "single": "sheet", "modernComment": "comments", "python": "code", "featurepropertybag": "properties",
	"cellimages": "pictures", "activex": "control", "oleobject": "object", "thumbnail": "preview", "customui": "customizations", "mimetype": "kind", "calcchain": "order", "package": "embedded document",
}

// stem is the letters of a part's name without its number and extension.
func stem(name string) (word, number string) {
	base := path.Base(name)
	base = strings.TrimSuffix(base, path.Ext(base))
	word = strings.TrimRight(base, "0123456789")
	number = base[len(word):]
	return strings.ToLower(strings.Trim(word, "_- ")), number
}

// where is a part in words: "slide 3".
func (r *reader) where(p *part) string {
	word, number := stem(p.name)
	words, ok := stems[word]
	if !ok {
		words, number = "part", decimal(p.at)
	}
	if strings.Contains(strings.ToLower(p.name), "/glossary/") {
		words = "building blocks, " + words
	}
	if number != "" && len(number) < 6 {
		words += " " + number
	}
	return words
}

// folders are the folders of the format.
var folders = set(`word xl ppt docprops customxml _rels glossary media theme embeddings worksheets chartsheets dialogsheets macrosheets drawings charts tables querytables externallinks
	comments threadedcomments persons slides slidelayouts slidemasters notesslides notesmasters handoutmasters diagrams ctrlprops tags ink webextensions docmetadata metadata activex fonts
	printersettings richdata model revisions changesinfos pictures meta-inf package xmlmaps extendedchart customui images theming`)

// rename gives a part a name of ours if its own has words that are not the
// format's.
func (r *reader) rename(p *part) {
	if p.gone {
		return
	}
	dir, _ := path.Split(p.name)
	word, number := stem(p.name)
	known := stems[word] != "" && len(number) < 6
	for _, f := range strings.Split(strings.Trim(dir, "/"), "/") {
		known = known && (f == "" || folders[strings.ToLower(f)])
	}
	ext := path.Ext(p.name)
	if len(ext) > 6 || ext == "" && word != "mimetype" {
		known, ext = false, ".part"
	}
	if !known {
		p.to = "parts/part" + decimal(p.at) + strings.ToLower(ext)
	}
}
