package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"chaperone/conformance"

	"github.com/spf13/cobra"
)

// conform is what the command was asked.
type conform struct {
	target  string
	key     string
	model   string
	headers []string
	listen  string
	only    string
	forgive []string
	self    bool
	short   bool
	json    bool
}

func conformCommand() *cobra.Command {
	var f conform
	c := &cobra.Command{
		Use:   "conform",
		Short: "Measure a gateway from outside: the Messages API on its way, and whether identifiers get past",
		Long: "Play several hundred cases against a gateway, with a scripted Claude behind it that\n" +
			"keeps every byte it is sent. Point the gateway at the address of --upstream-listen\n" +
			"first. With --self, a Chaperone of its own is started, measured and removed. The\n" +
			"people in the cases never lived. The exit code is 0 only if nothing failed.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	c.Flags().StringVar(&f.target, "target", "", "address of the gateway, like http://127.0.0.1:4000")
	c.Flags().BoolVar(&f.self, "self", false, "start a Chaperone and measure that")
	c.Flags().StringVar(&f.key, "key", "", "the gateway's own key, sent as x-api-key; without one, cases on keys are skipped")
	c.Flags().StringVar(&f.model, "model", "claude-sonnet-5", "model that is asked for")
	c.Flags().StringArrayVar(&f.headers, "header", nil, "header:value sent with every request; may be repeated")
	c.Flags().StringVar(&f.listen, "upstream-listen", "127.0.0.1:9100", "loopback address of the scripted Claude")
	c.Flags().StringVar(&f.only, "only", "", "play only cases whose 'area: name' matches this regular expression")
	c.Flags().StringSliceVar(&f.forgive, "forgive", nil, "kinds of identifier that may get past: "+strings.Join(conformance.Kinds(), ", "))
	c.Flags().BoolVar(&f.short, "short", false, "every seventh split instead of all, and no case that waits")
	c.Flags().BoolVar(&f.json, "json", false, "print one line of JSON for each case, and one with passed, failed and skipped")
	return c
}

func (f conform) run(c *cobra.Command) error {
	target, opts, err := f.read(c.OutOrStdout())
	if err != nil {
		return err
	}
	var report conformance.Report
	if f.self {
		report, err = measureSelf(c.Context(), target, opts)
	} else {
		report, err = f.measure(c.Context(), target, opts)
	}
	if err != nil {
		return err
	}
	if err := f.show(c.OutOrStdout(), report); err != nil {
		return err
	}
	if n := report.Count(conformance.Failed); n > 0 {
		return exit{exitFailed, fmt.Sprintf("%d of %d cases failed", n, len(report)), "each stands in the report with what was seen"}
	}
	return nil
}

// read judges the command line.
func (f conform) read(out io.Writer) (conformance.Target, conformance.Options, error) {
	target := conformance.Target{URL: f.target, Key: f.key, Model: f.model, Header: http.Header{}, Forgive: f.forgive}
	opts := conformance.Options{Short: f.short}
	if f.self == (f.target != "") {
		return target, opts, misuse{"one of --target and --self is needed", "give the address of a gateway, or measure this one with --self"}
	}
	if u, err := url.Parse(f.target); !f.self && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return target, opts, misuse{"--target is not an address", "write http://host:port"}
	}
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return target, opts, misuse{"--header is not of the form name:value", "write --header 'x-name: value'"}
		}
		target.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, kind := range f.forgive {
		if !slices.Contains(conformance.Kinds(), kind) {
			return target, opts, misuse{fmt.Sprintf("--forgive does not know %q", kind), "name some of " + strings.Join(conformance.Kinds(), ", ")}
		}
	}
	only, err := regexp.Compile(f.only)
	if err != nil {
		return target, opts, misuse{"--only is not a regular expression: " + err.Error(), "write part of a case's name"}
	}
	opts.Only = only
	if f.json {
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		opts.Done = func(r conformance.Result) {
			_ = lines.Encode(r) // the last line fails as well, and is reported
		}
	}
	return target, opts, nil
}

// measure plays the cases against a gateway that runs already.
func (f conform) measure(ctx context.Context, target conformance.Target, opts conformance.Options) (conformance.Report, error) {
	up, err := conformance.NewUpstream(f.listen)
	if err != nil {
		return nil, exit{exitFailed, "the upstream cannot listen: " + err.Error(), "name a free loopback address with --upstream-listen"}
	}
	report, err := conformance.Run(ctx, target, up, opts)
	if ended := up.Close(); err == nil {
		err = ended
	}
	return report, err
}

func (f conform) show(out io.Writer, report conformance.Report) error {
	if len(report) == 0 {
		return exit{exitFailed, "no case matches --only", "run without it to see their names"}
	}
	if !f.json {
		return report.Write(out)
	}
	return json.NewEncoder(out).Encode(struct {
		Passed  int `json:"passed"`
		Failed  int `json:"failed"`
		Skipped int `json:"skipped"`
		conformance.Tally
	}{
		report.Count(conformance.Passed), report.Count(conformance.Failed), report.Count(conformance.Skipped), report.Tally(),
	})
}
