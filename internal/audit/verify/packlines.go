package verify

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// packAnswer is what the verifier reads of an answer.
type packAnswer struct {
	Version  int            `json:"version"`
	Lines    []packLine     `json:"lines"`
	Totals   map[string]int `json:"totals"`
	Exchange *struct {
		Intent  *packFacts `json:"intent"`
		Outcome *packFacts `json:"outcome"`
		Note    *packFacts `json:"note"`
		Gone    bool       `json:"content_gone"`
	} `json:"exchange"`
}

// packFacts are the digests of the words of one record.
type packFacts struct {
	Facts struct {
		Parts []struct {
			Name   string `json:"name"`
			SHA256 string `json:"sha256"`
		} `json:"parts"`
	} `json:"facts"`
}

type packLine struct {
	Seq    uint64  `json:"seq"`
	Ended  *uint64 `json:"outcome_seq"`
	ID     string  `json:"id"`
	Kind   string  `json:"kind"`
	Fields struct {
		Time   string `json:"time"`
		User   string `json:"user"`
		Action string `json:"action"`
		Result string `json:"result"`
	} `json:"fields"`
	Decision  string `json:"decision"`
	Disclosed bool   `json:"disclosed"`
	Damaged   bool   `json:"damaged"`
}

// contents checks that the answer speaks of records that were signed for, and of
// nothing else.
func (p *pack) contents(m Manifest, key note.Verifier) {
	text, ok := p.read(PackCheckpoint, maxPackSmall)
	if !ok {
		return
	}
	cp, err := parseCheckpoint(text, key)
	if err != nil {
		p.report.fault(PackCheckpoint, "%s", err)
		return
	}
	p.report.TreeSize, p.report.Root = cp.size, cp.root.String()
	records := p.records(cp)
	raw, ok := p.read(PackAnswer, maxPackFile)
	if !ok {
		return
	}
	var a packAnswer
	if err := json.Unmarshal(raw, &a); err != nil || a.Version != 1 {
		p.report.fault(PackAnswer, "it cannot be read by this version")
		return
	}
	p.report.Lines = len(a.Lines)
	spoken := map[uint64]bool{}
	for i, l := range a.Lines {
		where := fmt.Sprintf("%s line %d (place %d)", PackAnswer, i+1, l.Seq)
		if spoken[l.Seq] {
			p.report.fault(where, "the record is there twice")
		}
		spoken[l.Seq] = true
		if l.Ended != nil {
			spoken[*l.Ended] = true
		}
		if what := l.check(records); what != "" {
			p.report.fault(where, "%s", what)
		}
	}
	for _, seq := range slices.Sorted(maps.Keys(records)) {
		if !spoken[seq] {
			p.report.fault(fmt.Sprintf("%s (place %d)", PackRecords, seq), "no line of the answer speaks of this record")
		}
	}
	counted := count(a.Lines)
	if !maps.Equal(counted, a.Totals) {
		p.report.fault(PackAnswer, "the totals are not those of its lines")
	}
	if !maps.Equal(counted, m.Totals) {
		p.report.fault(PackManifest, "the totals are not those of the answer's lines")
	}
	p.table(a, counted)
	p.words(a)
}

const maxRecordLine = 1 << 20 // bytes of one record in a pack

// records reads the sealed records and checks each against the checkpoint. One
// that is wrong is not among them.
func (p *pack) records(cp *checkpoint) map[uint64]Exhibit {
	found := map[uint64]Exhibit{}
	raw, ok := p.read(PackRecords, maxPackFile)
	if !ok {
		return found
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, maxRecordLine)
	n := 0
	for lines.Scan() {
		n++
		where := fmt.Sprintf("%s line %d", PackRecords, n)
		var e Exhibit
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			p.report.fault(where, "it cannot be read")
			continue
		}
		where += fmt.Sprintf(" (place %d)", e.Seq)
		if _, twice := found[e.Seq]; twice {
			p.report.fault(where, "the record is there twice")
			continue
		}
		if what := e.check(cp); what != "" {
			p.report.fault(where, "%s", what)
			continue
		}
		e.Facts, e.Hashes = nil, nil // checked; what is left is compared with the answer
		found[e.Seq] = e
	}
	if lines.Err() != nil {
		p.report.fault(fmt.Sprintf("%s line %d", PackRecords, n+1), "the line is too long")
	}
	p.report.Records = len(found)
	return found
}

// check says in plain words where a line is not what its records say; empty if it
// is. Of a line that is marked as damaged only its place is held against them.
func (l packLine) check(records map[uint64]Exhibit) string {
	e, ok := records[l.Seq]
	if !ok {
		return "there is no proved record for it"
	}
	if l.ID != uuid(e.ID) {
		return "its id is another than the record's"
	}
	if l.Fields.Time != time.UnixMicro(e.Micros).UTC().Format(time.RFC3339Nano) {
		return "its time is another than the record's"
	}
	switch {
	case l.Kind == "exchange" && e.Kind == kindIntent:
		if !l.Damaged && l.Decision != e.Class {
			return "its decision is another than the record's"
		}
	case l.Kind == "event" && e.Kind == kindNote:
		if !l.Damaged && l.Fields.Action != e.Class {
			return "its action is another than the record's"
		}
		return ""
	default:
		return "its kind is another than the record's"
	}
	if l.Ended == nil {
		if !l.Damaged && l.Fields.Result != "pending" {
			return "it says how it ended, and there is no record of that"
		}
		return ""
	}
	o, ok := records[*l.Ended]
	switch {
	case !ok:
		return "there is no proved record of how it ended"
	case o.Kind != kindOutcome || !bytes.Equal(o.About, e.ID):
		return "the record of how it ended is another exchange's"
	case !l.Damaged && l.Fields.Result != o.Class:
		return "it ended otherwise than its record says"
	}
	return ""
}

func uuid(id []byte) string {
	h := hex.EncodeToString(id)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// count adds up lines as an answer's totals do.
func count(lines []packLine) map[string]int {
	n := map[string]int{
		"lines": len(lines), "exchanges": 0, "events": 0, "people": 0, "identified": 0, "concealed": 0,
		"clean": 0, "refused": 0, "pending": 0, "disclosed": 0, "damaged": 0,
	}
	people := map[string]bool{}
	for _, l := range lines {
		switch l.Kind {
		case "exchange":
			n["exchanges"]++
			if l.Fields.Result == "pending" {
				n["pending"]++
			}
		case "event":
			n["events"]++
		}
		switch l.Decision {
		case "identified", "concealed", "clean", "refused":
			n[l.Decision]++
		}
		if l.Disclosed {
			n["disclosed"]++
		}
		if l.Damaged {
			n["damaged"]++
		}
		if l.Fields.User != "damaged" {
			people[l.Fields.User] = true
		}
	}
	n["people"] = len(people)
	return n
}

// table checks that the table has the answer's lines, in order, and its totals.
func (p *pack) table(a packAnswer, totals map[string]int) {
	raw, ok := p.read(PackTable, maxPackFile)
	if !ok {
		return
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		p.report.fault(PackTable, "it has no heading")
		return
	}
	lines, said := 0, map[string]int{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil || len(row) < 3 {
			p.report.fault(PackTable, "it cannot be read as a table")
			return
		}
		switch row[0] {
		case "line":
			if lines >= len(a.Lines) || row[1] != strconv.FormatUint(a.Lines[lines].Seq, 10) {
				p.report.fault(fmt.Sprintf("%s line %d", PackTable, lines+1), "it is not the answer's")
				return
			}
			lines++
		case "total":
			said[row[1]], _ = strconv.Atoi(row[2])
		}
	}
	if lines != len(a.Lines) || !maps.Equal(said, totals) {
		p.report.fault(PackTable, "its lines or totals are not the answer's")
	}
}

// words checks the words of one exchange against the digests in its facts.
func (p *pack) words(a packAnswer) {
	want := map[string]string{}
	if x := a.Exchange; x != nil && !x.Gone {
		for _, r := range []*packFacts{x.Intent, x.Outcome, x.Note} {
			if r == nil {
				continue
			}
			for _, part := range r.Facts.Parts {
				want[PackWords+part.Name] = part.SHA256
			}
		}
	}
	for name, digest := range want {
		if !packName.MatchString(name) {
			p.report.fault(PackAnswer, "it names words that a pack cannot hold")
			continue
		}
		sum := sha256.New()
		if p.copy(sum, name, maxPackFile) && hex.EncodeToString(sum.Sum(nil)) != digest {
			p.report.fault(name, "these are not the words that were recorded")
		}
	}
	for name := range p.files {
		if _, ok := want[name]; !ok && len(name) > len(PackWords) && name[:len(PackWords)] == PackWords {
			p.report.fault(name, "the answer does not speak of these words")
		}
	}
}
