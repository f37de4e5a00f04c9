package reference

import "testing"

func load(t *testing.T) *Lexicon {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestListsSayWhatAWordIs(t *testing.T) {
	l := load(t)
	for _, c := range []struct {
		word string
		ok   func(Entry) bool
		says string
	}{
		{"smith", func(e Entry) bool { return e.Family() == 9 }, "among the most usual surnames"},
		{"martha", func(e Entry) bool { return e.Given() >= 7 }, "a usual given name"},
		{"amelie", func(e Entry) bool { return e.Given() > 0 }, "a given name once accents are folded"},
		{"the", func(e Entry) bool { return e.English() == 1 }, "among the most common English words"},
		{"douleur", func(e Entry) bool { return e.French() > 0 && e.English() == 0 }, "French and not English"},
		{"chicago", func(e Entry) bool { return e.Place() == 9 }, "a town of a million people"},
		{"red deer", func(e Entry) bool { return e.Place() > 0 }, "a place of two words"},
		{"red", func(e Entry) bool { return e.Has(PlaceHead) }, "the first word of a place"},
		{"babinski", func(e Entry) bool { return e.Has(Eponym) }, "an eponym"},
		{"lipitor", func(e Entry) bool { return e.Has(Drug) }, "a medicine"},
		{"medtronic", func(e Entry) bool { return e.Has(Device) }, "a maker of devices"},
		{"saskatchewan", func(e Entry) bool { return e.Has(Region) }, "a province"},
		{"new brunswick", func(e Entry) bool { return e.Has(Region) }, "a province of two words"},
		{"hepatic", func(e Entry) bool { return e.Has(Clinical) }, "a clinical word"},
		{"qwzzk", func(e Entry) bool { return e == 0 }, "nothing"},
	} {
		t.Run(c.word+" is "+c.says, func(t *testing.T) {
			if e := l.Look(KeyOf(Fold(c.word))); !c.ok(e) {
				t.Errorf("the lists say %032b", e)
			}
		})
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Amélie": "amelie", "Nguyễn": "nguyen", "STRAUß": "strauss", "Œuvre": "oeuvre", "Øystein": "oystein", "Łukasz": "lukasz", "Đặng": "dang", "ＪＯＨＮ": "john", "ﬁn": "fin", "e\u0301": "e", "Иван": "Иван",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestZIP3: 45 CFR 164.514(b)(2)(i)(B), requirement DEI-03.
func TestZIP3(t *testing.T) {
	for in, want := range map[string]string{
		"02118": "021", "62704-1234": "627", "03601": "000", "20212": "000", "89012": "000", "87801": "000", "75312": "000", "77201": "000", "9": "000", "": "000", "09012": "000", "96910": "000", "55500": "000", "98607": "986", "00501": "000", "00601": "006", "K1A": "000",
	} {
		if got := ZIP3(in); got != want {
			t.Errorf("ZIP3(%q) = %q, want %q", in, got, want)
		}
	}
	if len(restricted) != 23 {
		t.Errorf("%d restricted prefixes, want the union of 23", len(restricted))
	}
}

func TestKeyGrowsByteByByte(t *testing.T) {
	k := NewKey
	for _, b := range []byte("red deer") {
		k = k.Add(b)
	}
	if k != KeyOf("red deer") {
		t.Error("a key made byte by byte differs from the key of the whole")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
