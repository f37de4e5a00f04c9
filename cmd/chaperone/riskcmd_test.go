package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/deid/risk/table"
)

// chart is a table of people who never lived: four in each class but one.
func chart(t *testing.T) string {
	t.Helper()
	rows := "Age,ZIP,sex,diagnosis\n"
	for i := range 44 {
		rows += fmt.Sprintf("%d,021%02d,%c,%s\n", 40+i%4, i%3, "FM"[i%2], []string{"asthma", "gout", "lupus"}[i%3])
	}
	return saved(t, "chart.csv", rows+"97,59301,F,progeria\n")
}

func saved(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// riskRun runs "chaperone deid risk" and yields what it printed.
func riskRun(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(append([]string{"deid", "risk"}, args...), strings.NewReader("q\na\na\n"), &out, &errs)
	return code, out.String(), errs.String()
}

func TestTheRiskReportShowsNoValue(t *testing.T) {
	for _, form := range []string{"", "--json"} {
		args := []string{chart(t), "--quasi", "age,zip,sex", "--sensitive", "diagnosis", "--people", "5000"}
		if form != "" {
			args = append(args, form)
		}
		code, out, errs := riskRun(args...)
		if code != exitFailed || errs != "" {
			t.Fatalf("exit code %d, %s", code, errs)
		}
		for _, value := range []string{"asthma", "gout", "lupus", "progeria", "59301", "02100"} {
			if strings.Contains(out, value) {
				t.Errorf("the report shows %q:\n%s", value, out)
			}
		}
		for _, say := range []string{"not a determination", "zip"} {
			if !strings.Contains(out, say) {
				t.Errorf("the report does not say %q:\n%s", say, out)
			}
		}
	}
}

func TestTheExitCodeSaysWhetherTheThresholdIsMet(t *testing.T) {
	path := chart(t)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"met":                      {[]string{path, "--quasi", "sex"}, exitDone, "verdict          met\n"},
		"not met":                  {[]string{path, "--quasi", "age"}, exitFailed, "verdict          not met\n"},
		"met by a weaker share":    {[]string{"-", "--quasi", "q", "--tau", "0.5"}, exitDone, "verdict          met\n"},
		"met in a population":      {[]string{path, "--quasi", "sex", "--population", path}, exitDone, "verdict          met\n"},
		"a suggestion":             {[]string{path, "--quasi", "age,zip"}, exitFailed, "suggestion       age: put it into bands of 5"},
		"no columns":               {[]string{path}, exitMisuse, "columns that an outsider may know are needed"},
		"a column that is missing": {[]string{path, "--quasi", "postcode"}, exitMisuse, `the table has no column "postcode"`},
		"a column named twice":     {[]string{path, "--quasi", "age", "--sensitive", "AGE"}, exitMisuse, "a column is named twice"},
		"no share":                 {[]string{path, "--quasi", "age", "--tau", "11"}, exitMisuse, "--tau: a threshold is a share"},
		"too few people":           {[]string{path, "--quasi", "age", "--people", "3"}, exitMisuse, "--people is smaller than the table"},
		"no table":                 {[]string{"--quasi", "age"}, exitMisuse, "a table in CSV"},
		"a file that is not there": {[]string{path + "x", "--quasi", "age"}, exitFailed, "no such file"},
		"a key that is none":       {[]string{path, "--quasi", "age", "--sign", path}, exitMisuse, "no Ed25519 key"},
		"a table cut short":        {[]string{saved(t, "x.csv", "age,sex\nTREMBLAY\n"), "--quasi", "age"}, exitFailed, "line 2 has another number of fields"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := riskRun(c.args...)
			if code != c.code || !strings.Contains(out+errs, c.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s%s", code, c.code, c.says, out, errs)
			}
			if strings.Contains(errs, "TREMBLAY") {
				t.Error("the error shows a value")
			}
		})
	}
}

func TestASignedRiskReportVerifiesWithThePublicKeyAlone(t *testing.T) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))
	secret, err1 := x509.MarshalPKCS8PrivateKey(private)
	public, err2 := x509.MarshalPKIXPublicKey(private.Public())
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	secretFile := saved(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	publicFile := saved(t, "public.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})))

	code, report, errs := riskRun(chart(t), "--quasi", "sex", "--sign", secretFile)
	if code != exitDone {
		t.Fatalf("exit code %d, %s", code, errs)
	}
	code, out, errs := riskRun("verify", saved(t, "report.json", report), "--key", publicFile, "--json")
	var r table.Report
	if err := json.Unmarshal([]byte(out), &r); code != exitDone || err != nil || r.Rows != 45 || !r.Met {
		t.Errorf("exit code %d, %v, %s%s", code, err, out, errs)
	}
	touched := strings.Replace(report, `"rows": 45`, `"rows": 46`, 1)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"changed since": {[]string{"verify", saved(t, "report.json", touched), "--key", publicFile}, exitFailed, "was changed since"},
		"no report":     {[]string{"verify", publicFile, "--key", publicFile}, exitFailed, "the file is no signed report"},
		"no key":        {[]string{"verify", publicFile}, exitMisuse, "public key of whoever signed is needed"},
		"the other key": {[]string{"verify", publicFile, "--key", secretFile}, exitMisuse, "no Ed25519 key"},
	} {
		t.Run(name, func(t *testing.T) {
			if code, out, errs := riskRun(c.args...); code != c.code || !strings.Contains(errs, c.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s%s", code, c.code, c.says, out, errs)
			}
		})
	}
}
