package ocr

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// program writes a stand-in for tesseract.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nif [ \"$1\" = --list-langs ]; then echo 'List of available languages (3):'; echo deu; echo eng; echo fra; exit 0; fi\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePictureGoesInAndTheTableComesOut(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	tess, err := Open(program(t, `echo "$@"; pwd; stat -c %a .; cat`))
	if err != nil {
		t.Fatal(err)
	}
	out, err := tess.Words([]byte("a picture"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) != 4 || lines[0] != "stdin stdout -l eng+fra tsv" || !strings.HasPrefix(lines[1], tmp) || lines[2] != "700" || lines[3] != "a picture" {
		t.Errorf("got %q", lines)
	}
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("%d folders are left behind", len(left))
	}
}

func TestAProgramThatGoesWrongIsEndedAndNotQuoted(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"it fails":         {`cat >/dev/null; echo "Oyelaran" >&2; exit 3`, "it ended with exit status 3"},
		"it hangs":         {`sleep 60`, "it was not done after"},
		"it never ends":    {`yes 2>/dev/null`, "it answered with more than"},
		"it is killed":     {`kill -9 $$`, "it ended with signal: killed"},
		"it has no memory": {`echo Oyelaran; exit 1`, "it ended with exit status 1"},
	} {
		t.Run(name, func(t *testing.T) {
			tmp := t.TempDir()
			tess, err := Open(program(t, c.script))
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("TMPDIR", tmp)
			tess.patience, tess.most = 2*time.Second, 1<<16
			_, err = tess.Words(make([]byte, 1<<20))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Oyelaran") {
				t.Errorf("got %v", err)
			}
			if left, _ := os.ReadDir(tmp); len(left) != 0 {
				t.Errorf("%d folders are left behind", len(left))
			}
		})
	}
}

func TestAMissingProgramIsNamed(t *testing.T) {
	if _, err := Open("/nowhere/tesseract"); err == nil || !strings.Contains(err.Error(), "install tesseract") {
		t.Errorf("got %v", err)
	}
}

// The real program reads what is drawn. Its letters are large and plain.
func TestTesseractReads(t *testing.T) {
	tess, err := Open("tesseract")
	if err != nil {
		t.Skip("tesseract is not installed: what it answers is not tested")
	}
	small := image.NewGray(image.Rect(0, 0, 150, 30))
	draw.Draw(small, small.Rect, image.White, image.Point{}, draw.Src)
	(&font.Drawer{Dst: small, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(10, 20)}).DrawString("Patient number")
	large := image.NewGray(image.Rect(0, 0, 600, 120))
	xdraw.CatmullRom.Scale(large, large.Rect, small, small.Rect, xdraw.Src, nil)
	var b bytes.Buffer
	if err := png.Encode(&b, large); err != nil {
		t.Fatal(err)
	}
	out, err := tess.Words(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(out), "level\t") || !strings.Contains(string(out), "\tnumber\n") {
		t.Errorf("got %s", out)
	}
}
