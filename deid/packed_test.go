package deid

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"testing"
)

// packed is base64 of a text in gzip.
func packed(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestPackedTextIsRead: base64 of gzip is unpacked, within bounds; what cannot
// be read of it is taken whole.
func TestPackedTextIsRead(t *testing.T) {
	whole := packed(t, []byte(`{"name":"Jane Roe","ssn":"123-45-6789"}`))
	for what, c := range map[string]struct {
		text  string
		found bool
	}{
		"somebody":       {whole, true},
		"nobody":         {packed(t, []byte("the quick brown fox jumps over it")), false},
		"no text":        {packed(t, []byte("\x00\x01\x02")), true},
		"a bomb":         {packed(t, make([]byte, 8<<20)), true},
		"long text":      {packed(t, bytes.Repeat([]byte("fine. "), 1<<18)), true},
		"half of it":     {whole[:len(whole)/2/4*4], true},
		"packed, packed": {packed(t, []byte(whole)), true},
	} {
		t.Run(what, func(t *testing.T) {
			if got := engine().Find("data: "+c.text, Where{}); (len(got) > 0) != c.found {
				t.Errorf("%d findings, want some: %v", len(got), c.found)
			}
		})
	}
}
