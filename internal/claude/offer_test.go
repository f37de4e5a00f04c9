package claude

import (
	"context"
	"net/http"
	"testing"
)

// wrapped is a door around another.
type wrapped struct{ Door }

func (w wrapped) Unwrap() Door { return w.Door }

func TestADoorSaysWhetherItHasBatchesAndFiles(t *testing.T) {
	key := KeySource(func() (string, error) { return "sk-made-up", nil })
	base := DoorConfig{BaseURL: "https://own.example.org", Key: key}
	must := func(d *HTTPDoor, err error) Door {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	inside := NewHandlerDoor("simulator", http.NotFoundHandler(), true)
	for name, c := range map[string]struct {
		door           Door
		batches, files bool
	}{
		"the vendor's API":                        {must(NewAnthropic(DoorConfig{Key: key})), true, true},
		"the simulator":                           {inside, true, true},
		"a door around the simulator":             {wrapped{inside}, true, true},
		"a door that hides what it is around":     {struct{ Door }{inside}, false, false},
		"an endpoint of one's own":                {must(NewCompatible(base, "", nil)), true, true},
		"an endpoint with its own names":          {must(NewCompatible(base, "", map[string]string{"claude-sonnet-5": "mine"})), false, true},
		"Microsoft Foundry, which has no batches": {must(NewFoundry(FoundryConfig{DoorConfig: DoorConfig{Key: key}, Resource: "clinic"})), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if b, f := Offers(c.door, BatchesPath), Offers(c.door, FilesPath); b != c.batches || f != c.files {
				t.Errorf("batches %v, files %v", b, f)
			}
		})
	}
	foundry := must(NewFoundry(FoundryConfig{DoorConfig: DoorConfig{Key: key}, Resource: "clinic"}))
	if _, err := foundry.Send(context.Background(), Call{Method: "GET", Path: FilesPath}); err == nil {
		t.Error("a door without files sent a call about them")
	}
}
