package daemon

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/claude"
	"chaperone/internal/config"
	"chaperone/internal/export"
	"chaperone/internal/store"
)

// openExports begins to pass the record on, if the configuration names anybody.
func (d *Daemon) openExports(ctx context.Context) error {
	list := d.opts.Config.Exports
	if len(list) == 0 {
		return nil
	}
	var names []string
	var receivers []export.Receiver
	for _, e := range list {
		sink, err := buildSink(e, d.opts)
		if err != nil {
			return errExport(e.Name, err)
		}
		names = append(names, e.Name)
		receivers = append(receivers, export.Receiver{Name: e.Name, Sink: sink, Approved: e.Approval.By, From: exportStart(e.From)})
	}
	var err error
	d.exporter, err = export.Open(ctx, export.Config{
		Record: d.keep.log, Mask: export.Mask{Name: export.Names(d.keep.vault.MAC)}, Dir: store.ExportDir(d.opts.Config.Data),
		Receivers: receivers, Meter: d.metrics.Exports(names), Logger: d.logger, Clock: d.opts.Clock,
	})
	return err
}

// exportStates is what says how the receivers stand; nil if there are none.
func (d *Daemon) exportStates() func() []api.ExportState {
	if d.exporter == nil {
		return nil
	}
	return d.exporter.Status
}

func exportStart(from string) export.Start {
	seq, err := strconv.ParseUint(from, 10, 64)
	if err != nil {
		return export.Start{Now: from == "now"}
	}
	return export.Start{Seq: seq}
}

func buildSink(e config.Export, opts Options) (export.Sink, error) {
	secret, err := exportSecret(e.Key)
	if err != nil {
		return nil, err
	}
	security, err := exportTLS(e.TLS)
	if err != nil {
		return nil, err
	}
	format, err := export.ParseFormat(e.Format)
	if err != nil {
		return nil, err
	}
	switch e.Kind {
	case "file":
		return &export.File{Path: e.Address, Format: format, Rotate: e.Rotate}, nil
	case "syslog":
		host, _ := os.Hostname() // a machine without a name sends none
		return &export.Syslog{Address: e.Address, TLS: security, Format: format, Host: host}, nil
	case "otlp":
		return &export.OTLP{URL: e.Address, Client: export.NewClient(security), Token: secret, Format: format}, nil
	case "splunk":
		channel, err := randomUUID(opts.Random)
		if err != nil {
			return nil, err
		}
		return &export.Splunk{
			URL: e.Address, Client: export.NewClient(security), Token: secret, Channel: channel, Format: format, Poll: time.Second,
		}, nil
	case "webhook":
		key, err := export.ParseWebhookSecret(secret)
		if err != nil {
			return nil, err
		}
		return &export.Webhook{URL: e.Address, Client: export.NewClient(security), Secret: key, Format: format, Clock: opts.Clock}, nil
	case "fhir":
		return &export.FHIR{URL: e.Address, Client: export.NewClient(security), Token: secret}, nil
	}
	return nil, errors.New("daemon: no such kind of export")
}

func exportSecret(k config.Key) (string, error) {
	if k == (config.Key{}) {
		return "", nil
	}
	source, err := claude.ParseKeySource(keyReference(k))
	if err != nil {
		return "", err
	}
	return source()
}

func exportTLS(t config.ExportTLS) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS13}
	if t.Min == "1.2" {
		c.MinVersion = tls.VersionTLS12
	}
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("daemon: export: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("daemon: export: no certificate in the file of tls.ca")
		}
	}
	if t.Cert != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("daemon: export: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// randomUUID is a UUIDv4 (RFC 9562, section 5.4).
func randomUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("daemon: randomness: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

func errExport(name string, cause error) error {
	return chaperone.NewError(chaperone.KindUnavailable, "export_settings",
		"The export "+name+" cannot be set up", "Check that its key and the files under its tls are there and can be read by this user", cause)
}

// examineExports says how the receivers of the record stand: of a running
// Chaperone as it says, else whether their settings can be used.
func examineExports(ctx context.Context, cfg config.File, running bool) []Check {
	var list []Check
	for _, e := range cfg.Exports {
		c := Check{"export", Right, e.Name + ": " + e.Kind + ", " + exportGets(e), ""}
		opts := Options{Config: cfg}.withDefaults()
		if _, err := buildSink(e, opts); err != nil {
			said := chaperone.AsError(errExport(e.Name, err))
			c.State, c.Text, c.Next = Wrong, e.Name+": its key or its certificates cannot be read", said.Next
		}
		list = append(list, c)
	}
	path, err := socketPath(cfg.Data)
	if err != nil || !running || len(list) == 0 {
		return list
	}
	states, err := api.NewClient(path).Exports(ctx)
	if err != nil {
		return append(list, Check{"export", Note, "the running Chaperone does not say how its exports stand", "is it of another version? Start it again"})
	}
	for _, s := range states {
		if !s.Failing.IsZero() {
			list = append(list, Check{"export", Wrong, fmt.Sprintf("%s: failing since %s, %d records behind: %s",
				s.Name, s.Failing.UTC().Format(time.RFC3339), s.Lag, s.Text), s.Hint})
			continue
		}
		list = append(list, Check{"export", Right, fmt.Sprintf("%s: %d records acknowledged, %d to go", s.Name, s.Next, s.Lag), ""})
	}
	return list
}

func exportGets(e config.Export) string {
	if e.Approval.By != "" {
		return "with identifying fields, approved by " + e.Approval.By
	}
	return "pseudonyms"
}
