package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"chaperone"
)

//go:embed templates/*.html
var templates embed.FS

// frame is what every page shows around its own part.
type frame struct {
	Title     string
	Here      string // address of the menu entry this page belongs to
	Tenant    string
	Who       chaperone.Principal // zero before signing in
	Menu      []menuEntry
	Simulated string // name of the door that is taken by default, if its answers are invented
	StandsIn  bool   // reads the record in a privacy officer's place
	Alarm     string // why nobody vouches for the record; empty if somebody does
	Style     string // addresses of the assets
	Icon      string
	status    int // 200 when zero
}

// menuEntry is a link of the menu.
type menuEntry struct {
	Address, Name string
	Current       bool
}

// page is what a template is filled with: a struct of its own for each.
type page interface {
	name() string // of the template
	base() *frame
}

func (f *frame) base() *frame { return f }

// sheets are the parsed templates by name.
type sheets map[string]*template.Template

// readSheets parses every template and fills it with its page's zero value, so
// that one that does not fit is found at the start and not by a person.
func readSheets() (sheets, error) {
	layout, err := template.ParseFS(templates, "templates/layout.html", "templates/part.html")
	if err != nil {
		return nil, fmt.Errorf("console: layout: %w", err)
	}
	all := sheets{}
	for _, p := range pages() {
		own, err := layout.Clone()
		if err == nil {
			own, err = own.ParseFS(templates, "templates/"+p.name()+".html")
		}
		if err == nil {
			err = own.ExecuteTemplate(io.Discard, "layout", p)
		}
		if err != nil {
			return nil, fmt.Errorf("console: template %s: %w", p.name(), err)
		}
		all[p.name()] = own
	}
	return all, nil
}

// pages lists every page there is, empty.
func pages() []page {
	return []page{
		&faultPage{}, &linkPage{}, &overviewPage{}, &recordPage{}, &entryPage{},
		&wordsPage{}, &keysPage{}, &newKeyPage{}, &revokePage{}, &policyPage{},
		&devicePage{},
	}
}

// write fills the frame and sends the page. It is made whole before its first
// byte leaves.
func (c *Console) write(v *visit, p page) {
	c.fill(v, p.base())
	var body bytes.Buffer
	if err := c.sheets[p.name()].ExecuteTemplate(&body, "layout", p); err != nil {
		c.report(v.r, fmt.Errorf("console: %s: %w", p.name(), err))
		http.Error(v.w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	status := p.base().status
	if status == 0 {
		status = http.StatusOK
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	v.w.WriteHeader(status)
	_, _ = body.WriteTo(v.w) // a browser that left needs no answer
}

func (c *Console) fill(v *visit, f *frame) {
	f.Tenant, f.Who = c.parts.Tenant, v.who
	f.Style, f.Icon = c.assets.address("console.css"), c.assets.address("mark.svg")
	if len(c.parts.Doors) > 0 && c.parts.Doors[0].Simulated {
		f.Simulated = c.parts.Doors[0].Name
	}
	if v.who.ID == "" {
		return
	}
	if c.parts.Alarm != nil {
		f.Alarm = c.parts.Alarm()
	}
	f.StandsIn = c.standsIn(v.who.Role)
	for _, entry := range []struct {
		needed        right
		address, name string
	}{
		{seeOverview, "/console/", "Overview"},
		{readRecord, "/console/record", "Record"},
		{seeKeys, "/console/keys", "Keys"},
		{seePolicy, "/console/policy", "Policy"},
	} {
		if c.may(v.who.Role, entry.needed) {
			f.Menu = append(f.Menu, menuEntry{entry.address, entry.name, entry.address == f.Here})
		}
	}
}
