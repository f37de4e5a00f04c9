package format

import (
	"strconv"
	"strings"
	"testing"

	"chaperone/phi"
)

// A slip in the tables would leave a field unread without a word.
func TestTheTablesOfSegmentsSayWhatTheyMean(t *testing.T) {
	for id, fields := range segments {
		for n, use := range fields {
			if n == 0 {
				t.Errorf("%s has a field without a number", id)
			}
			if use.data != "" && dataTypes[use.data] == nil {
				t.Errorf("%s-%d has the unknown type %s", id, n, use.data)
			}
			if use.data == "" && use.kind == phi.None {
				t.Errorf("%s-%d says nothing", id, n)
			}
			for _, p := range dataTypes[use.data] {
				coded := use.data == "ST" || use.data == "IS" || use.data == "ID" || use.data == "HD"
				if p.kind == ownKind && use.kind == phi.None && !coded && use.data != "XON" && use.data != "NDL" && use.data != "AUI" {
					t.Errorf("%s-%d needs a kind for its %s", id, n, use.data)
				}
			}
		}
	}
	for id, rules := range x12Segments {
		for n, rule := range rules {
			switch rule {
			case ".", "who", "byid", "byref", "bycom", "bydate", "date", "birth":
				continue
			}
			if _, ok := phi.ParseKind(rule); !ok || n == 0 {
				t.Errorf("%s%02d has the unknown rule %q", id, n, rule)
			}
		}
	}
	for _, list := range []map[string]string{x12IDs, x12Refs, x12Contacts} {
		for code, kind := range list {
			if _, ok := phi.ParseKind(kind); !ok && kind != "" {
				t.Errorf("%s has the unknown kind %q", code, kind)
			}
		}
	}
}

func TestDatesAreReducedAsTheirTypesAllow(t *testing.T) {
	for _, c := range []struct {
		text string
		form Form
		want string
	}{
		{"2024-05-06", FormYear, "2024"},
		{"20240506070809.123+0200", FormYear, "2024"},
		{"1931-02-03", FormBirthYear, "1936"},
		{"1935", FormBirthYear, "1936"},
		{"1936-12-31", FormBirthYear, "1936"},
		{"1931-02-03", FormYear, "1931"},
		{"2024-05-06T07:08:09+05:30", FormInstant, "2024-01-01T00:00:00Z"},
		{"20240506", FormDay, "20240101"},
		{"202405060708", FormDay, "202401010000"},
		{"240506", FormDay, "240101"},
		{"20240501-20240507", FormDay, "20240101-20240101"},
		{"19310203", FormBirthDay, "19360101"},
		{"93", FormAge, "90"},
		{"89", FormAge, "89"},
		{"44.05817", FormZero, "0"},
	} {
		got, ok := reduce(c.text, c.form, 2026)
		if !ok || got != c.want {
			t.Errorf("%s becomes %q, %v; want %q", c.text, got, ok, c.want)
		}
	}
	for _, text := range []string{"", "May 5", "MMDD", "12", strconv.Itoa(7)} {
		if got, ok := reduce(text, FormYear, 2026); ok {
			t.Errorf("%q is no date, and became %q", text, got)
		}
	}
}

func TestHL7DatesAreToldFromNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"20240506": true, "202405060708": true, "20240506070809.1234-0500": true, "20241306": false, "20240532": false, "4471902": false,
		"2024": false, "99990101": false, "20240506x": false, "202405060": false,
	} {
		if hl7Date(text) != want {
			t.Errorf("%s: want %v", text, want)
		}
	}
}

func TestHeadersInThreeLanguagesNameTheirKind(t *testing.T) {
	for header, want := range map[string]phi.Kind{
		"Last_Name": phi.Name, "Prénom": phi.Name, "apellidos": phi.Name, "Date of Birth": phi.Date, "N° de téléphone": phi.None, "No. dossier": phi.Record,
		"numéro de téléphone": phi.Phone, "SSN": phi.Ident, "Health Card #": phi.Member, "glucose": phi.None, "MRN": phi.Record, "código postal": phi.Postal,
	} {
		if got := kindOfLabel(header); got != want {
			t.Errorf("%s is %s, want %s", header, got, want)
		}
	}
	for label := range columnKinds {
		if label != plainLabel(label) || strings.TrimSpace(label) == "" {
			t.Errorf("%q can never be met", label)
		}
	}
}
