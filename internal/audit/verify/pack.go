package verify

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// The files of a pack. What else it has are other forms of the answer, and the
// words of one exchange under "exchange/".
const (
	PackManifest    = "manifest.json"
	PackSignature   = "manifest.sig"
	PackKey         = "log.pub"
	PackCheckpoint  = "checkpoint"
	PackRecords     = "records.jsonl"
	PackAnswer      = "answer.json"
	PackTable       = "answer.csv"
	PackSheets      = "answer.xlsx"
	PackPages       = "answer.pdf"
	PackInstruction = "README.txt"
	PackWords       = "exchange/"
)

// PackStatement is the first line of the note that signs a manifest; the second
// is the manifest's SHA-256 in hexadecimal.
const PackStatement = "chaperone pack v1"

// Manifest lists what is in a pack.
type Manifest struct {
	Version int            `json:"version"` // 1
	Made    string         `json:"made"`    // RFC 3339, UTC
	Title   string         `json:"title"`
	Totals  map[string]int `json:"totals"`
	Files   []PackFile     `json:"files"`
}

// PackFile is one file of a pack, the manifest and its signature apart.
type PackFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// PackReport is what was found in a pack.
type PackReport struct {
	Files    int         `json:"files"`   // that are as the manifest says
	Lines    int         `json:"lines"`   // of the answer
	Records  int         `json:"records"` // proved to stand in the signed tree
	TreeSize uint64      `json:"tree_size"`
	Root     string      `json:"root"`    // of the signed tree, base64
	Key      string      `json:"key"`     // that everything was held against
	OwnKey   bool        `json:"own_key"` // it came out of the pack: who made the pack could have made it too
	Faults   []PackFault `json:"faults"`
	Total    int         `json:"faults_total"` // may be more than are listed
}

// OK reports whether nothing was found wrong.
func (r *PackReport) OK() bool { return r.Total == 0 }

// PackFault names one thing that is wrong in a pack, and where.
type PackFault struct {
	Where string `json:"where"` // a file, and a line or place in it
	Text  string `json:"text"`  // plain words; never anything of the answer
}

// String is one line for people.
func (f PackFault) String() string { return f.Where + ": " + f.Text }

func (r *PackReport) fault(where, format string, args ...any) {
	r.Total++
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, PackFault{where, fmt.Sprintf(format, args...)})
	}
}

// The limits of a pack. They bound what reading one takes, whoever made it.
const (
	maxPackFiles = 64
	maxPackFile  = 512 << 20 // bytes of one file, unpacked
	maxPackSmall = 1 << 20   // of the manifest, its signature, the checkpoint and the key
)

// ErrPack says that a file is no pack at all.
var ErrPack = errors.New("verify: this is not a zip file that can be read")

// CheckPack verifies a pack without anything else: that every file is the one the
// record's key signed for, that every line of the answer is a record that stands
// in the signed tree, and that the totals add up. The key is best a copy that was
// kept elsewhere; empty, the pack's own is taken and the report says so. What is
// wrong stands in the report; the error says that nothing could be checked: ErrPack
// or ErrKey.
func CheckPack(file io.ReaderAt, size int64, key string) (*PackReport, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, ErrPack
	}
	p := &pack{files: map[string]*zip.File{}, report: &PackReport{Faults: []PackFault{}}}
	if len(z.File) > maxPackFiles {
		return nil, ErrPack
	}
	for _, f := range z.File {
		switch {
		case p.files[f.Name] != nil:
			p.report.fault(printable(f.Name), "the file is there twice")
		case !packName.MatchString(f.Name):
			p.report.fault(printable(f.Name), "a pack has no such file")
		default:
			p.files[f.Name] = f
		}
	}
	verifier, err := p.key(key)
	if err != nil {
		return nil, err
	}
	manifest, ok := p.manifest(verifier)
	if !ok {
		return p.report, nil
	}
	p.compare(manifest)
	p.contents(manifest, verifier)
	return p.report, nil
}

var packName = regexp.MustCompile(`^(manifest\.json|manifest\.sig|log\.pub|checkpoint|records\.jsonl|answer\.(json|csv|xlsx|pdf)|README\.txt|exchange/[a-z]{1,32})$`)

// printable keeps a name that somebody made up from playing tricks on a terminal.
func printable(name string) string {
	return fmt.Sprintf("%.80q", name)
}

// pack is a pack while it is checked.
type pack struct {
	files  map[string]*zip.File
	report *PackReport
}

// read unpacks a file of at most so many bytes. What is wrong is in the report.
func (p *pack) read(name string, limit int64) ([]byte, bool) {
	var b bytes.Buffer
	if !p.copy(&b, name, limit) {
		return nil, false
	}
	return b.Bytes(), true
}

func (p *pack) copy(w io.Writer, name string, limit int64) bool {
	f := p.files[name]
	if f == nil {
		p.report.fault(name, "the file is missing")
		return false
	}
	r, err := f.Open()
	if err != nil {
		p.report.fault(name, "the file cannot be unpacked")
		return false
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	switch {
	case n > limit:
		p.report.fault(name, "the file is larger than a pack's may be")
	case err != nil:
		p.report.fault(name, "the file cannot be unpacked")
	default:
		return true
	}
	return false
}

// key chooses the public key that everything is held against.
func (p *pack) key(given string) (note.Verifier, error) {
	own, _ := p.read(PackKey, maxPackSmall)
	text := strings.TrimSpace(given)
	switch {
	case text == "":
		text, p.report.OwnKey = strings.TrimSpace(string(own)), true
	case text != strings.TrimSpace(string(own)):
		p.report.fault(PackKey, "the pack's key is not the one that was given")
	}
	v, err := parseKey(text)
	if err != nil {
		return nil, err
	}
	p.report.Key = text
	return v, nil
}

// manifest reads the manifest and checks its signature.
func (p *pack) manifest(key note.Verifier) (m Manifest, ok bool) {
	text, ok := p.read(PackManifest, maxPackSmall)
	sig, signed := p.read(PackSignature, maxPackSmall)
	if !ok || !signed {
		return m, false
	}
	n, err := note.Open(sig, note.VerifierList(key))
	if err != nil {
		p.report.fault(PackSignature, "it is not signed by the record's key")
		return m, false
	}
	if n.Text != fmt.Sprintf("%s\n%x\n", PackStatement, sha256.Sum256(text)) {
		p.report.fault(PackManifest, "it is not the manifest that was signed")
		return m, false
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Version != 1 {
		p.report.fault(PackManifest, "it cannot be read by this version")
		return m, false
	}
	return m, true
}

// compare holds every file against the manifest.
func (p *pack) compare(m Manifest) {
	listed := map[string]bool{PackManifest: true, PackSignature: true}
	for _, want := range m.Files {
		listed[want.Name] = true
		if want.Bytes < 0 || want.Bytes > maxPackFile {
			p.report.fault(printable(want.Name), "the manifest says it is larger than a pack's file may be")
			continue
		}
		sum := sha256.New()
		if !p.copy(sum, want.Name, want.Bytes) {
			continue
		}
		if hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
			p.report.fault(want.Name, "the file is not the one that was signed")
			continue
		}
		p.report.Files++
	}
	for name := range p.files {
		if !listed[name] {
			p.report.fault(name, "the manifest does not list the file")
		}
	}
}
