package table

import (
	"errors"
	"strings"
	"testing"

	"chaperone"
)

func TestATableIsReadWhateverPartsItsFields(t *testing.T) {
	for name, text := range map[string]string{
		"commas":               "age,sex,note\n30,F,x\n40,M,y\n",
		"semicolons":           "age;sex;note\n30;F;x\n40;M;y\n",
		"tabs":                 "age\tsex\tnote\n30\tF\tx\n40\tM\ty\n",
		"a mark of byte order": "\ufeffage,sex,note\r\n30,F,x\r\n40,M,y\r\n",
		"capitals and spaces":  " AGE , Sex ,note\n 30 , F ,x\n40,M,y",
		"a line in quotes":     "note,age,sex\n\"x\n,,;\",30,F\ny,40,M\n",
	} {
		t.Run(name, func(t *testing.T) {
			table, err := Read(strings.NewReader(text), "age", "sex")
			if err != nil {
				t.Fatal(err)
			}
			if table.Rows() != 2 || strings.Join(table.columns[0].values, "+") != "30+40" || strings.Join(table.columns[1].values, "+") != "F+M" {
				t.Errorf("read %+v", table)
			}
		})
	}
}

func TestAMalformedTableIsRefusedByLineAndWithoutItsWords(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":               {"", "The table is empty"},
		"only a header":         {"age,sex\n", "The table has a header and no rows"},
		"a row that is short":   {"age,sex\n30,F\nTREMBLAY\n", "Line 3 has another number of fields than the header"},
		"a quote that is open":  {"age,sex\n30,\"TREMBLAY\n", "Line 2 has a quotation mark that does not fit"},
		"a quote inside a cell": {"age,sex\n30,TREM\"BLAY\n", "Line 2 has a quotation mark that does not fit"},
		"bytes of another code": {"age,sex\n30,F\n40,TREMBLAY\xe9\n", "Line 3 is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), "age", "sex")
			var known *chaperone.Error
			if !errors.As(err, &known) || known.Kind != chaperone.KindInvalid || known.Public != c.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAColumnThatIsNotThereOnceIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		twice bool
	}{"missing": {"age,sex\n1,2\n", false}, "twice": {"age,zip,Zip\n1,2,3\n", true}} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), "age", "zip")
			var unknown *UnknownColumnError
			if !errors.As(err, &unknown) || unknown.Name != "zip" || unknown.Twice != c.twice {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMeasuringAsksForColumnsThatWereRead(t *testing.T) {
	table := read(t, ten)
	if _, err := table.Measure(nil, nil, false); err == nil {
		t.Error("measured without columns")
	}
	_, err1 := table.Measure([]string{"zip"}, nil, false)
	_, err2 := table.Attack([]string{"zip"}, nil, Threshold{3})
	_, err3 := table.Attack([]string{"sex"}, read(t, "age\n1\n"), Threshold{3})
	_, err4 := table.Suggest([]string{"zip"}, Threshold{3})
	_, err5 := table.Estimate([]string{"zip"}, 100)
	for i, err := range []error{err1, err2, err3, err4, err5} {
		var unknown *UnknownColumnError
		if !errors.As(err, &unknown) {
			t.Errorf("%d: got %v", i+1, err)
		}
	}
}

func TestAPresetStandsForTheClassItIsRoundedFrom(t *testing.T) {
	for s, k := range map[string]int{
		Tau33: 3, Tau20: 5, Tau09: 11, Tau05: 20, "0.2": 5, "1": 1, "0.5": 2, "0.1": 10, "0.08": 13, "0.3": 4, " 0.01 ": 100,
	} {
		if got, err := ParseThreshold(s); err != nil || got.K != k {
			t.Errorf("%q is %d, %v, want %d", s, got.K, err, k)
		}
	}
	for _, s := range []string{"", "0", "-0.1", "1.1", "NaN", "eleven", "1e-9", "Inf"} {
		if got, err := ParseThreshold(s); err == nil {
			t.Errorf("%q is %d", s, got.K)
		}
	}
}

func TestTheZeroThresholdIsMetByNoTable(t *testing.T) {
	a, err := read(t, "q\na\na\n").Attack([]string{"q"}, nil, Threshold{})
	if err != nil || a.Prosecutor.Over != 1 {
		t.Errorf("got %+v, %v", a, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("age,sex\n30,F\n40,M\n")
	f.Add("\ufeffage;sex\r\n\"3\n0\";F\r\n")
	f.Add("sex\tage\n\xff\t1\n")
	f.Add("age,sex,age\n1,2,3\n")
	f.Add("age,sex\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(strings.NewReader(text), "age", "sex")
		if err != nil {
			return
		}
		quasi, sensitive := []string{"age"}, []string{"sex"}
		m, err := table.Measure(quasi, sensitive, false)
		if err != nil {
			t.Fatal(err)
		}
		if m.K < 1 || m.K > table.Rows() || m.L < 1 || m.T < -1e-9 || m.T > 1+1e-9 || m.Alpha <= 0 || m.Alpha > 1 || m.Beta < -1e-9 {
			t.Errorf("out of bounds: %+v", m)
		}
		s, err := table.Suggest(quasi, Threshold{2})
		if err != nil || s.Met && s.K < 2 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}
