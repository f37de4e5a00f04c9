package deid

import "testing"

// TestChecksumVectors holds numbers that the issuing bodies publish as samples,
// each beside one with a digit changed (DLP-20).
func TestChecksumVectors(t *testing.T) {
	text := func(f func(string) bool) func([]byte) bool { return func(b []byte) bool { return f(string(b)) } }
	for _, c := range []struct {
		name       string
		valid      func([]byte) bool
		good, evil string
	}{
		{"Luhn", luhn, "4111111111111111", "4111111111111112"},
		{"US SSN, area 219", validSSN, "219099999", "666099999"},
		{"US SSN never has group 00", validSSN, "123456789", "123006789"},
		{"ITIN", validITIN, "912701234", "912931234"},
		{"NPI 1234567893", validNPI, "1234567893", "1234567894"},
		{"NPI 1003000126", validNPI, "1003000126", "3003000126"},
		{"DEA AB1234563", validDEA, "1234563", "1234564"},
		{"MBI", text(validMBI), "1EG4TE5MK73", "0EG4TE5MK73"},
		{"MBI never has an S", text(validMBI), "1EG4TE5MK73", "1SG4TE5MK73"},
		{"SIN", validSIN, "046454286", "046454287"},
		{"Ontario", validOHIP, "9876543217", "9876543216"},
		{"British Columbia", validBCPHN, "9698658215", "9698658216"},
		{"Quebec", text(validRAMQ), "AAAA01010112", "AAAA01010119"},
		{"Quebec, woman", text(validRAMQ), "AAAA01510117", "AAAA01510118"},
		{"Quebec, spec vector", text(validRAMQ), "LASF80021411", "LASF80021412"},
		{"NHS", validNHS, "9434765919", "9434765918"},
		{"Medicare Australia", validMedicareAU, "2123456701", "2123456711"},
		{"IHI", validIHI, "8003608166690503", "8003608166690504"},
		{"TFN", validTFN, "123456782", "123456783"},
		{"NHI, old form", text(validNHI), "ZAC5361", "ZAC5362"},
		{"NIR", validNIR, "185057800608491", "185057800608492"},
		{"GTIN in a UDI", validGTIN, "00844588003288", "00844588003289"},
		{"VIN", text(validVIN), "1HGCM82633A004352", "1HGCM82633A004353"},
		{"IBAN", text(validIBAN), "GB82WEST12345698765432", "GB82WEST12345698765433"},
		{"DNI", text(validDNI), "12345678Z", "12345678A"},
		{"SNOMED CT 44054006, Verhoeff", verhoeff, "44054006", "44054007"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !c.valid([]byte(c.good)) {
				t.Errorf("%s is valid and was refused", c.good)
			}
			if c.valid([]byte(c.evil)) {
				t.Errorf("%s is invalid and was accepted", c.evil)
			}
		})
	}
}

// TestFailedChecksumNeverClearsALabelledValue: a digit typed wrong is still
// somebody's number.
func TestFailedChecksumNeverClearsALabelledValue(t *testing.T) {
	check(t, []string{
		"SIN {ident|046 454 287}", "NPI {licence|1234567894}", "OHIP {member|9876543216}", "NHS number {member|943 476 5918}", "SSN {ident|666-12-3456}", "VIN {vehicle|1HGCM82633A004353}", "RAMQ {member|BOUF 9403 2415}", "MBI {member|0EG4-TE5-MK73}", "card number {account|4111 1111 1111 1112}", "DEA {licence|AB1234564}",
	})
}
