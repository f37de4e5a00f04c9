package daemon

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"maps"
	"slices"
	"time"

	"chaperone/internal/claude"
	"chaperone/internal/claude/simulator"
	"chaperone/internal/config"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// orderedDoors lists the configured doors, the default first.
func orderedDoors(cfg config.File) []config.Door {
	list := make([]config.Door, 0, len(cfg.Doors))
	if d, ok := cfg.Door(cfg.DefaultDoor); ok {
		list = append(list, d)
	}
	for _, d := range cfg.Doors {
		if d.Name != cfg.DefaultDoor {
			list = append(list, d)
		}
	}
	return list
}

func doorNames(cfg config.File) []string {
	var names []string
	for _, d := range cfg.Doors {
		names = append(names, d.Name)
	}
	return names
}

func buildDoors(cfg config.File, pause time.Duration) ([]gateway.Door, error) {
	var list []gateway.Door
	for _, d := range orderedDoors(cfg) {
		door, err := buildDoor(cfg, d, pause)
		if err != nil {
			return nil, fmt.Errorf("daemon: door %s: %w", d.Name, err)
		}
		list = append(list, gateway.Door{Door: door, Facts: d.Facts(), Models: d.Models, Named: slices.Sorted(maps.Keys(d.Platform.ModelIDs)), Fallback: d.Fallback, Repeat: d.Repeat, Prices: d.Prices})
	}
	return list, nil
}

func buildDoor(cfg config.File, d config.Door, pause time.Duration) (claude.Door, error) {
	if d.Kind == policy.DoorSimulator {
		h, err := simulator.New(simulator.Options{Delay: pause})
		if err != nil {
			return nil, err
		}
		return claude.NewHandlerDoor(d.Name, h, true), nil
	}
	common, err := doorConfig(cfg, d)
	if err != nil {
		return nil, err
	}
	return platformDoor(common, d)
}

// doorConfig is what every door that leads out of this machine has.
func doorConfig(cfg config.File, d config.Door) (claude.DoorConfig, error) {
	common := claude.DoorConfig{
		Name: d.Name, BaseURL: d.URL, Models: d.Models, Betas: d.Betas, TLSFloor: tls.VersionTLS13,
		AllowPrivate: d.InsecurePrivateAddress, InsecureAllowHTTP: d.InsecureHTTP, AllowMetadata: d.Platform.Metadata,
		Wait: claude.DoorWait{FirstByte: cfg.Limits.FirstByte, Idle: cfg.Limits.StreamIdle},
		Now:  time.Now,
	}
	if d.TLSMin == "1.2" {
		common.TLSFloor = tls.VersionTLS12
	}
	for _, text := range d.Pins {
		pin, err := claude.ParsePin(text)
		if err != nil {
			return common, err
		}
		common.Pins = append(common.Pins, pin)
	}
	if d.Key == (config.Key{}) {
		return common, nil
	}
	key, err := keySource(common, d.Key)
	common.Key = key
	return common, err
}

// keySource is where a door's key comes from, on every call anew.
func keySource(common claude.DoorConfig, k config.Key) (claude.KeySource, error) {
	s := k.Secret
	if s.Store == "" {
		return claude.ParseKeySource(keyReference(k))
	}
	way := claude.DoorConfig{
		BaseURL: s.Address, TLSFloor: common.TLSFloor, AllowPrivate: s.InsecurePrivateAddress,
		AllowMetadata: common.AllowMetadata, Now: common.Now,
	}
	if s.TokenFile != "" {
		way.Key = claude.KeyFromFile(s.TokenFile)
	}
	return claude.KeyFromSecretStore(claude.SecretConfig{
		DoorConfig: way, Store: s.Store, Name: s.Name, Field: s.Field, Region: s.Region,
		Tenant: s.EntraTenant, Client: s.EntraClient, Credentials: s.Credentials,
	})
}

// platformDoor builds the door of the platform that stands behind it.
func platformDoor(common claude.DoorConfig, d config.Door) (claude.Door, error) {
	p := d.Platform
	switch d.Kind {
	case policy.DoorBedrock:
		return claude.NewBedrock(claude.AWSConfig{DoorConfig: common, Region: d.Region, Profile: p.Profile, ModelIDs: p.ModelIDs})
	case policy.DoorBedrockMessages:
		return claude.NewBedrockMessages(claude.AWSConfig{DoorConfig: common, Region: d.Region, Profile: p.Profile, ModelIDs: p.ModelIDs})
	case policy.DoorPlatformAWS:
		return claude.NewPlatformAWS(claude.AWSConfig{DoorConfig: common, Region: d.Region}, p.Workspace)
	case policy.DoorFoundry:
		return claude.NewFoundry(claude.FoundryConfig{
			DoorConfig: common, Resource: p.Resource, Tenant: p.EntraTenant, Client: p.EntraClient, ModelIDs: p.ModelIDs,
		})
	case policy.DoorCompatible:
		return claude.NewCompatible(common, p.KeyHeader, p.ModelIDs)
	case policy.DoorVertex:
		return claude.NewVertex(googleConfig(common, d))
	case policy.DoorGoogleCloud:
		return claude.NewGoogleCloud(googleConfig(common, d))
	}
	return claude.NewAnthropic(common)
}

func googleConfig(common claude.DoorConfig, d config.Door) claude.GoogleConfig {
	p := d.Platform
	return claude.GoogleConfig{
		DoorConfig: common, Project: p.Project, Location: cmp.Or(d.Region, "global"), Workspace: p.Workspace,
		Credentials: p.Credentials, ModelIDs: p.ModelIDs,
	}
}

func keyReference(k config.Key) string {
	switch {
	case k.File != "":
		return "file:" + k.File
	case k.Env != "":
		return "env:" + k.Env
	default:
		return "credential:" + k.Credential
	}
}
