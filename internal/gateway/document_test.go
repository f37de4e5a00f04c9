package gateway

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"chaperone/deid/format"

	"github.com/google/go-cmp/cmp"
)

// shapeOf names the parts of a text: "text", or the format of a document.
func shapeOf(list []part) string {
	var names []string
	for _, p := range list {
		name := "text"
		if p.doc != nil {
			name = string(p.doc.Name())
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// joined puts the parts together again.
func joined(list []part) string {
	var b strings.Builder
	for _, p := range list {
		if p.doc == nil {
			b.WriteString(p.text)
			continue
		}
		b.Write(p.doc.Bytes())
	}
	return b.String()
}

const (
	fhirPatient = `{"resourceType":"Patient","name":[{"family":"Brackenbury"}]}`
	hl7Message  = "MSH|^~\\&|LAB|F|EHR|F|20260304101500||ORU^R01|M774|P|2.5.1\nPID|1||Q7731^^^F^MR||brackenbury^tamsin\n"
	x12Claim    = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260304*1015*^*00501*000000001*0*P*:~GS*HC*S*R*20260304*1015*1*X*005010X222A1~ST*837*0001~NM1*IL*1*BRACKENBURY*TAMSIN****MI*Q7731~SE*3*0001~GE*1*1~IEA*1*000000001~"
	aTable      = "patient_name,mrn,a1c\nrue hazel,Q7731,9.1\nmoss fern,Q7732,6.2\n"
	bars        = "| Patient name | MRN |\n|---|---|\n| rue hazel | Q7731 |\n"
)

func TestDocumentsAreFoundInWhatIsPasted(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"prose":                               {"Summarize, compare, and rank:\nfirst, second, third\nthen stop", "text"},
		"nothing":                             {"", "text"},
		"a FHIR resource":                     {fhirPatient, "json"},
		"behind a question":                   {"Who is this?\n\n" + fhirPatient, "text json"},
		"between two":                         {"Who is this?\n" + fhirPatient + "\nAnswer shortly.", "text json text"},
		"in a fence":                          {"See:\n```json\n" + fhirPatient + "\n```\nWho?", "text json text"},
		"two, one a line":                     {fhirPatient + "\n" + fhirPatient, "json text json"},
		"spread over lines":                   {"{\n  \"resourceType\": \"Patient\",\n  \"name\": [{\"family\": \"Brackenbury\"}]\n}\nWho?", "json text"},
		"JSON of no known meaning":            {`{"note":"Mr. Brackenbury has a cough"}`, "text"},
		"JSON that breaks off":                {fhirPatient[:40], "text"},
		"an HL7 message":                      {"Explain.\n\n" + hl7Message + "\nWho is it?", "text hl7v2 text"},
		"an HL7 message with lines of CR":     {strings.ReplaceAll(hl7Message, "\n", "\r"), "hl7v2"},
		"an X12 claim":                        {"Explain.\n" + x12Claim, "text x12"},
		"a table":                             {"Who is overdue?\n\n" + aTable + "\nThanks", "text csv text"},
		"a table without a last line end":     {strings.TrimSuffix(aTable, "\n"), "csv"},
		"a table of Windows":                  {strings.ReplaceAll(aTable, "\n", "\r\n"), "csv"},
		"a table with semicolons":             {strings.ReplaceAll(aTable, ",", ";"), "csv"},
		"a table in bars":                     {"Who?\n\n" + bars + "\nThanks", "text markdown text"},
		"a table of drugs":                    {"drug,dose,unit\nmetformin,500,mg\nlisinopril,10,mg\n", "text"},
		"FHIR in XML":                         {`<Patient xmlns="http://hl7.org/fhir"><name><family value="Brackenbury"/></name></Patient>`, "xml"},
		"elements after each other":           {"<patient><mrn>Q7731</mrn></patient>\n<question>Is she well?</question>", "xml text"},
		"elements of no known meaning":        {"<context>Mr. Brackenbury coughs</context>\n<question>Why?</question>", "text"},
		"an element behind a comment":         {"<!-- <a> -->\n<patient xmlns=\"urn:x\"><mrn>Q7731</mrn></patient>", "xml"},
		"markup that breaks off":              {`<Patient xmlns="http://hl7.org/fhir"><name><family value="Br`, "text"},
		"a document after too many that fail": {strings.Repeat("{\"a\n", freeWork/2) + fhirPatient, "text"},
		"a document after many elements":      {strings.Repeat("<p>\nwords\n</p>\n", 40) + fhirPatient, "text json"},
	} {
		t.Run(name, func(t *testing.T) {
			list := cutDocuments(c.text)
			if diff := cmp.Diff(c.want, shapeOf(list)); diff != "" {
				t.Error(diff)
			}
			if joined(list) != c.text {
				t.Errorf("the parts are not the text: %q", joined(list))
			}
		})
	}
}

func TestFilesInBase64AreOpenedIfTheyCanBeRead(t *testing.T) {
	for name, c := range map[string]struct{ media, raw, want string }{
		"text":                               {"text/plain", "Mr. Brackenbury has a cough.", "text"},
		"text that holds a message":          {"text/plain", "Seen today.\n\n" + hl7Message, "text hl7v2"},
		"a FHIR resource by any name":        {"application/octet-stream", fhirPatient, "json"},
		"a table":                            {"text/csv", "a,b\nc,d\n", "csv"},
		"a page":                             {"text/html", "<p>Mr. Brackenbury</p>", "html"},
		"JSON that breaks off is text still": {"application/json", fhirPatient[:40], "text"},
		"nothing":                            {"text/plain", "", ""},
		"a PDF":                              {"application/pdf", "%PDF-1.7\n...", ""},
		"a PDF by another name":              {"text/plain", "%PDF-1.7\n...", ""},
		"an archive":                         {"text/plain", "PK\x03\x04...", ""},
		"an image":                           {"image/png", "\x89PNG\r\n", ""},
		"something binary":                   {"text/plain", "a\x00b", ""},
		"another character set":              {"text/plain", "Andr\xe9", ""},
	} {
		t.Run(name, func(t *testing.T) {
			list := openEnclosed(c.media, base64.StdEncoding.EncodeToString([]byte(c.raw)))
			if got := shapeOf(list); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for _, text := range []string{"TXIu!", "TXI=TXI=", "TXI=\nTXI="} {
		if openEnclosed("text/plain", text) != nil {
			t.Errorf("%q was opened", text)
		}
	}
	if shapeOf(openEnclosed("text/plain", base64.RawURLEncoding.EncodeToString([]byte("é??>")))) != "text" {
		t.Error("the other alphabet is not read")
	}
}

// Text that looks like the beginning of documents and never is one takes time
// linear in its length.
func TestBeginningsThatLeadNowhereCostLittle(t *testing.T) {
	const n = 1 << 20
	for name, line := range map[string]string{
		"brackets": "{\"a\":\n", "lists": "[{\n", "tables": "a,b,c\n", "messages": "MSH|^~\\&|a|b|c\n", "elements": "<a xmlns=\n", "open elements": "<a>\n", "closed elements": "<a>\n</a>\n", "comments": "<!-- a\n",
		"bars": "|a|\n|-|\n", "one line": `{"a":`, "deep": `[{"a":[`, "many resources": fhirPatient + "\n",
		"many messages": hl7Message + "\n", "many tables": aTable + "\n", "many fences": "```\n" + aTable,
	} {
		text := strings.Repeat(line, n/len(line))
		began := time.Now()
		if got := joined(cutDocuments(text)); got != text {
			t.Errorf("%s: the parts are not the text", name)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s: 1 MB took %v", name, took)
		}
	}
}

func FuzzCutDocuments(f *testing.F) {
	for _, text := range []string{fhirPatient, "a\n" + hl7Message + "\nb", aTable, bars, x12Claim, "```\n" + fhirPatient + "\n```", "{\"\n[{\n<?xml", "a,b,c\r\n\"d\ne\",f,g\r\n\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := joined(cutDocuments(text)); got != text {
			t.Errorf("%q became %q", text, got)
		}
		for _, p := range openEnclosed("text/plain", text) {
			if p.doc != nil && !isText(p.doc.Name()) && p.doc.Name() != format.Text {
				t.Errorf("opened as %s", p.doc.Name())
			}
		}
	})
}
