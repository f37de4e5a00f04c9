package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// target is something a client can be pointed at.
type target struct {
	name   string
	url    string
	key    string
	pid    int         // 0 where there is no process in between
	header http.Header // what it wants besides
	peer   bool        // not ours: where it fails, it is left out
}

// The names under which targets stand in the tables.
const (
	direct = "direct"
	floor  = "Go reverse proxy"
	ours   = "Chaperone"
	blind  = "Chaperone, detection off"
)

// hall starts targets and ends them.
type hall struct {
	dir     string // for what they keep
	claude  string // address of the fake Claude
	running []*exec.Cmd
	closers []func()
}

// start runs a program that says on its first line of output where it listens.
func (h *hall) start(ctx context.Context, name string, args ...string) (target, error) {
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
	h.running = append(h.running, cmd)
	var ready struct {
		URL    string `json:"url"`
		APIKey string `json:"api_key"`
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(line), &ready)
	}
	return target{name: name, url: ready.URL, key: ready.APIKey, pid: cmd.Process.Pid}, err
}

// stop ends what was started.
func (h *hall) stop() {
	for _, c := range h.running {
		c.Process.Kill()
		c.Wait()
	}
	for _, end := range h.closers {
		end()
	}
}

// gateway starts a Chaperone with a data directory of its own.
func (h *hall) gateway(ctx context.Context, name, binary, data string) (target, error) {
	config, err := configure(h.dir, h.claude)
	if err != nil {
		return target{}, err
	}
	return h.start(ctx, name, binary, "up", "--json", "--listen", "127.0.0.1:0", "--config", config, "--data", filepath.Join(h.dir, data))
}

// open starts the fake Claude, the floors, Chaperone with and without
// detection, and those of the peers that are installed.
func (h *hall) open(ctx context.Context, binary, blindBinary string) ([]target, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	claude, err := h.start(ctx, direct, self, "-role", "claude")
	if err != nil {
		return nil, err
	}
	h.claude = claude.url
	claude.pid = 0
	list := []target{claude}
	for _, begin := range []func() (target, error){
		func() (target, error) { return h.nginx(ctx) },
		func() (target, error) { return h.start(ctx, floor, self, "-role", "proxy", "-behind", h.claude) },
		func() (target, error) { return h.portkey(ctx) },
		func() (target, error) { return h.gateway(ctx, blind, blindBinary, "data-blind") },
		func() (target, error) { return h.gateway(ctx, ours, binary, "data") },
	} {
		t, err := begin()
		if missing, ok := errors.AsType[notInstalled](err); ok {
			fmt.Fprintln(os.Stderr, "bench: left out:", missing)
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
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

// processor is the processor time a target and its children have used, in seconds.
func (t target) processor() float64 {
	total := 0.0
	for _, pid := range t.processes() {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		total += (user + system) / ticksPerSecond
	}
	return total
}

// processes are the target's own and its children: nginx works in one.
func (t target) processes() []int {
	if t.pid == 0 {
		return nil
	}
	list := []int{t.pid}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", t.pid, t.pid))
	if err != nil {
		return list
	}
	for _, f := range strings.Fields(string(raw)) {
		if pid, err := strconv.Atoi(f); err == nil {
			list = append(list, pid)
		}
	}
	return list
}

// memory is the resident size of a target in MiB.
func (t target) memory() float64 {
	total := 0.0
	for _, pid := range t.processes() {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			continue
		}
		pages, _ := strconv.ParseFloat(strings.Fields(string(raw))[1], 64)
		total += pages * float64(os.Getpagesize()) / (1 << 20)
	}
	return total
}
