package daemon

import (
	"crypto/tls"
	"fmt"
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
		list = append(list, gateway.Door{Door: door, Facts: d.Facts(), Models: d.Models})
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
	key, err := claude.ParseKeySource(keyReference(d.Key))
	if err != nil {
		return nil, err
	}
	floor := uint16(tls.VersionTLS13)
	if d.TLSMin == "1.2" {
		floor = tls.VersionTLS12
	}
	return claude.NewAnthropic(claude.AnthropicConfig{
		Name: d.Name, BaseURL: d.URL, Key: key, TLSFloor: floor,
		AllowPrivate: d.InsecurePrivateAddress, InsecureAllowHTTP: d.InsecureHTTP,
		Wait: claude.DoorWait{FirstByte: cfg.Limits.FirstByte, Idle: cfg.Limits.StreamIdle},
	})
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
