# Each target is one command that also works without make.
GO      ?= go
TOOL    := $(GO) tool -modfile=tools/go.mod
BIN     := bin/chaperone
NOTE    ?=
JSON    ?=
FAULTS  ?=
FUZZFOR ?= 60s
CLIENTS ?=
CLIENTSDIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/chaperone/claude-code
export CGO_ENABLED = 0

.PHONY: help build demo check needs lint test e2e fuzz bench accuracy peers train
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

build: ## build bin/chaperone
	@$(GO) build -trimpath -o $(BIN) ./cmd/chaperone

demo: build ## watch a note go to Claude without its identifiers; NOTE=file.txt (or -) for yours, JSON=1 for scripts
	@$(BIN) demo $(if $(NOTE),--note '$(NOTE)') $(if $(JSON),--json)

check: needs lint test ## everything CI runs; installs what it needs
	@$(MAKE) --no-print-directory test RACE=1
	@$(MAKE) --no-print-directory e2e demo
	@git diff --exit-code --stat || { echo "check: the tree is not clean after the checks"; exit 1; }

needs: ## install what the tests start: PostgreSQL
	@tools/needs.sh

lint: ## formatting, vet and the linters of .golangci.yml
	@test -z "$$($(TOOL) gofumpt -l . | tee /dev/stderr)"
	@$(GO) vet ./...
	@$(TOOL) golangci-lint run ./...

test: ## the tests, shuffled; RACE=1 under the race detector (needs a C compiler)
	@$(if $(RACE),CGO_ENABLED=1) $(GO) test $(if $(RACE),-race -short) -shuffle=on ./...

e2e: build ## official SDKs against the built program, kill -9 under load; CLIENTS=1: the real Claude Code (large) instead; FAULTS=1: power loss, bad disks, tampering (/dev/fuse, 10 min)
	@$(if $(FAULTS),,$(if $(CLIENTS),CHAPERONE_CLIENTS=$(CLIENTSDIR)) e2e/setup.sh)
	@cd e2e && $(if $(CLIENTS),CHAPERONE_CLIENTS=$(CLIENTSDIR)) CHAPERONE_BIN=$(CURDIR)/$(BIN) $(GO) test -count=1 -timeout 20m $(if $(FAULTS),-v -run '^TestFault' . -args -faults,$(if $(CLIENTS),-v -run ClaudeCode) ./...)

fuzz: ## every fuzz target for FUZZFOR (default 60s)
	@tools/fuzz.sh $(FUZZFOR)

bench: ## overhead against plain proxies in one run; WRITE=1 updates docs/benchmarks.md, SOAK=30m watches memory
	@$(GO) run ./bench $(if $(WRITE),-write) $(if $(SOAK),-soak $(SOAK))

accuracy: ## measure detection on the data in CHAPERONE_DATA and write docs/accuracy.md
	@$(GO) test ./deid/score -run TestAccuracy -count=1 -v -args -write

peers: build ## let Presidio, philter-lite and openredaction read the same texts; writes docs/accuracy.md
	@e2e/peers/setup.sh
	@$(GO) test ./deid/score -run TestPeers -count=1 -timeout 2h -v -args -peers e2e/peers -write

train: ## make the tagger's weights again from generated texts, byte for byte
	@$(GO) run ./deid/tagger/train
