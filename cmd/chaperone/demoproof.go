package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"chaperone/deid"
	"chaperone/internal/daemon"
)

// prove checks every promise that was made, from outside.
func (d *demonstration) prove(ctx context.Context, dir string) error {
	engine, err := deid.NewEngine()
	if err != nil {
		return err
	}
	d.findings = findingsOf(engine, d.exchanges[0].asked)
	for _, x := range d.exchanges {
		d.faults = append(d.faults, x.unconcealed(engine)...)
		d.faults = append(d.faults, x.unrestored()...)
		if x.got.receipt == "" || x.got.receipt != x.shown.Intent.Receipt {
			d.faults = append(d.faults, "the receipt of "+x.title+" is not that of the record")
		}
	}
	if d.report, err = daemon.Verify(ctx, dir, daemon.VerifyOptions{}); err != nil {
		return err
	}
	if !d.report.OK() {
		d.faults = append(d.faults, fmt.Sprintf("the record has %d fault(s)", d.report.Total))
	}
	if d.report.Verified != d.report.Records {
		d.faults = append(d.faults, fmt.Sprintf("only %d of %d records verify", d.report.Verified, d.report.Records))
	}
	return nil
}

// findingsOf is what identifies in one text, as an exchange of its own sees it.
func findingsOf(engine *deid.Engine, text string) []deid.Finding {
	return deid.NewVeil(engine, deid.NewSession(nil, rand.Reader)).Findings(text, deid.Where{})
}

// unconcealed names the kinds of identifiers that went out although they were
// found. Words are counted rather than looked for: a word that is a town in one
// sentence can be a catheter in the next, and only the first was promised.
func (x *seenExchange) unconcealed(engine *deid.Engine) []string {
	received := saidTexts(x.shown.Content["received"])
	before := strings.Join(received, "\n")
	after := withoutPlaceholders(strings.Join(saidTexts(x.shown.Content["sent"]), "\n"))
	covered, kind := map[string]int{}, map[string]string{}
	for _, text := range received {
		for _, f := range findingsOf(engine, text) {
			if surface := text[f.Start:f.End]; f.Kind.Identifies() {
				covered[surface]++
				kind[surface] = f.Kind.Plain()
			}
		}
	}
	var faults []string
	for _, surface := range slices.Sorted(maps.Keys(covered)) {
		n := covered[surface]
		if strings.Count(after, surface) > strings.Count(before, surface)-n {
			faults = append(faults, fmt.Sprintf("Claude saw %s in %s", kind[surface], x.title))
		}
	}
	return faults
}

// withoutPlaceholders blanks out every placeholder, whose characters are chance.
func withoutPlaceholders(text string) string {
	var b strings.Builder
	from := 0
	for _, p := range deid.Placeholders(text) {
		b.WriteString(text[from:p[0]] + "\x00")
		from = p[1]
	}
	return b.String() + text[from:]
}

// broken is nil if every promise was kept.
func (d *demonstration) broken() error {
	if len(d.faults) == 0 {
		return nil
	}
	return exit{exitFailed, strings.Join(d.faults, "; "), ""}
}

// unrestored reports placeholders that the client was left with.
func (x *seenExchange) unrestored() []string {
	sent := string(x.shown.Content["sent"])
	for _, got := range []string{x.got.text, x.got.input} {
		for _, p := range deid.Placeholders(got) {
			if strings.Contains(sent, got[p[0]:p[1]]) {
				return []string{"a placeholder was not restored in " + x.title}
			}
		}
	}
	return nil
}

// saidTexts lists the texts of a request's messages, in order: plain contents,
// text blocks, and what tools answered.
func saidTexts(body []byte) []string {
	type block struct {
		Type, Text string
		Content    json.RawMessage
	}
	var request struct {
		Messages []struct{ Content json.RawMessage }
	}
	_ = json.Unmarshal(body, &request) // what is no request has no texts
	var texts []string
	for _, m := range request.Messages {
		var plain string
		if json.Unmarshal(m.Content, &plain) == nil {
			texts = append(texts, plain)
			continue
		}
		var blocks []block
		_ = json.Unmarshal(m.Content, &blocks) // the same
		for _, b := range blocks {
			switch {
			case b.Type == "text":
				texts = append(texts, b.Text)
			case b.Type == "tool_result" && json.Unmarshal(b.Content, &plain) == nil:
				texts = append(texts, plain)
			}
		}
	}
	return texts
}
