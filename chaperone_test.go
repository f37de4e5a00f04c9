package chaperone_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"chaperone"
)

func TestPatientRefRefusesToBePrintedOrMarshalled(t *testing.T) {
	p, err := chaperone.NewPatientRef("MRN|4471902")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(struct{ P chaperone.PatientRef }{p})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{fmt.Sprintf("%v %+v %#v %s", p, p, p, p), string(raw), p.LogValue().String()} {
		if strings.Contains(out, "4471902") {
			t.Errorf("the reference came out: %s", out)
		}
	}
	if p.Expose() != "MRN|4471902" {
		t.Errorf("Expose yields %q", p.Expose())
	}
}

func TestPatientRefIsNoPlaceForFreeText(t *testing.T) {
	for _, bad := range []string{"John Smith", " 1", "a\nb", strings.Repeat("1", 129), "é"} {
		_, err := chaperone.NewPatientRef(bad)
		if err == nil {
			t.Errorf("%q was taken for a reference", bad)
		} else if strings.Contains(err.Error(), strings.TrimSpace(bad)) && len(bad) > 3 {
			t.Errorf("the error repeats the value: %v", err)
		}
	}
}

func TestErrorShowsPublicWordsAndNeverItsCause(t *testing.T) {
	cause := errors.New("secret cause with Zyxqvarden")
	e := chaperone.NewError(chaperone.KindUnavailable, "x", "The record cannot be written", "Try again", cause)
	wrapped := fmt.Errorf("gateway: intend: %w", e)
	if got := chaperone.AsError(wrapped); got != e {
		t.Errorf("AsError found %v", got)
	}
	if strings.Contains(wrapped.Error()+e.LogValue().String(), "Zyxqvarden") {
		t.Errorf("the cause came out: %v", wrapped)
	}
	if !errors.Is(wrapped, cause) {
		t.Error("the cause is lost for those who may ask for it")
	}
	if got := chaperone.AsError(cause); got.Kind != chaperone.KindInternal || strings.Contains(got.Error(), "Zyxqvarden") {
		t.Errorf("an unknown error became %v", got)
	}
}

func TestRolesAndPurposesParseBack(t *testing.T) {
	for _, r := range chaperone.Roles() {
		if back, err := chaperone.ParseRole(string(r)); err != nil || back != r {
			t.Errorf("role %s: %v", r, err)
		}
	}
	for _, p := range append(chaperone.Purposes(), chaperone.PurposeNone) {
		if back, err := chaperone.ParsePurpose(string(p)); err != nil || back != p {
			t.Errorf("purpose %s: %v", p, err)
		}
	}
	if _, err := chaperone.ParsePurpose("curiosity"); err == nil {
		t.Error("an unknown purpose was accepted")
	}
}
