package daemon

import (
	"os"
	"path/filepath"
	"testing"

	"chaperone/internal/config"
)

// RTE-01: what the configuration admits can be built, without a call.
func TestEveryConfiguredDoorCanBeBuilt(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": dir + "/config", "AWS_SHARED_CREDENTIALS_FILE": dir + "/credentials", "HOME": dir, "AWS_BEARER_TOKEN_BEDROCK": "",
	} {
		t.Setenv(name, value)
	}
	const src = `
default_door: direct
doors:
  - {name: direct, kind: anthropic, key_env: K, pins: ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}
  - {name: runtime, kind: bedrock, region: us-east-1, inference_profile: us}
  - {name: messages, kind: bedrock-messages, region: us-east-1, tls_min: "1.2"}
  - {name: aws, kind: claude-platform-aws, region: us-east-1, workspace: wrkspc_1}
  - {name: vertex, kind: vertex, region: global, project: clinic-1, google_credentials_file: google.json}
  - {name: google, kind: google-cloud, project: clinic-1, workspace: wrkspc_1}
  - {name: foundry, kind: foundry, resource: clinic-ai, entra_tenant: t, entra_client: c, key_file: secret}
  - {name: cellar, kind: compatible, url: https://claude.hospital.example/gate, key_credential: cellar}
  - {name: stored, kind: anthropic, key_secret: {store: vault, address: https://vault.example, name: secret/data/claude, field: key, token_file: token}}
  - {name: stored-aws, kind: anthropic, key_secret: {store: aws, region: us-east-1, name: claude}}
  - {name: stored-google, kind: anthropic, key_secret: {store: google, name: projects/clinic-1/secrets/claude}}
  - {name: stored-azure, kind: anthropic, key_secret: {store: azure, address: https://v.vault.azure.net, name: claude, entra_tenant: t, entra_client: c, token_file: s}}
  - {name: simulator, kind: simulator}
`
	path := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, faults := config.Load(path)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	doors, err := buildDoors(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range doors {
		if want := orderedDoors(cfg)[i]; d.Name() != want.Name || d.Facts.Kind != want.Kind || d.Simulated() != (want.Name == "simulator") {
			t.Errorf("%s was built as %s", want.Name, d.Name())
		}
	}
	cfg.Doors[1].Platform.Profile = "mars"
	if _, err := buildDoors(cfg, 0); err == nil {
		t.Error("a profile that is none was accepted")
	}
}
