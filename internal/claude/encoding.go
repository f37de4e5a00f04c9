package claude

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"chaperone"
)

// mostEncodings bounds how often a body may have been compressed.
const mostEncodings = 3

// readBody reads the body and undoes its Content-Encoding (RFC 9110 section
// 8.4), so that nothing passes unseen because it was compressed. Both limits
// hold while reading: a bomb is never unfolded further than the limit.
func readBody(r *http.Request, lim Limits) ([]byte, error) {
	if r.ContentLength > lim.Encoded {
		return nil, errTooLarge
	}
	codings, err := contentCodings(r.Header)
	if err != nil {
		return nil, err
	}
	if r.Body == nil {
		return nil, errEmpty
	}
	body, err := readLimited(r.Body, lim.Encoded, errTooLarge)
	if err != nil {
		return nil, readFault(err)
	}
	for i := len(codings) - 1; i >= 0; i-- {
		if body, err = decode(codings[i], body, lim.Decoded); err != nil {
			return nil, err
		}
	}
	if int64(len(body)) > lim.Decoded {
		return nil, errTooLargeDecoded
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, errEmpty
	}
	return body, nil
}

// contentCodings lists the codings in the order in which they were applied.
func contentCodings(h http.Header) ([]string, error) {
	var list []string
	for _, line := range h.Values("Content-Encoding") {
		for _, c := range strings.Split(line, ",") {
			switch c = strings.ToLower(strings.TrimSpace(c)); c {
			case "", "identity":
			case "gzip", "x-gzip", "deflate", "br", "zstd":
				list = append(list, c)
			default:
				return nil, errCoding
			}
		}
	}
	if len(list) > mostEncodings {
		return nil, errCoding
	}
	return list, nil
}

func decode(coding string, body []byte, limit int64) ([]byte, error) {
	r, done, err := decoder(coding, body)
	if err != nil {
		return nil, errDecoding(err)
	}
	defer done()
	out, err := readLimited(r, limit, errTooLargeDecoded)
	if err != nil && !errors.Is(err, errTooLargeDecoded) {
		return nil, errDecoding(err)
	}
	return out, err
}

func decoder(coding string, body []byte) (io.Reader, func(), error) {
	src := bytes.NewReader(body)
	switch coding {
	case "br":
		return brotli.NewReader(src), func() {}, nil
	case "zstd":
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(32<<20))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	case "deflate":
		return inflater(src)
	default:
		z, err := gzip.NewReader(src)
		return z, func() {}, err
	}
}

// inflater reads zlib as the standard says, and bare deflate as some send it.
func inflater(src *bytes.Reader) (io.Reader, func(), error) {
	b := bufio.NewReader(src)
	head, _ := b.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		z, err := zlib.NewReader(b)
		return z, func() {}, err
	}
	return flate.NewReader(b), func() {}, nil
}

// readLimited reads all, and returns tooLarge where there is more than limit.
func readLimited(r io.Reader, limit int64, tooLarge error) ([]byte, error) {
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(r, limit+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > limit {
		return nil, tooLarge
	}
	return b.Bytes(), nil
}

// readFault sorts the reasons why a client's body could not be read.
func readFault(err error) error {
	var mine *chaperone.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &mine):
		return mine
	case errors.As(err, &tooBig):
		return errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return chaperone.NewError(chaperone.KindTimeout, "request_body_timeout",
			"The request body did not arrive in time", "Send the request again", err)
	}
	return chaperone.NewError(chaperone.KindInvalid, "request_body_incomplete",
		"The request body broke off before its end", "Send the request again", err)
}

func errDecoding(cause error) error {
	return chaperone.NewError(chaperone.KindInvalid, "request_body_encoding_invalid",
		"The request body is not what its Content-Encoding says", "Send the body again, plain or whole", cause)
}

var (
	errTooLarge = chaperone.NewError(chaperone.KindTooLarge, "request_too_large",
		"The request body is larger than the limit", "Send less in one request", nil)
	errTooLargeDecoded = chaperone.NewError(chaperone.KindTooLarge, "request_body_too_large_after_decoding",
		"The request body is larger than the limit once its Content-Encoding is undone", "Send less in one request", nil)
	errCoding = chaperone.NewError(chaperone.KindUnsupported, "request_body_encoding_unsupported",
		"The Content-Encoding is not one that Chaperone can undo: gzip, deflate, br and zstd are, at most three of them",
		"Send the body plain or in one of these", nil)
	errEmpty = chaperone.NewError(chaperone.KindInvalid, "request_body_empty",
		"The request has no body", "Send the request as JSON", nil)
)
