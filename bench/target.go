package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// target is something a client can be pointed at.
type target struct {
	name string
	url  string
	key  string
	pid  int // 0 where there is no process in between
}

// startTargets starts the fake Claude, the floor and Chaperone in front of it.
func startTargets(ctx context.Context, dir, binary string) ([]target, func(), error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var running []*exec.Cmd
	stop := func() {
		for _, c := range running {
			c.Process.Kill()
			c.Wait()
		}
	}
	start := func(name string, args ...string) (target, error) {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		if _, err := cmd.StdinPipe(); err != nil {
			return target{}, err
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return target{}, err
		}
		if err := cmd.Start(); err != nil {
			return target{}, err
		}
		running = append(running, cmd)
		var ready struct {
			URL    string `json:"url"`
			APIKey string `json:"api_key"`
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err == nil {
			err = json.Unmarshal([]byte(line), &ready)
		}
		return target{name, ready.URL, ready.APIKey, cmd.Process.Pid}, err
	}
	claude, err := start("direct", self, "-role", "claude")
	if err != nil {
		return nil, stop, err
	}
	floor, err := start("Go reverse proxy", self, "-role", "proxy", "-behind", claude.url)
	if err != nil {
		return nil, stop, err
	}
	config, err := configure(dir, claude.url)
	if err != nil {
		return nil, stop, err
	}
	ours, err := start("Chaperone", binary, "up", "--json", "--listen", "127.0.0.1:0", "--config", config, "--data", filepath.Join(dir, "data"))
	if err != nil {
		return nil, stop, err
	}
	claude.pid = 0
	return []target{claude, floor, ours}, stop, nil
}

func configure(dir, upstream string) (string, error) {
	key := filepath.Join(dir, "door.key")
	if err := os.WriteFile(key, []byte("sk-made-up-for-the-bench\n"), 0o600); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chaperone.yaml")
	text := fmt.Sprintf("default_door: fake\ndoors:\n  - name: fake\n    kind: anthropic\n    url: %s\n    insecure_http: true\n    key_file: %s\n", upstream, key)
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// ticksPerSecond is the unit of processor time in /proc on Linux.
const ticksPerSecond = 100

// processor is the processor time a target has used, in seconds.
func (t target) processor() float64 {
	if t.pid == 0 {
		return 0
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticksPerSecond
}

// memory is the resident size of a target in MiB.
func (t target) memory() float64 {
	if t.pid == 0 {
		return 0
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", t.pid))
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseFloat(strings.Fields(string(raw))[1], 64)
	return pages * float64(os.Getpagesize()) / (1 << 20)
}
