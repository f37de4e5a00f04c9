package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"chaperone/internal/audit/witness"

	"github.com/spf13/cobra"
)

// witnessing is how a witness is run.
type witnessing struct {
	dir, name, listen string
	logs              []string
	cert, key         string
	insecure          bool
	asJSON            bool
}

func witnessCommand() *cobra.Command {
	var w witnessing
	c := &cobra.Command{
		Use:   "witness",
		Short: "Vouch for somebody else's record: cosign what it was, refuse what bends it",
		Long: "Run a witness (C2SP tlog-witness) until it is interrupted: on a machine that the\n" +
			"operator of the record cannot change. It cosigns a log's checkpoint only if it\n" +
			"continues the one before, and sees nothing of a record but its size and its root.\n" +
			"The first start makes its key; the line it prints goes into the other side's\n" +
			"configuration, under witnesses. Give it each log's public key: record/tree/log.pub.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return w.run(c) },
	}
	f := c.Flags()
	f.StringVar(&w.dir, "state", "chaperone-witness", "directory of its key and of what it has cosigned")
	f.StringVar(&w.name, "name", "", "its name, without spaces; needed at the first start (like witness.example.org/records)")
	f.StringVar(&w.listen, "listen", "127.0.0.1:8788", "address to listen on")
	f.StringSliceVar(&w.logs, "log", nil, "file with the public key of a log it vouches for; may be repeated")
	f.StringVar(&w.cert, "tls-cert", "", "file with its certificate chain")
	f.StringVar(&w.key, "tls-key", "", "file with the certificate's key")
	f.BoolVar(&w.insecure, "insecure-http", false, "listen without encryption where other machines can reach it")
	f.BoolVar(&w.asJSON, "json", false, "print one line of JSON when ready: url and key")
	return c
}

func (w *witnessing) run(c *cobra.Command) error {
	if (w.cert == "") != (w.key == "") {
		return misuse{"--tls-cert and --tls-key belong together", ""}
	}
	if w.cert == "" && !w.insecure && !onLoopback(w.listen) {
		return misuse{"other machines can reach this address without encryption", "give --tls-cert and --tls-key, or say --insecure-http; what passes is signed and no secret"}
	}
	if len(w.logs) == 0 {
		return misuse{"a witness needs a log to vouch for", "give --log the file with its public key, record/tree/log.pub on the other side"}
	}
	keys, err := readKeys(w.logs)
	if err != nil {
		return err
	}
	own, err := witness.New(witness.Config{Dir: w.dir, Name: w.name, Logs: keys, Clock: time.Now, Random: rand.Reader})
	if err != nil {
		return err
	}
	return errors.Join(w.serve(c, own), own.Close())
}

func readKeys(files []string) (keys []string, err error) {
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		keys = append(keys, strings.TrimSpace(string(text)))
	}
	return keys, nil
}

// serve answers until the command's context ends, and then lets requests under
// way finish.
func (w *witnessing) serve(c *cobra.Command, own *witness.Witness) error {
	l, err := net.Listen("tcp", w.listen)
	if err != nil {
		return fmt.Errorf("the address %s cannot be listened on: %w", w.listen, err)
	}
	scheme := "http"
	server := &http.Server{Handler: own, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	serve := server.Serve
	if w.cert != "" {
		scheme = "https"
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS13}
		serve = func(l net.Listener) error { return server.ServeTLS(l, w.cert, w.key) }
	}
	served := make(chan error, 1)
	go func() { served <- serve(l) }()
	if err := w.greet(c, scheme+"://"+l.Addr().String(), own.Key()); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return err
	case <-c.Context().Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}

func (w *witnessing) greet(c *cobra.Command, url, key string) error {
	if w.asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(map[string]string{"url": url, "key": key})
	}
	dir, err := filepath.Abs(w.dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "The witness is up, with its memory in %s. On the other side:\n\nwitnesses:\n  - url: %s\n    key: %s\n", dir, url, key)
	return err
}

func onLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" {
		return err == nil
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
