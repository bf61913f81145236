# Everything that is done with this repository. `make` alone lists it.

DURATION ?= 10m
VERSION  ?= $(shell git describe --always --dirty 2>/dev/null || echo devel)
ENGINE_SOURCES := $(wildcard engine/*.go) engine/go.mod engine/go.sum

.DEFAULT_GOAL := help
.PHONY: help build quaydesk up test check check-engine bench chaos fmt need-postgresql need-chromium

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

build: quaydesk bin/engine ## build bin/quaydesk and bin/engine

quaydesk:
	@mkdir -p bin
	@go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/quaydesk ./cmd/quaydesk

bin/engine: $(ENGINE_SOURCES)
	@mkdir -p bin
	@echo 'Building the Temporal engine. The first time takes some minutes; it is kept until engine/ changes.'
	@cd engine && go build -ldflags '-s -w' -o ../bin/engine .

up: need-postgresql build ## start everything on this machine, and say where it is; Ctrl-C stops it
	@exec bin/quaydesk up

test: need-postgresql need-chromium build ## run all tests; they start what they need
	go test -timeout 20m ./...
	cd engine && go test ./...

check: bin/tools/.built check-engine ## gofmt, vet, staticcheck, workflowcheck, govulncheck, import rules
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not gofmt-ed (make fmt): $$unformatted"; exit 1; }
	go vet ./...
	bin/tools/staticcheck ./...
	bin/tools/workflowcheck -config tools/workflowcheck.yaml ./workflows/...
	bin/tools/importrules ./...
	@tools/vulnerabilities .

check-engine: bin/tools/.built
	cd engine && go vet ./...
	cd engine && ../bin/tools/staticcheck ./...
	@tools/vulnerabilities engine

bin/tools/.built: tools/go.mod tools/go.sum $(wildcard tools/importrules/*.go)
	@mkdir -p bin/tools
	@echo 'Building the tools that check.'
	@cd tools && go build -o ../bin/tools/ tool ./importrules
	@touch $@

bench: need-postgresql build ## measure latency, throughput and memory
	go run ./proof/bench

chaos: need-postgresql build ## talk while parts are killed; DURATION=10m
	go run ./proof/chaos -duration $(DURATION)

fmt: ## format the code
	gofmt -w .

need-postgresql need-chromium: need-%:
	@tools/need $*
