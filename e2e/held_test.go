package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	anthropic "github.com/anthropics/anthropic-sdk-go/v2"
)

// TestBatchesAndFilesThroughTheGoSDK: what is kept at the vendor between calls
// holds nobody, and comes back whole.
func TestBatchesAndFilesThroughTheGoSDK(t *testing.T) {
	fake := newKeeper(t)
	dir := t.TempDir()
	d := up(t, dir, "--config", configure(t, fake.claude))
	client := clientV2(d)
	ctx := timeout(t, time.Minute)
	var params anthropic.MessageBatchNewParams
	for n := range 20 {
		params.Requests = append(params.Requests, anthropic.MessageBatchNewParamsRequest{
			CustomID: "patient-" + person(n).record,
			Params: anthropic.MessageBatchNewParamsRequestParams{
				Model: "claude-sonnet-5", MaxTokens: 1024,
				Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(person(n).note()))},
			},
		})
	}
	batch, err := client.Messages.Batches.New(ctx, params)
	if err != nil {
		t.Fatal(err)
	}
	list, err := client.Messages.Batches.List(ctx, anthropic.MessageBatchListParams{})
	if err != nil || len(list.Data) != 1 || list.Data[0].ID != batch.ID {
		t.Errorf("the list: %+v, %v", list, err)
	}
	got := map[string]string{}
	results := client.Messages.Batches.ResultsStreaming(ctx, batch.ID, anthropic.MessageBatchResultsParams{})
	for results.Next() {
		one := results.Current()
		got[one.CustomID] = one.Result.AsSucceeded().Message.Content[0].Text
	}
	if err := results.Err(); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		if p := person(n); got["patient-"+p.record] != p.note() {
			t.Errorf("line %d came back as %q", n, got["patient-"+p.record])
		}
	}
	if _, err := client.Messages.Batches.Delete(ctx, batch.ID, anthropic.MessageBatchDeleteParams{}); err != nil {
		t.Error(err)
	}

	p := person(30)
	table := fmt.Sprintf("name,mrn,phone\n%s %s,%s,%s\n", p.given, p.family, p.record, p.phone)
	file, err := client.Beta.Files.Upload(ctx, anthropic.BetaFileUploadParams{
		File: anthropic.File(strings.NewReader(table), p.family+".csv", "text/csv"), ExpiresInSeconds: anthropic.Int(7200),
	})
	if err != nil || file.Filename != p.family+".csv" {
		t.Fatalf("%+v, %v", file, err)
	}
	files, err := client.Beta.Files.List(ctx, anthropic.BetaFileListParams{})
	if err != nil || len(files.Data) != 1 || files.Data[0].Filename != p.family+".csv" {
		t.Errorf("the list: %+v, %v", files, err)
	}
	back, err := client.Beta.Files.Download(ctx, file.ID, anthropic.BetaFileDownloadParams{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Body.Close()
	if content, err := io.ReadAll(back.Body); err != nil || string(content) != table {
		t.Errorf("it came back as %q, %v", content, err)
	}
	if _, err := client.Beta.Files.Delete(ctx, file.ID, anthropic.BetaFileDeleteParams{}); err != nil {
		t.Error(err)
	}
	if _, err := client.Beta.Files.GetMetadata(ctx, file.ID, anthropic.BetaFileGetMetadataParams{}); err == nil {
		t.Error("a deleted file is still there")
	}

	seen := string(fake.seen())
	for n := range 20 {
		for _, s := range person(n).secrets() {
			if strings.Contains(seen, s) {
				t.Errorf("the vendor saw %q of person %d", s, n)
			}
		}
	}
	for _, s := range []string{p.family, p.record, p.phone} {
		if strings.Contains(seen, s) {
			t.Errorf("the vendor saw %q", s)
		}
	}
	if code := d.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, d.stderr)
	}
	if v, code := auditVerify(t, dir); code != 0 || v.Verified != v.Records {
		t.Errorf("the record: %+v, exit %d", v, code)
	}
	if _, pending := auditCount(t, dir); pending != 0 {
		t.Errorf("%d exchanges without an end", pending)
	}
}

// TestBatchesAndFilesAtTheSimulator: all of it offline, without any vendor.
func TestBatchesAndFilesAtTheSimulator(t *testing.T) {
	client := clientV2(up(t, t.TempDir()))
	ctx := timeout(t, time.Minute)
	batch, err := client.Messages.Batches.New(ctx, anthropic.MessageBatchNewParams{Requests: []anthropic.MessageBatchNewParamsRequest{{
		CustomID: "one",
		Params: anthropic.MessageBatchNewParamsRequestParams{
			Model: "claude-sonnet-5", MaxTokens: 1024,
			Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("[[simulate:echo]] " + person(1).note()))},
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if batch, err = client.Messages.Batches.Get(ctx, batch.ID, anthropic.MessageBatchGetParams{}); err != nil || batch.ProcessingStatus != "ended" {
		t.Fatalf("%+v, %v", batch, err)
	}
	results := client.Messages.Batches.ResultsStreaming(ctx, batch.ID, anthropic.MessageBatchResultsParams{})
	if !results.Next() || !strings.Contains(results.Current().Result.AsSucceeded().Message.Content[0].Text, person(1).family) {
		t.Errorf("%s, %v", results.Current().RawJSON(), results.Err())
	}
	note := person(2).note()
	file, err := client.Beta.Files.Upload(ctx, anthropic.BetaFileUploadParams{File: anthropic.File(strings.NewReader(note), "note.txt", "text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	back, err := client.Beta.Files.Download(ctx, file.ID, anthropic.BetaFileDownloadParams{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Body.Close()
	if content, _ := io.ReadAll(back.Body); string(content) != note {
		t.Errorf("it came back as %q", content)
	}
}

// TestOtherOfficialSDKsKeepBatchesAndFiles runs the other SDKs' own calls.
func TestOtherOfficialSDKsKeepBatchesAndFiles(t *testing.T) {
	for _, c := range []struct {
		name, needs string
		command     []string
	}{
		{"TypeScript", "ts/node_modules/@anthropic-ai/sdk/package.json", []string{"node", "--test", "ts/held.test.mjs"}},
		{"Python", "python/.venv/bin/python", []string{"python/.venv/bin/python", "-m", "unittest", "-v", "python/test_held.py"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := os.Stat(filepath.FromSlash(c.needs)); err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("%s is not installed: run `make e2e`", c.needs)
				}
				t.Skipf("SKIPPED: %s is not installed; `make e2e` installs it", c.needs)
			}
			fake := newKeeper(t)
			d := up(t, t.TempDir(), "--config", configure(t, fake.claude))
			cmd := exec.Command(c.command[0], c.command[1:]...)
			cmd.Env = append(os.Environ(), "CHAPERONE_URL="+d.URL, "CHAPERONE_KEY="+d.APIKey)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if fake.calls() < 6 {
				t.Errorf("the vendor got %d calls", fake.calls())
			}
			seen := string(fake.seen())
			for _, secret := range []string{"Okafor", "okafor", "4417093", "555-01"} {
				if strings.Contains(seen, secret) {
					t.Errorf("the vendor saw %q", secret)
				}
			}
		})
	}
}
