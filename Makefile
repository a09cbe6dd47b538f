# make run     the whole house on this machine, until Ctrl-C; LISTEN=:8080 lets phones in
# make test    every test, with the race detector
# make check   format, vet, lint, and the builds for other machines
# make demo    one visit on the real parts, checked at every step: demo/
# make bench   the figures, side by side
# make build   bin/queue-server bin/kiosk bin/board bin/printer
# make vuln    known vulnerabilities (asks a database on the internet)
# make clean   bin/ and demo/ away; Go's caches stay

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-print-directory

SETUP := deploy/setup.sh
# The version comes from git describe below; go need not ask git besides, which
# fails in a folder of another owner.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)

# OpenGL ES on X11: what kiosks and boards have, and builds in a fifth of the time.
FYNE := -tags gles,x11
STAMP := -ldflags "-X main.version=$(VERSION)"
BUILD := go build $(STAMP)

# Packages tested at the same time. Some drive browsers, terminals and timed lines:
# more than two at once starve each other on a small machine.
PARALLEL ?= 2

.PHONY: build run test check format vet lint cross bench demo vuln clean

build:
	@$(SETUP) build
	$(BUILD) -o bin/queue-server ./queue-server
	$(BUILD) -o bin/printer ./printer/cmd/printer
	$(BUILD) $(FYNE) -o bin/kiosk ./kiosk
	$(BUILD) $(FYNE) -o bin/board ./display

run: build
	@$(SETUP) run $(if $(DISPLAY),,screen)
	@go build -o bin/demo ./deploy/demo
	@exec bin/demo run $(if $(LISTEN),--listen $(LISTEN))

# Tag "ci": fyne's own tests-without-a-display build. Screens are tested on its
# software canvas, so no test needs the OpenGL build of fyne/app; make demo does.
test:
	@$(SETUP) build run test
	go test -race -shuffle=on -p $(PARALLEL) -tags ci ./...

check: format vet lint cross

format:
	@unformatted=$$("$$($(SETUP) tool gofumpt)" -l .); \
	if [ -n "$$unformatted" ]; then printf 'not formatted (gofumpt -w mends it):\n%s\n' "$$unformatted"; exit 1; fi
	@echo "gofumpt: all formatted"

vet:
	@$(SETUP) build
	go vet $(FYNE) ./...
	go vet -tags ci ./kiosk/... ./display/...

# A cache of this checkout's own: a shared one answers with the paths of checkouts
# that are gone, where its exclusions no longer apply.
lint:
	@$(SETUP) build lint
	GOLANGCI_LINT_CACHE=$(CURDIR)/.cache/lint "$$($(SETUP) tool golangci-lint)" run

# A Windows PC may hold the server or a printer; an arm board a small office.
cross:
	GOOS=windows CGO_ENABLED=0 go build ./queue-server/... ./shared/... ./printer/...
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build ./queue-server/... ./printer/...
	GOOS=linux GOARCH=arm GOARM=7 CGO_ENABLED=0 go build ./queue-server/... ./printer/...

bench:
	@$(SETUP) build
	$(BUILD) -o bin/queue-server ./queue-server
	@go build -o bin/bench ./queue-server/bench
	@bin/bench
	go test -run '^$$' -bench 'CallNext|View|Ahead' -benchtime 200x ./queue-server/internal/queue ./queue-server/internal/office
	go test -run '^$$' -bench 'Decode|Replay|Open' ./queue-server/internal/eventlog
	go test -run '^$$' -bench 'Ticket' -benchtime 3x ./printer

demo: build
	@$(SETUP) run test
	@go build -o bin/demo ./deploy/demo
	@exec bin/demo proof --out demo

vuln:
	"$$($(SETUP) tool govulncheck)" $(FYNE) ./...

clean:
	rm -rf bin demo
