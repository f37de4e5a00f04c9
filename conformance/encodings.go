package conformance

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encode puts content codings on, the first one innermost.
func encode(plain []byte, codings ...string) ([]byte, error) {
	for _, c := range codings {
		var b bytes.Buffer
		var w io.WriteCloser
		switch c {
		case "br":
			w = brotli.NewWriter(&b)
		case "deflate":
			w = zlib.NewWriter(&b)
		case "zstd":
			z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
			if err != nil {
				return nil, err
			}
			w = z
		default:
			w = gzip.NewWriter(&b)
		}
		if _, err := w.Write(plain); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		plain = b.Bytes()
	}
	return plain, nil
}

func coded(coding string) http.Header { return http.Header{"Content-Encoding": {coding}} }

// reads sends a body in these codings and wants its text at the upstream.
func reads(codings ...string) scenario {
	listed := strings.Join(codings, ", ")
	return scenario{"encodings", "a body in " + listed + " is read", func(t *trial) error {
		plain := t.message("Is a cough with " + listed + " well?")
		body, err := encode(plain, codings...)
		if err != nil {
			return err
		}
		s, _, err := t.sent(ask{body: body, header: coded(listed)})
		if err != nil {
			return err
		}
		return same("the request", s.Body, plain)
	}}
}

func encodingCases() []scenario {
	return []scenario{
		reads("gzip"), reads("br"), reads("zstd"), reads("deflate"), reads("gzip", "br"), reads("zstd", "gzip"),
		{"encodings", "a coding that is unknown is refused", func(t *trial) error {
			return t.refused(ask{body: t.message(anyQuestion), header: coded("compress")}, 400, 415)
		}},
		{"encodings", "a body that is not in its coding is refused", func(t *trial) error {
			return t.refused(ask{body: t.message(anyQuestion), header: coded("gzip")}, 400, 415)
		}},
	}
}

// bomb is gzip of that many spaces.
func bomb(size int) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	for blank := bytes.Repeat([]byte(" "), 1<<20); size > 0; size -= len(blank) {
		if _, err := w.Write(blank); err != nil {
			return nil, fmt.Errorf("bomb: %w", err)
		}
	}
	err = w.Close()
	return b.Bytes(), err
}
