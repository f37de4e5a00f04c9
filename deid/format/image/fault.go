package image

import (
	"bytes"
	"errors"
	"fmt"
)

// Fault says that a picture is broken, and where. It repeats nothing of it.
type Fault struct {
	Where string // "page 2", "byte 120"; may be empty
	What  string // "the picture ends too early"
}

// Error says it in one line.
func (f *Fault) Error() string {
	if f.Where == "" {
		return f.What
	}
	return f.Where + ": " + f.What
}

// Uninspectable says that a picture cannot be looked into.
type Uninspectable struct {
	What string // "a HEIC picture"
	Hint string // what to do about it
}

// Error says it in one line.
func (u *Uninspectable) Error() string { return u.What + " is not inspectable" }

func refused(hint, what string, args ...any) error {
	return &Uninspectable{What: fmt.Sprintf(what, args...), Hint: hint}
}

func broken(at int, what string) error {
	return &Fault{Where: fmt.Sprintf("byte %d", at), What: what}
}

// onPage puts the page to an error of it.
func (f *File) onPage(n int, err error) error {
	var (
		closed *Uninspectable
		fault  *Fault
	)
	switch {
	case len(f.offsets) < 2:
		return err
	case errors.As(err, &closed):
		return &Uninspectable{What: f.place(n) + ", " + closed.What + ",", Hint: closed.Hint}
	case errors.As(err, &fault):
		return &Fault{Where: f.place(n), What: fault.Error()}
	}
	return err
}

// kindOf recognises a picture by its beginning.
func kindOf(raw []byte) Kind {
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xD8\xFF")):
		return JPEG
	case bytes.HasPrefix(raw, []byte(pngMark)):
		return PNG
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		return GIF
	case bytes.HasPrefix(raw, []byte("BM")) && len(raw) > 26:
		return BMP
	case bytes.HasPrefix(raw, []byte("II*\x00")), bytes.HasPrefix(raw, []byte("MM\x00*")):
		return TIFF
	case len(raw) > 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return WebP
	}
	return ""
}

// foreign names a picture of a kind that is not read.
func foreign(raw []byte) error {
	const hint = "save it as PNG, JPEG or TIFF, and try again"
	switch {
	case len(raw) == 0:
		return &Fault{What: "it is empty"}
	case len(raw) > 12 && string(raw[4:8]) == "ftyp":
		return refused(hint, "a HEIC or AVIF picture")
	case bytes.HasPrefix(raw, []byte("II+\x00")), bytes.HasPrefix(raw, []byte("MM\x00+")):
		return refused(hint, "a BigTIFF picture")
	case bytes.HasPrefix(raw, []byte("\x00\x00\x00\x0CjP  ")), bytes.HasPrefix(raw, []byte("\xFF\x4F\xFF\x51")):
		return refused(hint, "a JPEG 2000 picture")
	}
	return refused(hint, "a picture of an unknown kind")
}

// Recognise reports whether a file that begins so is a picture, of a kind that
// is read or of one that Read refuses by its name.
func Recognise(head []byte) bool {
	if kindOf(head) != "" && kindOf(head) != BMP {
		return true
	}
	if len(head) > 26 && string(head[:2]) == "BM" && head[6]|head[7]|head[8]|head[9] == 0 {
		return true
	}
	var closed *Uninspectable
	return errors.As(foreign(head), &closed) && closed.What != "a picture of an unknown kind"
}
