package main

import (
	"context"
	"encoding/json"
	"fmt"

	"chaperone/deid"
	"chaperone/internal/api"
	"chaperone/internal/audit/verify"
	"chaperone/internal/config"
	"chaperone/internal/daemon"
)

// demonstration is what was done and what came of it.
type demonstration struct {
	note      string
	history   []any
	exchanges []*seenExchange
	findings  []deid.Finding // in the first message
	report    *verify.Report
	faults    []string // promises that were not kept
}

// seenExchange is one exchange from all sides.
type seenExchange struct {
	title string
	asked string // the text of the last message
	got   *spoken
	shown api.Shown
	proof *verify.Proof
}

const demoTask = "Summarise this visit note for the chart: problems, medicines, follow-up.\n\n"

var demoTool = map[string]any{
	"name":        "schedule_follow_up",
	"description": "Schedules a follow-up appointment for the patient",
	"input_schema": map[string]any{
		"type": "object",
		"properties": map[string]any{
			"patient_name": map[string]any{"type": "string", "description": "The patient's name"},
			"date":         map[string]any{"type": "string", "description": "The day of the appointment"},
			"reason":       map[string]any{"type": "string", "description": "Why"},
		},
		"required": []string{"patient_name", "reason"},
	},
}

// talk has the conversation, and reads back from the record what each side saw.
func (d *demonstration) talk(ctx context.Context, url, key string, cfg config.File) error {
	client := &talk{url: url, key: key}
	for _, step := range []func(context.Context, *talk) error{d.summarise, d.callTool, d.answerTool} {
		if err := step(ctx, client); err != nil {
			return err
		}
	}
	return d.lookUp(ctx, cfg)
}

func (d *demonstration) ask(ctx context.Context, t *talk, title, text string, content any, extra map[string]any) error {
	d.history = append(d.history, map[string]any{"role": "user", "content": content})
	body := map[string]any{"model": "claude-sonnet-5", "max_tokens": 4096, "messages": d.history}
	for k, v := range extra {
		body[k] = v
	}
	got, err := t.stream(ctx, body)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	d.history = append(d.history, map[string]any{"role": "assistant", "content": got.content})
	d.exchanges = append(d.exchanges, &seenExchange{title: title, asked: text, got: got})
	return nil
}

func (d *demonstration) summarise(ctx context.Context, t *talk) error {
	return d.ask(ctx, t, "a note to summarise", demoTask+d.note, demoTask+d.note, nil)
}

func (d *demonstration) callTool(ctx context.Context, t *talk) error {
	const text = "Now schedule the follow-up for this patient with the tool."
	return d.ask(ctx, t, "a tool call", text, text, map[string]any{
		"tools": []any{demoTool}, "tool_choice": map[string]any{"type": "any"},
	})
}

func (d *demonstration) answerTool(ctx context.Context, t *talk) error {
	called := d.exchanges[1].got
	if called.tool == "" {
		return fmt.Errorf("a tool call: no tool was called")
	}
	const text = "Booked. Please confirm in one sentence whom it is for."
	return d.ask(ctx, t, "the tool's answer", text, []any{
		map[string]any{"type": "tool_result", "tool_use_id": called.toolID, "content": "Booked: " + called.input},
		map[string]any{"type": "text", "text": text},
	}, map[string]any{"tools": []any{demoTool}})
}

// lookUp reads back from the record what each side saw.
func (d *demonstration) lookUp(ctx context.Context, cfg config.File) error {
	client, stop, err := daemon.Manage(ctx, daemon.Options{Config: cfg})
	if err != nil {
		return err
	}
	for _, x := range d.exchanges {
		raw, err := client.Show(ctx, x.got.exchange, true)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &x.shown); err != nil {
			return err
		}
		if x.shown.Intent == nil || x.shown.Outcome == nil {
			return fmt.Errorf("the record of exchange %s is not whole", x.got.exchange)
		}
		if x.proof, err = client.Proof(ctx, x.shown.Intent.Seq); err != nil {
			return err
		}
	}
	return stop()
}

func (d *demonstration) concealed() int {
	n := 0
	for _, x := range d.exchanges {
		for _, count := range x.shown.Intent.Facts.Ruling.Findings {
			n += count
		}
	}
	return n
}

func (d *demonstration) restored() int {
	n := 0
	for _, x := range d.exchanges {
		n += x.shown.Outcome.Facts.Outcome.Restored
	}
	return n
}

// seenText is the last user text of a request as it was sent to Claude.
func (x *seenExchange) seenText() string {
	all := saidTexts(x.shown.Content["sent"])
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// object is the demonstration for scripts.
func (d *demonstration) object() map[string]any {
	x := d.exchanges[0]
	kinds := map[string]int{}
	for _, f := range d.findings {
		if f.Kind.Identifies() {
			kinds[f.Kind.String()]++
		}
	}
	return map[string]any{
		"sent": x.asked, "seen_by_model": x.seenText(), "received": x.got.text,
		"record": map[string]any{
			"exchange": x.got.exchange, "fields": x.shown.Fields, "findings": kinds,
			"decision": x.shown.Intent.Facts.Ruling.Decision, "receipt": x.shown.Intent.Receipt,
			"seq": x.shown.Intent.Seq, "proof_hashes": len(x.proof.Hashes),
			"records": d.report.Records, "verified": d.report.OK() && d.report.Verified == d.report.Records && len(d.faults) == 0,
		},
	}
}

// partLines describes sealed content: its name, size and digest.
func partLines(parts []api.Part) []string {
	var lines []string
	for _, p := range parts {
		lines = append(lines, fmt.Sprintf("%-9s %6d bytes, sha256 %.16s…", p.Name, p.Bytes, p.SHA256))
	}
	return lines
}
