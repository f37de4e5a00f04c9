package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// serveClaude is the fake Claude: a JSON answer of about 1.3 KB, or a stream of
// 50 deltas ten milliseconds apart, each carrying the moment it was sent.
func serveClaude() error {
	answer := `{"id":"msg_bench","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"` +
		strings.Repeat("The dose stays as it is. ", 50) + `"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":900,"output_tokens":300}}`
	return announce(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !bytes.Contains(body, []byte(`"stream":true`)) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
			io.WriteString(w, answer)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		flush := http.NewResponseController(w)
		event := func(name, data string) {
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, data)
			flush.Flush()
		}
		event("message_start", `{"type":"message_start","message":{"id":"msg_bench","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":900,"output_tokens":1}}}`)
		event("content_block_start", `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`)
		for range 50 {
			time.Sleep(10 * time.Millisecond)
			event("content_block_delta", fmt.Sprintf(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"t%d the dose stays as it is "}}`, time.Now().UnixNano()))
		}
		event("content_block_stop", `{"type":"content_block_stop","index":0}`)
		event("message_delta", `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":300}}`)
		event("message_stop", `{"type":"message_stop"}`)
	}))
}

// serveProxy is the floor: what the standard library alone needs to pass a call
// on.
func serveProxy(behind string) error {
	target, err := url.Parse(behind)
	if err != nil {
		return err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true}
	return announce(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Without it, the server may close the request's body under the proxy's
		// hands as soon as the answer begins, and the call breaks off.
		http.NewResponseController(w).EnableFullDuplex()
		proxy.ServeHTTP(w, r)
	}))
}

// announce serves on a free port, says on standard output which, and ends when
// standard input does.
func announce(h http.Handler) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("{\"url\":\"http://%s\"}\n", l.Addr())
	go func() {
		bufio.NewReader(os.Stdin).ReadString(0)
		os.Exit(0)
	}()
	return http.Serve(l, h)
}
