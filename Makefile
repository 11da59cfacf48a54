# The two commands to know: `make demo` and `make test`. Each installs what is missing (Debian packages; sudo only when not
# root). Three verbs say how much is checked: `check` for every change, `nightly`, `release-check`. Scripts/README.md lists
# the parts that they are made of.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

DEMO_STORE ?= .build/demo-store
FUZZ_SECONDS ?= 60
SOAK_MINUTES ?= 5
SWIFT_SOURCES := Package.swift Sources Plugins Snippets Tests Benchmarks

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

.PHONY: demo
demo: dependencies ## Build release, index this machine's package catalog, search it
	swift build -c release --product arena-index
	.build/release/arena-index demo --store $(DEMO_STORE)

.PHONY: test
test: dependencies ## Build and run all tests (5 minutes)
	@Scripts/install-dependencies python3 gcc
	swift build --build-tests
	swift test --skip-build

.PHONY: dependencies
dependencies:
	@Scripts/install-dependencies

.PHONY: format
format: ## Format the sources
	swift format format --in-place --recursive $(SWIFT_SOURCES)

.PHONY: check
check: dependencies ## Everything that a change must pass, as CI runs it (a quarter of an hour)
	swift format lint --strict --recursive $(SWIFT_SOURCES)
	Scripts/check-instructions
	Scripts/documentation build >/dev/null
	Scripts/check-install client
	Scripts/check-memory arena
	@# The last lines are the test runners' own summary.
	@$(MAKE) --no-print-directory test

.PHONY: nightly
nightly: dependencies ## Sanitizers, valgrind, fuzzers, crashes, damage, mutations, a short soak (two hours)
	Scripts/check-memory address
	Scripts/check-memory thread
	Scripts/check-memory leak-suite
	Scripts/check-memory valgrind
	for target in arena json csv query stored; do Scripts/fuzz $$target $(FUZZ_SECONDS) || exit; done
	Scripts/check-survival crashes
	Scripts/check-survival damage
	Scripts/check-survival soak $(SOAK_MINUTES)
	Scripts/check-mutations

.PHONY: release-check
release-check: check ## Check, nightly, and everything that is recorded in Docs (four hours)
	$(MAKE) nightly SOAK_MINUTES=30
	Scripts/check-survival power-loss
	Scripts/check-survival many-indexes
	Scripts/documentation pitfalls
	Scripts/documentation pages
	Scripts/check-install fresh-machine --tests
	Scripts/benchmark record
	Scripts/benchmark memory

.PHONY: bench
bench: ## Measure the arena against its peers; Scripts/benchmark measures the rest
	Scripts/benchmark arena

.PHONY: docs
docs: ## Build the documentation into .build/docs; a broken link or an unlisted public symbol is an error
	Scripts/documentation build

.PHONY: pitfalls
pitfalls: dependencies ## See what goes wrong with arenas, live
	swift build -c release --product arena-pitfalls
	.build/release/arena-pitfalls

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build .build-*
