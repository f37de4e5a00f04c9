package format_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"chaperone/deid/format"
)

// story is a small document with what must go and what must stay.
type story struct {
	format  format.Name
	text    string
	gone    []string
	kept    []string
	reduced bool // dates are reduced to the year, and do not come back
}

func TestDocumentsKeepTheirFormAndLoseWhatIdentifies(t *testing.T) {
	for name, s := range stories() {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			raw := []byte(s.text)
			out := d.conceal(s.format, raw)
			for _, w := range s.gone {
				if bytes.Contains(out, []byte(w)) {
					t.Errorf("%q stays in:\n%s", w, out)
				}
			}
			for _, w := range s.kept {
				if !bytes.Contains(out, []byte(w)) {
					t.Errorf("%q is gone from:\n%s", w, out)
				}
			}
			if back := d.reveal(s.format, out); !s.reduced && !bytes.Equal(back, raw) {
				t.Errorf("it comes back as:\n%s\nnot as:\n%s", back, raw)
			}
		})
	}
}

func stories() map[string]story {
	all := map[string]story{}
	for _, some := range []map[string]story{recordStories(), messageStories(), tableStories(), textStories()} {
		for k, v := range some {
			all[k] = v
		}
	}
	return all
}

func recordStories() map[string]story {
	return map[string]story{
		"JSON by its keys, with numbers, escapes and keys that are names": {
			format: format.JSON,
			text:   `{"patient": {"firstName": "J\u006fhn", "lastName":"Sm\u0069th", "mrn": 4471902, "ssn":"123-45-6789"}, "note": "Call \"Mr. Smith\"\n at (541) 555-0146", "Mary Jones": {"pulse": 72}}`,
			gone:   []string{"4471902", "123-45-6789", "555-0146", "Mary", "J\\u006f"},
			kept:   []string{`"pulse": 72`, `"firstName": "NAME-`, `\"Mr. NAME-`, `"mrn": "RECORD-`},
			// A number comes back as a string.
			reduced: true,
		},
		"FHIR keeps its types, and references still meet": {
			format: format.JSON,
			text: `{"resourceType":"Bundle","type":"collection","timestamp":"2024-05-06T07:08:09Z","entry":[
 {"fullUrl":"https://fhir.mercy.example.org/r4/Patient/p77","resource":{"resourceType":"Patient","id":"p77","identifier":[{"system":"http://mercy.example.org/mrn","value":"00447190"}],
  "name":[{"use":"official","family":"O'Hara","given":["Séan","Q"]}],"gender":"male","birthDate":"1931-02-03","deceasedDateTime":"2024-05-01T10:00:00-05:00",
  "address":[{"line":["12 Elm St"],"city":"Bend","state":"OR","postalCode":"97701","country":"US"}],"telecom":[{"system":"phone","value":"541-555-0146","use":"home"}],
  "photo":[{"contentType":"image/png","data":"iVBORw0KGgo="}],
  "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Quux"}],
  "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Mr. O&#39;Hara, MRN: 00447190</div>"}}},
 {"fullUrl":"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a","resource":{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"Hemoglobin"}]},
  "subject":{"reference":"Patient/p77","display":"Sean O'Hara"},"valueQuantity":{"value":93,"unit":"g/L","system":"http://unitsofmeasure.org"},"issued":"2024-05-06T07:08:09.123Z",
  "component":[{"valueQuantity":{"value":93,"unit":"years","code":"a"}}]}}]}`,
			gone: []string{"p77", "mercy", "00447190", "Hara", "Séan", "1931", "-05-06", "-05-01", "Elm", "Bend", "97701", "555-0146", "iVBOR", "Quux", "61ebe359"},
			kept: []string{
				`"birthDate":"1936"`, `"deceasedDateTime":"2024"`, `"timestamp":"2024-01-01T00:00:00Z"`, `"issued":"2024-01-01T00:00:00Z"`, `"state":"OR"`,
				`"code":"718-7"`, `"value":93,"unit":"g/L"`, `"value":90,"unit":"years"`, `"gender":"male"`, `"fullUrl":"https://LINK-`, `/Patient/CODE-`, `"fullUrl":"urn:CODE-`,
			},
			reduced: true,
		},
		"FHIR in XML": {
			format: format.XML,
			text: `<?xml version="1.0"?>
<Patient xmlns="http://hl7.org/fhir"><id value="p77"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Mr. John Smith &amp; son</p></div></text>
<identifier><system value="urn:oid:1.2.36"/><value value="00447190"/></identifier><name><family value="O&apos;Hara"/><given value="Se&#225;n"/></name><gender value="male"/><birthDate value="1970-02-03"/>
<managingOrganization><reference value="Organization/h1"/><display value="Mercy"/></managingOrganization></Patient>`,
			gone:    []string{"p77", "00447190", "Hara", "Se&#225;n", "Smith", "1970-02", "h1", "Mercy"},
			kept:    []string{`<gender value="male"/>`, `<birthDate value="1970"/>`, `Organization/CODE-`, `&amp;`, `urn:oid:1.2.36`},
			reduced: true,
		},
		"C-CDA with a body in base64 and an extension": {
			format: format.XML,
			text: `<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"><id root="2.16.840.1.113883.19.5" extension="D-9"/><effectiveTime value="20240506"/>
<recordTarget><patientRole><id root="2.16.840.1.113883.4.1" extension="123-45-6789"/><addr><streetAddressLine>12 Elm St</streetAddressLine><city>Bend</city><state>OR</state></addr>
<telecom value="tel:+1-541-555-0146"/><patient><name><given>Ana</given><family>de la Cruz</family></name><birthTime value="19570403"/><sdtc:deceasedTime value="20240501"/></patient></patientRole></recordTarget>
<component><nonXMLBody><text mediaType="text/plain" representation="B64">TXJzLiBkZSBsYSBDcnV6IHdlcHQu</text></nonXMLBody></component>
<component><structuredBody><component><section><text><table><thead><tr><th>Test</th><th>Provider</th></tr></thead><tbody><tr><td>718-7</td><td>Gregor Samsa</td></tr></tbody></table></text></section></component></structuredBody></component></ClinicalDocument>`,
			gone:    []string{"123-45-6789", "Elm", "Bend", "555-0146", "Ana", "Cruz", "19570403", "20240501", "Samsa", "TXJzLiBkZSBs"},
			kept:    []string{`<state>OR</state>`, `root="2.16.840.1.113883.4.1"`, `<birthTime value="1957"/>`, `tel:PHONE-`, `718-7`},
			reduced: true,
		},
		"XML of no known kind": {
			format: format.XML,
			text:   `<chart><!-- for Mr. John Smith --><ssn>123-45-6789</ssn><visit by="Dr. Mary Jones"><![CDATA[MRN: 4471902 & more]]></visit></chart>`,
			gone:   []string{"Smith", "123-45-6789", "Jones", "4471902"},
			kept:   []string{"<chart><!-- for", "& more]]>", "<visit by=\"Dr. NAME-"},
		},
		"NDJSON, one record a line": {
			format: format.NDJSON,
			text:   "{\"resourceType\":\"Patient\",\"id\":\"a1b2\",\"name\":[{\"family\":\"Quux\"}]}\n\n{\"resourceType\":\"Encounter\",\"id\":\"e5f6\",\"subject\":{\"reference\":\"Patient/a1b2\"}}\n",
			gone:   []string{"a1b2", "Quux", "e5f6"},
			kept:   []string{`"reference":"Patient/CODE-`, "\n\n"},
		},
	}
}

func messageStories() map[string]story {
	return map[string]story{
		"HL7 v2 with its own delimiters, escapes, repetitions and a Z-segment": {
			format: format.HL7v2,
			text: "MSH$*%!@$LAB$MERCY GENERAL$EHR$$20240506070809$$ORU*R01$77$P$2.5\r" +
				"PID$1$$4471902***LAB*MR%123456789***SSA*SS$$O!T!HARA*SEAN*Q$$19570403$M$$$12 ELM ST**BEND*OR*97701$$(541)555-0146\r" +
				"OBX$1$TX$718-7*Hemoglobin*LN$$Mr. Josef Kay called!F!.!.br!Ask for Mary Jones$$$$$$F\r" +
				"ZPD$1$DOE*JANE$998877665$free text about Mr. Gregor Samsa\r",
			gone:    []string{"MERCY", "Kay", "4471902", "123456789", "HARA", "SEAN", "19570403", "ELM", "BEND", "97701", "555-0146", "Jones", "998877665", "Samsa", "20240506"},
			kept:    []string{"MSH$*%!@$LAB$", "718-7*Hemoglobin*LN", "$1957$M$", "*OR*", "called!F!.!.br!Ask", "ORU*R01"},
			reduced: true,
		},
		"HL7 v2 between the marks of its transport, in a batch": {
			format: format.HL7v2,
			text:   "FHS|^~\\&|A|B\rBHS|^~\\&|A|B\r\x0bMSH|^~\\&|A|B|C|D||| ADT^A01|1|P|2.5\rPID|||4471902||DOE^JANE\r\x1c\rBTS|1\rFTS|1\r",
			gone:   []string{"4471902", "DOE", "JANE"},
			kept:   []string{"\x0bMSH", "\x1c\r", "BTS|1"},
		},
		"an X12 claim": {
			format: format.X12,
			text: strings.ReplaceAll(`ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240506*0708*^*00501*000000001*0*T*:~
GS*HC*SENDER*RECEIVER*20240506*0708*1*X*005010X222A1~
ST*837*0001*005010X222A1~
NM1*IL*1*DOE*JANE*Q***MI*W123456789~
N3*12 ELM ST~
N4*BEND*OR*97701~
DMG*D8*19310203*F~
REF*SY*123456789~
PER*IC*MARY JONES*TE*5415550146*EM*mj@mercy.example.org~
CLM*ACCT77810*500***11:B:1*Y*A*Y*Y~
DTP*472*RD8*20240501-20240502~
HI*ABK:E119*ABF:I10~
HI*BBR:0DTJ4ZZ:D8:20240503~
SV1*HC:99213*125*UN*1***1~
NTE*ADD*Mr. Gregor Samsa called~
SE*14*0001~
GE*1*1~
IEA*1*000000001~
`, "\n", "\r\n"),
			gone:    []string{"DOE", "JANE", "W123456789", "ELM", "BEND", "97701", "19310203", "*123456789", "JONES", "5415550146", "mercy", "ACCT77810", "20240501", "20240502", "20240503", "Samsa"},
			kept:    []string{"NM1*IL*1*NAME-", "*MI*MEMBER-", "*OR*", "DMG*D8*19360101*F", "DTP*472*RD8*20240101-20240101", "HI*ABK:E119*ABF:I10", "HI*BBR:0DTJ4ZZ:D8:20240101", "SV1*HC:99213*125*UN*1", "ISA*00*          *00*", "*240101*0708*", "SE*14*0001"},
			reduced: true,
		},
		"a message with parts in quoted-printable and base64": {
			format: format.Mail,
			text: strings.ReplaceAll(`From: =?utf-8?q?Am=C3=A9lie_Tremblay?= <amelie@mercy.example.org>
To: Dr. John Smith <jsmith@mercy.example.org>
Subject: MRN 4471902
Message-ID: <1@mercy.example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="xx"

--xx
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Mr. Gregor Sam=
sa called at 541-555-0146 =3D urgent.
--xx
Content-Type: text/plain
Content-Transfer-Encoding: base64

TXIuIEdyZWdvciBTYW1zYSB3ZXB0Lg==
--xx
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--xx--
`, "\n", "\r\n"),
			gone: []string{"Am=C3=A9lie", "amelie", "Smith", "jsmith", "4471902", "Gregor", "sa called", "555-0146", "TXIuIEdy", "iVBORw0"},
			kept: []string{"=3D urgent.", "MIME-Version: 1.0", "--xx--", "boundary=\"xx\"", "Subject: MRN"},
			// Encoded words and soft line breaks within a name come back in the usual
			// writing.
			reduced: true,
		},
	}
}

func tableStories() map[string]story {
	return map[string]story{
		"CSV with quoted line ends and a byte order mark": {
			format: format.CSV,
			text:   "\uFEFFname,dob,mrn,state,notes\r\n\"Smith, John\",1957-04-03,4471902,OR,\"He said \"\"call 541-555-0146\"\"\nand left\"\r\nAna Roe,1960, 99120 ,WA,hemoglobin 93\r\n",
			gone:   []string{"Smith", "1957-04-03", "4471902", "555-0146", "Roe", "99120"},
			kept:   []string{"\uFEFFname,dob,mrn,state,notes\r\n\"NAME-", ",OR,", "\"\"call ", "\"\"\nand left\"\r\n", ",1960,", "hemoglobin 93"},
		},
		"CSV in French, with semicolons": {
			format: format.CSV,
			text:   "nom;prénom;date de naissance;nas;courriel;remarques\nTremblay;Amélie;4 mars 1957;046 454 286;at@example.org;va bien\nGagnon;Luc;1958-01-02;130 692 544;lg@example.org;voir Mme Tremblay\n",
			gone:   []string{"Tremblay", "Amélie", "mars", "046", "at@", "Gagnon", "Luc", "1958-01", "130 692"},
			kept:   []string{"nom;prénom;date de naissance;nas;courriel;remarques\n", "va bien", "voir Mme "},
		},
		"TSV": {
			format: format.TSV,
			text:   "patient_id\tphone\tlab\n4471902\t541-555-0146\t7.2\n",
			gone:   []string{"4471902", "555-0146"},
			kept:   []string{"patient_id\tphone\tlab\n", "\t7.2\n"},
		},
		"YAML": {
			format: format.YAML,
			text:   "# chart of Mr. John Smith\npatient:\n  name: John Smith # the elder\n  ssn: \"123-45-6789\"\n  aliases:\n    - 'Jack O''Hara'\n  note: |\n    Mr. Smith called from 541-555-0146.\n    Plan: rest.\nversion: 3\n",
			gone:   []string{"Smith", "123-45-6789", "555-0146"},
			kept:   []string{"patient:\n  name: NAME-", " # the elder\n", "Plan: rest.", "version: 3\n"},
		},
		"Markdown with a table": {
			format: format.Markdown,
			text:   "# Visit\n\nMr. John Smith came.\n\n| First name | MRN | Result |\n|---|---|---|\n| Zyx | 4471902 | 7.2 |\n\nSigned, Dr. Mary Jones\n",
			gone:   []string{"Smith", "Zyx", "4471902", "Jones"},
			kept:   []string{"# Visit", "| First name | MRN | Result |\n|---|---|---|\n", "| 7.2 |"},
		},
	}
}

func textStories() map[string]story {
	return map[string]story{
		"plain text": {
			format: format.Text, text: "Mr. John Smith, MRN: 4471902. Metformin 500 mg.\n",
			gone: []string{"Smith", "4471902"}, kept: []string{"Metformin 500 mg.\n"},
		},
		"HTML as it is found": {
			format: format.HTML,
			text:   "<!doctype html><html><head><title>Mr. John Smith</title><script>var who = 'Dr. Mary Jones';</script></head><body><p title=\"MRN: 4471902\">Caf&eacute; &amp; rest<br>1 < 2</body></html>",
			gone:   []string{"Smith", "Jones", "4471902"},
			kept:   []string{"<!doctype html>", "Caf&eacute; &amp; rest<br>1 < 2</body>"},
		},
		"text in UTF-16": {
			format: format.Text, text: "\xff\xfeM\x00r\x00.\x00 \x00J\x00o\x00h\x00n\x00 \x00S\x00m\x00i\x00t\x00h\x00",
			gone: []string{"S\x00m\x00i\x00t\x00h\x00"}, kept: []string{"\xff\xfeM\x00r\x00.\x00 \x00N\x00A\x00M\x00E\x00-\x00"},
		},
		"what looks like a placeholder comes back as it was": {
			format: format.Text, text: "See NAME-7K2QAX and Mr. John Smith.\n", gone: []string{"Smith"},
		},
	}
}

func TestARowOfTooManyColumnsIsRefused(t *testing.T) {
	var fault *format.Fault
	if _, err := format.Parse(format.CSV, []byte(strings.Repeat("a,", 20_000))); !errors.As(err, &fault) || !strings.Contains(fault.What, "columns") {
		t.Errorf("got %v", err)
	}
}
