package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"chaperone/conformance"
	"chaperone/internal/config"
	"chaperone/internal/daemon"
	"chaperone/internal/policy"
)

// measureSelf starts a Chaperone over a data directory of its own, with one door
// that leads to the scripted Claude, and takes it down again. What it is set up
// with is the default but for the door.
func measureSelf(ctx context.Context, target conformance.Target, opts conformance.Options) (_ conformance.Report, err error) {
	dir, err := os.MkdirTemp("", "chaperone-conform-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	up, err := conformance.NewUpstream("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, up.Close()) }()
	key := filepath.Join(dir, "door.key")
	if err := os.WriteFile(key, []byte("key-of-the-door"), 0o600); err != nil {
		return nil, err
	}
	cfg := config.Default()
	cfg.Data, cfg.Listen, cfg.Log.Level = filepath.Join(dir, "data"), "127.0.0.1:0", "error"
	cfg.Doors = []config.Door{{
		Name: "scripted", Kind: policy.DoorCompatible, URL: up.URL, Key: config.Key{File: key},
		TLSMin: "1.3", InsecureHTTP: true,
	}}
	cfg.DefaultDoor = "scripted"
	d, err := daemon.Open(ctx, daemon.Options{Config: cfg, Log: io.Discard, Version: versionText()})
	if err != nil {
		return nil, err
	}
	target.URL, target.Key = d.URL(), d.FirstStart().APIKey
	var report conformance.Report
	err = during(ctx, d, func() (err error) {
		report, err = conformance.Run(ctx, target, up, opts)
		return err
	})
	return report, err
}
