package deid

import "testing"

// TestMessages: fields of HL7 v2 are found by their position, and the marks of
// the message stay.
func TestMessages(t *testing.T) {
	check(t, []string{
		"MSH|^~\\&|LAB|{org|NORTHSIDE}|EHR|{org|CITYCLIN}|{date|20240315103000}||ADT^A01|{any|MSG00081}|P|2.5\rPID|1||{record|448120}^^^NS^MR~{record|77-21}^^^XX^PI||{name|ROE}^{name|JANE}^{name|Q}^^MRS||{date|19570403}|F||2106-3|{street|48 LARKSPUR LN}^^{place|ELMTOWN}^IL^{postal|62704}^USA||{phone|(416)555-0142}|||M||{account|ACC-77}|{ident|219-09-9999}",
		"MSH#*~\\&#A#{org|B}#C#{org|D}#{date|20240101}##ORU*R01#{any|1}#P#2.3\nPID#1##{record|99}####{date|19600101}",
		"NK1|1|{name|ROE}^{name|TIM}|SPO|{street|1 ELM ST}^^{place|OAKTON}^ON^{postal|K1A0B1}|{phone|5550199}",
		"PV1|1|I|{street|4W}^{street|412}^{street|B}||||{licence|1234}^{name|PIKE}^{name|ALAN}^^^DR",
		"MSH|^~\\&|A||B\rPID|1||{record|99}||{name|ROE}&{name|DE}&{name|LA}^{name|OTIS}^{name|A}^III^Dr.^MD~{name|ROY}^{name|SAM}\rDG1|1|I9|44054006^Type 2 diabetes^SCT",
		"OBX|1|NM|718-7^Hemoglobin^LN||13.2|g/dL|12-16|N|||F",
		"OBX|5|TX|NOTE||Seen by Dr. {name|Pike}, daughter {name|Anna} present||||||F",
	})
}
