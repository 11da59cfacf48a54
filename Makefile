# The two commands to know: `make demo` and `make test`. Each installs what is missing (Debian packages; sudo only when
# not root). Everything that can be run is a target here; `make help` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

DEMO_STORE ?= .build/demo-store
FUZZ_SECONDS ?= 60
SOAK_ROUNDS ?= 240
SOAK_DOCUMENTS ?= 50000
DAMAGE_CASES ?= 5000
SOAK_MINUTES ?= 30
SWIFT_SOURCES := Package.swift Sources Snippets Tests Benchmarks

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

.PHONY: demo
demo: dependencies ## Build release, index this machine's package catalogue, search it
	swift build -c release --product arena-index
	.build/release/arena-index demo --store $(DEMO_STORE)

.PHONY: test
test: dependencies ## Build and run all tests
	@Scripts/install-dependencies python3 gcc
	swift build --build-tests
	swift test --skip-build

.PHONY: dependencies
dependencies:
	@Scripts/install-dependencies

.PHONY: build
build: dependencies ## Build everything in release mode
	swift build -c release

.PHONY: check
check: format-check bench-check docs client test ## Everything a change must pass

.PHONY: format
format: ## Format the sources
	swift format format --in-place --recursive $(SWIFT_SOURCES)

.PHONY: format-check
format-check: ## Fail if a source is not formatted
	swift format lint --strict --recursive $(SWIFT_SOURCES)

.PHONY: must-not-compile
must-not-compile: ## Show what the compiler says to every fixture in Tests/MustNotCompile
	swift build --target ArenaCollections
	Scripts/must-not-compile

.PHONY: sanitize
sanitize: dependencies ## Run the tests under AddressSanitizer and ThreadSanitizer (a quarter of an hour)
	@# Leaks are not looked for here: Foundation and the test runner have some, and one test leaks on purpose.
	ASAN_OPTIONS=detect_leaks=0 swift test --disable-xctest --sanitize=address \
		--scratch-path .build-address --skip CommandLineTests
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/ThreadSanitizer.txt swift test --disable-xctest --sanitize=thread \
		--scratch-path .build-thread --skip 'CommandLineTests|MustNotCompileTests|DocumentationTests'

.PHONY: sanitize-arena
sanitize-arena: dependencies ## The part of it that CI runs: arena and leak suite under AddressSanitizer and LeakSanitizer
	LEAK_CHECKER=lsan ASAN_OPTIONS=detect_leaks=1:leak_check_at_exit=0 swift test --disable-xctest --sanitize=address \
		--scratch-path .build-address --filter 'ArenaTests|LeakRegressionTests'

.PHONY: pitfalls
pitfalls: dependencies ## See what goes wrong with arenas, live
	swift build -c release --product arena-pitfalls
	.build/release/arena-pitfalls

.PHONY: pitfalls-page
pitfalls-page: dependencies ## Write the listings of arena-pitfalls, and record Docs/ArenaPitfalls.md anew
	@Scripts/install-dependencies python3
	Scripts/pitfall-listings
	swift build -c release --product arena-pitfalls
	Scripts/pitfall-listings .build/release/arena-pitfalls
	swift build -c release --product arena-pitfalls
	.build/release/arena-pitfalls --markdown >Docs/ArenaPitfalls.md

.PHONY: leaks
leaks: dependencies ## Run the leak suite under LeakSanitizer, arena and indexer under valgrind, and show that the suite detects
	Scripts/install-dependencies valgrind binutils
	$(MAKE) sanitize-arena
	Scripts/check-valgrind
	Scripts/check-leak-suite

.PHONY: mutations
mutations: ## Break the library in one place after another: its tests must notice each time (40 minutes)
	Scripts/check-mutations

.PHONY: soak
soak: dependencies ## Long runs: memory must not rise, changes equal a model; and everything at once for SOAK_MINUTES (30)
	ARENA_SOAK_ROUNDS=$(SOAK_ROUNDS) ARENA_SOAK_DOCUMENTS=$(SOAK_DOCUMENTS) ARENA_STREAM_ROUNDS=100 swift test -c release \
		--scratch-path .build-release-tests --filter 'SoakTests|AllocationsPerDocumentTests|RandomStreamTests'
	swift build -c release --product arena-workload
	.build/release/arena-workload mixed --minutes $(SOAK_MINUTES)

.PHONY: memory-report
memory-report: dependencies ## Resident memory under several allocators, into Docs/Allocators.md and its picture (7 minutes)
	Scripts/install-dependencies gnuplot-nox libjemalloc2 python3 gcc
	Scripts/memory-report

.PHONY: bench
bench: dependencies ## Measure the arena against its peers (bumpalo if cargo and its Debian package are there)
	swift build -c release --product arena-bench
	.build/release/arena-bench arena

.PHONY: bench-pipeline
bench-pipeline: dependencies ## Measure the pipeline against tantivy, FTS5 and LMDB alone; and as the index grows
	Scripts/install-dependencies python3 gcc libsqlite3-dev
	Scripts/benchmark-corpora .build/corpora
	swift build -c release
	.build/release/arena-bench pipeline
	.build/release/arena-workload growth

.PHONY: bench-record
bench-record: dependencies ## Measure all that, write the tables into Docs/Performance.md, and draw the pictures (half an hour)
	Scripts/install-dependencies gnuplot-nox python3 gcc libsqlite3-dev
	Scripts/benchmark-corpora .build/corpora
	swift build -c release
	Scripts/record-benchmarks

.PHONY: bench-pictures
bench-pictures: ## Draw the tables of Docs/Performance.md as Docs/Pictures/arena.svg and pipeline.svg
	Scripts/install-dependencies gnuplot-nox python3
	Scripts/bench-pictures

.PHONY: bench-schemes
bench-schemes: dependencies ## Compare ways to manage the address space of many indexes
	swift build -c release
	.build/release/arena-bench schemes

.PHONY: many-indexes
many-indexes: dependencies ## 10,000 indexes in one process, under 'ulimit -v' and without, watched from outside
	Scripts/install-dependencies python3
	swift build -c release --product arena-workload
	Scripts/check-many-indexes

.PHONY: crash
crash: dependencies ## Kill the program 1,000 times at random moments, and check that nothing is lost or done twice
	Scripts/install-dependencies python3
	swift build -c release --product arena-index
	Scripts/check-crashes

.PHONY: power-loss
power-loss: dependencies ## Replay the writes of a job up to every moment, as a power failure could leave them
	Scripts/install-dependencies python3 gcc
	swift build -c release --product arena-index
	Scripts/check-power-loss

.PHONY: bench-check
bench-check: dependencies ## Fail if an allocation takes more instructions than Benchmarks/Thresholds.json allows, or traps
	Scripts/install-dependencies valgrind binutils
	swift build -c release --product arena-bench
	Scripts/check-hot-paths .build/release/arena-bench
	.build/release/arena-bench check

.PHONY: valgrind
valgrind: dependencies ## Run the fuzzer's programs and the commands of the indexer under valgrind: no invalid access, no definite leak
	Scripts/install-dependencies valgrind binutils
	Scripts/check-valgrind

.PHONY: fuzz
fuzz: ## Look for inputs that go wrong, for FUZZ_SECONDS (60) each: arena programs, JSON, CSV, queries, stored bytes
	for target in arena json csv query stored; do Scripts/fuzz $$target $(FUZZ_SECONDS) || exit; done

.PHONY: damage
damage: dependencies ## Change, cut and mix up thousands of stored files: a right answer or an error, never a crash
	ARENA_DAMAGE_CASES=$(DAMAGE_CASES) swift test -c release --scratch-path .build-release-tests \
		--filter 'DamagedFileTests|DamagedIndexTests'

.PHONY: check-all
check-all: check sanitize leaks mutations crash power-loss damage fuzz soak many-indexes pages fresh-machine ## Everything there is (three hours)

.PHONY: client
client: ## Build packages that depend on this one, by path and by URL, as README says
	Scripts/check-client

.PHONY: fresh-machine
fresh-machine: ## Do what README says on a fresh Debian 12 (root, debootstrap)
	Scripts/check-fresh-machine --tests

.PHONY: docs
docs: dependencies ## Build the documentation into .build/docs; a broken link or an unlisted public symbol is an error
	Scripts/build-docs

.PHONY: pages
pages: dependencies ## Render the report and the documentation in Chromium, light and dark, and check what they show
	Scripts/install-dependencies chromium gnuplot-nox python3
	swift build -c release --product arena-index
	Scripts/check-pages

.PHONY: symbols
symbols: dependencies ## Write Docs/PublicSymbols.txt anew, after a change of the public API
	Scripts/build-docs --update

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build .build-*
