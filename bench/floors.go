package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// notInstalled says which optional part of the bench is left out, and how to
// have it.
type notInstalled string

func (n notInstalled) Error() string { return string(n) }

// nginx is the other floor: one worker, no buffering, kept connections.
func (h *hall) nginx(ctx context.Context) (target, error) {
	path, err := exec.LookPath("nginx")
	if err != nil {
		for _, p := range []string{"/usr/sbin/nginx", "/usr/local/sbin/nginx"} {
			if _, serr := os.Stat(p); serr == nil {
				path, err = p, nil
			}
		}
	}
	if err != nil {
		return target{}, notInstalled("nginx (Debian package nginx)")
	}
	port, err := freePort()
	if err != nil {
		return target{}, err
	}
	dir := filepath.Join(h.dir, "nginx")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return target{}, err
	}
	text := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
  client_max_body_size 64m; client_body_buffer_size 1m; keepalive_requests 1000000;
  upstream claude { server %[2]s; keepalive 512; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:%[3]d;
    location / { proxy_pass http://claude; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; }
  }
}
`, dir, strings.TrimPrefix(h.claude, "http://"), port)
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return target{}, err
	}
	return h.background(ctx, "nginx", port, nil, path, "-p", dir, "-c", conf)
}

// portkey is a peer: an open gateway that is installed by bench/peers/setup.sh.
func (h *hall) portkey(ctx context.Context) (target, error) {
	script := filepath.Join("bench", "peers", "node_modules", "@portkey-ai", "gateway", "build", "start-server.js")
	if _, err := os.Stat(script); err != nil {
		return target{}, notInstalled("Portkey (bench/peers/setup.sh)")
	}
	port, err := freePort()
	if err != nil {
		return target{}, err
	}
	header := http.Header{"X-Portkey-Provider": {"anthropic"}, "X-Portkey-Custom-Host": {h.claude + "/v1"}}
	return h.background(ctx, "Portkey", port, header, "node", script, fmt.Sprintf("--port=%d", port), "--headless")
}

// background starts a program that does not say when it is ready.
func (h *hall) background(ctx context.Context, name string, port int, header http.Header, args ...string) (target, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + h.dir}
	if err := cmd.Start(); err != nil {
		return target{}, err
	}
	h.running = append(h.running, cmd)
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	for range 200 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return target{name: name, url: "http://" + addr, key: "sk-made-up-for-the-bench", pid: cmd.Process.Pid, header: header, peer: true}, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return target{}, fmt.Errorf("%s does not listen", name)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
